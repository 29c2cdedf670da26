"""Baskets on their way: saved at every change, gone when their sale is recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

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
    """Forget a basket: its sale is recorded in the same transaction, or the person cleared it."""
    quick(connection, "DELETE FROM draft WHERE org_id = ? AND request_id = ?", org_id, request_id)


def load(connection: Connection, org_id: int, *, parked: bool) -> list[Draft]:
    """Open or parked baskets, newest first."""
    rows = connection.execute(
        text(
            "SELECT request_id, person_id, parked, label, updated_at, body FROM draft"
            " WHERE org_id = :org AND parked = :parked ORDER BY updated_at DESC, request_id"
        ),
        {"org": org_id, "parked": int(parked)},
    )
    return [
        Draft(row[0], int(row[1]), bool(row[2]), row[3], from_micros(int(row[4])), bytes(row[5]))
        for row in rows
    ]
