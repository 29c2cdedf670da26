"""The centre began a new life: what it sends again takes the place of what a till has, and the rest goes.

A restored centre may lack people, roles and prices that the till heard of, and sends nothing of what it does
not know.  So before all of it is read again every row is doubted; a row that comes is believed anew; what is
still doubted when all has come is the centre's no more and is taken out.  Each of it is one transaction, and
the doubt lies in the database, so that a kill in between ends with the same rows.

Decisions
---------
2026-11-30  Until all has come the rows of before hold: a line that breaks in the middle must not leave a shop
in which nobody can sign in.  The mark of doubt is the column `stamp`, which means nothing on a till.
"""

from typing import Any, Final

from sqlalchemy import Connection

from pos_app.store.documents import settings
from pos_app.store.master.asked_here import OURS
from pos_app.store.tables.master import MASTER

#: What the stamp of a row is while it is doubted; the feed writes 0.
_DOUBTED: Final = -1
#: The setting that says for which life rows are doubted, and the one for the last life of which all came: its
#: epoch, and the how-manieth it is here, for a centre that was put back by hand keeps its epoch.
_REPLACING: Final = "replacing"
_REPLACED: Final = "replaced"
#: What is read again in whole: the tables of which a row may have to go.
KINDS: Final = tuple("".join(table.name) for table in MASTER)

Gone = tuple[str, dict[str, Any]]


def doubt(connection: Connection, epoch: str) -> None:
    """Doubt every row of master data, in the caller's transaction, which also forgets the cursors."""
    for table in MASTER:
        connection.exec_driver_sql(f"UPDATE {table.name} SET stamp = {_DOUBTED} WHERE stamp <> {OURS}")
    number = life(connection).rpartition(" ")[2]
    count = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
    settings.put(connection, **{_REPLACING: f"{epoch or 'unknown'} {count + 1}"})


def is_doubting(connection: Connection) -> bool:
    """Whether there are rows that may have to go."""
    return bool(settings.get(connection, _REPLACING))


def life(connection: Connection) -> str:
    """Another word for each new life of the centre that this till began with, also where the epoch is the
    same; empty before the first.
    """
    return settings.get(connection, _REPLACING) or settings.get(connection, _REPLACED)


def settle(connection: Connection) -> list[Gone]:
    """All that the centre has has come: take out what is still doubted, in the caller's transaction.

    Gives the table and the row of each.
    """
    gone: list[Gone] = []
    # Children before parents.
    for table in reversed(MASTER):
        rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} WHERE stamp = {_DOUBTED}").all()
        if not rows:
            continue
        gone += [("".join(table.name), dict(row._mapping)) for row in rows]
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE stamp = {_DOUBTED}")
    settings.put(connection, **{_REPLACED: settings.get(connection, _REPLACING), _REPLACING: ""})
    return gone
