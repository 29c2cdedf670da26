"""Connections that a thread keeps between its transactions, so that it need not ask the pool for each.

On a till, asking for a connection and giving it back costs as much as four of the statements in between.
"""

import threading
import weakref
from typing import Any, Final

from sqlalchemy import Connection, Engine

#: So many threads keep one; the rest ask the pool, of which these are the part that is never idle.
MOST_KEPT: Final = 3


class _Own(threading.local):
    connection: Connection | None = None
    lent: bool = False


class KeptConnections:
    """One connection a thread, for one transaction at a time.  A thread that ends gives its own back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = _Own()
        self._all: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._lock = threading.Lock()

    def lend(self) -> Connection:
        """A connection without a transaction; `take_back` must follow in the same thread."""
        own = self._own
        if own.lent:
            return self._engine.connect()
        if own.connection is None or own.connection.closed:
            with self._lock:
                connection = self._engine.connect()
                if len(self._all) >= MOST_KEPT:
                    return connection
                self._all.add(connection)
            own.connection = connection
        own.lent = True
        return own.connection

    def take_back(self, connection: Connection) -> None:
        """After the transaction: it is this thread's again, or the pool's."""
        own = self._own
        if connection is own.connection and not connection.invalidated:
            if connection.get_transaction() is not None:
                connection.rollback()
            driver: Any = connection.connection.dbapi_connection
            # A COMMIT that was refused ends the transaction for SQLAlchemy and not for SQLite.
            if driver is not None and driver.in_transaction:
                driver.rollback()
            own.lent = False
            return
        connection.close()
        if connection is own.connection:
            own.connection, own.lent = None, False

    def close(self) -> None:
        """Close what threads keep; a thread that works on gets a fresh one."""
        with self._lock:
            for connection in list(self._all):
                connection.close()
            self._all.clear()
