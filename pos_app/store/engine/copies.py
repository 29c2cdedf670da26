"""Copies of a database while it is in use: SQLite's backup, or pg_dump; then synced to the disk."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import sqlcipher3.dbapi2 as sqlcipher

from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import age_files
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.engine import Database, told
from pos_app.store.engine.errors import DamagedDatabase

#: Is given the seconds that a step took, and waits as long.
Rest: TypeAlias = Callable[[float], object]

#: Half a megabyte a step; the disk has what was written after four.
_STEP_PAGES: Final = 128
_SYNC_PAGES: Final = 1024


def copy_till(
    database: Database, key: bytes, target: Path, to: Sequence[Recipient] = (), rest: Rest = time.sleep
) -> None:
    """Copy a till's database; the copy has the same key and is checked before it gets its name.

    `to` are the public keys that the file is closed to besides; it is its owner's alone.  After each step it
    takes a `rest` of as many seconds as the step took, so that whoever sells meanwhile goes first.
    Raises `Unavailable` (disk) or `Damaged` (the copy fails its check).
    """
    making, closing = (target.with_name(target.name + end) for end in (".making", ".closing"))
    making.unlink(missing_ok=True)
    closing.unlink(missing_ok=True)
    try:
        # SQLite would make it with the rights that the system gives every new file.
        age_files.private(making).close()
        _copy_in_steps(database, key, making, rest)
        if to:
            with making.open("rb") as file, age_files.private(closing) as closed:
                age_files.close(file, closed, to)
            closing.replace(making)
        _settle(making, target)
    finally:
        # Of a copy that failed nothing is left; one that was killed is cleared with the next of its name.
        making.unlink(missing_ok=True)
        closing.unlink(missing_ok=True)


def _copy_in_steps(database: Database, key: bytes, target: Path, rest: Rest) -> None:
    """All pages of one moment: of the transaction that is read meanwhile, which holds up no writer.

    What is written is brought to the disk a little at a time: a commit beside it would wait for all of it.
    """
    with target.open("rb+") as file, database.read() as connection:
        # The moment is the first look; from here on the copy is of that.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar()
        source: Any = connection.connection.dbapi_connection
        copy = sqlcipher.connect(str(target))
        began_s, written = time.monotonic(), 0

        def pause(_status: int, _left: int, _all: int) -> None:
            nonlocal began_s, written
            written += _STEP_PAGES
            if written >= _SYNC_PAGES:
                os.fsync(file.fileno())
                written = 0
            rest(time.monotonic() - began_s)
            began_s = time.monotonic()

        try:
            with told():
                copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                source.backup(copy, pages=_STEP_PAGES, progress=pause)
                found = copy.execute("PRAGMA quick_check").fetchone()
            if found is None or found[0] != "ok":
                raise DamagedDatabase("copy-damaged")
        finally:
            copy.close()


def copy_central(database: Database, target: Path, to: Sequence[Recipient] = ()) -> None:
    """Dump the central database for `pg_restore`; what is closed to keys is never on the disk open.

    `to` are the public keys; the file is its owner's alone.  Raises `Unavailable` when pg_dump cannot do it.
    """
    url = database.engine.url.set(drivername="postgresql")
    # A command line is seen by everybody on the machine: the password goes another way.
    environment = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    # `URL.set` takes None for "as it is".
    shown = url._replace(password=None).render_as_string()
    making = target.with_name(target.name + ".making")
    making.unlink(missing_ok=True)
    try:
        with (
            age_files.private(making) as file,
            tempfile.TemporaryFile() as said,
            subprocess.Popen(
                [_pg_dump(), "--format=custom", f"--dbname={shown}"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if to else file,
                stderr=said,
            ) as dump,
        ):
            if dump.stdout is not None:
                age_files.close(dump.stdout, file, to)
            if dump.wait():
                said.seek(0)
                lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
                raise Unavailable("backup-failed", why=lines[-1])
        _settle(making, target)
    finally:
        making.unlink(missing_ok=True)


def _pg_dump() -> str:
    """The newest one at hand: ours is of the embedded server's version, which reads older ones too."""
    # A till has no driver of Postgres, which that loads.
    from pos_app.store.engine import embedded

    try:
        return str(embedded._find_binaries() / "pg_dump")
    except Unavailable:
        found = shutil.which("pg_dump")
        if found is None:
            raise Unavailable("pg-dump-missing") from None
        return found


def _settle(making: Path, target: Path) -> None:
    """Sync the file, give it its name, sync the folder: a power cut leaves a whole copy or none."""
    with making.open("rb+") as handle:
        os.fsync(handle.fileno())
    making.replace(target)
    if sys.platform != "win32":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
