"""One file of the second medium: frames of documents, each with its length and a checksum.

A file only grows.  What was being written when the power went or the stick was pulled out is a tail without a
right checksum; all before it counts.
"""

import contextlib
import errno
import hashlib
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.store.engine.key_store import sync_folder

_MAGIC: Final = b"BOH1"
#: Magic, length of what is in it, first and last sequence, the last one's hash.
_HEAD: Final = struct.Struct("!4sIQQ32s")
_CHECK_BYTES: Final = 16
#: Nothing that we write is larger (a document has at most some megabytes).
_MOST_BYTES: Final = 64 * 1024 * 1024
_NAME: Final = re.compile(r"documents-(\d{12})-(\d{12})\.bohari")


class Frame(NamedTuple):
    """Documents that were written together: first and last sequence, and the last one's hash."""

    first: int
    last: int
    last_hash: bytes


class Segment:
    """A new file of the medium, open for writing; from one thread."""

    def __init__(self, folder: Path, first: int) -> None:
        """Make the file; its name tells the first sequence.  Raises `OSError`."""
        number = max((int(found[2]) for found in map(_match, _names(folder)) if found), default=0) + 1
        self.path = folder / f"documents-{first:012}-{number:012}.bohari"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._handle: int | None = os.open(self.path, flags, 0o600)
        self.size = 0
        try:
            settled(folder)
        except OSError:
            with contextlib.suppress(OSError):
                self.close()
            raise

    def append(self, frame: Frame, closed: bytes) -> None:
        """Write a frame; it is on the medium when this returns.

        Raises `OSError`; nothing of it counts then, and nothing more may be written behind it.
        """
        if self._handle is None or not self.path.exists():
            # A file that somebody deleted takes what is written, and nobody finds it.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        raw = _framed(frame, closed)
        written = 0
        try:
            while written < len(raw):
                written += os.write(self._handle, raw[written:])
            os.fsync(self._handle)
        except OSError:
            # What the medium refused may still be read back whole, out of this machine's memory.
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self.size)
            raise
        self.size += len(raw)

    def close(self) -> None:
        """Give the file back; one in which nothing was written whole goes, where that is possible."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        try:
            os.close(handle)
        finally:
            if not self.size:
                self.path.unlink(missing_ok=True)


def all_of(folder: Path) -> list[Path]:
    """The files of documents in a till's folder, oldest first.  Raises `OSError`."""
    found = [(int(match[2]), folder / match[0]) for match in map(_match, _names(folder)) if match]
    return [path for _, path in sorted(found)]


def frames(path: Path) -> Iterator[tuple[Frame, bytes]]:
    """The whole frames of a file with what is in them, closed; a torn or changed tail ends it.

    Raises `OSError`.
    """
    with path.open("rb") as file:
        while True:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                return
            magic, length, first, last, last_hash = _HEAD.unpack(head)
            if magic != _MAGIC or length > _MOST_BYTES:
                return
            closed = file.read(length)
            if file.read(_CHECK_BYTES) != _check(head, closed):
                return
            yield Frame(first, last, last_hash), closed


def is_torn(path: Path) -> bool:
    """Whether a file goes on behind its last whole frame.  Raises `OSError`."""
    whole = sum(_HEAD.size + len(closed) + _CHECK_BYTES for _, closed in frames(path))
    return path.stat().st_size > whole


def settled(folder: Path) -> None:
    """What was made in a folder is on the medium, where its file system knows how.  Raises `OSError`."""
    try:
        sync_folder(folder)
    except OSError as error:
        # Some network shares have no such thing.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise


def _framed(frame: Frame, closed: bytes) -> bytes:
    head = _HEAD.pack(_MAGIC, len(closed), *frame)
    return head + closed + _check(head, closed)


def _check(head: bytes, closed: bytes) -> bytes:
    return hashlib.sha256(head + closed).digest()[:_CHECK_BYTES]


def _names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def _match(name: str) -> re.Match[str] | None:
    return _NAME.fullmatch(name)
