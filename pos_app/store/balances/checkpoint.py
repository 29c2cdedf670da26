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
`_KEEP` documents that the centre has not acknowledged stay out, so that the first case is the rule.

2026-11-21  The tail is read by document ranges alone and sorted out afterwards (`_lines_of`): with the
projection's condition beside the range, the index of customers was read from end to end for each
terminal with a waiting document, 600 ms instead of 70 at ten million lines and twenty terminals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, RowMapping, text

from pos_app.ledger.document import document_key
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.balances.drift import Drift, Key, Values, joined_sql, stacked_sql
from pos_app.store.balances.expected import equal, own_values
from pos_app.store.documents import settings
from pos_app.store.engine.engine import quick
from pos_app.store.side import on_till
from pos_app.store.tables.projections import CHECKPOINTS, PROJECTIONS, Projection

GROWING: Final = tuple(projection for projection in PROJECTIONS if projection.grows)
CURRENT: Final = 0
SHADOW: Final = 1
#: On a till so many documents above the acknowledged one stay out of the checkpoints.
_KEEP: Final = 400
#: From so many documents on, at the centre, reading the whole ledger once is the shorter way.
_BULK: Final = 100_000
_LAST_KEY: Final = 2**63 - 1

_MARKS: Final = (
    f"marks AS (SELECT terminal_no, terminal_no * {TERMINAL_SPAN} AS first,"
    f" terminal_no * {TERMINAL_SPAN} + mark AS last FROM checkpoint_mark"
    " WHERE org_id = :org_id AND shadow = 0)"
)
#: The open ranges of document keys: of each terminal that has documents above its mark.
_OPEN: Final = (
    f"SELECT coalesce(m.last, t.terminal_no * {TERMINAL_SPAN}) AS low,"
    f" (t.terminal_no + 1) * {TERMINAL_SPAN} AS high"
    " FROM terminal AS t LEFT JOIN marks AS m ON m.terminal_no = t.terminal_no WHERE t.org_id = :org_id"
    f" AND t.terminal_no * {TERMINAL_SPAN} + t.last_seq > coalesce(m.last, t.terminal_no * {TERMINAL_SPAN})"
)
_LATE: Final = (
    " UNION ALL SELECT l.document_id - 1, l.document_id FROM late_document AS l"
    " JOIN marks AS m ON l.document_id > m.first AND l.document_id <= m.last WHERE l.org_id = :org_id"
)


@dataclass(frozen=True)
class Range:
    """Documents of one terminal above `low` and up to `high`."""

    terminal_no: int
    low: int
    high: int


def marks(connection: Connection, org_id: int, shadow: int = CURRENT) -> dict[int, int]:
    """Up to which sequence of each terminal the checkpoints reach."""
    rows = connection.execute(
        text("SELECT terminal_no, mark FROM checkpoint_mark WHERE org_id = :org AND shadow = :shadow"),
        {"org": org_id, "shadow": shadow},
    )
    return {int(row[0]): int(row[1]) for row in rows}


def is_there(connection: Connection, org_id: int) -> bool:
    """Whether there are checkpoints at all, so that one key is summed in a moment."""
    row = quick(
        connection, "SELECT 1 FROM checkpoint_mark WHERE org_id = ? AND shadow = 0 LIMIT 1", org_id
    ).fetchone()
    return row is not None


# --- reading ----------------------------------------------------------------------------------------


