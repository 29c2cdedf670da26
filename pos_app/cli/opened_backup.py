"""A till's backup opened for as long as a command needs it, in a folder that only we read and that goes.

Decisions
---------
2026-11-30  What a killed command left open (a database and its key) the next one takes away: it holds a lock
in its own folder, which goes with the process.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.ledger.errors import BohariError, Unavailable
from pos_app.store.engine.sole import OPENED, sole
from pos_app.store.medium import backup_file
from pos_app.store.medium.backup_file import Manifest

_NAMES: Final = ".opened-backup-"
#: A folder is younger than this before its lock is there.
_YOUNG_S: Final = 60


class OpenedBackup(NamedTuple):
    """What a backup says of itself, and the folder where its files lie as a home has them."""

    manifest: Manifest
    home: Path


@contextlib.contextmanager
def opened_backup(file: Path, identity: Path, beside: Path) -> Iterator[OpenedBackup]:
    """Open a backup on the disk of the folder `beside`; all of it is gone when the block ends.

    Raises `Refused`, `Damaged` and `Unavailable` as `backup_file.open_into` does.
    """
    _sweep(beside)
    try:
        with tempfile.TemporaryDirectory(prefix=_NAMES, dir=beside) as folder, sole(Path(folder), OPENED):
            yield OpenedBackup(backup_file.open_into(file, identity, Path(folder)), Path(folder))
    except OSError as error:
        raise Unavailable("path-unreadable", path=file, why=error.strerror) from error


def _sweep(beside: Path) -> None:
    """Take away what commands that were killed had open here."""
    with contextlib.suppress(OSError):
        for left in [one for one in beside.iterdir() if one.name.startswith(_NAMES)]:
            # Somebody else's, or one that is at work.
            with contextlib.suppress(BohariError, OSError):
                if time.time() - left.stat().st_mtime < _YOUNG_S:
                    continue
                with sole(left, OPENED):
                    pass
                shutil.rmtree(left)
