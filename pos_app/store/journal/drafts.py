"""Baskets on their way: saved at every change, gone when their sale is recorded.

Decisions
---------
2026-11-30  A basket whose request is a document is none any more, whether its row is still there or not: the
row goes with the first change of the next basket.  To delete it in the transaction of the sale was a
statement and two encrypted pages of each commit, while the customer waits.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.store.engine.engine import quick
from pos_app.store.tables.columns import from_micros, micros


@dataclass(frozen=True)
class Draft:
    """A saved basket: `body` is the till's own encoding of it."""

    request_id: str
    person_id: int
    parked: bool
    label: str
    updated_at: datetime
    body: bytes


def save(connection: Connection, org_id: int, draft: Draft) -> None:
    """Save or overwrite one basket."""
    quick(
        connection,
        "INSERT INTO draft (org_id, request_id, person_id, parked, label, updated_at, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (org_id, request_id) DO UPDATE SET person_id = excluded.person_id,"
        " parked = excluded.parked, label = excluded.label, updated_at = excluded.updated_at,"
        " body = excluded.body",
        org_id,
        draft.request_id,
        draft.person_id,
        int(draft.parked),
        draft.label,
        micros(draft.updated_at),
        draft.body,
    )


def delete(connection: Connection, org_id: int, request_id: str) -> None:
    """Forget a basket that the person cleared, or that becomes something else in the same transaction."""
    quick(connection, "DELETE FROM draft WHERE org_id = ? AND request_id = ?", org_id, request_id)


def delete_recorded(connection: Connection, org_id: int) -> None:
    """Forget the baskets whose sales were recorded."""
    quick(
        connection,
        "DELETE FROM draft WHERE org_id = ? AND EXISTS (SELECT 1 FROM document AS d"
        " WHERE d.org_id = draft.org_id AND d.request_id = draft.request_id)",
        org_id,
    )


def load(connection: Connection, org_id: int, *, parked: bool) -> list[Draft]:
    """Open or parked baskets, newest first."""
    rows = quick(
        connection,
        "SELECT request_id, person_id, parked, label, updated_at, body FROM draft"
        " WHERE org_id = ? AND parked = ? AND NOT EXISTS (SELECT 1 FROM document AS d"
        " WHERE d.org_id = draft.org_id AND d.request_id = draft.request_id)"
        " ORDER BY updated_at DESC, request_id",
        org_id,
        int(parked),
    ).fetchall()
    return [
        Draft(row[0], int(row[1]), bool(row[2]), row[3], from_micros(int(row[4])), bytes(row[5]))
        for row in rows
    ]
