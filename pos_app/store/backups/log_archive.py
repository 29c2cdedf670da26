"""The write-ahead log of the embedded Postgres, carried to the backups while it is written.

A replication slot keeps each segment at the server until it lies there.  The segment that is still written is
carried as far as it is on the disk, again and again, so that the backups are some seconds behind and not
sixteen megabytes.

Decisions
---------
2026-11-30  Neither `archive_command` nor `pg_receivewal`: both leave the log open on the disk of the backups,
and each is a program more that must be running, found and watched.  The log lies beside us, Postgres keeps it
for the slot, and what is shorter than the flushed end is never changed any more.
2026-11-30  A backup that cannot be written must not fill the disk of a centre that works: beyond
`max_slot_wal_keep_size` Postgres lets the log go, and the next round begins with a new whole copy.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.backups.base import Packed, pack
from pos_app.store.backups.place import PART, SEGMENT_BYTES, Place, lsn_of, next_segment, segment_of
from pos_app.store.engine import age_files, key_store
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.engine import Database

SLOT: Final = "bohari_backup"


class Shipped(NamedTuple):
    """How far the backups are: the segment, and how many bytes of it."""

    segment: str
    offset: int


class _Bounded:
    """The first bytes of a file."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self._file, self._left = file, left

    def read(self, count: int) -> bytes:
        """At most so many."""
        piece = self._file.read(min(count, self._left))
        self._left -= len(piece)
        return piece


def begin(database: Database) -> bool:
    """Have the log kept for us from now on; gives whether it was not kept until now (a gap, or the first)."""
    with database.write() as connection:
        row = connection.execute(
            text("SELECT restart_lsn, wal_status FROM pg_replication_slots WHERE slot_name = :slot"),
            {"slot": SLOT},
        ).one_or_none()
        if row is not None and row.restart_lsn is not None and row.wal_status != "lost":
            return False
        if row is not None:
            connection.execute(text("SELECT pg_drop_replication_slot(:slot)"), {"slot": SLOT})
        connection.execute(text("SELECT pg_create_physical_replication_slot(:slot, true)"), {"slot": SLOT})
    return True


def end(database: Database) -> None:
    """Keep no log any more; what nobody fetches would fill the disk."""
    with database.write() as connection:
        connection.execute(
            text(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                " WHERE slot_name = :slot AND NOT active"
            ),
            {"slot": SLOT},
        )


def ship(
    database: Database, log: Path, place: Place, to: Sequence[Recipient], before: Shipped | None
) -> Shipped:
    """Carry what is on the disk and not there yet; `before` is how far the last turn came.

    Raises what the disk raises, and `FileNotFoundError` when a segment is gone at the server.
    """
    with database.read() as connection:
        flushed, current = _stands(connection)
        first = _first(connection)
    offset = flushed % SEGMENT_BYTES or SEGMENT_BYTES
    there = place.segments()
    name = first
    while name < current:
        if name not in there or PART in there[name].name:
            _carry(log.joinpath(name), place, name, SEGMENT_BYTES, to)
        name = next_segment(name)
    here = Shipped(current, offset)
    if here != before or current not in there:
        _carry(log.joinpath(current), place, current, offset, to)
    if name != first:
        with database.write() as connection:
            # Kept from the beginning of the segment that is still written.
            connection.execute(
                text("SELECT pg_replication_slot_advance(:slot, CAST(:lsn AS pg_lsn))"),
                {"slot": SLOT, "lsn": _text((flushed - 1) // SEGMENT_BYTES * SEGMENT_BYTES)},
            )
    return here


def _carry(source: Path, place: Place, name: str, size: int, to: Sequence[Recipient]) -> None:
    whole = size == SEGMENT_BYTES
    suffix = age_files.SUFFIX if to else ""
    target = place.log / f"{name}{'' if whole else PART}.gz{suffix}"
    making = target.with_name(target.name + ".making")
    making.unlink(missing_ok=True)
    try:
        with source.open("rb") as file, age_files.private(making) as closed:
            pack(Packed(_Bounded(file, size)), closed, to)
            closed.flush()
            os.fsync(closed.fileno())
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)
    key_store.sync_folder(place.log)
    if whole:
        for part in place.log.glob(f"{name}{PART}*"):
            part.unlink()


def _stands(connection: Connection) -> tuple[int, str]:
    """The flushed end, and the segment of its last byte."""
    row = connection.execute(
        text("SELECT at::text AS lsn, pg_walfile_name(at) AS name FROM pg_current_wal_flush_lsn() AS at")
    ).one()
    flushed = lsn_of(row.lsn)
    # At the edge of a segment Postgres names the next one, of which there may be no file yet.
    return flushed, segment_of(int(row.name[:8], 16), flushed - 1)


def _first(connection: Connection) -> str:
    return str(
        connection.execute(
            text("SELECT pg_walfile_name(restart_lsn + 1) FROM pg_replication_slots WHERE slot_name = :slot"),
            {"slot": SLOT},
        ).scalar_one()
    )


def _text(lsn: int) -> str:
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"
