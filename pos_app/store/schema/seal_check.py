"""Whether the triggers that stand in a database are those that this version declares."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from pos_app.store.schema import seals_till
from pos_app.store.schema.seal_differences import differences
from pos_app.store.side import on_till


def problems(connection: Connection) -> Iterator[str]:
    """A sentence for each seal that is missing, changed, switched off or not ours."""
    if on_till(connection):
        yield from _sqlite(connection)
        return
    # A till that starts reads nothing of what the centre declares.
    from pos_app.store.schema import seal_check_centre

    yield from seal_check_centre.problems(connection)


def _sqlite(connection: Connection) -> Iterator[str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    wanted = {statement.split()[2]: " ".join(statement.split()) for statement in seals_till.statements()}
    yield from differences("trigger", wanted, {row[0]: " ".join(str(row[1]).split()) for row in rows})
