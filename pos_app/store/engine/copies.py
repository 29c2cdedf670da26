"""Copies of a database while it is in use: SQLite's backup, or pg_dump; then synced to the disk."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import embedded
from pos_app.store.engine.engine import Database, told
from pos_app.store.engine.errors import DamagedDatabase


def copy_till(database: Database, key: bytes, target: Path) -> None:
    """Copy a till's database; the copy has the same key and is checked before it gets its name.

    Raises `Unavailable` (disk) or `Damaged` (the copy fails its check).
    """
    making = target.with_name(target.name + ".making")
    making.unlink(missing_ok=True)
    with told(), database.engine.connect() as connection:
        source: Any = connection.connection.driver_connection
        copy = sqlcipher.connect(str(making))
        try:
            copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            source.backup(copy)
            found = copy.execute("PRAGMA quick_check").fetchone()
            if found is None or found[0] != "ok":
                raise DamagedDatabase("copy-damaged")
        finally:
            copy.close()
    _settle(making, target)


def copy_central(database: Database, target: Path) -> None:
    """Dump the central database for `pg_restore`.  Raises `Unavailable` when pg_dump cannot do it."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    making = target.with_name(target.name + ".making")
    try:
        subprocess.run(
            [_pg_dump(), "--format=custom", f"--file={making}", f"--dbname={url}"],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().splitlines() or ["no reason given"]
        raise Unavailable("backup-failed", why=said[-1]) from error
    _settle(making, target)


def _pg_dump() -> str:
    """The newest one at hand: ours is of the embedded server's version, which reads older ones too."""
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
