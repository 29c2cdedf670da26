"""A till's files on a disk that fails: killed in the middle, torn, full, put back from a copy.

A kill leaves the files as they stand at that moment, which are then opened in a fresh folder; what the
killed program still does to the old folder is of no world.  A power cut takes what was not synced as well:
nothing of the database (each commit is synced), but the count of signatures may be older (see
`store.engine.signed_count`).
"""

import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import event

from pos_app.bootstrap import TERMINAL_KEY, till_signing
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.signing import COUNTS
from tests.support.worlds.prepared import write_private

KEY: Final = bytes(range(32))
FILE: Final = "till.db"
_LOG: Final = "till.db-wal"
_SECTOR: Final = 512
#: Bytes of the head of a log: whose frames lie behind it.
_LOG_HEAD: Final = 32
#: A count of this age is not one of a till at work.
_OLD_S: Final = 1_000_000_000

Image = Mapping[str, bytes]


class _Before(NamedTuple):
    """The database's file and its log as they stood when a transaction began."""

    file: bytes
    log: bytes


class Home:
    """The folder of one till; `dead` from the moment it was killed until it is opened again."""

    def __init__(self, root: Path, image: Image) -> None:
        self._root = root
        self._life = 0
        self._left: Image | None = None
        self._before = _Before(b"", b"")
        self._counts_before = dict[str, bytes]()
        self.folder = root
        self.put(image)

    # --- files ------------------------------------------------------------------------------------

    def put(self, image: Image) -> None:
        """These are the files from now on, in a fresh folder."""
        old = self.folder
        self._life += 1
        self.folder = self._root / str(self._life)
        self.folder.mkdir(parents=True)
        for name, content in image.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            write_private(path, content)
            if name.startswith(COUNTS):
                os.utime(path, (_OLD_S, _OLD_S))
        if old != self._root:
            shutil.rmtree(old)
        self._left = None

    def image(self) -> dict[str, bytes]:
        """The files as they stand now."""
        names = [FILE, _LOG, TERMINAL_KEY]
        found = {name: (self.folder / name).read_bytes() for name in names if (self.folder / name).exists()}
        return {**found, **self.counts()}

    def counts(self) -> dict[str, bytes]:
        """The counts of signatures as they stand now."""
        folder = self.folder / COUNTS
        if not folder.exists():
            return {}
        return {f"{COUNTS}/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}

    def open(self) -> Database:
        """Open what is there."""
        database = open_sqlite(self.folder / FILE, KEY)
        event.listen(database.engine, "connect", _waits_for_nobody)
        database.engine.dispose()
        database.sign_with(till_signing(self.folder))
        return database

    # --- what fails -------------------------------------------------------------------------------

    @property
    def dead(self) -> bool:
        """Whether the programs of this home were killed."""
        return self._left is not None

    def kill(self) -> None:
        """Now: these files are what is left."""
        if self._left is None:
            self._left = self.image()

    def kill_with(self, counts: Image) -> None:
        """The power goes: the counts of signatures are as they were."""
        if self._left is None:
            image = self.image()
            rest = {name: file for name, file in image.items() if not name.startswith(COUNTS)}
            self._left = {**rest, **counts}

    def left(self) -> Image:
        """What a kill left."""
        if self._left is None:
            raise RuntimeError("nobody was killed")
        return self._left

    def kill_inside(self, database: Database, steps: int) -> None:
        """Kill the program when SQLite has worked for about so many of its steps, wherever that is."""

        def step() -> int:
            self.kill()
            return 1

        with database.connection() as connection:
            _driver(connection).set_progress_handler(step, steps)

    def kill_between(self, database: Database, writes: int) -> None:
        """Kill the program where it begins so many writes from now: what came before is there, alone."""
        left = writes

        def said(statement: str) -> None:
            nonlocal left
            left -= statement.startswith("BEGIN IMMEDIATE")
            if left <= 0 and not self.dead:
                self.kill()
                driver.set_progress_handler(lambda: 1, 1)

        with database.connection() as connection:
            driver = _driver(connection)
            driver.set_trace_callback(said)

    def calm(self, database: Database) -> None:
        """No kill is on its way any more, and the disk is well."""
        with database.connection() as connection:
            driver = _driver(connection)
            driver.set_progress_handler(None, 0)
            driver.set_trace_callback(None)
            driver.execute("PRAGMA query_only = OFF")
            driver.execute("PRAGMA max_page_count = 4294967294")

    def fill(self, database: Database) -> None:
        """The disk is full: the file grows no more."""
        with database.connection() as connection:
            _driver(connection).execute("PRAGMA max_page_count = 1")

    def forbid(self, database: Database) -> None:
        """The disk takes nothing."""
        with database.connection() as connection:
            _driver(connection).execute("PRAGMA query_only = ON")

    def watch_log(self, database: Database) -> None:
        """From now on `tear` knows what was on the disk when the last transaction began, and when its commit
        did: what is done after a commit is not done where that was torn.
        """
        self._before, self._counts_before = self._stands(), self.counts()

        def said(statement: str) -> None:
            if statement.startswith("BEGIN IMMEDIATE"):
                self._before = self._stands()
            elif statement.startswith("COMMIT"):
                self._counts_before = self.counts()

        with database.connection() as connection:
            _driver(connection).set_trace_callback(said)

    def tear(self, chance: random.Random) -> None:
        """The power goes while the last transaction is written: some of its sectors are on the disk."""
        image = self.image()
        file, before, after = *self._before, image.get(_LOG, b"")
        # SQLite syncs the head of a log that begins anew before it writes a frame behind it.
        before = after[:_LOG_HEAD] + before[_LOG_HEAD:]
        # And the log before it brings any of it into the file: in the middle of a commit that is as it was.
        self._left = {**image, **self._counts_before, FILE: file, _LOG: torn(before, after, chance)}

    def _stands(self) -> "_Before":
        log = self.folder / _LOG
        return _Before((self.folder / FILE).read_bytes(), log.read_bytes() if log.exists() else b"")


def torn(before: bytes, after: bytes, chance: random.Random) -> bytes:
    """A file that was being changed from `before` to `after`: of the sectors that differ some are written.

    A whole one is never the result where anything differs.
    """
    synced = len(before)
    before = before.ljust(len(after), b"\0")
    places = [
        start
        for start in range(0, len(after), _SECTOR)
        if before[start : start + _SECTOR] != after[start : start + _SECTOR]
    ]
    if not places:
        return after
    first_lost = chance.randrange(len(places))
    result = bytearray(after)
    for number, start in enumerate(places):
        if number == first_lost or (number > first_lost and chance.random() < 0.7):
            result[start : start + _SECTOR] = before[start : start + _SECTOR]
    # A disk may also leave the file as short as it was, and no shorter.
    return bytes(result[: max(places[first_lost], synced)]) if chance.random() < 0.3 else bytes(result)


def _waits_for_nobody(connection: Any, _: object) -> None:
    """There is one thread: whoever holds a lock will not give it back while somebody waits for it."""
    connection.execute("PRAGMA busy_timeout = 0")


def _driver(connection: Any) -> Any:
    return connection.connection.driver_connection
