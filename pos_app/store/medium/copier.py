"""Brings a till's documents to its second medium: what is above the centre's mark and not there yet.

Where the medium stands is read from the medium itself, so that a stick that was away, was filled elsewhere or
lost its tail is caught up.  What the centre acknowledged goes after some days, and sooner where space is
needed; what it did not acknowledge stays.
"""

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyrage
from msgspec import Struct
from sqlalchemy import Connection

from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import age_files
from pos_app.store.engine.engine import Database
from pos_app.store.medium import place, segment
from pos_app.store.medium.medium_state import Keep
from pos_app.store.medium.segment import Frame, Segment

#: A frame holds at most so many documents and bytes of them.
_MOST_PACKETS: Final = 500
_MOST_BYTES: Final = 1024 * 1024
#: A file of the medium is full from this size on.
_FULL_BYTES: Final = 1024 * 1024
_DAY_S: Final = 86_400
#: So often what lies there is looked at again: somebody may have deleted some of it.
_LOOK_AGAIN_S: Final = 60.0
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class Content(Struct, frozen=True, array_like=True):
    """What is in a frame, before it is closed."""

    org_id: int
    terminal_no: int
    packets: tuple[Packet, ...]


class _Known(NamedTuple):
    """The frames of a file that was read, as it was then."""

    size: int
    changed_ns: int
    frames: tuple[Frame, ...]


