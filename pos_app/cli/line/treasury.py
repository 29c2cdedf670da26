"""`bohari pay`, `settle`, `expenses`, `transfer` and `adjust`: the words of money and goods that move."""

from typing import Annotated, Final

import typer

from pos_app.cli.answer import print_answer
from pos_app.cli.command import Home, Json, noun
from pos_app.cli.line.chosen import Org
from pos_app.cli.options import (
    Business,
    By,
    Currency,
    Depot,
    For,
    Line,
    Lines,
    Note,
    Number,
    On,
    Paid,
    Party,
    Place,
    Rate,
    Reference,
)

pay_app: Final = typer.Typer(no_args_is_help=True, help="Money from customers, to vendors, with parties.")
transfer_app: Final = typer.Typer(no_args_is_help=True, help="Money or goods from one place to another.")

Prepay = Annotated[bool, typer.Option("--prepay", help="What is more than open stays to their credit.")]


def register(app: typer.Typer) -> None:
    """Add the groups and commands to the command line."""
    app.add_typer(pay_app, name="pay")
    app.add_typer(transfer_app, name="transfer")
    app.command("settle")(settle)
    app.command("expenses")(expenses)
    app.command("adjust")(adjust)


@pay_app.command("customer")
def pay_customer(
    customer: Party,
    home: Home,
    *,
    by: By,
    paid: Paid = None,
    named: For = None,
    prepay: Prepay = False,
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """A customer pays what is named, or what is due first."""
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, "", currency, rate, note)
    who = Who(home, by)
    print_answer(
        treasury.pay(who, customer, paid or (), said, named=named or (), is_vendor=False, prepay=prepay),
        as_json,
    )


@pay_app.command("vendor")
def pay_vendor(
    vendor: Party,
    home: Home,
    *,
    by: By,
    paid: Paid = None,
    named: For = None,
    prepay: Prepay = False,
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """We pay a vendor what is named, or what is due first."""
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, "", currency, rate, note)
    who = Who(home, by)
    print_answer(
        treasury.pay(who, vendor, paid or (), said, named=named or (), is_vendor=True, prepay=prepay),
        as_json,
    )


@pay_app.command("party")
def pay_party(
    reason: Annotated[str, typer.Argument(metavar="REASON", help="employee-advance, member-deposit, ...")],
    party: Party,
    home: Home,
    *,
    by: By,
    paid: Paid = None,
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Advances, deposits, shares and their return; the reason says which way the money goes."""
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, "", currency, rate, note)
    print_answer(treasury.party_money(Who(home, by), reason, party, paid or (), said), as_json)


def settle(
    party: Party,
    home: Home,
    *,
    by: By,
    named: For = None,
    vendor: Annotated[
        bool, typer.Option("--vendor", help="Our prepayment to a vendor, and their bills.")
    ] = False,
    deposit: Annotated[bool, typer.Option("--deposit", help="Out of the customer's deposit.")] = False,
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Money that came before goes to invoices: what is named, or as far as it goes."""
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, currency=currency)
    who = Who(home, by)
    print_answer(
        treasury.settle(who, party, named or (), said, is_vendor=vendor, from_deposit=deposit), as_json
    )


def expenses(
    home: Home,
    *,
    by: By,
    paid: Paid = None,
    lines: Lines = None,
    line: Line = None,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Of whom, where it is known.")] = "",
    reference: Reference = "",
    at: Place = "",
    on: On = "",
    business: Business = "",
    depot: Depot = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Bought and paid at once.  Lines as of a bill: description,account,amount,tax,quantity,sku,business."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, depot, currency, rate, note)
    content, who = invoices.Content(lines, line or (), at), Who(home, by)
    print_answer(
        treasury.expense(who, content, paid or (), said, vendor=vendor, reference=reference), as_json
    )


@transfer_app.command("money")
def transfer_money(
    start: Annotated[
        str, typer.Argument(metavar="FROM", help="safe, bank, mpesa, drawer:CODE or an account.")
    ],
    end: Annotated[str, typer.Argument(metavar="TO")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    home: Home,
    *,
    by: By,
    to_business: Annotated[str, typer.Option(metavar="CODE", help="Another business's.")] = "",
    arrives: Annotated[
        str, typer.Option(metavar="100.00USD[@RATE]", help="What arrives, where it is exchanged.")
    ] = "",
    reference: Reference = "",
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Move money between our own places."""
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, "", currency, rate, note)
    print_answer(
        treasury.transfer_money(
            Who(home, by),
            (start, end),
            amount,
            said,
            to_business=to_business,
            arrives=arrives,
            reference=reference,
        ),
        as_json,
    )


@transfer_app.command("stock")
def transfer_stock(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A place's code.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="Another place's.")],
    home: Home,
    *,
    by: By,
    lines: Lines = None,
    line: Line = None,
    on: On = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Send goods to another place.  Lines: sku,quantity."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    content = invoices.Content(lines, line or ())
    said = RawDetails(on, note=note)
    print_answer(treasury.transfer_stock(Who(home, by), start, end, content, said), as_json)


@transfer_app.command("receive")
def transfer_receive(
    number: Number,
    home: Home,
    *,
    by: By,
    lines: Lines = None,
    line: Line = None,
    on: On = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Goods of a transfer came: all that was on its way, or these lines: sku,quantity."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    content = invoices.Content(lines, line or ())
    print_answer(
        treasury.receive_transfer(Who(home, by), number, content, RawDetails(on, note=note)), as_json
    )


def adjust(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place's code.")],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="damage, loss, found, use or other.")],
    home: Home,
    *,
    by: By,
    lines: Lines = None,
    line: Line = None,
    on: On = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Correct the stock of a place.  Lines: sku,quantity (negative takes)."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import treasury
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    content = invoices.Content(lines, line or ())
    said = RawDetails(on, note=note)
    print_answer(treasury.adjust_stock(Who(home, by), place, reason, content, said), as_json)


app: Final = noun()
register(app)
