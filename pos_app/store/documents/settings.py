"""Facts of this terminal by name, in its own database: who it is and where the sync stands."""

from sqlalchemy import Connection

from pos_app.store.engine.engine import quick


def get(connection: Connection, name: str, default: str = "") -> str:
    """The value of a setting, or `default`."""
    found = quick(connection, "SELECT value FROM setting WHERE name = ?", name).fetchone()
    return default if found is None else str(found[0])


def several(connection: Connection, *names: str) -> list[str]:
    """The values of settings in the order of their names, by one read; empty for one that is not set."""
    marks = ", ".join("?" * len(names))
    rows = quick(connection, f"SELECT name, value FROM setting WHERE name IN ({marks})", *names).fetchall()
    found = dict(rows)
    return [str(found.get(name, "")) for name in names]


def put(connection: Connection, **values: str) -> None:
    """Set settings inside the caller's transaction."""
    marks = ", ".join(["(?, ?)"] * len(values))
    quick(
        connection,
        f"INSERT INTO setting (name, value) VALUES {marks}"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        *(part for pair in values.items() for part in pair),
    )
