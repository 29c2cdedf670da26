"""Baskets on their way: saved at every change, gone when their sale is recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.store.columns import from_micros, micros


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
    connection.execute(
        text(
            "INSERT INTO draft (org_id, request_id, person_id, parked, label, updated_at, body)"
            " VALUES (:org, :request, :person, :parked, :label, :updated, :body)"
            " ON CONFLICT (org_id, request_id) DO UPDATE SET person_id = excluded.person_id,"
            " parked = excluded.parked, label = excluded.label, updated_at = excluded.updated_at,"
            " body = excluded.body"
        ),
        {
            "org": org_id,
            "request": draft.request_id,
            "person": draft.person_id,
            "parked": int(draft.parked),
            "label": draft.label,
            "updated": micros(draft.updated_at),
            "body": draft.body,
        },
    )


def delete(connection: Connection, org_id: int, request_id: str) -> None:
    """Forget a basket: its sale is recorded in the same transaction, or the person cleared it."""
    connection.execute(
        text("DELETE FROM draft WHERE org_id = :org AND request_id = :request"),
        {"org": org_id, "request": request_id},
    )


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
