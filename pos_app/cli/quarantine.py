"""`bohari quarantine`: what the centre could not take into the books, and two people's decision on it."""

from typing import Annotated, Any, Final

import msgspec
import typer

from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, two_people
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import parse_position
from pos_app.ledger.permission import Permission
from pos_app.store.journal import quarantine
from pos_app.store.journal.quarantine import Quarantined
from pos_app.store.organisation import staff
from sync.server import decision, rebooking
from sync.server.decision import Names

app: Final = noun()
quarantine_app: Final = group(app, "quarantine", "What was not booked, and deciding on it.")

Document = Annotated[str, typer.Argument(metavar="TERMINAL/SEQUENCE")]
Hash = Annotated[str, typer.Option("--hash", help="Its hash or the beginning of it, where several came.")]
Grounds = Annotated[str, typer.Option(help="Why.")]


@command(quarantine_app, "list", CENTRE, needs(Permission.DECIDE, Permission.SEE_AUDIT))
def list_all(
    at: AtCentre,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What was decided as well.")] = False,
) -> Answer:
    """What waits for a decision, with the reason."""
    with at.database.read() as connection:
        read = quarantine.everything if everything else quarantine.waiting
        found = read(connection, at.org_id)
        names = _names(connection, at.org_id)
    rows = [_row(one, names) for one in found]
    lines = [
        f"{one['document']}  {one['received_at']}  {one['decision'] or 'waits'}: {one['reason']}"
        for one in rows
    ]
    lines.append(f"{counted(len(rows), 'document')}.")
    return Answer({"documents": rows, "count": len(rows)}, lines)


@command(quarantine_app, "show", CENTRE, needs(Permission.DECIDE, Permission.SEE_AUDIT))
def show(at: AtCentre, document: Document, *, hash_: Hash = "") -> Answer:
    """One document, whole."""
    one = _find(at, document, hash_)
    with at.database.read() as connection:
        names = _names(connection, at.org_id)
    values = _row(one, names) | {"content": _content(one.body), "hash": one.hash.hex()}
    lines = [f"{name}: {value}" for name, value in values.items() if value not in ("", None)]
    return Answer(values, lines)


@command(quarantine_app, "accept", CENTRE, two_people(Permission.DECIDE))
def accept(at: AtCentre, document: Document, *, reason: Grounds, hash_: Hash = "") -> Answer:
    """Post it into the books as it is; two different people say so."""
    one = _find(at, document, hash_)
    key = decision.accept(
        at.centre.database,
        at.org_id,
        one,
        Names(*at.two, reason),
        at.clock,
    )
    return Answer(
        {"document": document, "decision": quarantine.ACCEPTED, "document_id": key},
        [f"{document} is in the books; the tills get the balances that it changed."],
    )


@command(quarantine_app, "rebook", CENTRE, two_people(Permission.DECIDE))
def rebook(at: AtCentre, document: Document, *, reason: Grounds, hash_: Hash = "") -> Answer:
    """Book it again under a new number, where another document has its own; two different people say so."""
    one = _find(at, document, hash_)
    new = rebooking.rebook(at.centre.database, at.org_id, one, Names(*at.two, reason), at.clock).document
    place = f"{new.terminal_no}/{new.seq}"
    return Answer(
        {
            "document": document,
            "decision": quarantine.REBOOKED,
            "document_id": new.document_id,
            "booked_as": place,
        },
        [f"{document} is in the books as {place}; its note names the old number."],
    )


@command(quarantine_app, "reject", CENTRE, two_people(Permission.DECIDE))
def reject(at: AtCentre, document: Document, *, reason: Grounds, hash_: Hash = "") -> Answer:
    """Keep it out of the books for ever; two different people say so."""
    one = _find(at, document, hash_)
    decision.reject(
        at.centre.database,
        at.org_id,
        one,
        Names(*at.two, reason),
        at.clock,
    )
    return Answer(
        {"document": document, "decision": quarantine.REJECTED},
        [f"{document} stays out of the books; it is kept with the decision."],
    )


def _find(at: AtCentre, document: str, hash_prefix: str) -> Quarantined:
    """The document of a key; where several came under it, the one of this hash.  Raises `Refused`."""
    position = parse_position(document)
    if position is None:
        raise Refused("document-name-malformed", text=document[:30])
    with at.database.read() as connection:
        return decision.find(connection, at.org_id, *position, hash_prefix)


def _names(connection: Any, org_id: int) -> dict[int | None, str]:
    return {one.person_id: one.code for one in staff.members(connection, org_id)}


def _row(quarantined: Quarantined, names: dict[int | None, str]) -> dict[str, Any]:
    return {
        "document": f"{quarantined.terminal_no}/{quarantined.seq}",
        "terminal": quarantined.terminal_no,
        "seq": quarantined.seq,
        "hash": quarantined.hash.hex(),
        "reason": quarantined.reason,
        "received_at": quarantined.received_at.isoformat(),
        "decision": quarantined.decision,
        "decision_reason": quarantined.decision_reason,
        "decided_at": quarantined.decided_at.isoformat() if quarantined.decided_at else None,
        "decided_by": names.get(quarantined.decided_by, ""),
        "decided_with": names.get(quarantined.decided_with, ""),
    }


def _content(body: bytes) -> Any:
    """The document as JSON; bytes that hold none, as text with marks for what is no character."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "backslashreplace")
