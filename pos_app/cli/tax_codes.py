"""`bohari tax`: the tax codes and their rates."""

from typing import Annotated, Final

import typer

from pos_app.cli import history, parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Name, Since
from pos_app.ledger.day import to_date
from pos_app.ledger.permission import Permission
from pos_app.office import written
from pos_app.office.masters import tax_codes
from pos_app.office.office import Office
from pos_app.reports.ask.tax import rate_text

app: Final = noun()
_SUPPLIES: Final = "usual, export, financial, outside, import, suspended, reverse, blocked or unregistered"
tax_app: Final = group(app, "tax", "The tax codes and their rates.")


@command(tax_app, "list", LOOKING, needs(Permission.SEE_REPORTS, Permission.EDIT_MASTER))
def list_tax(office: Office) -> Answer:
    """Every tax code with its rates, and how many products that are sold have it."""
    found = tax_codes.listed(office)
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "treatment": one.treatment,
            "printed_name": one.printed_name,
            "supply": one.supply,
            "rates": [{"from": _since(day), "rate_bp": rate} for day, rate in one.rates],
            "products": one.products,
            "active": one.active,
        }
        for one in found
    ]
    lines = [
        f"{one.code:<10} {one.name:<28} {one.treatment:<10} {_said(one.rates):<28} {one.products} products"
        + (f", {one.supply}" if one.supply else "")
        + ("" if one.active else ", archived")
        for one in found
    ]
    return Answer({"tax_codes": rows}, lines)


def _since(day: int) -> str:
    """The first day of a rate; empty for since ever."""
    return to_date(day).isoformat() if day else ""


def _said(rates: tuple[tuple[int, int], ...]) -> str:
    """16 %, 14 % from 2027-01-01."""
    return ", ".join(f"{rate_text(rate)}" + (f" from {_since(day)}" if day else "") for day, rate in rates)


@command(tax_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_tax(
    office: Office,
    code: Code,
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="16, or 12.5; 0 where there is none.")],
    *,
    name: Name,
    treatment: Annotated[
        str, typer.Option(help="inclusive, exclusive, exempt or zero: what the code does to a price.")
    ] = "inclusive",
    supply: Annotated[str, typer.Option(help=f"What it is on a tax return: {_SUPPLIES}.")] = "",
) -> Answer:
    """A tax code of its own, with its rate since ever."""
    bp = parsing.percent(rate)
    tax_codes.add_tax(office, code, name, bp, treatment=treatment, supply=supply)
    return Answer(
        {"code": code.strip(), "rate_bp": bp, "treatment": treatment}, [f"{name.strip()} is {code.strip()}."]
    )


@command(tax_app, "set", AT_WORK, somewhere(Permission.EDIT_MASTER))
def set_tax(
    office: Office,
    code: Code,
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="16, or 12.5.")],
    *,
    since: Since,
) -> Answer:
    """The rate of a tax code from a day on; what was dated before keeps the one before."""
    bp, day = parsing.percent(rate), written.day(since, "--from")
    tax_codes.set_tax(office, code, bp, day)
    return Answer(
        {"code": code, "rate_bp": bp, "from": day},
        [f"{code} is {rate.strip().rstrip('% ')} % from {to_date(day).isoformat()} on."],
    )


@command(tax_app, "name", AT_WORK, somewhere(Permission.EDIT_MASTER))
def name_tax(
    office: Office,
    code: Code,
    name: Annotated[str, typer.Argument(metavar="NAME", help="VAT, GST; empty: as the country calls it.")],
) -> Answer:
    """What the tax of a code is called on paper, without its rate."""
    tax_codes.name_tax(office, code.strip(), name)
    said = (
        f"{code.strip()} is called {name.strip()} on paper."
        if name.strip()
        else f"{code.strip()} is called as usual."
    )
    return Answer({"code": code.strip(), "printed_name": name.strip()}, [said])


@command(tax_app, "supply", AT_WORK, somewhere(Permission.EDIT_MASTER))
def supply_of_tax(
    office: Office,
    code: Code,
    supply: Annotated[str, typer.Argument(metavar="KIND", help=f"{_SUPPLIES}.")],
) -> Answer:
    """What kind of supply a code is on a tax return, where its rate and treatment do not say it."""
    kind = tax_codes.set_supply(office, code, supply)
    return Answer(
        {"code": code.strip(), "supply": kind.value},
        [f"{code.strip()} stands on tax returns as {kind.value or 'usual'}."],
    )


@command(tax_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_tax(office: Office, code: Code) -> Answer:
    """Nothing new may have the code any more; refused while a product that is sold or a draft has it."""
    found = tax_codes.archive(office, code)
    return Answer({"code": found}, [f"{found} is archived; what was recorded with it keeps it."])


@command(tax_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_tax(office: Office, code: Code) -> Answer:
    """New things may have an archived code again."""
    found = tax_codes.restore(office, code)
    return Answer({"code": found}, [f"{found} may be used again."])


@command(tax_app, "history", LOOKING, history.MAY_SEE)
def tax_history(office: Office, code: Code) -> Answer:
    """Who changed a tax code, when, what it said before and says since."""
    return history.told(office, "tax", code)
