"""What a till knows of its centre: the key that it believes, the next one, and how its clock goes.

The key is pinned once, at enrolment, where the code names its fingerprint.  After that only an answer that
the pinned key signed can announce another one.
"""

import threading
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from pos_app.log import events
from pos_app.store.documents import identity, settings
from pos_app.store.engine.engine import Database
from sync.client.errors import ServerUnreachable
from sync.protocol import fingerprint
from sync.protocol.signature import SignedAnswer

#: A change of the clocks that is worth a commit.
_NOTABLE_S: Final = 60


class How(StrEnum):
    """How a key came to be believed."""

    ENROLMENT = "enrolment"
    FIRST_CONTACT = "first-contact"
    ROTATION = "rotation"
    TOLD = "told"


class KnownCentre:
    """The centre as one till knows it, in its settings; used by several threads.

    Without a database it is forgotten with the object: while enrolling, nothing is kept before it is done.
    With `is_looked_at` it is only asked who it is, and no key is pinned.  `expected` is the fingerprint of
    the first key that may be pinned; empty believes the first that signs.
    """

    def __init__(
        self, database: Database | None = None, *, expected: str = "", is_looked_at: bool = False
    ) -> None:
        self._database, self._is_looked_at = database, is_looked_at
        self._expected, self._how = expected, How.ENROLMENT
        self._key = self._next = b""
        #: The centre's clock less ours, in seconds, as of the last answer.
        self.ahead_s = 0
        self._kept_ahead_s = 0
        self._lock = threading.Lock()
        if database is not None:
            with database.read() as connection:
                self._load(connection)

    def _load(self, connection: Connection) -> None:
        self._key = bytes.fromhex(settings.get(connection, "server_key"))
        self._next = bytes.fromhex(settings.get(connection, "server_key_next"))
        self.ahead_s = self._kept_ahead_s = int(settings.get(connection, "server_ahead_s", "0"))
        told = settings.get(connection, "server_key_told")
        if told:
            self._expected, self._how = told, How.TOLD

    @property
    def fingerprint(self) -> str:
        """Of the key that is believed; empty as long as nothing was heard."""
        return fingerprint.of(self._key) if self._key else ""

    def meet(self, answer: SignedAnswer, now_s: int) -> None:
        """Believe an answer that came at `now_s`, and take what it says of keys and of the time.

        Raises `ServerUnreachable` when it is signed with another key than the centre's.
        """
        with self._lock:
            how = self._how_believed(answer.key)
            ahead_s = answer.created_s - now_s
            is_new = how is not None or answer.next_key != self._next
            self._key, self._next, self.ahead_s = answer.key, answer.next_key, ahead_s
            if how is not None:
                self._how = how
                if not self._is_looked_at:
                    events.CENTRE_KEY_PINNED.log(fingerprint=fingerprint.of(answer.key), how=how.value)
            if self._database is None or not (is_new or abs(ahead_s - self._kept_ahead_s) >= _NOTABLE_S):
                return
            with self._database.write() as connection:
                self.save(connection, is_new_key=how is not None)

    def save(self, connection: Connection, *, is_new_key: bool = True) -> None:
        """Keep what is known, inside the caller's transaction."""
        identity.put(
            connection,
            server_key=self._key.hex(),
            server_key_next=self._next.hex(),
            server_ahead_s=str(self.ahead_s),
        )
        if is_new_key:
            identity.put(connection, server_key_how=self._how.value, server_key_told="")
        self._kept_ahead_s = self.ahead_s

    def _how_believed(self, key: bytes) -> How | None:
        """None when this is the key that was believed before.  Raises as `meet`."""
        if key == self._key:
            return None
        if self._key and key == self._next:
            return How.ROTATION
        seen = fingerprint.of(key)
        if self._key or (self._expected and fingerprint.plain(seen) != self._expected):
            raise ServerUnreachable("server-key-other", fingerprint=seen)
        return self._how if self._expected else How.FIRST_CONTACT


def trust(database: Database, told: str) -> None:
    """Forget the centre's key: the next that is believed is the one with this plain fingerprint."""
    with database.write() as connection:
        identity.put(connection, server_key="", server_key_next="", server_key_told=told)
