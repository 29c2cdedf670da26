"""`bohari unit`: what things are counted and packed in."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.permission import Permission
from pos_app.ledger.units import Unit
from pos_app.office.masters import units
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.units import Said, Shown
from pos_app.office.office import Office

app: Final = noun()
unit_app: Final = group(app, "unit", "Units of measure: what things are counted and packed in.")

Code = Annotated[str, typer.Argument(metavar="UNIT", help="Its code (KGM), its word (kg) or its name.")]


@dataclass(frozen=True)
class UnitDetails:
    """What is said of a unit; what is not said stays, an empty text takes away."""

    word: Annotated[str | None, typer.Option(help="What stands on products and papers: kg, cs.")] = None
    name: Annotated[str | None, typer.Option(help="What it is called: kilogram.")] = None
    local_name: Annotated[
        str | None, typer.Option(help="What it is called in the shop's other language: kilogramu.")
    ] = None
    decimals: Annotated[
        str | None, typer.Option(metavar="0-3", help="How many decimals a quantity of it may have.")
    ] = None
    is_so_much: Annotated[
        str | None,
        typer.Option("--is", metavar="'FACTOR UNIT'", help="What one of it is: '12 pc', '0.001 kg'."),
    ] = None

    def said(self) -> Said:
        """As the office takes it."""
        return Said(self.word, self.name, self.local_name, self.decimals, self.is_so_much)


@command(unit_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_units(office: Office) -> Answer:
    """Every unit by its code: UN/ECE Recommendation 20, and the shop's own."""
    found, known = units.listed(office), units.all_known(office)
    lines = [
        f"{one.unit.code:<12} {one.unit.word:<8} {one.unit.name:<16} {one.unit.local_name:<16}"
        f" {one.unit.decimals}  {units.so_much(one.unit, known):<16} {one.products:>6} products"
        f"{'' if one.unit.active else '  archived'}"
        for one in found
    ]
    return Answer(
        {"units": [_values(one, known) for one in found]}, [*lines, f"{counted(len(found), 'unit')}."]
    )


@command(unit_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_unit(office: Office, code: Code) -> Answer:
    """One unit."""
    found = units.show(office, code)
    values = _values(found, units.all_known(office)) | {"revision": revision(office, "unit", found.unit.code)}
    return Answer(values, [f"{word:<12} {value}" for word, value in values.items() if value != ""])


@command(unit_app, "history", LOOKING, history.MAY_SEE)
def unit_history(office: Office, code: Code) -> Answer:
    """Who changed it, when, what it said before and says since."""
    return history.told(office, "unit", code)


@command(unit_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_unit(office: Office, code: Code, *, details: UnitDetails) -> Answer:
    """One more unit, under its code of UN/ECE Recommendation 20, or one of the shop's own."""
    made = units.add(office, code, details.said())
    return Answer({"unit": made.code, "word": made.word}, [f"{made.word} ({made.code}) is a unit now."])


@command(unit_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_unit(office: Office, code: Code, *, seen: history.Seen = None, details: UnitDetails) -> Answer:
    """What is said of a unit from now on; the rest stays."""
    with as_seen(office, "unit", code, seen):
        changed = units.edit(office, code, details.said())
    words = "is changed; tills know it as soon as they have synced." if changed else "says so already."
    return Answer({"changed": changed}, [f"{code.strip()} {words}"])


@command(unit_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_unit(office: Office, code: Code) -> Answer:
    """Count nothing new in it; refused while a product is counted or packed in it."""
    units.archive(office, code)
    return Answer({"unit": code.strip()}, [f"{code.strip()} is archived."])


@command(unit_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_unit(office: Office, code: Code) -> Answer:
    """Offer an archived unit again."""
    units.restore(office, code)
    return Answer({"unit": code.strip()}, [f"{code.strip()} is offered again."])


def _values(shown: Shown, known: dict[str, Unit]) -> dict[str, Any]:
    unit = shown.unit
    return {
        "code": unit.code,
        "word": unit.word,
        "name": unit.name,
        "local_name": unit.local_name,
        "decimals": unit.decimals,
        "is": units.so_much(unit, known),
        "active": bool(unit.active),
        "products": shown.products,
        "packs": shown.packs,
    }
