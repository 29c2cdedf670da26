"""Baselines at a till: the centre's balances, and the cached balances set from them.

cached = baseline + own documents above the baseline's mark.  Both sides of the equation change in
one transaction, so that it holds whenever anybody looks.

A document that the centre set aside (into quarantine) is in no balance of the centre, and what it
alone touched never changes there: no fresh baseline would ever come with a mark past it.  So what
it posted is taken off the baselines that do not reach it yet (see `set_aside`).
"""

import functools
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.document import document_key, split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cell
from pos_app.store.documents import settings
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import quick_many
from pos_app.store.tables.projections import BASELINES, BY_NAME, PROJECTIONS, Projection

#: The setting that names the own documents in the centre's quarantine, by sequence.
_SET_ASIDE: Final = "set_aside"


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
        raise Damaged("feed-columns-missing", kind=kind)
    places = [list(columns).index(name) for name in names]
    picked = []
    for row in rows:
        if len(row) != len(columns):
            raise Damaged("feed-row-length", kind=kind)
        picked.append(tuple(row[place] for place in places))
    _check(projection, picked, terminal.org_id)
    key_count = len(projection.keys)
    beyond = [seq for seq in known_set_aside(connection) if seq > mark]
    if beyond:
        # A page of before the push that set them aside: it may not bring them back.
        picked = _without(picked, _posted(connection, projection, terminal, beyond), key_count)
    low = document_key(terminal.terminal_no, mark)
    quick_many(connection, _baseline_sql(kind), [(*row, mark) for row in picked])
    quick_many(
        connection,
        _cached_sql(kind),
        [
            # Keys, then for each value the baseline and the limits of the own sum over it.
            (*row[:key_count], *_values(row[key_count:], (*row[:key_count], low)))
            for row in picked
        ],
    )


def set_aside(connection: Connection, terminal: Terminal, seqs: Sequence[int]) -> None:
    """Take own documents out of the balances that the centre keeps out of its books, in the caller's
    transaction.  Those that are known already change nothing.
    """
    known = known_set_aside(connection)
    fresh = sorted(set(seqs) - set(known))
    if not fresh:
        return
    settings.put(connection, **{_SET_ASIDE: ",".join(str(seq) for seq in sorted((*known, *fresh)))})
    for projection in PROJECTIONS:
        if not projection.from_centre:
            continue
        baseline_sql, cached_sql = _take_off_sql(projection)
        for (*key, document_id), values in _posted(connection, projection, terminal, fresh).items():
            taken = [-value for value in values]
            changed = connection.exec_driver_sql(
                baseline_sql, (*key, *taken, split_key(int(str(document_id)))[1])
            )
            if changed.rowcount == 1:
                connection.exec_driver_sql(cached_sql, (*taken, *key))


def begin_again(connection: Connection, terminal: Terminal, mark: int) -> None:
    """After every baseline was forgotten: what the centre still has in quarantine stays out.

    A restored centre has the documents up to its `mark`; what it set aside beyond, it meets anew.
    """
    kept = [seq for seq in known_set_aside(connection) if seq <= mark]
    settings.put(connection, **{_SET_ASIDE: ""})
    set_aside(connection, terminal, kept)


def known_set_aside(connection: Connection) -> list[int]:
    """The sequences of own documents that the centre keeps out of its books."""
    return [int(seq) for seq in settings.get(connection, _SET_ASIDE).split(",") if seq]


def _posted(
    connection: Connection, projection: Projection, terminal: Terminal, seqs: Sequence[int]
) -> dict[tuple[Cell, ...], tuple[int, ...]]:
    """What own documents added to a projection, by its keys and the document's."""
    documents = ", ".join(str(document_key(terminal.terminal_no, seq)) for seq in seqs)
    keys = ", ".join((*projection.keys, "document_id"))
    sums = ", ".join(f"SUM({sql})" for sql in projection.values.values())
    where = projection.where("org_id = ?", f"document_id IN ({documents})")
    rows = connection.exec_driver_sql(
        f"SELECT {keys}, {sums} FROM {projection.source.name}{where} GROUP BY {keys}", (terminal.org_id,)
    ).all()
    count = len(projection.keys) + 1
    return {tuple(row[:count]): tuple(int(value) for value in row[count:]) for row in rows}


