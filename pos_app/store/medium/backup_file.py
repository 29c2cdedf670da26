"""A till's backup: one file, closed to the shop's public key, with all that another machine needs of a till.

In it is a tar archive, so that the programs `age` and `tar` open it as well: `manifest.json`, `till.db`
(encrypted as it is at the till), `till.key`, `bohari.toml`.

Decisions
---------
2026-11-30  The key of the database lies in the closed file: whoever restores needs the one private key that
the shop keeps apart, and no file that died with the disk.  The key that the till signs with is not in it:
nothing that comes out of a backup can record, sign or speak as the till that it was made of.

2026-11-30  A file is closed to one key more, drawn for it and forgotten: with it the file is opened once, as
it lies on the medium, before it counts.  The private key need not be there for that.
"""

import contextlib
import hashlib
import os
import sys
import tarfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import msgspec
import pyrage
from msgspec import Struct

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.store.documents import outbox, terminal
from pos_app.store.engine import age_files, copies, key
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.copies import Rest
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.key_store import sync_folder
from pos_app.store.master import organisations
from pos_app.store.schema import schema

SUFFIX: Final = ".tar.age"
#: What a reader of this version understands.
_FORMAT: Final = 1
KIND: Final = "till"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "till.db"
SETTINGS: Final = "bohari.toml"
_MEMBERS: Final = (MANIFEST, key.FILE, SETTINGS, DATABASE)
#: None of the small members is larger.
_MOST_SMALL_BYTES: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024
#: So much is written before the disk must have it.
_SYNC_BYTES: Final = 4 * 1024 * 1024
#: The copy that is being made, in the home.
MAKING: Final = "backup.making.db"


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup says of itself: of which till, when, and as how much.

    `tables` are the migrations that its database stands at, `sha256` is of the database's bytes, `home`
    where the till lay.  `acknowledged` is the centre's mark as the till knew it.
    """

    format: int = _FORMAT
    kind: str = KIND
    org_id: int
    organisation: str
    terminal_no: int
    program: str
    tables: tuple[str, ...]
    made_at: str
    last_seq: int
    acknowledged: int
    home: str
    sha256: str


class Made(NamedTuple):
    """A backup that was written, opened and compared."""

    path: Path
    manifest: Manifest


def make(
    database: Database,
    home: Path,
    folder: Path,
    to: Sequence[Recipient],
    *,
    program: str,
    now: datetime | None = None,
    rest: Rest = time.sleep,
) -> Made:
    """Write a backup of a till into a folder while it sells; it gets its name when it was opened and holds.

    Raises `Damaged` when the copy or the written file does not hold, `Unavailable` for the home's disk and
    `OSError` for the folder.
    """
    copy = home / MAKING
    try:
        with _told_of_home(home):
            copies.copy_till(database, key.load(home), copy, rest=rest)
            manifest = _looked_at(copy, key.load(home), home, program, now or datetime.now(UTC))
            archive = _Archive(_small(manifest, home), DATABASE, copy)
        stamp = f"{datetime.fromisoformat(manifest.made_at):%Y%m%dT%H%M%SZ}"
        path = folder / f"{prefix(manifest.org_id, manifest.terminal_no)}{stamp}{SUFFIX}"
        making = path.with_name(path.name + ".making")
        _clear(folder, prefix(manifest.org_id, manifest.terminal_no))
        try:
            _write(making, archive, to, rest)
            making.replace(path)
            with contextlib.suppress(OSError):
                # Some network shares have no such thing.
                sync_folder(folder)
        finally:
            with contextlib.suppress(OSError):
                making.unlink(missing_ok=True)
    finally:
        with _told_of_home(home):
            for name in (MAKING, f"{MAKING}-wal", f"{MAKING}-shm", f"{MAKING}.making"):
                (home / name).unlink(missing_ok=True)
    return Made(path, manifest)


@contextlib.contextmanager
def _told_of_home(home: Path) -> Iterator[None]:
    """What the disk of the till refuses is told as that: nobody changes the stick for it."""
    try:
        yield
    except OSError as error:
        raise Unavailable("backup-home-fails", home=home, why=error.strerror) from error


def prefix(org_id: int, terminal_no: int) -> str:
    """How the names of one till's backups begin; the time in UTC follows."""
    return f"till-{org_id}-{terminal_no}-"


