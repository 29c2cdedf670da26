"""Writing many rows of a master table at once: batches, and one statement over arrays for each."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table, text

_BATCH: Final = 2_000

Item = TypeVar("Item")


def batches(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The rows in pieces that one statement takes."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def upsert(
    connection: Connection, table: Table, org_id: int, columns: dict[str, tuple[str, list[Any]]]
) -> set[int]:
    """Add or change rows by primary key; `columns` has type and values of each column but `org_id`.

    Rows that say what stands there already are left alone: the feed brings them to nobody again.  Gives the
    products of the rows that were written; of a table that is not about products, its own keys.
    """
    keys = [column.name for column in table.primary_key if column.name != "org_id"]
    changes = {name: f"excluded.{name}" for name in columns if name not in keys}
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, (type_, _) in columns.items())
    sets = ", ".join(f"{name} = {value}" for name, value in changes.items())
    before = ", ".join(f"{table.name}.{name}" for name in changes)
    written = connection.scalars(
        text(
            f"INSERT INTO {table.name} (org_id, {', '.join(columns)})"
            f" SELECT :org, * FROM unnest({arrays})"
            f" ON CONFLICT (org_id, {', '.join(keys)}) DO UPDATE SET {sets}"
            f" WHERE ({before}) IS DISTINCT FROM ({', '.join(changes.values())})"
            f" RETURNING {table.name}.{'product_id' if 'product_id' in keys else keys[0]}"
        ),
        {"org": org_id, **{name: values for name, (_, values) in columns.items()}},
    )
    return set(written)