class Copier:
    """Fills one till's folder on a medium; from one thread."""

    def __init__(
        self, database: Database, own: Terminal, medium: Path, medium_id: str, *, to: str, keep: Keep
    ) -> None:
        """`to` are the public keys that what is written is closed to.

        Raises `Refused` when they are none.
        """
        self._database = database
        self._own = own
        self._medium = medium
        self._medium_id = medium_id
        self._to = age_files.recipients(to)
        if not self._to:
            raise Refused("medium-needs-recipient")
        self._keep = keep
        self._folder: Path | None = None
        self._open: Segment | None = None
        self._known: dict[Path, _Known] = {}
        #: All documents from the one after `_from` up to `_upto` lie there.
        self._from = self._upto = 0
        self._looked_s = 0.0

    def catch_up(self) -> int:
        """Bring everything there that is missing; gives up to which sequence all lies there.

        Raises `Unavailable` when the medium is away, full, read-only or broken; called again it goes on.
        """
        try:
            return self._catch_up()
        except OSError as error:
            self.close()
            if error.errno in _FULL:
                raise Unavailable("medium-full", folder=self._medium) from error
            if error.errno in _READ_ONLY:
                raise Unavailable("medium-read-only", folder=self._medium) from error
            if error.errno in (errno.ENOENT, errno.ENOTDIR):
                raise Unavailable("medium-missing", folder=self._medium) from error
            raise Unavailable("medium-fails", folder=self._medium, why=error.strerror) from error

    def close(self) -> None:
        """Let the medium go; the next call looks for it anew."""
        file, self._open, self._folder = self._open, None, None
        if file is not None:
            try:
                file.close()
            except OSError:
                # It is gone, and with it what could be closed.
                return

    def _catch_up(self) -> int:
        with self._database.read() as connection:
            last = outbox.last(connection, self._own)[0]
            mark = terminal.acknowledged(connection)
        folder = self._present()
        now_s = time.monotonic()
        # Just put in; or a centre that was restored knows less than what was left out here.
        is_new = self._folder is None or mark < self._from
        if is_new or now_s - self._looked_s >= _LOOK_AGAIN_S:
            self._look(folder, mark)
            self._prune(folder, mark)
            self._looked_s = now_s
        self._upto = max(self._upto, mark)
        while self._upto < last:
            self._write_next()
        return self._upto

    def _present(self) -> Path:
        """The till's folder.  Raises `Unavailable` when the medium that was chosen is not here."""
        found = place.find(self._medium, self._own, self._medium_id)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return found.folder

    def _look(self, folder: Path, mark: int) -> None:
        """Read from the medium itself what lies there of this till's history above the mark."""
        if self._open is not None and not self._open.path.exists():
            deleted, self._open = self._open, None
            deleted.close()
        found = sorted(frame for path in segment.all_of(folder) for frame in self._frames(path))
        upto = mark
        with self._database.read() as connection:
            for frame in found:
                # Of a history that forked there may be others under the same numbers.
                follows = frame.first <= upto + 1 and frame.last > upto
                if follows and outbox.hash_at(connection, self._own, frame.last) == frame.last_hash:
                    upto = frame.last
        self._from, self._upto, self._folder = mark, upto, folder

    def _write_next(self) -> None:
        with self._database.read() as connection:
            packets = outbox.read_after(
                connection, self._own, self._upto, most=_MOST_PACKETS, most_bytes=_MOST_BYTES
            )
        content = Content(self._own.org_id, self._own.terminal_no, tuple(packets))
        closed = pyrage.encrypt(msgspec.msgpack.encode(content), self._to)
        frame = Frame(packets[0].seq, packets[-1].seq, packets[-1].hash)
        try:
            self._append(frame, closed)
        except OSError as error:
            if error.errno not in _FULL or not self._make_room():
                raise
            self._append(frame, closed)
        self._upto = frame.last

    def _append(self, frame: Frame, closed: bytes) -> None:
        folder = self._present()
        if self._open is not None and self._open.size >= _FULL_BYTES:
            self._open.close()
            self._open = None
        if self._open is None:
            self._open = Segment(folder, frame.first)
        try:
            self._open.append(frame, closed)
        except OSError:
            # Behind a torn frame nothing counts: what comes next goes into another file.
            broken, self._open = self._open, None
            with contextlib.suppress(OSError):
                broken.close()
            raise

    # --- what the centre has goes after some time ------------------------------------------------

    def _prune(self, folder: Path, mark: int) -> None:
        held = sum(path.stat().st_size for path in segment.all_of(folder))
        oldest_s = time.time() - self._keep.days * _DAY_S
        for path in self._done(folder, mark):
            status = path.stat()
            if status.st_mtime < oldest_s or held > self._keep.most_bytes:
                # A share may let nobody delete: what is new goes there all the same.
                with contextlib.suppress(PermissionError):
                    path.unlink()
                    held -= status.st_size

    def _make_room(self) -> bool:
        """Let go of the oldest file of which the centre has everything; false when there is none."""
        with self._database.read() as connection:
            mark = terminal.acknowledged(connection)
        done = self._done(self._present(), mark)
        if not done:
            return False
        done[0].unlink()
        return True

    def _done(self, folder: Path, mark: int) -> list[Path]:
        """The files of which the centre has everything, oldest first; not the one that is written."""
        own = None if self._open is None else self._open.path
        with self._database.read() as connection:
            return [
                path
                for path in segment.all_of(folder)
                if path != own
                and (frames := self._frames(path))
                and all(self._has(connection, frame, mark) for frame in frames)
            ]

    def _has(self, connection: Connection, frame: Frame, mark: int) -> bool:
        """Whether the centre has a frame: one of a history that was lost it may never have seen."""
        return frame.last <= mark and outbox.hash_at(connection, self._own, frame.last) == frame.last_hash

    def _read(self, path: Path) -> tuple[Frame, ...]:
        """The frames of a file; those before the first that the medium cannot read."""
        found: list[Frame] = []
        try:
            found.extend(frame for frame, _ in segment.frames(path))
        except OSError as error:
            if error.errno != errno.EIO:
                raise
        return tuple(found)

    def _frames(self, path: Path) -> tuple[Frame, ...]:
        status = path.stat()
        known = self._known.get(path)
        if known is None or (known.size, known.changed_ns) != (status.st_size, status.st_mtime_ns):
            found = self._read(path)
            known = self._known[path] = _Known(status.st_size, status.st_mtime_ns, found)
        return known.frames
