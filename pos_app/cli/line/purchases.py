"""`bohari bills`, `orders`, `receipts` and `landed-cost`: the words of buying."""

from typing import Annotated, Final

import typer

from pos_app.cli.answer import print_answer
from pos_app.cli.command import Home, Json, noun
from pos_app.cli.line.chosen import Org
from pos_app.cli.options import (
    All,
    Business,
    By,
    Currency,
    Depot,
    Draft,
    Due,
    Line,
    Lines,
    Number,
    On,
    Place,
    Post,
    Rate,
    Reason,
    Reference,
    Terms,
)

bills_app: Final = typer.Typer(no_args_is_help=True, help="Bills of vendors: drafts and posted ones.")
orders_app: Final = typer.Typer(no_args_is_help=True, help="What was ordered of vendors.")
receipts_app: Final = typer.Typer(no_args_is_help=True, help="What came of vendors.")


def register(app: typer.Typer) -> None:
    """Add the groups to the command line."""
    app.add_typer(bills_app, name="bills")
    app.add_typer(orders_app, name="orders")
    app.add_typer(receipts_app, name="receipts")
    app.command("landed-cost")(landed_cost)


@bills_app.command("list")
def bills_list(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Drafts that wait, and what we owe."""
    from pos_app.cli import invoicing as invoices

    print_answer(invoices.list_all(home, "bill"), as_json)


@bills_app.command("new")
def bills_new(
    home: Home,
    *,
    by: By,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Whose bill.")] = "",
    receipt: Annotated[str, typer.Option(metavar="NUMBER", help="The receipt that it is for.")] = "",
    tax: Annotated[str, typer.Option(metavar="CODE", help="With --receipt: the tax on top.")] = "",
    lines: Lines = None,
    line: Line = None,
    at: Place = "",
    on: On = "",
    due: Due = "",
    terms: Terms = None,
    reference: Reference = "",
    business: Business = "",
    depot: Depot = "",
    currency: Currency = "",
    rate: Rate = "",
    post: Post = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Draft a bill.  Lines: description,account,amount,tax,quantity,sku,business; a sku comes to stock."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, depot, currency, rate)
    content = invoices.Content(lines, line or (), at)
    terms_, who = invoices.Due(due, terms, reference), Who(home, by)
    print_answer(
        purchases.new_bill(who, vendor, content, said, due=terms_, receipt=receipt, tax=tax, post=post),
        as_json,
    )


@bills_app.command("post")
def bills_post(
    home: Home,
    *,
    drafts: Annotated[list[str] | None, typer.Argument(metavar="DRAFT...")] = None,
    by: By,
    everything: All = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Post drafts into the books; they do not change any more."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who

    print_answer(invoices.post(Who(home, by), drafts or (), "bill", everything=everything), as_json)


@bills_app.command("give-up")
def bills_give_up(draft: Draft, home: Home, *, by: By, as_json: Json = False, _org: Org = "") -> None:
    """Put a draft away."""
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who

    print_answer(purchases.give_up_bill(Who(home, by), draft), as_json)


@bills_app.command("credit")
def bills_credit(
    number: Number,
    home: Home,
    *,
    by: By,
    reason: Reason,
    lines: Lines = None,
    line: Line = None,
    at: Place = "",
    on: On = "",
    reference: Reference = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """The vendor takes something off a bill: lines as of a bill; a sku goes back."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    content = invoices.Content(lines, line or (), at)
    print_answer(
        purchases.vendor_credit(
            Who(home, by), number, content, RawDetails(on), reason=reason, reference=reference
        ),
        as_json,
    )


@orders_app.command("new")
def orders_new(
    home: Home,
    *,
    by: By,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Of whom.")],
    lines: Lines = None,
    line: Line = None,
    at: Place = "",
    expected: Annotated[str, typer.Option(metavar="DATE", help="When it should come.")] = "",
    reference: Reference = "",
    on: On = "",
    business: Business = "",
    depot: Depot = "",
    currency: Currency = "",
    rate: Rate = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Order goods.  Lines: sku,quantity,cost (of one, without tax)."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, depot, currency, rate)
    content = invoices.Content(lines, line or (), at)
    print_answer(
        purchases.new_order(Who(home, by), vendor, content, said, expected=expected, reference=reference),
        as_json,
    )


@orders_app.command("list")
def orders_list(home: Home, everything: All = False, as_json: Json = False, _org: Org = "") -> None:
    """Orders of which something is still to come."""
    from pos_app.cli import purchasing as purchases

    print_answer(purchases.list_orders(home, everything=everything), as_json)


@orders_app.command("show")
def orders_show(number: Number, home: Home, as_json: Json = False, _org: Org = "") -> None:
    """What was ordered, and what is still to come."""
    from pos_app.cli import purchasing as purchases

    print_answer(purchases.show_order(home, number), as_json)


@receipts_app.command("new")
def receipts_new(
    home: Home,
    *,
    by: By,
    order: Annotated[str, typer.Option(metavar="NUMBER", help="The order that came.")] = "",
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Without an order: whose goods.")] = "",
    lines: Lines = None,
    line: Line = None,
    at: Place = "",
    on: On = "",
    reference: Reference = "",
    currency: Currency = "",
    rate: Rate = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Goods came: all that was still to come, or these lines: sku,quantity,cost (cost without an order)."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    content = invoices.Content(lines, line or (), at)
    said = RawDetails(on, currency=currency, rate=rate)
    print_answer(
        purchases.receive(Who(home, by), order, content, said, vendor=vendor, reference=reference), as_json
    )


def landed_cost(
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="As printed: M1000000-R000001.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    home: Home,
    *,
    by: By,
    description: Annotated[str, typer.Option(help="Freight, duty, ...")] = "",
    on: On = "",
    currency: Currency = "",
    rate: Rate = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Freight or duty on a receipt, shared out over its goods by value; their bill goes on account 2140."""
    from pos_app.cli import purchasing as purchases
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, currency=currency, rate=rate)
    print_answer(
        purchases.landed_cost(Who(home, by), receipt, amount, said, description=description), as_json
    )


app: Final = noun()
register(app)