def expected(connection: Connection, projection: Projection, key: Key) -> Values | None:
    """What the checkpoint and the lines after it say of one key; None when there is no checkpoint."""
    if not projection.grows:
        return None
    if on_till(connection):
        return _till_expected(connection, projection, key)
    where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    own = " AND ".join(f"s.{name} = :{name}" for name in projection.keys)
    tail = ", ".join(f"SUM({sql}) AS {name}" for name, sql in own_values(projection, "s").items())
    total = ", ".join(f"SUM({name}) AS {name}" for name in projection.values)
    sums = ", ".join(
        f"CAST(coalesce(tail.{name}, 0) + coalesce((SELECT {name} FROM {projection.checkpoint}"
        f" WHERE {where} AND shadow = 0), 0) AS BIGINT) AS {name}"
        for name in projection.values
    )
    row = connection.execute(
        text(
            # A sum inside LATERAL cannot be turned round: range by range, each by the index of the key.
            f"WITH {_MARKS}, open AS ({_OPEN}{_LATE}), tail AS (SELECT {total} FROM open AS o"
            f" CROSS JOIN LATERAL (SELECT {tail} FROM {projection.source.name} AS s"
            f" WHERE {own} AND s.document_id > o.low AND s.document_id <= o.high) AS range)"
            f" SELECT {sums} FROM tail WHERE EXISTS (SELECT 1 FROM marks)"
        ),
        dict(key),
    ).one_or_none()
    return None if row is None else dict(zip(projection.values, map(int, row), strict=True))


def _till_expected(connection: Connection, projection: Projection, key: Key) -> Values | None:
    place = _till_place(connection, key["org_id"])
    if place is None:
        return None
    terminal_no, reach = place
    where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    names = ", ".join(projection.values)
    base = connection.execute(
        text(f"SELECT mark, {names} FROM {projection.baseline} WHERE {where}"), dict(key)
    ).one_or_none()
    closed = connection.execute(
        text(f"SELECT base_mark, {names} FROM {projection.checkpoint} WHERE {where} AND shadow = 0"),
        dict(key),
    ).one_or_none()
    mark = 0 if base is None else int(base[0])
    start, parts = mark, [] if base is None else [base[1:]]
    if mark < reach and (closed is None or closed[0] == mark):
        start = reach
        parts += [] if closed is None else [closed[1:]]
    ranges = [(document_key(terminal_no, start), _LAST_KEY)]
    if base is None:
        ranges.append((-1, document_key(terminal_no, 0)))
    sums = ", ".join(f"coalesce(SUM({sql}), 0)" for sql in projection.values.values())
    # The plus keeps a stock move from being looked for by any other index than that of documents.
    own = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    for low, high in ranges:
        sql = (
            f"SELECT {sums} FROM {projection.source.name}"
            f" WHERE {own} AND document_id > :low AND document_id <= :high"
        )
        parts.append(connection.execute(text(sql), {**key, "low": low, "high": high}).one())
    return {name: sum(int(part[place]) for part in parts) for place, name in enumerate(projection.values)}


def _till_place(connection: Connection, org_id: int) -> tuple[int, int] | None:
    """This terminal and its mark; None when it is not enrolled or has no checkpoints."""
    terminal_no = settings.get(connection, "terminal_no")
    reach = marks(connection, org_id).get(int(terminal_no)) if terminal_no else None
    return None if reach is None else (int(terminal_no), reach)


def expected_sql(
    connection: Connection, projection: Projection, org_id: int, limit: Sequence[str]
) -> tuple[str, dict[str, Any]] | None:
    """The SELECT of keys and values by checkpoints, with what must be bound; None without checkpoints.

    `limit` are conditions that begin with a key column's name, `org_id = :org_id` among them.
    """
    if not projection.grows or not marks(connection, org_id):
        return None
    if on_till(connection):
        place = _till_place(connection, org_id)
        if place is None:
            return None
        first = document_key(place[0], 0)
        bound = {"first": first, "low": document_key(*place), "reach": place[1]}
        return _till_sql(projection, limit), bound
    keys, names = ", ".join(projection.keys), ", ".join(projection.values)
    sums = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in projection.values)
    own_keys = ", ".join(f"s.{name}" for name in projection.keys)
    values = ", ".join(f"{sql} AS {name}" for name, sql in own_values(projection, "s").items())
    own = projection.where(*(f"s.{one}" for one in limit), alias="s.")
    sql = (
        f"WITH {_MARKS}, open AS ({_OPEN}{_LATE}) SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {names} FROM {projection.checkpoint} WHERE shadow = 0 AND {' AND '.join(limit)}"
        f" UNION ALL SELECT {own_keys}, {values} FROM {_lines_of('open', projection, ':org_id')}{own}"
        f") AS parts GROUP BY {keys}"
    )
    return sql, {}


