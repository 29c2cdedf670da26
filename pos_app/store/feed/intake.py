"""Master data and arrivals coming in at a till: rows of the feed upserted as the centre has them.

Decisions
---------
2026-11-30  Of a row that is here only what differs is written: a new price of a hundred thousand products is
one column each, and an upsert would write every index of the table anew, which was most of what it cost.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import compress
from operator import ne
from typing import Final

from sqlalchemy import Connection, Table, UniqueConstraint

from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cell
from pos_app.store.engine import pepper
from pos_app.store.engine.engine import quick, quick_many
from pos_app.store.master import pins
from pos_app.store.tables.master import person
from pos_app.store.tables.open_order_table import FED

TABLES: Final = {"".join(table.name): table for table in FED}


def upsert(
    connection: Connection, kind: str, org_id: int, columns: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> None:
    """Write rows of one table of the feed inside the caller's transaction.

    Columns that this version does not know are left out.  Raises `Damaged` when the rows are not
    rows of this table and organisation; nothing is half-written then, the caller rolls back.
    """
    table = TABLES[kind]
    names = [name for name in columns if name in table.columns]
    places = [columns.index(name) for name in names]
    if not {column.name for column in table.primary_key} <= set(names):
        raise Damaged("feed-keys-missing", kind=kind)
    _check(table, columns, rows, org_id)
    is_whole = places == list(range(len(columns)))
    values = [tuple(row) if is_whole else tuple([row[place] for place in places]) for row in rows]
    if table is person:
        values = [_closed(connection, names, row) for row in values]
    _move_aside(connection, table, names, values)
    new = _put_changes(connection, table, names, values)
    if new:
        quick_many(connection, _upsert_sql(table, names), new)


def _closed(connection: Connection, names: Sequence[str], row: Sequence[Cell]) -> tuple[Cell, ...]:
    """A person's row with what proves their PIN closed by this till's own pepper: it lies bare nowhere."""
    kept = dict(zip(names, row, strict=True))
    for name in pins.COLUMNS:
        if kept.get(name):
            org_id, person_id = int(kept["org_id"] or 0), int(kept["person_id"] or 0)
            kept[name] = pepper.close(connection, org_id, person_id, name, str(kept[name]))
    return tuple(kept.values())


def _check(table: Table, columns: Sequence[str], rows: Sequence[Sequence[Cell]], org_id: int) -> None:
    """Types before the database sees them: a page from a wrong server is a sentence, not a crash."""
    if any(len(row) != len(columns) for row in rows):
        raise Damaged("feed-row-length", kind=table.name)
    for name, values in zip(columns, zip(*rows, strict=True), strict=False):
        column = table.columns.get(name)
        if column is None:
            continue
        expected: type = int if column.type.python_type is int else str
        # To Python true is a number, and to the database too.
        allowed: set[type] = {int, bool} if expected is int else {str}
        if column.nullable:
            allowed.add(type(None))
        if not set(map(type, values)) <= allowed or (name == "org_id" and set(values) != {org_id}):
            raise Damaged("feed-row-wrong", kind=table.name, column=name)


def _upsert_sql(table: Table, names: Sequence[str]) -> str:
    keys = [column.name for column in table.primary_key]
    others = [name for name in names if name not in keys]
    # A row that comes is believed again, where it was doubted (see `replacing`).
    changes = ", ".join((*(f"{name} = excluded.{name}" for name in others), "stamp = 0"))
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


#: Rows that differ in more ways than so are written whole.
_MOST_WAYS: Final = 8


def _put_changes(
    connection: Connection, table: Table, names: Sequence[str], values: list[tuple[Cell, ...]]
) -> list[tuple[Cell, ...]]:
    """Write what differs of the rows that are here; gives those that are to be written whole."""
    keys = [column.name for column in table.primary_key if column.name != "org_id"]
    if len(keys) != 1 or not values:
        return values
    key, at_org = keys[0], names.index("org_id")
    at_key = names.index(key)
    wanted = [row[at_key] for row in values]
    if len(set(wanted)) < len(wanted):
        return values
    found = quick(
        connection,
        f"SELECT {', '.join(names)}, stamp FROM {table.name}"
        f" WHERE org_id = ? AND {key} IN ({', '.join('?' * len(wanted))})",
        values[0][at_org],
        *wanted,
    ).fetchall()
    here = {row[at_key]: row for row in found}
    columns = (*names, "stamp")
    places = range(len(columns))
    new: list[tuple[Cell, ...]] = []
    ways: dict[tuple[int, ...], list[tuple[Cell, ...]]] = defaultdict(list)
    for row in values:
        stood = here.get(row[at_key])
        if stood is None:
            new.append(row)
        # A row that comes is believed again, where it was doubted (see `replacing`).
        elif stood != (believed := (*row, 0)):
            way = tuple(compress(places, map(ne, believed, stood)))
            ways[way].append((*[believed[place] for place in way], row[at_org], row[at_key]))
    if len(ways) > _MOST_WAYS:
        return values
    for way, rows in ways.items():
        changes = ", ".join(f"{columns[place]} = ?" for place in way)
        quick_many(connection, f"UPDATE {table.name} SET {changes} WHERE org_id = ? AND {key} = ?", rows)
    return new


def _move_aside(
    connection: Connection, table: Table, names: Sequence[str], values: Sequence[tuple[Cell, ...]]
) -> None:
    """Free a unique code for the row that has it at the centre now.

    Codes are unique at the centre, so whoever holds it here changed there too: its own new row is
    on its way, and until then it stands under a name that nobody types.
    """
    key = next(column.name for column in table.primary_key if column.name != "org_id")
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        code = next(column.name for column in constraint.columns if column.name != "org_id")
        if code not in names or not values:
            continue
        at_org, at_code, at_key = names.index("org_id"), names.index(code), names.index(key)
        owners = {row[at_code]: row[at_key] for row in values}
        marks = ", ".join("?" * len(owners))
        # One look at all of them: hardly ever is there anything to move.
        found = quick(
            connection,
            f"SELECT {code}, {key} FROM {table.name} WHERE org_id = ? AND {code} IN ({marks})",
            values[0][at_org],
            *owners,
        ).fetchall()
        taken = [(values[0][at_org], held) for held, whose in found if owners[held] != whose]
        if taken:
            quick_many(
                connection,
                f"UPDATE {table.name} SET {code} = {code} || '~' || {key} WHERE org_id = ? AND {code} = ?",
                taken,
            )


def travelling(table: Table) -> list[str]:
    """The columns that travel: all but the stamp, which means something at the centre only, and the mark."""
    return [plain_name(column.name) for column in table.columns if column.name not in {"stamp", "mark"}]


def plain_name(name: str) -> str:
    """A column's name as a plain string: SQLAlchemy's is a subclass that no message can carry."""
    return "".join(name)
