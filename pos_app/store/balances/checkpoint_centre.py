"""Checkpoints at the centre: sums of the documents of every terminal up to its mark."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from pos_app.ledger.document import document_key
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.balances.checkpoint_sums import CURRENT, GROWING, SHADOW, CheckpointSums, Range, marks
from pos_app.store.balances.drift import Key, Values, joined_sql
from pos_app.store.balances.expected import own_values
from pos_app.store.tables.projections import CHECKPOINTS, Projection

#: From so many documents on, at the centre, reading the whole ledger once is the shorter way.
_BULK: Final = 100_000

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


class CentreSums(CheckpointSums):
    """The centre's."""

    def expected(self, connection: Connection, projection: Projection, key: Key) -> Values | None:
        """See `CheckpointSums.expected`."""
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

    def expected_sql(
        self, connection: Connection, projection: Projection, org_id: int, limit: Sequence[str]
    ) -> tuple[str, dict[str, Any]] | None:
        """See `CheckpointSums.expected_sql`."""
        if not marks(connection, org_id):
            return None
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

    def goals(self, connection: Connection, org_id: int) -> dict[int, int]:
        """See `CheckpointSums.goals`: what each terminal sent."""
        rows = connection.execute(
            text("SELECT terminal_no, last_seq FROM terminal WHERE org_id = :org AND last_seq > 0"),
            {"org": org_id},
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def take(self, connection: Connection, org_id: int, taken: Sequence[Range], shadow: int) -> None:
        """See `CheckpointSums.take`."""
        # All reading before the first write: only then does the transaction hold the feed back.
        sums = [_sums(connection, projection, org_id, taken) for projection in GROWING]
        for projection, rows in zip(GROWING, sums, strict=True):
            _add(connection, projection, rows, shadow)

    def compared_sql(self, projection: Projection) -> str:
        """See `CheckpointSums.compared_sql`."""
        sides = ["".join(self._side(projection, shadow)) for shadow in (SHADOW, CURRENT)]
        return joined_sql(projection, *sides)


def _lines_of(ranges: str, projection: Projection, org_id: str) -> str:
    """A FROM item of Postgres: the source's rows `s` of a table of document ranges (low, high].

    The offset is a fence: the planner would read the whole ledger once and sort it out after.  What
    else limits the lines stays outside of it, so that only an index by documents serves.
    """
    return (
        f"{ranges} AS o CROSS JOIN LATERAL (SELECT * FROM {projection.source.name} AS l WHERE"
        f" l.org_id = {org_id} AND l.document_id > o.low AND l.document_id <= o.high OFFSET 0) AS s"
    )


def _sums(
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


def _add(connection: Connection, projection: Projection, rows: Sequence[Row[Any]], shadow: int) -> None:
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