def _clear(folder: Path, names: str) -> None:
    """Remove what was half written when the power went, each under the name of its moment: a till that is
    switched off after its close would fill the medium with them.  Only one at a time makes any (`sole`).
    """
    with contextlib.suppress(PermissionError):
        for left in folder.glob(f"{names}*{SUFFIX}.making"):
            left.unlink(missing_ok=True)


def _looked_at(copy: Path, database_key: bytes, home: Path, program: str, now: datetime) -> Manifest:
    """Open the copy as whoever restores it will, and say what is in it."""
    opened = open_sqlite(copy, database_key)
    try:
        with opened.read() as connection:
            own = terminal.load(connection)
            organisation = organisations.get(connection, own.org_id)
            last_seq, last_hash = outbox.last(connection, own)
            if outbox.hash_at(connection, own, last_seq) != last_hash:
                raise Damaged("copy-damaged")
            acknowledged = terminal.acknowledged(connection)
            tables = tuple(sorted(schema.version(connection)))
        opened.cut_log()
    finally:
        opened.close()
    return Manifest(
        org_id=own.org_id,
        organisation="" if organisation is None else organisation.name,
        terminal_no=own.terminal_no,
        program=program,
        tables=tables,
        made_at=now.isoformat(timespec="seconds"),
        last_seq=last_seq,
        acknowledged=acknowledged,
        home=str(home.resolve()),
        sha256=_sha256(copy),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- written and read back ---------------------------------------------------------------------------


class _Archive:
    """The bytes of the archive, a piece at a time, and the hash of all that was read of it."""

    def __init__(self, small: dict[str, bytes], name: str, large: Path) -> None:
        self.hash = hashlib.sha256()
        #: Why the till's own disk did not give it.
        self.failed: Unavailable | None = None
        self._home = large.parent
        self._pieces = self._of(small, name, large)
        self._left = b""

    def _of(self, small: dict[str, bytes], name: str, large: Path) -> Iterator[bytes]:
        for each, content in small.items():
            yield _head(each, len(content)) + content + _padding(len(content))
        size = large.stat().st_size
        yield _head(name, size)
        with large.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
        yield _padding(size) + bytes(2 * tarfile.BLOCKSIZE)

    def read(self, count: int = -1) -> bytes:
        """See `io.RawIOBase.read`."""
        wanted = _CHUNK if count < 0 else count
        if not self._left:
            try:
                with _told_of_home(self._home):
                    self._left = next(self._pieces, b"")
            except Unavailable as error:
                self.failed = error
                raise
        given, self._left = self._left[:wanted], self._left[wanted:]
        self.hash.update(given)
        return given


class _Slowly:
    """Writes to a file; the disk has it a little at a time, with rests between."""

    def __init__(self, file: IO[bytes], rest: Rest) -> None:
        self._file, self._rest = file, rest
        self._unsynced = 0
        self._began_s = time.monotonic()

    def write(self, chunk: bytes) -> int:
        """See `io.RawIOBase.write`."""
        self._file.write(chunk)
        self._unsynced += len(chunk)
        if self._unsynced >= _SYNC_BYTES:
            self.flush()
            self._rest(time.monotonic() - self._began_s)
            self._began_s = time.monotonic()
        return len(chunk)

    def flush(self) -> None:
        """Nothing of it is in memory alone."""
        self._unsynced = 0
        self._file.flush()
        os.fsync(self._file.fileno())


class _Hashed:
    """Takes what is written, and keeps its hash."""

    def __init__(self, rest: Rest) -> None:
        self.hash = hashlib.sha256()
        self._rest = rest
        self._taken = 0
        self._began_s = time.monotonic()

    def write(self, chunk: bytes) -> int:
        """See `io.RawIOBase.write`."""
        self.hash.update(chunk)
        self._taken += len(chunk)
        if self._taken >= _SYNC_BYTES:
            self._rest(time.monotonic() - self._began_s)
            self._taken, self._began_s = 0, time.monotonic()
        return len(chunk)

    def flush(self) -> None:
        """Nothing waits."""


def _small(manifest: Manifest, home: Path) -> dict[str, bytes]:
    """What lies in the archive beside the database."""
    try:
        said = (home / SETTINGS).read_bytes()
    except FileNotFoundError:
        said = b""
    return {MANIFEST: msgspec.json.encode(manifest), key.FILE: key.load(home), SETTINGS: said}


def _write(making: Path, archive: _Archive, to: Sequence[Recipient], rest: Rest) -> None:
    once = pyrage.x25519.Identity.generate()
    with age_files.private(making) as file:
        slowly = _Slowly(file, rest)
        try:
            age_files.close(archive, slowly, [*to, once.to_public()])
        except Exception as error:
            # What goes through age comes out as an error of its own.
            if archive.failed is not None and error is not archive.failed:
                raise archive.failed from error
            raise
        slowly.flush()
    if _read_back(making, once, rest) != archive.hash.digest():
        raise Damaged("backup-not-read-back", folder=making.parent)


def _read_back(path: Path, once: Any, rest: Rest) -> bytes:
    """The hash of what is in a file, as it comes from the medium."""
    hashed = _Hashed(rest)
    with path.open("rb") as file:
        if sys.platform == "linux":
            # Else it comes out of this machine's memory, whatever the medium kept.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            pyrage.decrypt_io(file, hashed, [once])
        except (pyrage.DecryptError, ValueError) as error:
            raise Damaged("backup-not-read-back", folder=path.parent) from error
        except OSError as error:
            # A cut file is one of age's own, without a number.
            if error.errno is not None:
                raise
            raise Damaged("backup-not-read-back", folder=path.parent) from error
    return hashed.hash.digest()


def _head(name: str, size: int) -> bytes:
    one = tarfile.TarInfo(name)
    one.size, one.mode, one.mtime = size, 0o600, int(time.time())
    return one.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


# --- opened ------------------------------------------------------------------------------------------


def open_into(file: Path, identity_file: Path, folder: Path) -> Manifest:
    """Open a backup with the shop's private key into an empty folder: the four files, as a home has them.

    Raises `Damaged` when the key does not open it or it was cut or changed, `Refused` when it is no backup of
    a till or of a newer version, and `OSError` for the folder.
    """
    archive = folder / "opened.tar"
    try:
        age_files.open_file(file, identity_file, archive)
        manifest = _unpacked(file, archive, folder)
    finally:
        archive.unlink(missing_ok=True)
    if _sha256(folder / DATABASE) != manifest.sha256:
        raise Damaged("backup-not-whole", file=file)
    return manifest


def _unpacked(file: Path, archive: Path, folder: Path) -> Manifest:
    manifest: Manifest | None = None
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                if member.name not in _MEMBERS or not member.isreg():
                    raise Refused("backup-not-of-till", file=file)
                source = tar.extractfile(member)
                if source is None or (member.name != DATABASE and member.size > _MOST_SMALL_BYTES):
                    raise Refused("backup-not-of-till", file=file)
                with source:
                    if member.name == MANIFEST:
                        manifest = _understood(file, source.read())
                    else:
                        _keep(source, folder / member.name)
    except tarfile.TarError as error:
        raise Refused("backup-not-of-till", file=file) from error
    if manifest is None or not all((folder / name).exists() for name in _MEMBERS if name != MANIFEST):
        raise Refused("backup-not-of-till", file=file)
    return manifest


class _Kind(Struct, frozen=True):
    """What every version says first."""

    kind: str
    format: int
    tables: tuple[str, ...] = ()


def _understood(file: Path, raw: bytes) -> Manifest:
    try:
        first = msgspec.json.decode(raw, type=_Kind)
        if first.kind != KIND:
            raise Refused("backup-not-of-till", file=file)
        if first.format > _FORMAT or _is_newer(first.tables):
            raise Refused("backup-of-newer-version", file=file)
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("backup-not-of-till", file=file) from error


def _is_newer(tables: Sequence[str]) -> bool:
    """Whether a migration is none of ours and not one of before: their names end in a number that grows."""
    ours = {name.rpartition("_")[0]: name for name in schema.HEADS["till"]}
    return any(name > ours.get(name.rpartition("_")[0], "") for name in tables)


def _keep(source: IO[bytes], path: Path) -> None:
    with age_files.private(path) as kept:
        while chunk := source.read(_CHUNK):
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
