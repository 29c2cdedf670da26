"""Hearing at the centre that the feed of an organisation moved: LISTEN on a connection of its own.

Decisions
---------
2026-12-01  Told by NOTIFY, decided by the horizon of transactions: a commit tells whose feed it moved, and
when no older transaction is open any more, what it wrote is in the feed.  A process asks for the horizon
while it waits for that and at no other time; so many tills that wait cost Postgres nothing.
2026-12-01  Commits that tell go one after the other (Postgres holds a lock over the whole of them), which is
no matter for a new price and would be one for sales.  So the server tells of what tills send after the
commit, of all that came meanwhile at once; a process that dies between the two tells nothing, and a till
asks by itself after some minutes.
"""

import contextlib
import select
import socket
import threading
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

#: Where it is told that the feed of an organisation moved; the payload is its number.
CHANNEL: Final = "bohari_feed"
#: The setting of a transaction that has told, or whose server tells: the organisation's number.
TOLD: Final = "bohari.told"
_STANDS: Final = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
)
_LONGEST_PAYLOAD: Final = 19


def telling_sql(org_id: str) -> str:
    """A statement of plpgsql that tells once a transaction; `org_id` is SQL."""
    return (
        f"IF current_setting('{TOLD}', true) IS DISTINCT FROM {org_id}::text THEN"
        f" PERFORM pg_notify('{CHANNEL}', {org_id}::text), set_config('{TOLD}', {org_id}::text, true);"
        " END IF;"
    )


class Stand(NamedTuple):
    """How far the transactions have come: below `horizon` all are over, `following` is the next one."""

    horizon: int
    following: int


class Listening:
    """One connection that hears of every organisation; used by one thread, but for `tell`."""

    def __init__(self, engine: Engine) -> None:
        """Raises what the driver raises when Postgres is not there."""
        self._told: set[int] = set()
        self._heard: set[int] = set()
        self._lock = threading.Lock()
        # Taken out of the pool: it is held for as long as the process serves.
        self._connection = engine.connect()
        self._connection.detach()
        # Of a connection without a pool SQLAlchemy knows no other name.
        driver: Any = self._connection.connection.dbapi_connection
        self._driver = driver
        self._driver.rollback()
        self._driver.autocommit = True
        self._driver.add_notify_handler(self._hear)
        self._driver.execute(f"LISTEN {CHANNEL}")
        self._driver.execute("SET synchronous_commit = off")
        self._waker, self._woken = socket.socketpair()
        self._woken.setblocking(False)

    def tell(self, org_id: int) -> None:
        """See to it that everybody hears of an organisation; from any thread, and waits for nothing."""
        with self._lock:
            self._told.add(org_id)
        self.wake()

    def wake(self) -> None:
        """End the present `wait`; from any thread."""
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    def wait(self, timeout_s: float) -> set[int]:
        """The organisations whose feeds moved, or will have when what is open now is over; nothing when
        nothing was heard for so long.  Raises what the driver raises when the connection is lost.
        """
        ready, _, _ = select.select([self._driver.fileno(), self._woken], [], [], timeout_s)
        if self._woken in ready:
            with contextlib.suppress(OSError):
                self._woken.recv(4096)
        with self._lock:
            told, self._told = self._told, set()
        if told:
            self._tell(told)
        elif ready:
            # What came in is heard with the answer to any question.
            self._driver.execute("SELECT 1")
        heard, self._heard = self._heard, set()
        return heard

    def stand(self) -> Stand:
        """How far the transactions have come.  Raises what the driver raises."""
        return Stand(*self._driver.execute(_STANDS).fetchone())

    def close(self) -> None:
        """Hear nothing any more."""
        with contextlib.suppress(Exception):
            self._connection.close()
        self._waker.close()
        self._woken.close()

    def _tell(self, org_ids: Iterable[int]) -> None:
        self._driver.execute(
            f"SELECT pg_notify('{CHANNEL}', org::text) FROM unnest(%s::bigint[]) AS org", (list(org_ids),)
        )

    def _hear(self, note: Any) -> None:
        # Whoever may log in may say anything here.
        if note.payload.isascii() and note.payload.isdigit() and len(note.payload) < _LONGEST_PAYLOAD:
            self._heard.add(int(note.payload))
