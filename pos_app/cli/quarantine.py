"""`bohari quarantine`: what the centre could not take into the books, and two people's decision on it."""

from pathlib import Path
from typing import Any

import msgspec

from pos_app import bootstrap
from pos_app.cli.answer import Answer
from pos_app.ledger.errors import Refused
from pos_app.store.journal import quarantine
from pos_app.store.journal.quarantine import Quarantined
from pos_app.store.organisation import staff
from sync.server import decision
from sync.server.decision import Names


def list_all(home: Path, *, decided: bool) -> Answer:
    """What waits for a decision, oldest first; with `decided`, what was decided as well."""
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        with centre.for_org(organisation).read() as connection:
            read = quarantine.everything if decided else quarantine.waiting
            found = read(connection, organisation.org_id)
            names = _names(connection, organisation.org_id)
    rows = [_row(one, names) for one in found]
    lines = [
        f"{one['document']}  {one['received_at']}  {one['decision'] or 'waits'}: {one['reason']}"
        for one in rows
    ]
    lines.append(f"{len(rows)} documents.")
    return Answer({"documents": rows, "count": len(rows)}, lines)


def show(home: Path, document: str, hash_prefix: str) -> Answer:
    """One document with all that it holds.  Raises `Refused` when it is not there."""
    terminal_no, seq = parse_key(document)
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        with centre.for_org(organisation).read() as connection:
            one = decision.find(connection, organisation.org_id, terminal_no, seq, hash_prefix)
            names = _names(connection, organisation.org_id)
    values = _row(one, names) | {"content": _content(one.body), "hash": one.hash.hex()}
    lines = [f"{name}: {value}" for name, value in values.items() if value not in ("", None)]
    return Answer(values, lines)


def accept(home: Path, document: str, hash_prefix: str, names: Names) -> Answer:
    """Post it into the books as it is.  Raises `Refused` with why it cannot stand."""
    terminal_no, seq = parse_key(document)
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        with centre.for_org(organisation).read() as connection:
            one = decision.find(connection, organisation.org_id, terminal_no, seq, hash_prefix)
        key = decision.accept(centre.database, organisation.org_id, one, names, centre.clock)
    return Answer(
        {"document": document, "decision": quarantine.ACCEPTED, "document_id": key},
        [f"{document} is in the books; the tills get the balances that it changed."],
    )


def reject(home: Path, document: str, hash_prefix: str, names: Names) -> Answer:
    """Keep it out of the books for ever; its bytes stay with the decision."""
    terminal_no, seq = parse_key(document)
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        with centre.for_org(organisation).read() as connection:
            one = decision.find(connection, organisation.org_id, terminal_no, seq, hash_prefix)
        decision.reject(centre.database, organisation.org_id, one, names, centre.clock)
    return Answer(
        {"document": document, "decision": quarantine.REJECTED},
        [f"{document} stays out of the books; it is kept with the decision."],
    )


def parse_key(document: str) -> tuple[int, int]:
    """Terminal and sequence of a document as “quarantine list” names it.  Raises `Refused`."""
    terminal_no, _, seq = document.partition("/")
    if not (terminal_no.isdecimal() and seq.isdecimal() and len(document) <= 30):
        raise Refused(f"“{document[:30]}” names no document; write it like 3/17: terminal and sequence.")
    return int(terminal_no), int(seq)


def _names(connection: Any, org_id: int) -> dict[int | None, str]:
    return {one.person_id: one.code for one in staff.members(connection, org_id)}


def _row(one: Quarantined, names: dict[int | None, str]) -> dict[str, Any]:
    return {
        "document": f"{one.terminal_no}/{one.seq}",
        "terminal": one.terminal_no,
        "seq": one.seq,
        "hash": one.hash.hex(),
        "reason": one.reason,
        "received_at": one.received_at.isoformat(),
        "decision": one.decision,
        "decision_reason": one.decision_reason,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "decided_by": names.get(one.decided_by, ""),
        "decided_with": names.get(one.decided_with, ""),
    }


def _content(body: bytes) -> Any:
    """The document as JSON; bytes that hold none, as text with marks for what is no character."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "backslashreplace")
