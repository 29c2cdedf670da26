"""`bohari organisation`: what it is called, its time zone, its smallest coin."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.letterheads import NewName
from pos_app.cli.needs import open_to_all, somewhere
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.office.masters import organisations
from pos_app.office.office import Office

app: Final = noun()
organisation_app: Final = group(
    app, "organisation", "The organisation itself: name, time zone, smallest coin."
)


@command(organisation_app, "show", LOOKING, open_to_all("It stands on every receipt."))
def show(office: Office) -> Answer:
    """What the organisation is called, its currency, its time zone, its smallest coin."""
    values = _values(office)
    return Answer(values, [f"{name.replace('_', ' '):<10} {value}" for name, value in values.items()])


@command(organisation_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit(
    office: Office,
    *,
    name: NewName = None,
    time_zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Asia/Singapore; only while nothing is recorded."),
    ] = None,
    cash_step: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="To what cash is rounded: 0.05, 1.")
    ] = None,
) -> Answer:
    """Another name, time zone or smallest coin; tills obey as soon as they have synced."""
    step = None if cash_step is None else parse_money(cash_step, office.organisation.currency, "The coin")
    changed = organisations.edit_organisation(office, name=name, time_zone=time_zone, cash_step=step)
    said = "It is changed; tills obey as soon as they have synced." if changed else "It says so already."
    return Answer({"changed": changed, **_values(office)}, [said])


def _values(office: Office) -> dict[str, Any]:
    found = organisations.told(office)
    return {
        "name": found.name,
        "currency": found.currency.code,
        "time_zone": found.time_zone,
        "cash_step": decimal_text(found.cash_step, found.currency),
    }


@command(organisation_app, "history", LOOKING, history.MAY_SEE)
def organisation_history(office: Office) -> Answer:
    """Who changed it, when, what it said before and says since."""
    return history.told(office, "organisation", "")
