"""The triggers by which a database forbids what must not be, made anew from their declarations.

Triggers are derived from the declarations, so migrations never edit one: after every upgrade all
are dropped and made again (`rebuild`).
"""

from sqlalchemy import Connection

from pos_app.store.schema import seals_till
from pos_app.store.side import on_till


def rebuild(connection: Connection) -> None:
    """Drop all our triggers and make them again from the declarations of this version."""
    if on_till(connection):
        seals_till.rebuild(connection)
        return
    # A till that starts reads nothing of what the centre declares.
    from pos_app.store.schema import seals_centre

    seals_centre.rebuild(connection)


def statements(connection: Connection) -> list[str]:
    """All triggers of the side that this database is of."""
    if on_till(connection):
        return seals_till.statements()
    from pos_app.store.schema import seals_centre, tenancy

    return seals_centre.statements() + tenancy.statements()
