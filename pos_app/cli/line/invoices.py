"""`bohari invoices ...` and `bohari import invoices`: the words of the invoices of customers."""

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
    For,
    GiveUp,
    Line,
    Lines,
    Note,
    Number,
    On,
    Output,
    Party,
    Place,
    Post,
    Rate,
    Reason,
    Reference,
    Terms,
)

invoices_app: Final = typer.Typer(no_args_is_help=True, help="Invoices to customers: drafts and posted ones.")


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(invoices_app, name="invoices")


@invoices_app.command("list")
def list_all(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Drafts that wait, and what is open."""
    from pos_app.cli import invoicing as invoices

    print_answer(invoices.list_all(home), as_json)


@invoices_app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="NUMBER|DRAFT")],
    home: Home,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """One invoice or draft, line by line."""
    from pos_app.cli import invoicing as invoices

    print_answer(invoices.show(home, name), as_json)


@invoices_app.command("new")
def new(
    home: Home,
    *,
    by: By,
    customer: Annotated[str, typer.Option(metavar="CODE", help="For whom.")],
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
    """Draft an invoice.  Lines: sku,quantity,price,discount,description,tax (sku and quantity suffice)."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, depot, currency, rate)
    content = invoices.Content(lines, line or (), at)
    terms_ = invoices.Due(due, terms, reference)
    print_answer(invoices.new(Who(home, by), customer, content, said, due=terms_, post=post), as_json)


@invoices_app.command("edit")
def edit(
    draft: Draft,
    home: Home,
    *,
    by: By,
    customer: Annotated[str, typer.Option(metavar="CODE", help="With new lines: for whom.")] = "",
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
    give_up: GiveUp = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Change a draft: its day and terms, or all of its lines; or give it up."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, depot, currency, rate)
    content = invoices.Content(lines, line or (), at)
    terms_ = invoices.Due(due, terms, reference)
    who = Who(home, by)
    print_answer(
        invoices.edit(who, draft, content, said, customer=customer, due=terms_, give_up=give_up), as_json
    )


@invoices_app.command("post")
def post(
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

    print_answer(invoices.post(Who(home, by), drafts or (), "invoice", everything=everything), as_json)


@invoices_app.command("validate")
def validate(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Name every draft, invoice and bill that is not the sum of its lines."""
    from pos_app.cli import invoicing as invoices

    print_answer(invoices.validate(home), as_json)


@invoices_app.command("populate")
def populate(home: Home, *, by: By, as_json: Json = False, _org: Org = "") -> None:
    """Fill in the totals that imported drafts came without; nothing that is there changes."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who

    print_answer(invoices.populate(Who(home, by)), as_json)


@invoices_app.command("pdf")
def pdf(number: Number, home: Home, output: Output, as_json: Json = False, _org: Org = "") -> None:
    """An invoice or a credit note on paper."""
    from pos_app.cli import invoicing as invoices

    print_answer(invoices.pdf(home, number, output), as_json)


@invoices_app.command("credit")
def credit(
    number: Number,
    home: Home,
    *,
    by: By,
    reason: Reason,
    line: Annotated[
        list[str] | None, typer.Option("--line", metavar="LINE,QUANTITY[,PRICE]", help="Only this of it.")
    ] = None,
    restock: Annotated[
        str, typer.Option(metavar="CODE", help="The place to which the goods came back.")
    ] = "",
    on: On = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """A credit note for all that is left of an invoice, or for some of its lines."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who

    who = Who(home, by)
    print_answer(invoices.credit(who, number, line or (), reason=reason, restock=restock, on=on), as_json)


@invoices_app.command("write-off")
def write_off(
    customer: Party,
    home: Home,
    *,
    by: By,
    reason: Reason,
    named: For = None,
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """A customer will not pay: what is named, or all that is open."""
    from pos_app.cli import invoicing as invoices
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, currency=currency, note=note)
    print_answer(invoices.write_off(Who(home, by), customer, named or (), said, reason=reason), as_json)


app: Final = noun()
register(app)
