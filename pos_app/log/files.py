"""The file of a log: made when its home is, appended to by several processes, rotated by one of them.

The standard library's rotating file belongs to one process.  Commands share a file, so before a line is
written this one looks whether the file is still the one that it holds, and rotates under a lock.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = "logs"
#: A file is rotated when it is so long; so many are kept beside it.
MOST_BYTES: Final = 2_000_000
MOST_OLD: Final = 4
#: Lines that wait for a home which is being made.
_MOST_EARLY: Final = 100
#: What makes a folder a home of ours: a log must not make one of a mistyped path.
_SIGNS_OF_A_HOME: Final = ("bohari.toml", "till.db", "postgres")


class HomeFile(logging.Handler):
    """Writes `logs/<name>.log` below a home.

    Lines logged before the home is there wait until it is.  A log that cannot be written (a full disk, a
    right that is missing) must hurt nobody: warnings then go to standard error, the rest nowhere.
    """

    def __init__(
        self, home: Path, name: str, *, most_bytes: int = MOST_BYTES, most_old: int = MOST_OLD
    ) -> None:
        super().__init__()
        self._home = home
        self.path = home / FOLDER / f"{name}.log"
        self._most_bytes = most_bytes
        self._most_old = most_old
        self._file: int | None = None
        self._early: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, now."""
        line = self.format(record)
        try:
            if self._file is None and not self._is_home():
                self._early = [*self._early, line][-_MOST_EARLY:]
                return
            for one in (*self._early, line):
                self._write(one)
            self._early = []
        except OSError:
            if record.levelno >= logging.WARNING and sys.stderr is not None:
                with contextlib.suppress(OSError):
                    sys.stderr.write(line + "\n")

    def close(self) -> None:
        """Let the file go."""
        with self.lock or contextlib.nullcontext():
            self._let_go()
        super().close()

    def _is_home(self) -> bool:
        return any((self._home / sign).exists() for sign in _SIGNS_OF_A_HOME)

    def _write(self, line: str) -> None:
        content = line.encode("utf-8", "backslashreplace") + b"\n"
        file = self._current()
        if os.fstat(file).st_size + len(content) > self._most_bytes:
            self._rotate()
            file = self._current()
        # One write for a line: what other processes append stands before or behind it.
        os.write(file, content)

    def _current(self) -> int:
        """The file that is there now, which another process may have rotated."""
        if self._file is not None and not _is_at(self._file, self.path):
            self._let_go()
        if self._file is None:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0)
            self._file = os.open(self.path, flags, 0o600)
        return self._file

    def _rotate(self) -> None:
        """Move the files up by one, unless another process did so while this one waited."""
        with _alone(self.path.parent / ".rotating"):
            if not self.path.exists() or self.path.stat().st_size < self._most_bytes // 2:
                return
            self._let_go()
            # On Windows a file that another process holds stays where it is: the log grows meanwhile.
            with contextlib.suppress(PermissionError):
                for number in range(self._most_old, 0, -1):
                    newer = self.path if number == 1 else self.path.with_suffix(f".log.{number - 1}")
                    if newer.exists():
                        newer.replace(self.path.with_suffix(f".log.{number}"))

    def _let_go(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None


def _is_at(file: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(file)
    return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only process in the block, where the system can lock a file."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    lock = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
