"""`bohari flags`: what the centre finds odd in documents that it booked, and who looked at it."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Number, Reason
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import flags as looking
from pos_app.office.office import Office
from pos_app.store.journal import flags
from pos_app.store.journal.flags import Flagged

app: Final = noun()
flags_app: Final = group(app, "flags", "What is odd about documents that were booked, and looking at it.")

Kind = Annotated[str, typer.Option("--kind", metavar="CODE", help="Of this kind only.")]


@command(flags_app, "list", CENTRE, needs(Permission.DECIDE, Permission.SEE_AUDIT))
def list_all(
    at: AtCentre,
    *,
    kind: Kind = "",
    everything: Annotated[bool, typer.Option("--all", help="What somebody has looked at as well.")] = False,
) -> Answer:
    """What nobody has looked at yet: alerts, and notices that call nobody."""
    with at.database.read() as connection:
        found = (flags.everything if everything else flags.waiting)(connection, at.org_id)
    rows = [row_of(one) for one in found if kind in ("", one.kind)]
    lines = [
        f"{row['document']}  {row['weight']}  {row['sentence']}  ({row['kind']}, {row['person']})"
        + (f"  seen by {row['looked_by']}: {row['note']}" if row["looked_by"] else "")
        for row in rows
    ]
    return Answer({"flags": rows, "count": len(rows)}, [*lines, f"{counted(len(rows), 'flag')}."])


@command(flags_app, "show", CENTRE, needs(Permission.DECIDE, Permission.SEE_AUDIT))
def show(at: AtCentre, document: Number) -> Answer:
    """All flags on one document, with what they know."""
    with at.database.read() as connection:
        found = [one for one in flags.everything(connection, at.org_id) if one.number == _plain(document)]
    if not found:
        raise Refused("flag-nowhere", number=_plain(document))
    rows = [row_of(one) for one in found]
    lines = [f"{name}: {value}" for row in rows for name, value in row.items() if value not in ("", None)]
    return Answer({"flags": rows, "count": len(rows)}, lines)


@command(flags_app, "settle", AT_WORK, somewhere(Permission.DECIDE))
def settle(office: Office, document: Number, *, reason: Reason, kind: Kind = "") -> Answer:
    """Say that you looked at the flags on a document, and what came of them."""
    key = parsing.document_in(office, document)
    seen = looking.settle(office, key, reason, kind=kind)
    rows = [row_of(one) for one in seen]
    number = _plain(document)
    return Answer(
        {"document": number, "flags": rows, "count": len(rows)},
        [*(f"{number}: {one.sentence.spoken}" for one in seen), f"Looked at: {counted(len(rows), 'flag')}."],
    )


def row_of(odd: Flagged) -> dict[str, Any]:
    """A flag as values for a program; `sentence` is for a person."""
    return {
        "document": odd.number,
        "kind": odd.kind,
        "weight": odd.weight.value,
        "line": odd.place or None,
        "sentence": odd.sentence.spoken,
        "facts": odd.facts,
        "person": odd.person,
        "found_at": odd.found_at.isoformat(),
        "looked_by": odd.looked_name,
        "looked_at": odd.looked_at.isoformat() if odd.looked_at else None,
        "note": odd.note,
    }


def _plain(number: str) -> str:
    return number.strip().upper()[:24]
