"""Single rows of master data at the centre: their keys, and changing them; stamps bring it to every till."""

from typing import Any

from sqlalchemy import Connection, Table, text

from pos_app.store import enrolment, privacy
from pos_app.store.master import party


def change(connection: Connection, table: Table, org_id: int, key: int | str, **values: int | str) -> None:
    """Set columns of one row, inside the caller's transaction."""
    name = next(column.name for column in table.primary_key if column.name != "org_id")
    unknown = values.keys() - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no {', '.join(sorted(unknown))}")
    if table is party and "phone" in values:
        values["phone"] = privacy.of(connection).close_text(org_id, privacy.PHONE, str(values["phone"]))
    settings = ", ".join(f"{column} = :{column}" for column in values)
    connection.execute(
        text(f"UPDATE {table.name} SET {settings} WHERE org_id = :its_org AND {name} = :its_key"),
        {**values, "its_org": org_id, "its_key": key},
    )


def next_id(connection: Connection, org_id: int, table: Table) -> int:
    """The next identifier of a master table, kept from other writers until the commit."""
    enrolment.lock_organisation(connection, org_id)
    key: Any = next(column for column in table.primary_key if column.name != "org_id")
    return int(
        connection.execute(
            text(f"SELECT coalesce(max({key.name}), 0) + 1 FROM {table.name} WHERE org_id = :org"),
            {"org": org_id},
        ).scalar_one()
    )
