"""Baselines at a till: the centre's balances, and the cached balances set from them.

cached = baseline + own documents above the baseline's mark.  Both sides of the equation change in
one transaction, so that it holds whenever anybody looks.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger.document import document_key
from pos_app.ledger.errors import Damaged
from pos_app.store.projections import BASELINES, BY_NAME, Projection
from pos_app.store.terminal import Terminal

Cell = int | str | None


def apply(
    connection: Connection,
    kind: str,
    terminal: Terminal,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    mark: int,
) -> None:
    """Keep the centre's values of one projection and set the cached rows, in the caller's transaction.

    `mark` is this terminal's last sequence inside the values.  Raises `Damaged` when the rows are
    not rows of this projection and organisation.
    """
    projection = BY_NAME[kind]
    names = (*projection.keys, *projection.values)
    if set(columns) < set(names):
        raise Damaged(f"The centre sent {kind} rows without all their columns.")
    places = [list(columns).index(name) for name in names]
    picked = []
    for row in rows:
        if len(row) != len(columns):
            raise Damaged(f"The centre sent a {kind} row of a wrong length.")
        picked.append(tuple(row[place] for place in places))
    _check(projection, picked, terminal.org_id)
    key_count = len(projection.keys)
    low = document_key(terminal.terminal_no, mark)
    connection.exec_driver_sql(_baseline_sql(projection), [(*row, mark) for row in picked])
    connection.exec_driver_sql(
        _cached_sql(projection),
        [
            # Keys, then for each value the baseline and the limits of the own sum over it.
            (*row[:key_count], *_values(row[key_count:], (*row[:key_count], low)))
            for row in picked
        ],
    )


def forget(connection: Connection, projection: Projection, most: int) -> int:
    """Drop at most `most` baselines of a projection; gives how many were dropped.

    For a centre that began a new life (a restore): what it does not send again it does not know.
    """
    keys = ", ".join(projection.keys)
    found = connection.exec_driver_sql(
        f"SELECT {keys} FROM {projection.baseline} ORDER BY {keys} LIMIT {most:d}"
    ).all()
    if not found:
        return 0
    rows = [tuple(row) for row in found]
    where = " AND ".join(f"{name} = ?" for name in projection.keys)
    connection.exec_driver_sql(f"DELETE FROM {projection.baseline} WHERE {where}", rows)
    nothing = (0,) * len(projection.values)
    connection.exec_driver_sql(
        _cached_sql(projection), [(*row, *_values(nothing, (*row, -1))) for row in rows]
    )
    return len(rows)


def _values(values: Sequence[Cell], limits: Sequence[Cell]) -> list[Cell]:
    flat: list[Cell] = []
    for value in values:
        flat += [value, *limits]
    return flat


def _check(projection: Projection, rows: Sequence[tuple[Cell, ...]], org_id: int) -> None:
    table = BASELINES[projection.name]
    expected = [
        int if table.columns[name].type.python_type is int else str
        for name in (*projection.keys, *projection.values)
    ]
    for row in rows:
        right = all(isinstance(cell, kind) for cell, kind in zip(row, expected, strict=True))
        if not right or row[0] != org_id:
            raise Damaged(f"The centre sent a {projection.name} row that does not belong here.")


def _baseline_sql(projection: Projection) -> str:
    names = (*projection.keys, *projection.values, "mark")
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*projection.values, "mark"))
    return (
        f"INSERT INTO {projection.baseline} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        f" ON CONFLICT ({', '.join(projection.keys)}) DO UPDATE SET {changes}"
    )


def _cached_sql(projection: Projection) -> str:
    """Set one cached row; the own sum is a short range of an index, because it starts at the mark."""
    own = " AND ".join(f"{name} = ?" for name in projection.keys)
    sums = ", ".join(
        f"? + coalesce((SELECT SUM({sql}) FROM {projection.source.name} WHERE {own} AND document_id > ?), 0)"
        for sql in projection.values.values()
    )
    changes = ", ".join(f"{name} = excluded.{name}" for name in projection.values)
    return (
        f"INSERT INTO {projection.name} ({', '.join((*projection.keys, *projection.values))})"
        f" VALUES ({', '.join('?' for _ in projection.keys)}, {sums})"
        f" ON CONFLICT ({', '.join(projection.keys)}) DO UPDATE SET {changes}"
    )
