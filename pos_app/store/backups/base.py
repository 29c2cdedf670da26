"""A whole copy of the embedded Postgres while it is in use: `pg_basebackup`, looked at, packed, closed.

Never open on the disk of the backups.  Postgres compares the checksum of each page while it reads, we each
file with the manifest, and in the end what lies there is read again: it is what was written.
"""

import hashlib
import os
import subprocess
import tempfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Protocol

from sqlalchemy.engine import make_url

from pos_app.ledger.errors import Damaged, Unavailable
from pos_app.store.backups.place import Base, Place, lsn_of, segment_of
from pos_app.store.backups.tar_check import TarCheck
from pos_app.store.engine import age_files, key_store
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.embedded import EmbeddedPostgres

_PIECE: Final = 1 << 20
#: The fastest: most of a database's bytes are text and zeros.
_LEVEL: Final = 1


class Source(Protocol):
    """What gives bytes, a piece at a time."""

    def read(self, count: int, /) -> bytes:
        """At most so many; none at the end."""
        ...


class Packed:
    """Reads from a file, looks at what it reads, and gives it packed (gzip)."""

    def __init__(self, source: Source, check: TarCheck | None = None) -> None:
        self._source, self._check = source, check
        self._packer = zlib.compressobj(_LEVEL, wbits=31)
        self._ready = bytearray()
        self._ended = False

    def read(self, count: int = -1, /) -> bytes:
        """At most so many packed bytes; none at the end."""
        while not self._ended and (count < 0 or len(self._ready) < count):
            piece = self._source.read(_PIECE)
            if piece:
                if self._check is not None:
                    self._check.feed(piece)
                self._ready += self._packer.compress(piece)
            else:
                self._ready += self._packer.flush()
                self._ended = True
        most = len(self._ready) if count < 0 else count
        given = bytes(self._ready[:most])
        del self._ready[:most]
        return given


def make(postgres: EmbeddedPostgres, place: Place, to: Sequence[Recipient], at: datetime) -> Base:
    """Copy all of it.  The log from its beginning to its end must be kept as well, before it is of use.

    Raises `Unavailable` (Postgres, disk) and `Damaged` (a page, or what was copied).
    """
    target = place.base_file(at, closed=bool(to))
    check = TarCheck()
    try:
        _write(postgres, target, to, check)
        manifest = check.end()
        size, digest = target.stat().st_size, _digest(target)
        (span,) = manifest["WAL-Ranges"]
        timeline, first, last = (
            int(span["Timeline"]),
            lsn_of(str(span["Start-LSN"])),
            lsn_of(str(span["End-LSN"])),
        )
    except (KeyError, ValueError, TypeError) as error:
        target.unlink(missing_ok=True)
        raise Damaged("backup-base-cut") from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    # The end is exclusive: at the edge of a segment the last byte lies in the one before.
    return Base(target, at, segment_of(timeline, first), segment_of(timeline, last - 1), size, digest)


def _write(postgres: EmbeddedPostgres, target: Path, to: Sequence[Recipient], check: TarCheck) -> None:
    url = make_url(postgres.url("postgres"))
    # A command line is seen by everybody on the machine: the password goes another way.
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    shown = url._replace(password=None).render_as_string()
    program = str(postgres.binaries / "pg_basebackup")
    words = [program, f"--dbname={shown}", "--pgdata=-", "--format=tar", "--wal-method=none", "--no-password"]
    words += ["--checkpoint=fast", "--manifest-checksums=SHA256", "--label=bohari"]
    making = target.with_name(target.name + ".making")
    making.unlink(missing_ok=True)
    try:
        with (
            age_files.private(making) as file,
            tempfile.TemporaryFile() as said,
            subprocess.Popen(
                words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
            ) as copying,
        ):
            source: Any = copying.stdout
            try:
                pack(Packed(source, check), file, to)
            except BaseException:
                copying.kill()
                raise
            if copying.wait():
                said.seek(0)
                lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
                raise Unavailable("backup-failed", why=lines[-1])
            file.flush()
            os.fsync(file.fileno())
        making.replace(target)
        key_store.sync_folder(target.parent)
    finally:
        making.unlink(missing_ok=True)


def pack(packed: Packed, file: IO[bytes], to: Sequence[Recipient]) -> None:
    """Write it, closed to these keys where there are any; each byte that is written is remembered."""
    if to:
        age_files.close(_as_file(packed), file, to)
        return
    while piece := packed.read(_PIECE):
        file.write(piece)


def _as_file(packed: Packed) -> Any:
    # pyrage asks for nothing but `read`.
    return packed


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
