"""`bohari entry`, `opening`, `lock`, `year-end`, `value-stock`, `revalue`, `void`: the accountant's words."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli.answer import print_answer
from pos_app.cli.command import Home, Json, noun
from pos_app.cli.line.chosen import Org
from pos_app.cli.options import Business, By, Currency, Note, Number, On, Rate, Reason

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="With a header line.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("entry")(entry)
    app.command("opening")(opening)
    app.command("lock")(lock)
    app.command("year-end")(year_end)
    app.command("value-stock")(value_stock)
    app.command("revalue")(revalue)
    app.command("void")(void)


def entry(
    file: File,
    home: Home,
    *,
    by: By,
    description: Annotated[str, typer.Option(help="What it is for.")],
    on: On = "",
    business: Business = "",
    currency: Currency = "",
    rate: Rate = "",
    note: Note = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """An entry by hand: account,debit,credit,business,party,due,description; every business balances."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    said = RawDetails(on, business, "", currency, rate, note)
    print_answer(accounting.entry(Who(home, by), file, said, description=description), as_json)


def opening(
    file: File,
    home: Home,
    *,
    by: By,
    on: On = "",
    business: Business = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Opening balances: account,debit,credit,business,party,due,description,currency,rate; a row with a due
    date is an open invoice; a row of stock has sku,location,quantity,cost instead.
    """
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who
    from pos_app.cli.parsing import RawDetails

    print_answer(accounting.opening(Who(home, by), file, RawDetails(on, business)), as_json)


def lock(
    home: Home,
    *,
    by: By,
    through: Annotated[str, typer.Option(metavar="DATE", help="The last locked day.")],
    business: Annotated[str, typer.Option(metavar="CODE", help="Only of this business.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Nothing may be dated on or before a day any more; an earlier day opens what lies after it."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who

    print_answer(accounting.lock(Who(home, by), through, business=business, reason=reason), as_json)


def year_end(
    home: Home,
    *,
    by: By,
    year: Annotated[int, typer.Option(help="A year that is over, locked and valued.")],
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Income and expense to retained earnings, business by business, once."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who

    print_answer(accounting.close_year(Who(home, by), year), as_json)


def value_stock(home: Home, *, by: By, as_json: Json = False, _org: Org = "") -> None:
    """Value what moved since the last time, by moving average; the server does it by itself too."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who

    print_answer(accounting.value_stock(Who(home, by)), as_json)


def revalue(
    home: Home,
    *,
    by: By,
    on: On = "",
    account: Annotated[
        list[str] | None,
        typer.Option("--account", metavar="CODE", help="Also this asset; again for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, record nothing.")] = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Foreign money at the rates of a day: the difference to what it stands at is gain or loss."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who

    print_answer(accounting.revalue(Who(home, by), on, account or [], dry_run=dry_run), as_json)


def void(
    number: Number, home: Home, *, by: By, reason: Reason, as_json: Json = False, _org: Org = ""
) -> None:
    """Take back a document that the office made; what others built upon is voided first."""
    from pos_app.cli import accounting
    from pos_app.cli.acting import Who

    print_answer(accounting.void(Who(home, by), number, reason=reason), as_json)


app: Final = noun()
register(app)
