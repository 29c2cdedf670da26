"""Facts of this terminal by name, in its own database: who it is and where the sync stands."""

from sqlalchemy import Connection, text


def get(connection: Connection, name: str, default: str = "") -> str:
    """The value of a setting, or `default`."""
    value = connection.execute(
        text("SELECT value FROM setting WHERE name = :name"), {"name": name}
    ).scalar_one_or_none()
    return default if value is None else str(value)


def put(connection: Connection, **values: str) -> None:
    """Set settings inside the caller's transaction."""
    for name, value in values.items():
        connection.execute(
            text(
                "INSERT INTO setting (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": name, "value": value},
        )
