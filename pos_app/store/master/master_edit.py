"""Single rows of master data at the centre: their keys, and changing them; stamps bring it to every till."""

from typing import Any, Final

from sqlalchemy import Connection, Table, text

from pos_app.ledger import asking
from pos_app.store.engine import privacy
from pos_app.store.master import enrolment

Key = int | str


def change(
    connection: Connection, table: Table, org_id: int, key: Key | tuple[Key, ...], **values: Key | None
) -> None:
    """Set columns of one row, inside the caller's transaction."""
    names = [column.name for column in table.primary_key if column.name != "org_id"]
    keys = key if isinstance(key, tuple) else (key,)
    unknown = values.keys() - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no {', '.join(sorted(unknown))}")
    values = _closed(connection, table, org_id, values)
    settings = ", ".join(f"{column} = :{column}" for column in values)
    its = {f"its_{name}": value for name, value in zip(names, keys, strict=True)}
    where = " AND ".join(f"{name} = :its_{name}" for name in names)
    connection.execute(
        text(f"UPDATE {table.name} SET {settings} WHERE org_id = :its_org_id AND {where}"),
        {**values, **its, "its_org_id": org_id},
    )


def put(connection: Connection, table: Table, org_id: int, **values: Key | None) -> None:
    """Add a row, or change the one under the same key; one that says the same already is left alone."""
    keys = [column.name for column in table.primary_key]
    values = _closed(connection, table, org_id, values)
    told = {"org_id": org_id, **values}
    others = [name for name in values if name not in keys]
    row, new = (", ".join(f"{side}.{name}" for name in others) for side in (table.name, "excluded"))
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(told)}) VALUES ({', '.join(f':{name}' for name in told)})"
            f" ON CONFLICT ({', '.join(keys)})"
            f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in others)}"
            f" WHERE ({row}) IS DISTINCT FROM ({new})"
        ),
        told,
    )


def _closed(
    connection: Connection, table: Table, org_id: int, values: dict[str, Key | None]
) -> dict[str, Key | None]:
    """The values as they lie in the table: what is personal is closed."""
    fields = privacy.OF_TABLE.get(table.name, {})
    if not fields.keys() & values.keys():
        return values
    private = privacy.of(connection)
    return {
        name: private.encrypt_text(org_id, fields[name], str(value)) if name in fields else value
        for name, value in values.items()
    }


#: So many numbers of master data each life of the centre leaves to those before it (`first_number`).
NUMBERS_EACH_LIFE: Final = 1_000_000


def next_id(connection: Connection, org_id: int, table: Table) -> int:
    """The next identifier of a master table, kept from other writers until the commit."""
    enrolment.lock_organisation(connection, org_id)
    key: Any = next(column for column in table.primary_key if column.name != "org_id")
    return int(
        connection.execute(
            text(
                f"SELECT greatest(coalesce(max({key.name}), 0), :first) + 1 FROM {table.name}"
                # Keys that tills gave lie above, and are no reason to count on from there.
                f" WHERE org_id = :org AND {key.name} < {asking.FIRST}"
            ),
            {"org": org_id, "first": enrolment.first_number(connection, NUMBERS_EACH_LIFE)},
        ).scalar_one()
    )
