"""What a checkpoint is made of, and what a till and the centre do with it each in its own way."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.store.balances.drift import Key, Values
from pos_app.store.engine.engine import quick_rows
from pos_app.store.tables.projections import PROJECTIONS, Projection

GROWING: Final = tuple(projection for projection in PROJECTIONS if projection.grows)
CURRENT: Final = 0
SHADOW: Final = 1


@dataclass(frozen=True)
class Range:
    """Documents of one terminal above `low` and up to `high`."""

    terminal_no: int
    low: int
    high: int


class CheckpointSums(ABC):
    """The sums of one side; see `checkpoint` for what they mean."""

    @abstractmethod
    def expected(self, connection: Connection, projection: Projection, key: Key) -> Values | None:
        """What the checkpoint and the lines after it say of one key; None when there is no checkpoint."""

    @abstractmethod
    def expected_sql(
        self, connection: Connection, projection: Projection, org_id: int, limit: Sequence[str]
    ) -> tuple[str, dict[str, Any]] | None:
        """The SELECT of keys and values by checkpoints, with what must be bound; None without checkpoints."""

    @abstractmethod
    def goals(self, connection: Connection, org_id: int) -> dict[int, int]:
        """Up to which sequence of each terminal checkpoints may reach."""

    @abstractmethod
    def take(self, connection: Connection, org_id: int, taken: Sequence[Range], shadow: int) -> None:
        """Add the lines of these documents to the sums of every projection."""

    @abstractmethod
    def compared_sql(self, projection: Projection) -> str:
        """The SELECT of keys and of both kinds of sums, shadow and current."""

    @staticmethod
    def _side(projection: Projection, shadow: int) -> tuple[str, str]:
        """The SELECT of one kind of sums `k`, and its condition."""
        names = ", ".join(f"k.{name}" for name in (*projection.keys, *projection.values))
        where = f" WHERE k.org_id = :org AND k.shadow = {shadow}"
        return f"SELECT {names} FROM {projection.checkpoint} AS k", where


def marks(connection: Connection, org_id: int, shadow: int = CURRENT) -> dict[int, int]:
    """Up to which sequence of each terminal the checkpoints reach."""
    rows = quick_rows(
        connection,
        "SELECT terminal_no, mark FROM checkpoint_mark WHERE org_id = :org AND shadow = :shadow",
        {"org": org_id, "shadow": shadow},
    )
    return {int(row[0]): int(row[1]) for row in rows}
