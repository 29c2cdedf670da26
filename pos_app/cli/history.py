"""`bohari NOUN history CODE`: what became of a thing, the same for every noun."""

import json
from typing import Annotated, Any

import typer

from pos_app.cli.answer import Answer, counted
from pos_app.cli.moments import local
from pos_app.cli.needs import Needs, needs
from pos_app.ledger.permission import Permission
from pos_app.office.masters import history
from pos_app.office.office import Office
from pos_app.store.documents.audit import AuditRecord

#: Who may look at what became of things.
MAY_SEE: Needs = needs(Permission.SEE_AUDIT, Permission.EDIT_MASTER)
Seen = Annotated[
    int | None,
    typer.Option(metavar="REVISION", help="As “show” gave it: refused where somebody changed it since."),
]


def told(office: Office, noun: str, code: str) -> Answer:
    """Who changed it, when, what it said before and says since.  Raises `Refused` for an unknown code."""
    found = history.told(office, noun, code)
    rows = [_row(one.entry) | {"words": one.words} for one in found]
    zone = office.organisation.time_zone
    lines = [
        f"{local(one.entry.at, zone):%Y-%m-%d %H:%M:%S}  {one.entry.person or '-':<20} {one.words}"
        for one in found
    ]
    return Answer(
        {"history": rows, "count": len(rows)},
        [*lines, f"{counted(len(rows), 'change')}; revision {rows[-1]['revision'] if rows else 0}."],
    )


def _row(entry: AuditRecord) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "person": entry.person,
        "action": entry.action,
        "subject": entry.subject,
        "revision": entry.entry_id,
        "before": _values(entry.before),
        "after": _values(entry.after),
    }


def _values(text: str) -> dict[str, Any]:
    """The columns of an entry, or none where it holds a text."""
    try:
        found = json.loads(text) if text.startswith("{") else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
