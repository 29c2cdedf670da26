"""Databases of a till as bytes: made once a process and copied for each test.

Making the tables takes a seventh of a second, which is more than most tests do with them.
"""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.schema import schema


def written_once(key: bytes, fill: Callable[[Database], None]) -> bytes:
    """The file of a prepared database, encrypted with `key`, after `fill` wrote into it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        write_private(path, _tables(key))
        database = open_sqlite(path, key)
        fill(database)
        database.close()
        return _whole(path)


def write_private(path: Path, file: bytes) -> None:
    """Write a file that only its owner reads, as a till makes its own."""
    path.touch(0o600)
    path.write_bytes(file)


def open_prepared(path: Path, key: bytes) -> Database:
    """A till's database with its tables: the one that is there, or a fresh one."""
    if not path.exists():
        write_private(path, _tables(key))
    database = open_sqlite(path, key)
    schema.prepare_till(database)
    return database


@functools.cache
def _tables(key: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        database = open_sqlite(path, key)
        schema.prepare_till(database)
        database.close()
        return _whole(path)


def _whole(path: Path) -> bytes:
    """A closed database is one file."""
    beside = [one.name for one in path.parent.iterdir() if one != path and one.stat().st_size]
    if "till.db-wal" in beside:
        raise RuntimeError(f"a part of {path} is in {beside}")
    return path.read_bytes()
