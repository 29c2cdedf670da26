"""A transaction of a till, straight on the driver.

2026-11-29  SQLAlchemy's own beginning and ending of a transaction cost as much as two of the statements in
between; it begins one of its own, which does nothing on this driver, where a statement goes by it, and that
one ends with ours.
"""

from types import TracebackType
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pos_app.ledger.errors import BohariError
from pos_app.store.engine import commit_steps
from pos_app.store.engine.damage import Damage
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.engine.failures import known
from pos_app.store.engine.kept import KeptConnections

READ: Final = "BEGIN"
#: Whoever means to write says so at once: a reader that begins to write may find that it may not.
WRITE: Final = "BEGIN IMMEDIATE"


class TillTransaction:
    """From `BEGIN` to the commit of a write, or to the end of a read; all that fails is rolled back.

    Entering and leaving raise `Unavailable` or `Damaged` for what a person can do something about.  Damage is
    noted, and where it is nothing is written any more.
    """

    __slots__ = ("_begin", "_connection", "_damage", "_driver", "_kept")

    def __init__(self, kept: KeptConnections, begin: str, damage: Damage) -> None:
        self._kept, self._begin, self._damage = kept, begin, damage
        self._connection: Connection
        self._driver: Any

    def __enter__(self) -> Connection:
        if self._begin is WRITE:
            self._damage.refuse()
        try:
            connection = self._connection = self._kept.lend()
        except (DBAPIError, sqlcipher.DatabaseError) as error:
            self._raise_told(error)
            raise
        try:
            self._driver = connection.connection.dbapi_connection
            self._driver.execute(self._begin)
        except BaseException as error:
            self._kept.take_back(connection)
            self._raise_told(error)
            raise
        return connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None and self._begin is WRITE:
                steps = commit_steps.take(self._connection)
                for step in steps:
                    step.before(self._connection)
                self._end(commit=True)
                for step in steps:
                    step.after()
                return
            self._end(commit=False)
        except BaseException as failed:
            self._end(commit=False)
            self._raise_told(failed)
            raise
        finally:
            if error is not None:
                commit_steps.take(self._connection)
            self._kept.take_back(self._connection)
        if error is not None:
            self._raise_told(error)

    def _end(self, *, commit: bool) -> None:
        connection, driver = self._connection, self._driver
        # A commit that was refused leaves a transaction that is there and not active.
        if connection.get_transaction() is not None:
            if commit:
                connection.commit()
            else:
                connection.rollback()
        # What SQLAlchemy did not know of, or could not commit, is still open.
        if driver.in_transaction:
            if commit:
                # As a statement it stays prepared; the driver's own commit prepares it anew each time.
                driver.execute("COMMIT")
            else:
                driver.rollback()

    def _raise_told(self, error: BaseException) -> None:
        """Raise what a person is told of a failure; nothing for a bug, which stays what it is."""
        found = told_of(error)
        if isinstance(found, DamagedDatabase):
            self._damage.note(found)
        if found is not None:
            raise found from error


def told_of(error: BaseException) -> BohariError | None:
    """What to tell a person of a failure of the driver, also one that SQLAlchemy wrapped; None for a bug."""
    if isinstance(error, DBAPIError):
        return known(error.orig or error)
    return known(error) if isinstance(error, sqlcipher.DatabaseError) else None