def _lines_of(ranges: str, projection: Projection, org_id: str) -> str:
    """A FROM item of Postgres: the source's rows `s` of a table of document ranges (low, high].

    The offset is a fence: the planner would read the whole ledger once and sort it out after.  What
    else limits the lines stays outside of it, so that only an index by documents serves.
    """
    return (
        f"{ranges} AS o CROSS JOIN LATERAL (SELECT * FROM {projection.source.name} AS l WHERE"
        f" l.org_id = {org_id} AND l.document_id > o.low AND l.document_id <= o.high OFFSET 0) AS s"
    )


def _till_sql(projection: Projection, limit: Sequence[str]) -> str:
    keys, names = ", ".join(projection.keys), ", ".join(projection.values)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in projection.values)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    own_sums = ", ".join(own_values(projection).values())
    source = (
        f"FROM {projection.source.name} AS own LEFT JOIN {projection.baseline} AS base"
        f" ON {equal(projection.keys, 'base', 'own')}"
    )
    own_limit = [f"own.{one}" for one in limit]
    closed_limit = " AND ".join(f"closed.{one}" for one in limit)
    closed = (
        f"FROM {projection.checkpoint} AS closed LEFT JOIN {projection.baseline} AS base"
        f" ON {equal(projection.keys, 'base', 'closed')}"
    )
    closed_keys = ", ".join(f"closed.{name}" for name in projection.keys)
    closed_names = ", ".join(f"closed.{name}" for name in projection.values)
    mark = "coalesce(base.mark, 0)"
    parts = (
        f"SELECT {keys}, {names} FROM {projection.baseline} WHERE {' AND '.join(limit)}",
        f"SELECT {closed_keys}, {closed_names} {closed} WHERE {closed_limit} AND closed.shadow = 0"
        f" AND closed.base_mark = {mark} AND {mark} < :reach",
        f"SELECT {own_keys}, {own_sums} {source}"
        + projection.where(
            *own_limit, "own.document_id > :low", f"own.document_id > :first + {mark}", alias="own."
        ),
        f"SELECT {own_keys}, {own_sums} {source}"
        + projection.where(*own_limit, "own.document_id <= :first", "base.mark IS NULL", alias="own."),
        # A baseline below the checkpoint that is not the one it stands on: the lines themselves.
        f"SELECT {own_keys}, {own_sums} {closed} CROSS JOIN {projection.source.name} AS own"
        f" WHERE {closed_limit} AND closed.shadow = 0 AND closed.base_mark <> {mark} AND {mark} < :reach"
        f" AND {equal(projection.keys, 'own', 'closed')}"
        f" AND own.document_id > :first + {mark} AND own.document_id <= :low",
    )
    return f"SELECT {keys}, {sums} FROM ({' UNION ALL '.join(parts)}) GROUP BY {keys}"


# --- growing ----------------------------------------------------------------------------------------


def waiting(connection: Connection, org_id: int, shadow: int = CURRENT) -> list[Range]:
    """What the checkpoints do not reach yet, for each terminal; the shadow goes up to the current ones."""
    reached = marks(connection, org_id, shadow)
    goals = marks(connection, org_id) if shadow else _goals(connection, org_id)
    return [
        Range(terminal_no, reached.get(terminal_no, 0), goal)
        for terminal_no, goal in sorted(goals.items())
        if goal != reached.get(terminal_no, 0)
    ]


