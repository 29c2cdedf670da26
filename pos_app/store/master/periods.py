"""Locked periods: days on which, for a business or for all, nothing may be dated any more.

Decisions
---------
2026-11-21  One document goes by the lock: the entry with which the centre closes a year (and its void), for
it is made when the year is locked and belongs into it (see `office.year_end`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.day import day_of, to_date
from pos_app.ledger.document import SERVER_TERMINAL_NO, Document, JournalEntry, Reversal
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.store.engine.engine import quick
from pos_app.store.master import master_edit
from pos_app.store.tables import master


class Locks(NamedTuple):
    """The organisation's time zone, and the last locked day by business (None: all)."""

    time_zone: str
    through: dict[int | None, int]

    @classmethod
    def load(cls, connection: Connection, org_id: int) -> "Locks":
        """The locks of an organisation; asked with every recording, so straight on the driver."""
        rows = quick(
            connection,
            "SELECT o.time_zone, l.business_id, l.locked_through FROM period_lock AS l"
            " JOIN organisation AS o ON o.org_id = l.org_id WHERE l.org_id = ?",
            org_id,
        ).fetchall()
        through: dict[int | None, int] = {}
        for row in rows:
            through[row[1]] = max(int(row[2]), through.get(row[1], 0))
        return cls(str(rows[0][0]) if rows else "", through)


def refusal(document: Document, locks: Locks) -> str:
    """Why a document may not be dated on its day, in a sentence; empty when it may."""
    if not locks.through:
        return ""
    day = day_of(document.occurred_at, locks.time_zone)
    touched = {document.business_id, *_businesses(document)}
    for business, through in locks.through.items():
        if day <= through and (business is None or business in touched):
            if _closes_a_year(document):
                return ""
            return said("books-locked", day=to_date(through).isoformat())
    return ""


def _closes_a_year(document: Document) -> bool:
    closing = document
    if isinstance(document, Reversal):
        closing = canonical.decode(bytes(document.original))
    return (
        isinstance(closing, JournalEntry)
        and closing.purpose is EntryPurpose.YEAR_END
        and document.terminal_no == SERVER_TERMINAL_NO
    )


def _businesses(document: Document) -> Iterator[int]:
    """The businesses that the lines of a document name."""
    for line in getattr(document, "lines", ()):
        business = getattr(line, "business_id", None)
        if business is not None:
            yield int(business)
    for one in (*getattr(document, "allocations", ()), *getattr(document, "credits", ())):
        if one.business_id:
            yield one.business_id
    other = getattr(document, "to_business_id", None)
    if other is not None:
        yield int(other)


def locked_through(connection: Connection, org_id: int) -> dict[int | None, int]:
    """The last locked local day (YYYYMMDD) of each business; None is of all."""
    rows = connection.execute(
        text("SELECT business_id, max(locked_through) FROM period_lock WHERE org_id = :org GROUP BY 1"),
        {"org": org_id},
    )
    return {row[0]: int(row[1]) for row in rows}


def put_lock(
    connection: Connection, org_id: int, business_id: int | None, day: int, *, reason: str = ""
) -> int:
    """At the centre: lock a business (None: all) through a local day; an earlier day opens what lies after.

    Gives the key of the lock.  Raises `Refused` for a number that is no day (0 opens everything).
    """
    if day:
        to_date(day)
    same = "business_id IS NULL" if business_id is None else "business_id = :business"
    found = connection.execute(
        text(f"SELECT lock_id FROM period_lock WHERE org_id = :org AND {same} ORDER BY lock_id LIMIT 1"),
        {"org": org_id, **({} if business_id is None else {"business": business_id})},
    ).scalar_one_or_none()
    lock_id = master_edit.next_id(connection, org_id, master.period_lock) if found is None else int(found)
    master_edit.put(
        connection,
        master.period_lock,
        org_id,
        lock_id=lock_id,
        business_id=business_id,
        locked_through=day,
        reason=reason,
    )
    return lock_id
