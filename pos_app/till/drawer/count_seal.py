"""The count of a blind close, sealed on disk before anybody is told what was expected.

A sealed count is an entry of the audit log, which the database lets nobody change.  Whoever counts again
after they were told leaves a second entry that names the first.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.line import CashCount
from pos_app.store.documents import audit
from pos_app.till.session.context import Context

ACTION: Final = "drawer.counted"
Counts = Mapping[str, Sequence[CashCount]]


class Sealed(NamedTuple):
    """One count as it lies sealed: the entry's number, and what was counted, as JSON."""

    entry_id: int
    told: str


def seal(connection: Connection, context: Context, shift_id: int, counts: Counts) -> None:
    """Seal a count of the shift's drawer, by currency; the same one again changes nothing."""
    known = sealed(connection, context, shift_id)
    told = _told(counts)
    if known and known[-1].told == told:
        return
    first = json.dumps({"first": known[0].entry_id, "count": len(known)}) if known else ""
    context.note(connection, ACTION, _subject(shift_id), before=first, after=told)


def sealed(connection: Connection, context: Context, shift_id: int) -> list[Sealed]:
    """What was counted of a shift so far, the first count first."""
    found = audit.of_subject(connection, context.org_id, ACTION, _subject(shift_id))
    return [Sealed(one.entry_id, one.after) for one in found]


def _subject(shift_id: int) -> str:
    return f"shift {shift_id}"


def _told(counts: Counts) -> str:
    """Pieces by value in minor units, of every currency; what was counted as none is left out."""
    pieces = {
        currency: {str(each.value): each.pieces for each in _largest_first(of) if each.pieces}
        for currency, of in sorted(counts.items())
    }
    totals = {
        currency: sum(each.value * each.pieces for each in of) for currency, of in sorted(counts.items())
    }
    return json.dumps({"counted": totals, "pieces": pieces})


def _largest_first(of: Sequence[CashCount]) -> list[CashCount]:
    return sorted(of, key=lambda each: -each.value)
