"""Checkpoints: sums over a closed prefix of the ledger, so that one balance is checked in milliseconds.

truth of a key = [baseline +] checkpoint + the lines of the documents above the marks.

Sealed documents never change, so a sum over them need not be made twice.  `checkpoint_mark` says for
each terminal up to which document the checkpoints reach; what lies above, or was taken in later
below (`late_document`), is read from the lines themselves.  `shadow` rows are the same sums being
made anew from the first line on, step by step; once they reach the marks they are compared with the
current ones (`shadow`), so that a checkpoint is trusted no longer than one such walk.

Decisions
---------
2026-11-20  Not a covering index: reading half a million lines of one revenue account through it
takes 60 ms, and the included amounts make every ingest pay.  Checkpoints cost neither.

2026-11-20  Marks for each terminal and not one moment for all: documents come in order only within
a terminal.  Which terminals have documents above their marks is asked of `terminal`: looking into
the ranges of a thousand quiet ones would take as long as all the rest.  (`verify` holds the books
against `terminal`, so that no document hides above it.)

2026-11-20  On a till a checkpoint stands on a baseline: it sums the own documents above the
baseline's mark, and `base_mark` says which that was.  When a newer baseline came meanwhile, its
mark is above the checkpoint and the rest is short; when it is not, the lines are read.  The last
documents that the centre has not acknowledged stay out (`checkpoint_till.KEEP`), so that the first case
is the rule.

2026-11-21  At the centre the tail is read by document ranges alone and sorted out afterwards: with the
projection's condition beside the range, the index of customers was read from end to end for each
terminal with a waiting document, 600 ms instead of 70 at ten million lines and twenty terminals.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, text

from pos_app.store.balances.checkpoint_centre import CentreSums
from pos_app.store.balances.checkpoint_sums import CURRENT, GROWING, SHADOW, CheckpointSums, Range, marks
from pos_app.store.balances.checkpoint_till import TillSums
from pos_app.store.balances.drift import Drift, Key, Values
from pos_app.store.engine.engine import quick
from pos_app.store.side import on_till
from pos_app.store.tables.projections import Projection

__all__ = ["CURRENT", "GROWING", "SHADOW", "Range", "marks"]

_TILL: Final = TillSums()
_CENTRE: Final = CentreSums()


def _sums(connection: Connection) -> CheckpointSums:
    return _TILL if on_till(connection) else _CENTRE


def is_there(connection: Connection, org_id: int) -> bool:
    """Whether there are checkpoints at all, so that one key is summed in a moment."""
    row = quick(
        connection, "SELECT 1 FROM checkpoint_mark WHERE org_id = ? AND shadow = 0 LIMIT 1", org_id
    ).fetchone()
    return row is not None


# --- reading ----------------------------------------------------------------------------------------


def expected(connection: Connection, projection: Projection, key: Key) -> Values | None:
    """What the checkpoint and the lines after it say of one key; None when there is no checkpoint."""
    return _sums(connection).expected(connection, projection, key) if projection.grows else None


def expected_sql(
    connection: Connection, projection: Projection, org_id: int, limit: Sequence[str]
) -> tuple[str, dict[str, Any]] | None:
    """The SELECT of keys and values by checkpoints, with what must be bound; None without checkpoints.

    `limit` are conditions that begin with a key column's name, `org_id = :org_id` among them.
    """
    if not projection.grows:
        return None
    return _sums(connection).expected_sql(connection, projection, org_id, limit)


# --- growing ----------------------------------------------------------------------------------------


def waiting(connection: Connection, org_id: int, shadow: int = CURRENT) -> list[Range]:
    """What the checkpoints do not reach yet, for each terminal; the shadow goes up to the current ones."""
    reached = marks(connection, org_id, shadow)
    goals = marks(connection, org_id) if shadow else _sums(connection).goals(connection, org_id)
    return [
        Range(terminal_no, reached.get(terminal_no, 0), goal)
        for terminal_no, goal in sorted(goals.items())
        if goal != reached.get(terminal_no, 0)
    ]


def advance(connection: Connection, org_id: int, most: int, shadow: int = CURRENT) -> int:
    """Take at most `most` further documents in, in the caller's transaction; gives how many.

    The caller holds the lock of the upkeep, so that nobody else does the same.  A mark above its
    terminal's last document is damage: then all is dropped, to be made anew, and -1 is given.
    """
    ranges = waiting(connection, org_id, shadow)
    if any(one.low > one.high for one in ranges):
        drop(connection, org_id, CURRENT)
        drop(connection, org_id, SHADOW)
        return -1
    taken = _shares(ranges, most)
    if not taken:
        return 0
    if not marks(connection, org_id, shadow):
        # Sums without marks are what is left of older ones.
        drop(connection, org_id, shadow)
    _sums(connection).take(connection, org_id, taken, shadow)
    connection.execute(
        text(
            "INSERT INTO checkpoint_mark (org_id, shadow, terminal_no, mark)"
            " VALUES (:org, :shadow, :terminal, :mark)"
            " ON CONFLICT (org_id, shadow, terminal_no) DO UPDATE SET mark = excluded.mark"
        ),
        [{"org": org_id, "shadow": shadow, "terminal": one.terminal_no, "mark": one.high} for one in taken],
    )
    return sum(one.high - one.low for one in taken)


def _shares(ranges: Sequence[Range], most: int) -> list[Range]:
    """At most `most` documents, of every terminal its part.

    What terminals recorded at the same time lies side by side: read for one after the other, every
    page would be read as often as there are terminals.
    """
    taken = []
    left = most
    for place, one in enumerate(sorted(ranges, key=lambda one: one.high - one.low)):
        share = min(one.high - one.low, max(1, left // (len(ranges) - place)), left)
        if share > 0:
            taken.append(Range(one.terminal_no, one.low, one.low + share))
            left -= share
    return taken


def drop(connection: Connection, org_id: int, shadow: int) -> None:
    """Forget checkpoints; they are made again from the lines."""
    bound = {"org": org_id, "shadow": shadow}
    for table in ("checkpoint_mark", *(projection.checkpoint for projection in GROWING)):
        connection.execute(text(f"DELETE FROM {table} WHERE org_id = :org AND shadow = :shadow"), bound)


# --- trusting ---------------------------------------------------------------------------------------


def compare_shadow(connection: Connection, org_id: int) -> Iterator[Drift]:
    """Every checkpoint that is not what the lines gave this time; both sides at the same marks."""
    sums = _sums(connection)
    for projection in GROWING:
        found = connection.execute(text(sums.compared_sql(projection)), {"org": org_id}).mappings()
        for row in found:
            drift = _drift(projection, row)
            if drift.cached != drift.expected:
                yield drift


def _drift(projection: Projection, row: RowMapping) -> Drift:
    return Drift(
        projection.checkpoint,
        {name: row[name] for name in projection.keys},
        {name: int(row[f"c_{name}"] or 0) for name in projection.values},
        {name: int(row[f"t_{name}"] or 0) for name in projection.values},
    )


def promote(connection: Connection, org_id: int) -> None:
    """Put the sums made anew in the place of the current ones."""
    drop(connection, org_id, CURRENT)
    for table in ("checkpoint_mark", *(projection.checkpoint for projection in GROWING)):
        connection.execute(
            text(f"UPDATE {table} SET shadow = 0 WHERE org_id = :org AND shadow = 1"), {"org": org_id}
        )
