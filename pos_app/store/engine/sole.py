"""Owns that a home is used by one window and one daemon at a time, whatever ends them; and one keeper of its
second medium, which is in either.

Decisions
---------
2026-11-29  A lock of the operating system on a file in the home: it goes with the process that holds it, also
when that is killed or the power fails, so nobody ever has to remove anything.  Two windows on one home would
show two baskets and count one drawer; two daemons would send the same documents against one another.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from pos_app.language import kept_code
from pos_app.ledger.errors import Refused, Unavailable

#: What can run once on a home, and the code with which a second one is refused.
WINDOW: Final = "till"
DAEMON: Final = "syncd"
MEDIUM: Final = "medium"
RESCUE: Final = "rescue"
BACKUP: Final = "backup"
#: A backup that is open in a folder of its own.
OPENED: Final = "opened"
#: The copy before tables change.
UPGRADE: Final = "upgrade"
#: The backups of a centre: the server's turns, and a copy that a command makes.
ROUNDS: Final = "backups"
_REFUSED: Final = {
    WINDOW: kept_code("window-runs-already", "home"),
    DAEMON: kept_code("daemon-runs-already", "home"),
    MEDIUM: kept_code("medium-kept-already", "home"),
    RESCUE: kept_code("rescue-runs-already", "home"),
    BACKUP: kept_code("backup-runs-already", "home"),
    UPGRADE: kept_code("upgrade-runs-already", "home"),
    OPENED: kept_code("backup-runs-already", "home"),
    ROUNDS: kept_code("backup-runs-already", "home"),
}
#: How often one that waits looks whether it is its turn.
_AGAIN_S: Final = 0.1


@contextlib.contextmanager
def sole(home: Path, what: str, *, wait_s: float = 0) -> Iterator[None]:
    """Be the only one of its kind on this home for as long as the block runs.

    `wait_s`: so long another process is waited for.  Raises `Refused` when another process is it,
    `Unavailable` when the home cannot be written.
    """
    deadline = time.monotonic() + wait_s
    try:
        handle = (home / f"{what}.lock").open("a+")
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    with handle:
        while not _taken(handle):
            if time.monotonic() >= deadline:
                raise Refused(_REFUSED[what], home=home)
            time.sleep(_AGAIN_S)
        yield


def _taken(handle: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
