"""The copy of a till's database that is made before another version changes its tables, and the way back.

Decisions
---------
2026-12-01  The migrations are one transaction, so one that fails leaves the file as it was.  The copy is for
what is noticed later: it lies in the home, under the same key, and is put back only while nothing was signed
since.  After that going back would take sales away: then a till is set up again from a backup.
"""

import os
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.engine import copies, key_store
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import COUNTS
from pos_app.store.engine.sole import UPGRADE, sole
from pos_app.store.schema import schema

FOLDER: Final = "before-upgrade"
_DATABASE: Final = "till.db"
#: So long who comes second waits for the copy of who upgrades first.
_WAIT_S: Final = 120.0
_PUT_AWAY: Final = ".after-upgrade"
#: What SQLite keeps beside a file.
_BESIDE: Final = ("-wal", "-shm")


class Kept(NamedTuple):
    """A copy that was made, and what the till had signed by then (empty for nothing)."""

    file: Path
    counts: bytes


def before_upgrade(database: Database, home: Path, key: bytes) -> None:
    """Keep a copy, once: window and daemon may start at the same moment, and two installers.

    Raises `Refused` when another one takes too long, and what `keep` raises.
    """
    with sole(home, UPGRADE, wait_s=_WAIT_S):
        with database.read() as connection:
            is_done = schema.version(connection) == schema.HEADS["till"]
        # Who waited while another upgraded would copy what that one made over what was before.
        if not is_done:
            keep(database, home, key)


def keep(database: Database, home: Path, key: bytes) -> None:
    """Copy a till's database as it stands; one of an earlier upgrade goes once this one is whole.

    Raises `Unavailable` when the disk has no room: then nothing is upgraded either.
    """
    folder = home / FOLDER
    try:
        key_store.make_folder(folder, 0o700)
        copies.copy_till(database, key, folder / _DATABASE, rest=_at_once)
        _write(folder / COUNTS, _read(home / COUNTS))
    except OSError as error:
        raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error


def _at_once(_seconds: float) -> None:
    """Nobody sells while tables are changed."""


def found(home: Path) -> Kept | None:
    """The copy of the last upgrade; None where there was none."""
    file = home / FOLDER / _DATABASE
    return Kept(file, _read(home / FOLDER / COUNTS)) if file.is_file() else None


def put_back(home: Path) -> Path:
    """Put the copy in the place of the database; gives where that lies now.  Nobody else may have it open.

    Raises `Refused` when there is none, or something was recorded since, `Unavailable` for the disk.
    """
    kept = found(home)
    if kept is None:
        raise Refused("upgrade-copy-missing", home=home)
    if kept.counts != _read(home / COUNTS):
        raise Refused("upgrade-recorded-since", home=home)
    here = home / _DATABASE
    away = here.with_name(f"{_DATABASE}{_PUT_AWAY}")
    making = here.with_name(f"{_DATABASE}.making")
    try:
        shutil.copyfile(kept.file, making)
        making.chmod(0o600)
        with making.open("rb+") as file:
            os.fsync(file.fileno())
        # The log first: beside a file that it does not belong to it would be played over it.
        for end in _BESIDE:
            beside = here.with_name(here.name + end)
            if beside.exists():
                beside.replace(away.with_name(away.name + end))
        if here.exists():
            here.replace(away)
        making.replace(here)
        key_store.sync_folder(home)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    return away


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
