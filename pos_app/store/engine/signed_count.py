"""What was signed last, in a small file outside the database: a database that is put back does not fit it.

It is written inside the transaction of what is signed, just before the commit, and says where that begins and
where it ends: a kill in between leaves a database that stands at the one or at the other, and both fit.
After the commit it is written once more, with the end alone.

Decisions
---------
2026-11-29  The file is not synced with every document: that would cost as much as the commit.  A kill loses
nothing of it; after a power cut it may be some seconds behind the database, which is no sign of anything,
while it is never ahead of it by more than the transaction that was cut: each begins when the one before is on
the disk.  Two places are written in turns, so that a torn one leaves the one before.
"""

import errno
import hashlib
import os
import struct
import threading
import time
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.ledger.errors import Damaged, Unavailable
from pos_app.store.engine.errors import DiskFull
from pos_app.store.engine.key_store import sync_folder

_MAGIC: Final = b"bohari count 1\n"
_BODY: Final = struct.Struct("!QQQ32sQ32s")
_CHECK_BYTES: Final = 16
#: The two places are a sector apart.
_STRIDE: Final = 512
_LENGTH: Final = len(_MAGIC) + _BODY.size + _CHECK_BYTES


class Point(NamedTuple):
    """A place in a chain: 0 and the genesis before the first."""

    seq: int
    hash: bytes


class Count(NamedTuple):
    """Where the last signing began and ended; `since` is the first sequence that was ever signed."""

    since: int
    before: Point
    last: Point

    def fits(self, end: Point) -> bool:
        """Whether a database whose chain ends there may be the one in which this was signed."""
        return end.seq > self.last.seq or end in (self.before, self.last)


class CountFile:
    """The count of one chain.  Whoever writes holds the lock of the chain; readers need none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._turn = 0
        #: What the file held when we last looked or wrote, and what that says: bytes that are still the same
        #: say the same.
        self._held = b""
        self._said: Count | None = None
        self._lock = threading.Lock()

    def read(self) -> Count | None:
        """What stands there; None when nothing was ever signed, or the file is gone.

        Raises `Damaged` when it is no count, `Unavailable` when it cannot be read.
        """
        with self._lock:
            try:
                found = self._read()
            except FileNotFoundError:
                return None
            except OSError as error:
                raise Unavailable("path-unreadable", path=self._path, why=error.strerror) from error
        return found

    def age_s(self) -> float:
        """How many seconds ago it was written; for ever ago when it never was."""
        try:
            return max(time.time() - self._path.stat().st_mtime, 0.0)
        except OSError:
            return float("inf")

    def write(self, count: Count) -> None:
        """Say what is about to be committed.  Raises `DiskFull`; nothing is committed then."""
        with self._lock:
            try:
                is_new = self._handle is None and not self._path.exists()
                if self._handle is None:
                    self._turn = self._newest_turn()
                    self._handle = self._opened()
                self._turn += 1
                body = _BODY.pack(self._turn, count.since, *count.before, *count.last)
                self._put(self._handle, _STRIDE * (self._turn & 1), _MAGIC + body + _check(body))
                self._said = count
                if is_new:
                    # From now on a file that is gone tells something: its name is on the disk, and so is that
                    # of its folder, which may be as new.
                    os.fsync(self._handle)
                    sync_folder(self._path.parent)
                    sync_folder(self._path.parent.parent)
            except OSError as error:
                self.close()
                raise DiskFull("disk-full" if error.errno == errno.ENOSPC else "disk-unwritable") from error

    def close(self) -> None:
        """Give the file back; the next call opens it again."""
        handle, self._handle = self._handle, None
        self._held, self._said = b"", None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.close()

    def _opened(self) -> int:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)

    def _put(self, handle: int, start: int, place: bytes) -> None:
        os.lseek(handle, start, os.SEEK_SET)
        if os.write(handle, place) != len(place):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._held = self._held[:start].ljust(start, b"\0") + place + self._held[start + len(place) :]

    def _newest_turn(self) -> int:
        try:
            return max((turn for turn, _ in _places(self._path.read_bytes())), default=0)
        except FileNotFoundError:
            return 0

    def _read(self) -> Count | None:
        if self._handle is None:
            raw = self._path.read_bytes()
        else:
            os.lseek(self._handle, 0, os.SEEK_SET)
            raw = os.read(self._handle, 2 * _STRIDE)
            if self._said is not None and raw == self._held:
                return self._said
        found = _places(raw)
        if not found:
            if raw.strip(b"\0"):
                raise Damaged("signed-count-damaged", file=self._path)
            return None
        # Another program of this home may have written meanwhile.
        self._turn, newest = max(found)
        if self._handle is not None:
            self._held, self._said = raw, newest
        return newest


def _places(raw: bytes) -> list[tuple[int, Count]]:
    """What stands in each place, with its turn; a torn one is left out."""
    found = []
    for start in (0, _STRIDE):
        part = raw[start : start + _LENGTH]
        body = part[len(_MAGIC) : -_CHECK_BYTES]
        if len(part) < _LENGTH or not part.startswith(_MAGIC) or part[-_CHECK_BYTES:] != _check(body):
            continue
        turn, since, before_seq, before_hash, seq, hash_ = _BODY.unpack(body)
        found.append((turn, Count(since, Point(before_seq, before_hash), Point(seq, hash_))))
    return found


def _check(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:_CHECK_BYTES]
