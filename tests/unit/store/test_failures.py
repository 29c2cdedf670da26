"""What goes wrong with a database is told by its code; what is only worded so stays a bug."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import engine
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.errors import DamagedDatabase, DatabaseBusy, DiskFull
from pos_app.store.engine.failures import known
from tests.support.refused import raises, unavailable

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.db"


@pytest.fixture
def database(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    opened = open_sqlite(path, KEY)
    with opened.write() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (words TEXT)")
        for _ in range(50):
            connection.exec_driver_sql("INSERT INTO thing VALUES (?)", ("word " * 500,))
    yield opened
    opened.close()


def put(database: Database, words: str = "word") -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO thing VALUES (?)", (words,))


def test_full(database: Database) -> None:
    with database.connection() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with raises(DiskFull, "disk-full"):
        put(database, "x" * 100_000)


def test_busy(database: Database, path: Path) -> None:
    other = open_sqlite(path, KEY)
    with database.write(), pytest.raises(DatabaseBusy):
        put(other)
    put(other)
    other.close()


def test_read_only(database: Database) -> None:
    with database.connection() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with unavailable("database-cannot-be-opened") as told:
        put(database)
    assert type(told.value) is Unavailable


def test_no_place_for_a_file(tmp_path: Path) -> None:
    with unavailable("database-cannot-be-opened"):
        open_sqlite(tmp_path / "missing" / "some.db", KEY)


def test_damaged(database: Database, path: Path) -> None:
    with database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    database.checkpoint()
    database.close()
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 + 100] ^= 1
    path.write_bytes(content)
    broken = open_sqlite(path, KEY)
    with pytest.raises(DamagedDatabase), broken.read() as connection:
        connection.exec_driver_sql("SELECT sum(length(words)) FROM thing").scalar()
    broken.close()


@pytest.mark.parametrize("content", [os.urandom(8192), b"no database at all " * 500])
def test_not_a_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedDatabase):
        open_sqlite(path, KEY)


def test_words_are_no_failure(database: Database) -> None:
    """A trigger that speaks of a full disk, of a lock or of damage is a rule of ours and no failure."""
    with database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER talks BEFORE INSERT ON thing WHEN NEW.words LIKE 'say %'"
            " BEGIN SELECT RAISE(ABORT, 'database disk is full, is locked, malformed, readonly'); END"
        )
    with pytest.raises(DBAPIError):
        put(database, "say it")
    put(database)


@pytest.mark.parametrize(
    ("error", "sort"),
    [
        (psycopg.errors.DiskFull("kein Platz"), DiskFull),
        (psycopg.errors.IoError("kaputt"), DiskFull),
        (psycopg.errors.CheckViolation("the database disk is full"), None),
        (psycopg.OperationalError("database is locked, disk full"), None),
        (sqlcipher.DatabaseError("database disk image is malformed"), None),
    ],
)
def test_by_code_and_not_by_words(error: Exception, sort: type | None) -> None:
    assert type(known(error)) is (sort or type(None))
