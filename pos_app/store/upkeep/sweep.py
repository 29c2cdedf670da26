"""How far the walks in the background are: one row each, so that they go on after a restart."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from sqlalchemy import Connection, Row

from pos_app.store.tables.upkeep_tables import reconciliation
from pos_app.store.upkeep.night_state import NIGHT

#: The walk over the ledger's lines; the others are named by their projection.
LINES: Final = "lines"


@dataclass
class Sweep:
    """One walk; `seen` of `total` keys (of documents, for the lines) in the pass that began last.

    `after` is the last walking value that is done, None before the first and when the pass is over.
    """

    name: str
    begun_at: datetime
    finished_at: datetime | None = None
    after: Any = None
    seen: int = 0
    total: int = 0
    found: int = 0
    passes: int = 0
    is_idle: bool = False

    @classmethod
    def begin(cls, last: Self | None, name: str, now: datetime) -> Self:
        """A new pass; the counts of all passes and the end of the last one are kept."""
        if last is None:
            return cls(name, now)
        return cls(name, now, last.finished_at, found=last.found, passes=last.passes)

    def is_due(self, now: datetime, every: timedelta) -> bool:
        """Whether the next pass may begin; a clock that went back does not hold it up."""
        return not self.begun_at <= now < self.begun_at + every

    def step(self, to: Any, now: datetime) -> None:
        """Done up to a walking value; None ends the pass."""
        self.after = to
        if to is None:
            self.is_idle, self.finished_at = True, now
            self.passes += 1

    def coverage_percent(self) -> int:
        """How much of the present pass is done; of an ended one, all."""
        return 100 if self.is_idle or not self.total else min(100, 100 * self.seen // self.total)


def load(connection: Connection, org_id: int, name: str) -> Sweep | None:
    """One walk, or None before its first step."""
    return next((walk for walk in all_of(connection, org_id) if walk.name == name), None)


def all_of(connection: Connection, org_id: int) -> list[Sweep]:
    """Every walk of an organisation over its balances, by name."""
    table = reconciliation
    mine = (table.c.org_id == org_id, table.c.walk != NIGHT)
    rows = connection.execute(table.select().where(*mine).order_by(table.c.walk))
    return [_walk(row) for row in rows]


def _walk(row: Row[Any]) -> Sweep:
    return Sweep(
        name=row.walk,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        after=json.loads(row.walked_to) if row.walked_to else None,
        seen=row.seen,
        total=row.total,
        found=row.found,
        passes=row.passes,
        is_idle=not row.walked_to,
    )


def save(connection: Connection, org_id: int, walk: Sweep) -> None:
    """Keep how far a walk is."""
    table = reconciliation
    values = {
        "walked_to": "" if walk.is_idle else json.dumps(walk.after),
        "begun_at": walk.begun_at,
        "finished_at": walk.finished_at,
        "seen": walk.seen,
        "total": walk.total,
        "found": walk.found,
        "passes": walk.passes,
    }
    place = (table.c.org_id == org_id, table.c.walk == walk.name)
    if not connection.execute(table.update().where(*place).values(**values)).rowcount:
        connection.execute(table.insert().values(org_id=org_id, walk=walk.name, **values))
