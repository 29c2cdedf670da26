"""`bohari parties`, `rates`, `tax`, `business`, `locations`, `reorder`: the words of what is kept."""

from typing import Annotated, Final

import typer

from pos_app.cli.answer import print_answer
from pos_app.cli.command import Code, Home, Json, noun
from pos_app.cli.line.chosen import Org
from pos_app.cli.options import By, On

parties_app: Final = typer.Typer(no_args_is_help=True, help="Customers, vendors, employees, members.")
rates_app: Final = typer.Typer(no_args_is_help=True, help="What currencies are worth.")
tax_app: Final = typer.Typer(no_args_is_help=True, help="Rates of the tax codes.")
business_app: Final = typer.Typer(no_args_is_help=True, help="The businesses of the organisation.")
locations_app: Final = typer.Typer(no_args_is_help=True, help="Where stock lies.")
reorder_app: Final = typer.Typer(no_args_is_help=True, help="What runs short.")

Name = Annotated[str, typer.Option("--name", help="The name.")]
Role = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE[:DAYS[:LIMIT]]", help="customer, vendor, employee, member; again."),
]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="From this day on.")]


def register(app: typer.Typer) -> None:
    """Add the groups to the command line."""
    for group, name in (
        (parties_app, "parties"),
        (rates_app, "rates"),
        (tax_app, "tax"),
        (business_app, "business"),
        (locations_app, "locations"),
        (reorder_app, "reorder"),
    ):
        app.add_typer(group, name=name)


@parties_app.command("list")
def parties_list(
    home: Home,
    role: Annotated[str, typer.Option("--role", help="Only in this role.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Everybody, with their roles and terms."""
    from pos_app.cli import masters as registers

    print_answer(registers.list_parties(home, role), as_json)


@parties_app.command("add")
def parties_add(
    code: Code,
    home: Home,
    *,
    by: By,
    name: Name,
    role: Role = None,
    phone: Annotated[str, typer.Option(help="The telephone.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Somebody new, in one role or several: --role customer:30:20000.00 --role vendor."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(registers.add_party(Who(home, by), code, name=name, phone=phone, roles=role or ()), as_json)


@parties_app.command("edit")
def parties_edit(
    code: Code,
    home: Home,
    *,
    by: By,
    name: Name = "",
    phone: Annotated[str | None, typer.Option(help="The telephone.")] = None,
    role: Role = None,
    end: Annotated[list[str] | None, typer.Option("--end", metavar="ROLE", help="A role that ends.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether we deal with them.")
    ] = None,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Another name or telephone; a role given, its terms changed, or ended."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(
        registers.edit_party(
            Who(home, by), code, name=name, phone=phone, roles=role or (), ended=end or (), active=active
        ),
        as_json,
    )


@rates_app.command("set")
def rates_set(
    currency: Annotated[str, typer.Argument(metavar="USD")],
    rate: Annotated[str, typer.Argument(metavar="RATE", help="Base currency per unit: 129.55.")],
    home: Home,
    *,
    by: By,
    since: From = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What a currency is worth from a day on (today)."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(registers.set_rate(Who(home, by), currency, rate, since=since), as_json)


@rates_app.command("list")
def rates_list(home: Home, on: On = "", as_json: Json = False, _org: Org = "") -> None:
    """What every currency is worth on a day."""
    from pos_app.cli import masters as registers

    print_answer(registers.list_rates(home, on=on), as_json)


@tax_app.command("set")
def tax_set(
    code: Code,
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="16, or 12.5.")],
    home: Home,
    *,
    by: By,
    since: From,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """The rate of a tax code from a day on; what was dated before keeps the one before."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(registers.set_tax(Who(home, by), code, rate, since=since), as_json)


@business_app.command("add")
def business_add(
    code: Code,
    home: Home,
    *,
    by: By,
    name: Name,
    mpesa_till: Annotated[str, typer.Option(help="Its M-Pesa till number.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """One more business, with its own cash, M-Pesa, inventory, revenue and cost accounts."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(registers.add_business(Who(home, by), code, name=name, mpesa_till=mpesa_till), as_json)


@locations_app.command("list")
def locations_list(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Every place where stock lies."""
    from pos_app.cli import masters as registers

    print_answer(registers.list_locations(home), as_json)


@locations_app.command("add")
def locations_add(
    code: Code,
    home: Home,
    *,
    by: By,
    name: Name,
    kind: Annotated[str, typer.Option(help="depot, vehicle, customer, supplier, transit or scrap.")],
    depot: Annotated[str, typer.Option(metavar="CODE", help="The depot that it belongs to.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """A vehicle, a scrap heap, or another place."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(registers.add_location(Who(home, by), code, name=name, kind=kind, depot=depot), as_json)


@reorder_app.command("list")
def reorder_list(
    home: Home,
    at: Annotated[str, typer.Option("--at", metavar="CODE", help="Only at this place.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What is at or below its reorder level, and how much to order."""
    from pos_app.cli import masters as registers

    print_answer(registers.list_short(home, at), as_json)


@reorder_app.command("set")
def reorder_set(
    sku: Annotated[str, typer.Argument(metavar="SKU")],
    home: Home,
    *,
    by: By,
    minimum: Annotated[str, typer.Option("--min", help="Order again at so many.")],
    target: Annotated[str, typer.Option("--target", help="Up to so many.")],
    at: Annotated[str, typer.Option("--at", metavar="CODE", help="The place; the depot of the centre.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """When a product is ordered again at a place."""
    from pos_app.cli import masters as registers
    from pos_app.cli.acting import Who

    print_answer(
        registers.set_reorder(Who(home, by), sku, location=at, minimum=minimum, target=target), as_json
    )


app: Final = noun()
register(app)
