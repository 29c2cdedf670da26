"""How far the verification of the night is, and what the last whole one found; one row each organisation.

It lies beside the walks over the balances (`sweep`): all that they share is that each goes on after a
restart.
"""

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from pos_app.store.tables.upkeep_tables import reconciliation as table

#: Its name among the walks.
NIGHT: Final = "verification"
#: Problems that are kept as sentences; `bohari verify` says all.
MOST_KEPT: Final = 20


class Found(msgspec.Struct):
    """What a verification found so far, or in the end."""

    documents: int = 0
    problem_count: int = 0
    problems: list[str] = []


class NightState(msgspec.Struct):
    """`stage` is the name of what is looked at, empty between two nights, and `at` how far that is.

    `last` and `last_at` are of the last one that ended, by itself or by `bohari verify`.
    """

    stage: str = ""
    at: int = 0
    begun_at: datetime | None = None
    so_far: Found = msgspec.field(default_factory=Found)
    last: Found | None = None
    last_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        """As JSON says it."""
        last = self.last or Found()
        return {
            "verified_at": self.last_at.isoformat() if self.last_at else None,
            "documents": last.documents,
            "problem_count": last.problem_count,
            "problems": last.problems,
            "under_way": self.stage or None,
        }


def read(connection: Connection, org_id: int) -> NightState:
    """The state of an organisation; a fresh one before the first night."""
    row = connection.execute(table.select().where(*_place(org_id))).one_or_none()
    return NightState() if row is None else msgspec.json.decode(row.walked_to, type=NightState)


def save(connection: Connection, org_id: int, state: NightState, now: datetime) -> None:
    """Keep how far it is."""
    values = {
        "walked_to": msgspec.json.encode(state).decode(),
        "begun_at": state.begun_at or now,
        "finished_at": state.last_at,
        "found": state.last.problem_count if state.last else 0,
    }
    if not connection.execute(table.update().where(*_place(org_id)).values(**values)).rowcount:
        connection.execute(table.insert().values(org_id=org_id, walk=NIGHT, **values))


def held(connection: Connection, org_id: int, documents: int, now: datetime) -> None:
    """Keep that a whole verification found nothing wrong: what an earlier one found is settled.

    One that is under way goes on, and is the last one when it ends.
    """
    state = read(connection, org_id)
    state.last, state.last_at = Found(documents), now
    save(connection, org_id, state, now)


def _place(org_id: int) -> tuple[Any, ...]:
    return table.c.org_id == org_id, table.c.walk == NIGHT
