"""Master data and arrivals coming in at a till: rows of the feed upserted as the centre has them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Table, UniqueConstraint

from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cell
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
    for moved_aside in _moving_aside(table, names):
        statement, picked = moved_aside
        connection.exec_driver_sql(statement, [tuple(row[place] for place in picked) for row in values])
    connection.exec_driver_sql(_upsert_sql(table, names), values)


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
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


def _moving_aside(table: Table, names: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Statements that free a unique code for the row that has it at the centre now.

    Codes are unique at the centre, so whoever holds it here changed there too: its own new row is
    on its way, and until then it stands under a name that nobody types.
    """
    statements: list[tuple[str, list[int]]] = []
    key = next(column.name for column in table.primary_key if column.name != "org_id")
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        code = next(column.name for column in constraint.columns if column.name != "org_id")
        if code not in names:
            continue
        statements.append(
            (
                f"UPDATE {table.name} SET {code} = {code} || '~' || {key}"
                f" WHERE org_id = ? AND {code} = ? AND {key} <> ?",
                [names.index("org_id"), names.index(code), names.index(key)],
            )
        )
    return statements


def travelling(table: Table) -> list[str]:
    """The columns that travel: all but the stamp, which means something at the centre only, and the mark."""
    return [plain_name(column.name) for column in table.columns if column.name not in {"stamp", "mark"}]


def plain_name(name: str) -> str:
    """A column's name as a plain string: SQLAlchemy's is a subclass that no message can carry."""
    return "".join(name)
