"""Putting a centre back: the whole copy before a moment, and the log of after it as far as that moment.

All of it happens in a folder beside the one that a home uses, which gets its name when everything held: a
kill in between leaves a home that holds nothing, and it is begun again.
"""

import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.store.backups.checking import unpacked
from pos_app.store.backups.place import SEGMENT_BYTES, Base, Place, next_segment
from pos_app.store.backups.tar_check import TarCheck
from pos_app.store.engine import age_files
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.key_store import sync_folder

#: A day: the log of a busy week takes an hour.
_LIMIT_S: Final = 86_400
#: What only the machine of before has a use for.
_NOT_OURS: Final = (
    "postmaster.pid",
    "postmaster.opts",
    "postgres.log",
    "bohari.conf",
    "postgresql.auto.conf",
)


class Put(NamedTuple):
    """What was put back: the whole copy, and how many segments of log over it."""

    base: Base
    segments: int


def base_for(place: Place, moment: datetime | None) -> Base:
    """The newest whole copy, or the newest of before a moment.  Raises `Refused` where there is none."""
    bases = place.bases()
    if not bases:
        raise Refused("backup-centre-none", folder=place.folder)
    before = [one for one in bases if moment is None or one.at <= moment]
    if not before:
        raise Refused("restore-centre-too-early", first=f"{bases[0].at:%Y-%m-%d %H:%M:%S} UTC")
    return before[-1]


def put_back(place: Place, target: Path, identity: Path | None, moment: datetime | None) -> Put:
    """Make a Postgres folder of a copy and its log; it is stopped in the end.

    Raises `Refused`, `Damaged` and `Unavailable`; `target` is away then.
    """
    base = base_for(place, moment)
    keys = [] if identity is None else age_files.identities(identity)
    making = target.with_name(target.name + ".restoring")
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(mode=0o700)
        _extract(base.file, making, keys)
        postgres = EmbeddedPostgres(making)
        _check(postgres)
        for name in _NOT_OURS:
            making.joinpath(name).unlink(missing_ok=True)
        # The lock of the socket names a process of before, and any other may have its number by now.
        for left in making.glob(".s.PGSQL.*"):
            left.unlink()
        count = _bring_log(place, base, making / "pg_wal", keys)
        wanted = "" if moment is None else f"recovery_target_time = '{moment:%Y-%m-%d %H:%M:%S.%f}+00'\n"
        postgres.recover(wanted, _LIMIT_S)
        making.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise Unavailable("home-unwritable", home=target.parent, why=error.strerror) from error
    finally:
        _away(making)
    return Put(base, count)


def _away(making: Path) -> None:
    if making.exists():
        EmbeddedPostgres(making).stop()
        shutil.rmtree(making, ignore_errors=True)


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a file that is looked at while it is read."""

    def __init__(self, pieces: Iterator[bytes], check: TarCheck) -> None:
        self._pieces, self._check, self._left = pieces, check, b""

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase`."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._check.feed(piece)
            self._left = piece
        given = self._left[: len(buffer)]
        buffer[: len(given)] = given
        self._left = self._left[len(given) :]
        return len(given)


def _extract(file: Path, target: Path, keys: list[Any]) -> None:
    check = TarCheck()
    with unpacked(file, keys) as pieces:
        raw = _Pieces(pieces, check)
        try:
            with tarfile.open(fileobj=io.BufferedReader(raw, 1 << 20), mode="r|") as tar:
                # What is in it may be anybody's: nothing outside of the folder, no links, no devices.
                tar.extractall(target, filter="data")
        except tarfile.TarError as error:
            raise Damaged("backup-base-cut") from error
        # What lies behind the end of the tar is zeros; it is read so that the last seal is looked at.
        for piece in pieces:
            check.feed(piece)
        check.end()


def _check(postgres: EmbeddedPostgres) -> None:
    """That this version's Postgres can start it."""
    version = (postgres.data_dir / "PG_VERSION").read_text().strip()
    ours = postgres.major()
    if version != ours:
        raise Refused("restore-centre-other-postgres", theirs=version, ours=ours)


def _bring_log(place: Place, base: Base, target: Path, keys: list[Any]) -> int:
    """Every segment from the copy's first on, without a gap; gives how many.  Raises `Damaged`."""
    target.mkdir(exist_ok=True)
    there = place.segments()
    name, count = base.first, 0
    while name in there:
        with unpacked(there[name], keys) as pieces, target.joinpath(name).open("wb") as out:
            for piece in pieces:
                out.write(piece)
            if out.tell() > SEGMENT_BYTES:
                raise Damaged("backup-file-unreadable", file=there[name])
            # What was not written yet is zeros to Postgres.
            out.truncate(SEGMENT_BYTES)
            os.fsync(out.fileno())
        name, count = next_segment(name), count + 1
    if name <= base.last:
        raise Damaged("backup-log-missing", segment=name, folder=place.log)
    return count
