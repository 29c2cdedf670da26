"""Somebody with the database's key and this very code: takes the triggers off, edits, puts them back."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from pos_app.store.engine.engine import Database
from pos_app.store.schema import seals


def without_seals(database: Database, edit: Callable[[Any], object]) -> None:
    """An edit that leaves every trigger as it was."""
    with database.write() as connection:
        if database.on_till:
            names = connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all()
            for name in names:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        edit(connection)
        if database.on_till:
            seals.rebuild(connection)
