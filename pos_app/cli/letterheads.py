"""What commands about businesses and depots share: texts of papers, as they are said and shown."""

import dataclasses
from typing import Annotated, Any, Final

import typer

from pos_app.cli.answer import Answer
from pos_app.store.master.letterheads import DepotHead, Seller

#: A text that stays when nothing is said, and one of several lines.
Text = str | None
Lines = list[str] | None
NewName = Annotated[str | None, typer.Option("--name", help="Another name.")]
_COLUMNS: Final = {"bank": "bank_details", "head": "receipt_head", "foot": "receipt_footer"}


def said(details: Any, name: str | None = None) -> dict[str, str]:
    """What was said in a dataclass of options, by columns."""
    told = {"name": name, **dataclasses.asdict(details)}
    return {
        _COLUMNS.get(word, word): "\n".join(value) if isinstance(value, list) else value
        for word, value in told.items()
        if value is not None
    }


def changed(code: str, anything: bool) -> Answer:
    """The answer to an edit: whether it changed anything."""
    new = f"{code.strip()} is changed; tills print it as soon as they have synced."
    return Answer(
        {"code": code.strip(), "changed": anything},
        [new if anything else f"{code.strip()} says so already."],
    )


def shown(head: Seller | DepotHead) -> dict[str, Any]:
    """What papers say, for a program."""
    hidden = ("business_id", "depot_id")
    return {name: value for name, value in dataclasses.asdict(head).items() if name not in hidden}


def line(head: Seller | DepotHead, *, archived: bool = False) -> str:
    """What papers say, for a person."""
    known = [value.replace("\n", ", ") for name, value in shown(head).items() if value and name != "code"]
    known += ["archived"] if archived else []
    return f"{head.code:<12} {' · '.join(known)}"
