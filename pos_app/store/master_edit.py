"""Changing single rows of master data at the centre; their stamps bring the change to every till."""

from sqlalchemy import Connection, Table, text


def change(connection: Connection, table: Table, org_id: int, key: int | str, **values: int | str) -> None:
    """Set columns of one row, inside the caller's transaction."""
    name = next(column.name for column in table.primary_key if column.name != "org_id")
    unknown = values.keys() - {column.name for column in table.columns}
    if unknown:
        raise ValueError(f"{table.name} has no {', '.join(sorted(unknown))}")
    settings = ", ".join(f"{column} = :{column}" for column in values)
    connection.execute(
        text(f"UPDATE {table.name} SET {settings} WHERE org_id = :its_org AND {name} = :its_key"),
        {**values, "its_org": org_id, "its_key": key},
    )
