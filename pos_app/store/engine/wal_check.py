"""Whether the write-ahead log of a till's file holds commits that SQLite does not read any more.

SQLite takes a frame with a wrong checksum for the end of the log: after a power cut it is.  A bit that
changed in the middle of the log looks the same, and every commit behind it would be gone without a word;
the next sale would be written over them.  The format:
https://sqlite.org/fileformat2.html#the_write_ahead_log

Decisions
---------
2026-11-29  Every commit is on the disk before the next one begins (synchronous=FULL), so a power cut can
leave one commit behind a torn frame, and no second one.  Two are damage.  One commit behind the tear, the
last there was, cannot be told from a write that was cut off; it is missed against what was counted
elsewhere, by the centre for what was sent.
"""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.store.engine.page_check import PAGE_BYTES

_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">4I8x")
_MAGIC: Final = (0x377F0682, 0x377F0683)
_TRIES: Final = 3


class _Header(NamedTuple):
    magic: int
    version: int
    page_bytes: int
    sequence: int
    salt_1: int
    salt_2: int
    sum_1: int
    sum_2: int


def lost_commits(connection: Connection, database_file: Path) -> int:
    """How many commits of the log lie behind what SQLite reads of it, where it is not just torn."""
    path = _log_of(database_file)
    for _ in range(_TRIES):
        known = _frames(connection)
        try:
            with path.open("rb") as file:
                before = file.read(_HEADER.size)
                lost = _behind(file, before, known)
                file.seek(0)
                is_same_log = file.read(_HEADER.size) == before
        except FileNotFoundError:
            return 0
        # Otherwise somebody wrote meanwhile, or began the log anew.
        if is_same_log and _frames(connection) == known:
            return lost if lost > 1 else 0
    return 0


def set_aside(database_file: Path) -> Path:
    """Keep a copy of the log as it is, for who recovers what nothing reads any more; gives its path."""
    log = _log_of(database_file)
    kept = log.with_name(log.name + ".damaged")
    if not kept.exists():
        making = log.with_name(log.name + ".making")
        shutil.copyfile(log, making)
        making.replace(kept)
    return kept


def _log_of(database_file: Path) -> Path:
    return database_file.with_name(database_file.name + "-wal")


def _frames(connection: Connection) -> int:
    """What SQLite reads of the log: the frames before the first that is wrong."""
    return max(0, int(connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").one()[1]))


def _behind(file: IO[bytes], head: bytes, known: int) -> int:
    """The commit frames of this log behind the first `known` frames."""
    if len(head) < _HEADER.size or not any(head):
        return 0
    header = _Header(*_HEADER.unpack(head))
    if _is_right(head, header):
        salts = (header.salt_1, header.salt_2)
        return sum(pages > 0 and own == salts for pages, own in _frames_of(file, known, header.page_bytes))
    # SQLite reads nothing then. The header is on the disk before the first frame is: what belongs to the
    # first frame was committed, and be it once.
    frames = list(_frames_of(file, 0, PAGE_BYTES))
    return sum(2 for pages, own in frames if pages and own == frames[0][1])


def _frames_of(file: IO[bytes], first: int, page_bytes: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Of each frame from one on: the pages of the database after it, where it is a commit, and its salts."""
    at = _HEADER.size + first * (_FRAME.size + page_bytes)
    while True:
        file.seek(at)
        raw = file.read(_FRAME.size)
        if len(raw) < _FRAME.size:
            return
        _, pages, salt_1, salt_2 = _FRAME.unpack(raw)
        yield pages, (salt_1, salt_2)
        at += _FRAME.size + page_bytes


def _is_right(head: bytes, header: _Header) -> bool:
    """Whether the header has its own checksum; the last bit of the magic says big-endian words."""
    if header.magic not in _MAGIC:
        return False
    first = second = 0
    words = struct.unpack("<6I" if header.magic == _MAGIC[0] else ">6I", head[:24])
    for place in range(0, 6, 2):
        first = (first + words[place] + second) & 0xFFFFFFFF
        second = (second + words[place + 1] + first) & 0xFFFFFFFF
    return (first, second) == (header.sum_1, header.sum_2)