def _goals(connection: Connection, org_id: int) -> dict[int, int]:
    if not on_till(connection):
        rows = connection.execute(
            text("SELECT terminal_no, last_seq FROM terminal WHERE org_id = :org AND last_seq > 0"),
            {"org": org_id},
        )
        return {int(row[0]): int(row[1]) for row in rows}
    terminal_no = int(settings.get(connection, "terminal_no") or 0)
    if not terminal_no:
        return {}
    head = connection.scalar(
        text("SELECT coalesce(max(document_id), 0) FROM document WHERE org_id = :org AND document_id < :end"),
        {"org": org_id, "end": document_key(terminal_no + 1, 0)},
    )
    last = int(head or 0) - document_key(terminal_no, 0)
    acknowledged = int(settings.get(connection, "acknowledged_seq", "0"))
    goal = max(min(acknowledged, last), last - _KEEP)
    return {terminal_no: goal} if goal > 0 else {}


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
    if on_till(connection):
        for projection in GROWING:
            _till_add(connection, projection, org_id, taken[0], shadow)
    else:
        # All reading before the first write: only then does the transaction hold the feed back.
        sums = [_central_sums(connection, projection, org_id, taken) for projection in GROWING]
        for projection, rows in zip(GROWING, sums, strict=True):
            _central_add(connection, projection, rows, shadow)
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


def _central_sums(
    connection: Connection, projection: Projection, org_id: int, taken: Sequence[Range]
) -> Sequence[Row[Any]]:
    keys = ", ".join(projection.keys)
    own_keys = ", ".join(f"s.{name}" for name in projection.keys)
    values = ", ".join(f"{sql} AS {name}" for name, sql in own_values(projection, "s").items())
    sums = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in projection.values)
    where = projection.where(
        "s.org_id = :org",
        "NOT EXISTS (SELECT 1 FROM late_document AS l"
        " WHERE l.org_id = s.org_id AND l.document_id = s.document_id)",
        alias="s.",
    )
    select, source = f"SELECT {own_keys}, {values} FROM", projection.source.name
    if sum(one.high - one.low for one in taken) >= _BULK:
        # Most of the ledger: read once from end to end, by several workers.
        lines = (
            f"{select} {source} AS s JOIN taken AS t"
            f" ON t.terminal_no = s.document_id >> {SEQUENCE_BITS}{where}"
            " AND s.document_id > t.low AND s.document_id <= t.high"
        )
    else:
        lines = f"{select} {_lines_of('taken', projection, ':org')}{where}"
    return connection.execute(
        text(
            "WITH taken AS (SELECT * FROM unnest(CAST(:terminals AS BIGINT[]), CAST(:lows AS BIGINT[]),"
            " CAST(:highs AS BIGINT[])) AS t (terminal_no, low, high))"
            f" SELECT {keys}, {sums} FROM ({lines}) AS lines GROUP BY {keys} ORDER BY {keys}"
        ),
        {
            "org": org_id,
            "terminals": [one.terminal_no for one in taken],
            "lows": [document_key(one.terminal_no, one.low) for one in taken],
            "highs": [document_key(one.terminal_no, one.high) for one in taken],
        },
    ).all()


def _central_add(
    connection: Connection, projection: Projection, rows: Sequence[Row[Any]], shadow: int
) -> None:
    if not rows:
        return
    names = (*projection.keys, *projection.values)
    columns = CHECKPOINTS[projection.name].columns
    types = ["BIGINT" if columns[name].type.python_type is int else "TEXT" for name in names]
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in zip(names, types, strict=True))
    adds = ", ".join(
        f"{name} = {projection.checkpoint}.{name} + excluded.{name}" for name in projection.values
    )
    connection.execute(
        text(
            f"INSERT INTO {projection.checkpoint} ({', '.join(names)}, shadow)"
            f" SELECT *, CAST(:shadow AS BIGINT) FROM unnest({arrays})"
            f" ON CONFLICT ({', '.join(projection.keys)}, shadow) DO UPDATE SET {adds}"
        ),
        {"shadow": shadow, **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))},
    )