def _without(
    rows: Sequence[tuple[Any, ...]],
    posted: dict[tuple[Cell, ...], tuple[int, ...]],
    key_count: int,
) -> list[tuple[Any, ...]]:
    """The rows of a page less what set aside documents added to them."""
    off: dict[tuple[Cell, ...], list[int]] = {}
    for (*key, _), values in posted.items():
        so_far = off.get(tuple(key), [0] * len(values))
        off[tuple(key)] = [left + right for left, right in zip(so_far, values, strict=True)]
    return [
        (
            *row[:key_count],
            *(
                value - less
                for value, less in zip(
                    row[key_count:], off.get(row[:key_count], [0] * (len(row) - key_count)), strict=True
                )
            ),
        )
        for row in rows
    ]


def forget(connection: Connection, projection: Projection, most: int) -> int:
    """Drop at most `most` baselines of a projection; gives how many were dropped.

    For a centre that began a new life (a restore): what it does not send again it does not know.
    """
    keys = ", ".join(projection.keys)
    found = connection.exec_driver_sql(
        f"SELECT {keys} FROM {projection.baseline} ORDER BY {keys} LIMIT {most:d}"
    ).all()
    drop(connection, projection, [tuple(row) for row in found])
    return len(found)


def unknown(
    connection: Connection, projection: Projection, terminal: Terminal, known: set[tuple[Cell, ...]]
) -> list[tuple[Cell, ...]]:
    """The keys of baselines that say something and that the centre does not know.

    One that only takes off what the centre set aside is our own (see `set_aside`).
    """
    count = len(projection.keys)
    own: dict[tuple[Cell, ...], list[int]] = {}
    for (*key, _), values in _posted(connection, projection, terminal, known_set_aside(connection)).items():
        so_far = own.get(tuple(key), [0] * len(values))
        own[tuple(key)] = [left - right for left, right in zip(so_far, values, strict=True)]
    names = ", ".join((*projection.keys, *projection.values))
    rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT {names} FROM {projection.baseline}")]
    return [
        row[:count]
        for row in rows
        if row[:count] not in known and any(row[count:]) and list(row[count:]) != own.get(row[:count])
    ]


def drop(connection: Connection, projection: Projection, keys: Sequence[tuple[Cell, ...]]) -> None:
    """Drop these baselines: what is cached is then the till's own documents alone."""
    if not keys:
        return
    # Checkpoints stand on baselines whose marks only grow; these go back to nothing.
    connection.exec_driver_sql("DELETE FROM checkpoint_mark")
    rows = list(keys)
    where = " AND ".join(f"{name} = ?" for name in projection.keys)
    connection.exec_driver_sql(f"DELETE FROM {projection.baseline} WHERE {where}", rows)
    nothing = (0,) * len(projection.values)
    connection.exec_driver_sql(
        _cached_sql(projection.name), [(*row, *_values(nothing, (*row, -1))) for row in rows]
    )


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
            raise Damaged("feed-row-stray", kind=projection.name)


@functools.cache
def _baseline_sql(kind: str) -> str:
    projection = BY_NAME[kind]
    names = (*projection.keys, *projection.values, "mark")
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*projection.values, "mark"))
    return (
        f"INSERT INTO {projection.baseline} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        f" ON CONFLICT ({', '.join(projection.keys)}) DO UPDATE SET {changes}"
    )


def _take_off_sql(projection: Projection) -> tuple[str, str]:
    """Add to one baseline unless it reaches a document already, and to the cached row beside it."""
    names = (*projection.keys, *projection.values)
    changes = ", ".join(
        f"{name} = {projection.baseline}.{name} + excluded.{name}" for name in projection.values
    )
    own = " AND ".join(f"{name} = ?" for name in projection.keys)
    return (
        f"INSERT INTO {projection.baseline} ({', '.join(names)}, mark)"
        f" VALUES ({', '.join('?' for _ in names)}, 0) ON CONFLICT ({', '.join(projection.keys)})"
        f" DO UPDATE SET {changes} WHERE {projection.baseline}.mark < ?",
        f"UPDATE {projection.name} SET {', '.join(f'{name} = {name} + ?' for name in projection.values)}"
        f" WHERE {own}",
    )


@functools.cache
def _cached_sql(kind: str) -> str:
    """Set one cached row; the own sum is a short range of an index, because it starts at the mark."""
    projection = BY_NAME[kind]
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
