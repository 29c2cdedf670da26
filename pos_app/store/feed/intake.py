"""Master data and arrivals coming in at a till: rows of the feed upserted as the centre has them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Table, UniqueConstraint

from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cell
from pos_app.store.engine import pepper
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
    values = [tuple(row[place] for place in places) for row in rows]
    if table is person:
        values = [_closed(connection, names, row) for row in values]
    _move_aside(connection, table, names, values)
    connection.exec_driver_sql(_upsert_sql(table, names), values)


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
    for place, name in enumerate(columns):
        column = table.columns.get(name)
        if column is None:
            continue
        expected: type = int if column.type.python_type is int else str
        for row in rows:
            if len(row) != len(columns):
                raise Damaged("feed-row-length", kind=table.name)
            value = row[place]
            if value is None and column.nullable:
                continue
            if not isinstance(value, expected) or (name == "org_id" and value != org_id):
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
        found = connection.exec_driver_sql(
            f"SELECT {code}, {key} FROM {table.name} WHERE org_id = ? AND {code} IN ({marks})",
            (values[0][at_org], *owners),
        ).fetchall()
        taken = [(values[0][at_org], held) for held, whose in found if owners[held] != whose]
        if taken:
            connection.exec_driver_sql(
                f"UPDATE {table.name} SET {code} = {code} || '~' || {key} WHERE org_id = ? AND {code} = ?",
                taken,
            )


def travelling(table: Table) -> list[str]:
    """The columns that travel: all but the stamp, which means something at the centre only, and the mark."""
    return [plain_name(column.name) for column in table.columns if column.name not in {"stamp", "mark"}]


def plain_name(name: str) -> str:
    """A column's name as a plain string: SQLAlchemy's is a subclass that no message can carry."""
    return "".join(name)