def _till_add(connection: Connection, projection: Projection, org_id: int, taken: Range, shadow: int) -> None:
    keys = ", ".join(projection.keys)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    sums = ", ".join(f"SUM({sql})" for sql in own_values(projection).values())
    table = projection.checkpoint
    same = f"{table}.base_mark = excluded.base_mark"
    changes = ", ".join(
        f"{name} = excluded.{name} + CASE WHEN {same} THEN {table}.{name} ELSE 0 END"
        for name in projection.values
    )
    where = projection.where(
        "own.org_id = :org",
        "own.document_id > :low",
        "own.document_id <= :high",
        "own.document_id > :first + coalesce(base.mark, 0)",
        alias="own.",
    )
    bound = {
        "org": org_id,
        "shadow": shadow,
        "first": document_key(taken.terminal_no, 0),
        "low": document_key(taken.terminal_no, taken.low),
        "high": document_key(taken.terminal_no, taken.high),
        "reach": taken.low,
    }
    connection.execute(
        text(
            f"INSERT INTO {table} ({keys}, shadow, {', '.join(projection.values)}, base_mark)"
            f" SELECT {own_keys}, :shadow, {sums}, coalesce(base.mark, 0)"
            f" FROM {projection.source.name} AS own LEFT JOIN {projection.baseline} AS base"
            f" ON {equal(projection.keys, 'base', 'own')}"
            f"{where} GROUP BY {own_keys}"
            f" ON CONFLICT ({keys}, shadow) DO UPDATE SET {changes}, base_mark ="
            # Another baseline below the old mark: part of the lines is not in, and -1 fits no baseline.
            f" CASE WHEN {same} OR excluded.base_mark >= :reach THEN excluded.base_mark ELSE -1 END"
        ),
        bound,
    )
    # A newer baseline, and no own document after it: nothing stands on it yet.
    zeros = ", ".join(f"{name} = 0" for name in projection.values)
    connection.execute(
        text(
            f"UPDATE {table} SET {zeros}, base_mark = base.mark FROM {projection.baseline} AS base"
            f" WHERE {equal(projection.keys, 'base', table)} AND {table}.org_id = :org"
            f" AND {table}.shadow = :shadow AND {table}.base_mark <> base.mark AND base.mark >= :reach"
        ),
        bound,
    )


def drop(connection: Connection, org_id: int, shadow: int) -> None:
    """Forget checkpoints; they are made again from the lines."""
    bound = {"org": org_id, "shadow": shadow}
    for table in ("checkpoint_mark", *(projection.checkpoint for projection in GROWING)):
        connection.execute(text(f"DELETE FROM {table} WHERE org_id = :org AND shadow = :shadow"), bound)


# --- trusting ---------------------------------------------------------------------------------------


def compare_shadow(connection: Connection, org_id: int) -> Iterator[Drift]:
    """Every checkpoint that is not what the lines gave this time; both sides at the same marks."""
    build = stacked_sql if on_till(connection) else joined_sql
    for projection in GROWING:
        sides = [_side(connection, projection, shadow) for shadow in (SHADOW, CURRENT)]
        found = connection.execute(text(build(projection, *sides)), {"org": org_id}).mappings()
        for row in found:
            drift = _drift(projection, row)
            if drift.cached != drift.expected:
                yield drift


def _side(connection: Connection, projection: Projection, shadow: int) -> str:
    names = ", ".join(f"k.{name}" for name in (*projection.keys, *projection.values))
    sql = f"SELECT {names} FROM {projection.checkpoint} AS k"
    where = f" WHERE k.org_id = :org AND k.shadow = {shadow}"
    if not on_till(connection):
        return sql + where
    # Sums that stand on different baselines are not comparable, and the older one is not used.
    join = f" LEFT JOIN {projection.baseline} AS base ON {equal(projection.keys, 'base', 'k')}"
    return f"{sql}{join}{where} AND k.base_mark = coalesce(base.mark, 0)"


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
