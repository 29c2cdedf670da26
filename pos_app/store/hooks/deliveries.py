"""What waits for an address, what arrived and what was given up.

The functions work inside the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.hooks.payload import Event

WAITING: Final = "waiting"
DONE: Final = "done"
FAILED: Final = "failed"
#: How long it is known what arrived.
KEPT: Final = timedelta(days=30)
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Delivery:
    """One event for one address; `error` is a code, `status` the last answer's (0: none came)."""

    event_id: str
    type: str
    body: str
    made_at: datetime
    state: str
    due_at: datetime
    attempts: int
    tried_at: datetime | None
    status: int
    error: str
    took_ms: int


@dataclass(frozen=True)
class Tried:
    """How a try of a delivery ended."""

    event_id: str
    state: str
    due_at: datetime
    attempts: int
    at: datetime
    status: int
    error: str
    took_ms: int


def put(connection: Connection, org_id: int, hook_id: int, events: Sequence[Event], now: datetime) -> None:
    """Let events wait; one that was told before stays as it is."""
    for start in range(0, len(events), _AT_ONCE):
        part = events[start : start + _AT_ONCE]
        connection.execute(
            text(
                "INSERT INTO webhook_delivery (org_id, hook_id, event_id, type, body, made_at, due_at)"
                " SELECT :org, :hook, e.event_id, e.type, e.body, :now, :now FROM unnest("
                "CAST(:ids AS text[]), CAST(:types AS text[]), CAST(:bodies AS text[]))"
                " AS e (event_id, type, body) ON CONFLICT (org_id, hook_id, event_id) DO NOTHING"
            ),
            {
                "org": org_id,
                "hook": hook_id,
                "now": now,
                "ids": [one.event_id for one in part],
                "types": [one.type for one in part],
                "bodies": [one.body for one in part],
            },
        )


def waiting(connection: Connection, org_id: int, hook_id: int) -> int:
    """How many wait for an address."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM webhook_delivery"
                " WHERE org_id = :org AND hook_id = :hook AND state = 'waiting'"
            ),
            {"org": org_id, "hook": hook_id},
        ).scalar_one()
    )


def due(connection: Connection, org_id: int, hook_id: int, now: datetime, most: int) -> list[Delivery]:
    """What is to be sent now, the longest due first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM webhook_delivery WHERE org_id = :org AND hook_id = :hook"
            " AND state = 'waiting' AND due_at <= :now ORDER BY due_at LIMIT :most"
        ),
        {"org": org_id, "hook": hook_id, "now": now, "most": most},
    )
    return [_delivery(row) for row in rows]


def note(connection: Connection, org_id: int, hook_id: int, tried: Sequence[Tried]) -> None:
    """How tries ended."""
    for one in tried:
        connection.execute(
            text(
                "UPDATE webhook_delivery SET state = :state, due_at = :due, attempts = :attempts,"
                " tried_at = :at, status = :status, error = :error, took_ms = :took"
                " WHERE org_id = :org AND hook_id = :hook AND event_id = :event"
            ),
            {
                "org": org_id,
                "hook": hook_id,
                "event": one.event_id,
                "state": one.state,
                "due": one.due_at,
                "attempts": one.attempts,
                "at": one.at,
                "status": one.status,
                "error": one.error,
                "took": one.took_ms,
            },
        )


def again(connection: Connection, org_id: int, hook_id: int, event_id: str, now: datetime) -> bool:
    """Send one once more, whatever became of it; gives whether there is one."""
    done = connection.execute(
        text(
            "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = :now"
            " WHERE org_id = :org AND hook_id = :hook AND event_id = :event"
        ),
        {"org": org_id, "hook": hook_id, "event": event_id, "now": now},
    )
    return bool(done.rowcount)


def page(
    connection: Connection,
    org_id: int,
    hook_id: int,
    *,
    most: int,
    after: tuple[datetime, str] | None = None,
    state: str = "",
) -> list[Delivery]:
    """The last ones, newest first; `after` is moment and event of the page before, `state` only these."""
    where = " AND state = :state" if state else ""
    bound: dict[str, Any] = {"org": org_id, "hook": hook_id, "most": most, "state": state}
    if after is not None:
        where += " AND (made_at, event_id) < (:made_at, :event)"
        bound |= {"made_at": after[0], "event": after[1]}
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM webhook_delivery WHERE org_id = :org AND hook_id = :hook{where}"
            " ORDER BY made_at DESC, event_id DESC LIMIT :most"
        ),
        bound,
    )
    return [_delivery(row) for row in rows]


def find(connection: Connection, org_id: int, hook_id: int, event_id: str) -> Delivery | None:
    """One of them."""
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM webhook_delivery"
            " WHERE org_id = :org AND hook_id = :hook AND event_id = :event"
        ),
        {"org": org_id, "hook": hook_id, "event": event_id},
    ).one_or_none()
    return None if row is None else _delivery(row)


def forget(connection: Connection, org_id: int, hook_id: int, now: datetime) -> int:
    """Take away what arrived long ago, and of an address that was put away what never will.

    For the owner of the database, since nobody else deletes anything.
    """
    gone = connection.execute(
        text(
            "DELETE FROM webhook_delivery WHERE org_id = :org AND hook_id = :hook AND made_at < :before"
            " AND (state = 'done' OR EXISTS (SELECT FROM webhook AS w WHERE w.org_id = :org"
            " AND w.hook_id = :hook AND w.archived_at IS NOT NULL))"
        ),
        {"org": org_id, "hook": hook_id, "before": now - KEPT},
    )
    return int(gone.rowcount)


_COLUMNS: Final = "event_id, type, body, made_at, state, due_at, attempts, tried_at, status, error, took_ms"


def _delivery(row: Any) -> Delivery:
    return Delivery(
        event_id=row.event_id,
        type=row.type,
        body=row.body,
        made_at=row.made_at,
        state=row.state,
        due_at=row.due_at,
        attempts=int(row.attempts),
        tried_at=row.tried_at,
        status=int(row.status),
        error=row.error,
        took_ms=int(row.took_ms),
    )
