"""PIN hashes lie closed on both sides, under a key that is not in the database."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger.errors import Damaged
from pos_app.store.engine import key_store, pepper
from pos_app.store.engine.engine import Database
from pos_app.store.feed import intake
from pos_app.store.master import people, pins
from pos_app.till.session.sign_in import hash_pin, is_pin

HASH = hash_pin("482915")
FORGE = "UPDATE person SET pin_hash = :hash WHERE person_id = 1"
COLUMNS = ("org_id", "person_id", "code", "name", "role", "pin_hash", "depot_id", "active")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(key_store.VARIABLE, "file")
    return tmp_path / "till"


def bring(database: Database, *hashes: str) -> None:
    rows = [(1, number, f"P{number}", "P", "", hash_, None, 1) for number, hash_ in enumerate(hashes, 1)]
    with database.write() as connection:
        intake.upsert(connection, "person", 1, COLUMNS, rows)


def kept(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(text("SELECT pin_hash FROM person ORDER BY person_id")))


def opens(database: Database, person_id: int = 1) -> str:
    with database.read() as connection:
        found = people.person(connection, 1, person_id)
    assert found is not None
    return found[1]


def test_what_the_feed_brings_lies_closed_and_opens_here_alone(home: Path, tmp_path: Path) -> None:
    database = bootstrap.make_till_database(home)
    bring(database, HASH)
    assert kept(database)[0].startswith(pepper.CLOSED)
    assert HASH not in kept(database)[0]
    assert is_pin(opens(database), "482915")
    assert not is_pin(opens(database), "482916")
    database.close()
    # The database and its key in another home: nothing opens there, and it asks the centre again.
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("till.db", "till.key"):
        shutil.copy(home / name, copy / name)
    stolen = bootstrap.till_database(copy)
    assert kept(stolen) == [""]
    stolen.close()
    again = bootstrap.till_database(home)
    assert is_pin(opens(again), "482915")
    again.close()


def test_a_hash_that_somebody_writes_into_the_file_is_nobodys(home: Path) -> None:
    """With the key of the file and our own code, but without the pepper."""
    database = bootstrap.make_till_database(home)
    bring(database, HASH, hash_pin("739104"))
    own, other = kept(database)
    for forged in (hash_pin("1234"), other, "pin1:", "pin1:xxxx", "pin2:" + own[5:], own[:-2]):
        with database.write() as connection:
            connection.execute(
                text("UPDATE person SET pin_hash = :hash WHERE person_id = 1"), {"hash": forged}
            )
        assert opens(database) == "", forged
    # A bare one is thrown away at the next start, and the people are asked for again.
    with database.write() as connection:
        connection.execute(
            text("UPDATE person SET pin_hash = :hash WHERE person_id = 1"), {"hash": hash_pin("1234")}
        )
        connection.execute(
            text("INSERT INTO feed_cursor (kind, stamp, last_key) VALUES ('person', 9, '[2]')")
        )
    database.close()
    again = bootstrap.till_database(home)
    assert kept(again) == ["", other]
    with again.read() as connection:
        assert connection.execute(text("SELECT 1 FROM feed_cursor WHERE kind = 'person'")).first() is None
    again.close()


def test_hashes_of_before_are_closed_when_a_till_gets_its_pepper(home: Path) -> None:
    database = bootstrap.make_till_database(home)
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO person (org_id, person_id, code, name, role, pin_hash, active)"
                " VALUES (1, 1, 'A', 'A', '', :hash, 1)"
            ),
            {"hash": HASH},
        )
    database.close()
    (home / pepper.FILE).unlink()
    database = bootstrap.till_database(home)
    assert kept(database)[0].startswith(pepper.CLOSED)
    assert is_pin(opens(database), "482915")
    database.close()
    # No page of the file or its log has the hash any more, for who has the file's key.
    database = bootstrap.till_database(home)
    with database.connection() as connection:
        connection.exec_driver_sql("ATTACH DATABASE ? AS plain KEY ''", (str(home / "plain.db"),))
        connection.exec_driver_sql("SELECT sqlcipher_export('plain')")
    database.close()
    assert HASH.encode() not in (home / "plain.db").read_bytes()


def test_a_damaged_pepper_is_a_sentence_and_no_crash(home: Path) -> None:
    database = bootstrap.make_till_database(home)
    bring(database, HASH)
    database.close()
    for content in (b"", b"short", b"x" * 31, b"\xff" * 500):
        (home / pepper.FILE).write_bytes(content)
        database = bootstrap.till_database(home)
        assert opens(database) == ""
        with pytest.raises(Damaged):
            bring(database, hash_pin("111222"))
        database.close()
    (home / pepper.FILE).write_bytes(b"k" * 32)
    database = bootstrap.till_database(home)
    assert opens(database) == ""
    database.close()


def test_the_centre_closes_with_its_privacy_key(central: Database) -> None:
    from pos_app.ledger.clock import SystemClock
    from pos_app.store.organisation import founding

    founded = founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash=HASH)
    with central.read() as connection:
        lies = connection.execute(text("SELECT pin_hash FROM person")).scalar_one()
        assert lies.startswith(pepper.CLOSED)
        assert HASH not in lies
        assert pins.of(connection, founded.org_id, founded.owner_id, lies) == HASH
        assert pins.of(connection, founded.org_id, founded.owner_id + 1, lies) == ""
    with central.write() as connection:
        connection.execute(text("UPDATE person SET pin_hash = :hash"), {"hash": HASH})
    pins.close_all(central)
    with central.read() as connection:
        again = connection.execute(text("SELECT pin_hash FROM person")).scalar_one()
    assert again.startswith(pepper.CLOSED)
