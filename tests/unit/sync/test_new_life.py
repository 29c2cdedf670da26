"""A centre that was put back: a new life by itself, nothing hidden, no ghosts at a till, no number twice."""

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from pos_app.store.documents import audit
from pos_app.store.engine import copies, privacy
from pos_app.store.engine.embedded import _find_binaries
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.engine.signing import COUNTS
from pos_app.store.master import enrolment, party_terms
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from pos_app.store.upkeep import life
from sync.client.errors import StartAgain
from sync.protocol.messages import PULL_PATH
from sync.server.endpoint import Endpoint
from tests.support.worlds.sync_fixtures import Centre, Till, drift, product


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "centre").mkdir()
    return tmp_path / "centre"


@contextlib.contextmanager
def dumped(centre: Centre, folder: Path) -> Iterator[Callable[[], Database]]:
    """A dump of the centre as it is now; the function that is given loads it into a database beside it."""
    dump = folder / "centre.dump"
    copies.copy_central(centre.database, dump)
    there = centre.database.engine.url.set(drivername="postgresql")
    name = f"{there.database}_again"
    url = there.set(database=name).render_as_string(hide_password=False)
    opened: list[Database] = []

    def load() -> Database:
        program = str(_find_binaries() / "pg_restore")
        subprocess.run([program, "--exit-on-error", f"--dbname={url}", str(dump)], check=True)
        opened.append(open_postgres(url))
        opened[0].keep_private(privacy.of(centre.database.engine))
        return opened[0]

    with psycopg.connect(there.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield load
        finally:
            for one in opened:
                one.close()
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def epoch(database: Database) -> str:
    with database.read() as connection:
        return enrolment.epoch(connection)


def count(database: Database, sql: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(sql)).scalar_one())


def turn_to(centre: Centre, till: Till, database: Database) -> None:
    """From now on the till speaks with this database."""
    till.transport.desk = Endpoint(database, centre.clock)


def said(centre: Centre, database: Database) -> list[str]:
    """Why the lives began, as the audit log has it."""
    with database.read() as connection:
        entries = audit.of_subject(connection, centre.org_id, "centre.restored", "centre")
    return [entry.after.partition(" ")[2] for entry in entries]


def hire(database: Database, org_id: int, code: str) -> int:
    """A new cashier with a PIN."""
    with database.write() as connection:
        return founding.add_person(connection, org_id, code, code, role="cashier", pin_hash="pin")


def test_a_database_that_goes_on_keeps_its_life(centre: Centre, home: Path) -> None:
    life.note(centre.database, home)
    before = epoch(centre.database)
    for code in ("ANN", "BEN"):
        assert life.look(centre.database, home, centre.clock) == ""
        hire(centre.database, centre.org_id, code)
    assert epoch(centre.database) == before


def test_a_database_that_stands_before_what_it_was_begins_a_new_life(centre: Centre, home: Path) -> None:
    life.note(centre.database, home)
    note = home / COUNTS / life.FILE
    later = json.loads(note.read_bytes())
    later["lsn"] += 2**40
    note.write_text(json.dumps(later))
    before = epoch(centre.database)
    new = life.look(centre.database, home, centre.clock)
    assert new == epoch(centre.database) != before
    assert enrolment.lives(new) == 1
    # Once, and not again for whoever opens it next.
    assert life.look(centre.database, home, centre.clock) == ""
    assert said(centre, centre.database) == ["(stands-before)"]


def test_what_is_noted_no_crash_takes_back(centre: Centre, home: Path) -> None:
    """The log may be on the disk up to the middle of a record; the note is the end of a committed one."""
    flushed = "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"
    before = 0
    for _ in range(3):
        life.note(centre.database, home)
        noted = json.loads((home / COUNTS / life.FILE).read_bytes())["lsn"]
        # Behind it lies the record that its transaction was committed with.
        assert before < noted < count(centre.database, flushed)
        before = noted


def test_a_server_notes_anew_when_something_was_written(centre: Centre, home: Path) -> None:
    noting = life.Noting(centre.database, home)
    noting.turn(0)
    note = home / COUNTS / life.FILE
    first = note.read_bytes()
    with centre.database.write() as connection:
        connection.execute(text("SELECT pg_current_xact_id()"))
    noting.turn(0)
    assert note.read_bytes() != first


def test_a_centre_is_known_before_anybody_is_founded_in_it(centre: Centre, home: Path) -> None:
    """Whoever dies between founding and the next note leaves a centre that was never restored."""
    with centre.database.write() as connection:
        founded = connection.execute(text('DELETE FROM server_epoch RETURNING "only", epoch')).one()._asdict()
    assert life.look(centre.database, home, centre.clock) == ""
    with centre.database.write() as connection:
        connection.execute(text('INSERT INTO server_epoch ("only", epoch) VALUES (:only, :epoch)'), founded)
    assert life.look(centre.database, home, centre.clock) == ""
    assert epoch(centre.database) == founded["epoch"]


def test_of_several_that_open_a_restored_one_together_one_begins_the_life(centre: Centre, home: Path) -> None:
    together = threading.Barrier(4)
    begun: list[str] = []

    def open_it() -> None:
        together.wait()
        begun.append(life.look(centre.database, home, centre.clock))

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == ["", "", "", epoch(centre.database)]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"place": 1}', b'{"place": "x", "lsn": "y"}', b"\xff"]
)
def test_a_note_that_is_none_is_no_note(centre: Centre, home: Path, content: bytes) -> None:
    (home / COUNTS).mkdir()
    (home / COUNTS / life.FILE).write_bytes(content)
    assert life.look(centre.database, home, centre.clock) != ""
    assert life.look(centre.database, home, centre.clock) == ""
    assert said(centre, centre.database) == ["(no-note)"]


def test_a_home_of_an_older_version_is_believed_by_its_counts(centre: Centre, home: Path) -> None:
    (home / COUNTS).mkdir()
    (home / COUNTS / f"1-{epoch(centre.database)}.entries").touch()
    assert life.look(centre.database, home, centre.clock) == ""


def test_a_dump_that_is_loaded_begins_a_new_life_and_hides_nothing(
    centre: Centre, till: Till, home: Path, tmp_path: Path
) -> None:
    """Rows stamped by a cluster that had counted further were hidden until the new one had caught up."""
    till.drain()
    life.note(centre.database, home)
    with centre.database.write() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            master.product.insert(), [product(centre.founded, number) for number in range(100, 250)]
        )
        for name in ("product", "party", "account_balance"):
            connection.execute(text(f"UPDATE {name} SET stamp = {2**40}"))
    with dumped(centre, tmp_path) as load:
        loaded = load()
        assert life.look(loaded, home, centre.clock) != ""
        assert said(centre, loaded) == ["(other-database)"]
        turn_to(centre, till, loaded)
        till.drain()
        assert count(till.database, "SELECT count(*) FROM product") == 155
        with loaded.write() as connection:
            connection.execute(text("UPDATE product SET price = 4200 WHERE product_id = 100"))
        till.drain()
        assert count(till.database, "SELECT price FROM product WHERE product_id = 100") == 4200


def test_what_the_restored_centre_does_not_know_goes_from_the_tills(
    centre: Centre, till: Till, home: Path, tmp_path: Path
) -> None:
    """People, roles and prices are replaced, not merged; what was sold meanwhile is there once."""
    till.sell()
    till.drain()
    life.note(centre.database, home)
    with dumped(centre, tmp_path) as load:
        ghost = hire(centre.database, centre.org_id, "GHOST")
        with centre.database.write() as connection:
            connection.execute(text("UPDATE product SET price = 1 WHERE product_id = 1"))
            connection.execute(master.product.insert().values(**product(centre.founded, 6)))
            party_terms.put_contract_price(connection, centre.org_id, 1, 2, 150_00)
        till.sell(customer=1)
        till.drain()
        till.sell(customer=2)
        assert count(till.database, "SELECT count(*) FROM person WHERE code = 'GHOST'") == 1
        loaded = load()
        life.look(loaded, home, centre.clock)
        turn_to(centre, till, loaded)
        till.drain()
        for sql in (
            f"SELECT count(*) FROM person WHERE person_id = {ghost}",
            f"SELECT count(*) FROM person_role WHERE person_id = {ghost}",
            "SELECT count(*) FROM product WHERE product_id = 6",
            "SELECT count(*) FROM contract_rate",
        ):
            assert count(till.database, sql) == 0, sql
        assert count(till.database, "SELECT price FROM product WHERE product_id = 1") == 100_00
        for table in master.MASTER:
            sql = f"SELECT count(*) FROM {table.name}"
            assert count(till.database, sql) == count(loaded, sql), table.name
        gone = "SELECT count(*) FROM audit_log WHERE action = 'feed.mended' AND subject LIKE 'person %'"
        assert count(till.database, gone) == 1
        own = f"SELECT count(*) FROM document WHERE terminal_no = {till.who.terminal_no}"
        assert count(loaded, own) == 3
        assert drift(till.database) == drift(loaded) == []
        # Whoever comes next is not taken for the one whose number it was.
        assert hire(loaded, centre.org_id, "NEW") > ghost
        with loaded.write() as connection:
            made = enrolment.first_number(connection, 100)
        assert made == 100


def test_a_till_that_is_killed_between_has_no_ghost_in_the_end(centre: Centre, till: Till) -> None:
    till.drain()
    hired = hire(centre.database, centre.org_id, "GHOST")
    till.drain()
    with centre.database.write() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("person_role", "person"):
            connection.execute(text(f"DELETE FROM {table} WHERE person_id = {hired}"))
        enrolment.begin_epoch(connection)

    class Dead(BaseException):
        pass

    def die() -> None:
        raise Dead

    till.transport.meanwhile[PULL_PATH] = die
    with pytest.raises(Dead):
        till.drain()
    # Nobody is shut out while it is not known who has to go.
    assert count(till.database, "SELECT count(*) FROM person WHERE stamp = -1") > 1
    till.drain()
    assert count(till.database, "SELECT count(*) FROM person WHERE stamp <> 0") == 0
    assert count(till.database, f"SELECT count(*) FROM person WHERE person_id = {hired}") == 0


def test_a_position_above_the_next_transaction_is_not_passed_over(centre: Centre, till: Till) -> None:
    """The same epoch and an older database: what comes next would slip in below what the till has read."""
    till.drain()
    with till.database.write() as connection:
        connection.execute(text(f"UPDATE feed_cursor SET stamp = {2**40} WHERE kind = 'product'"))
        connection.execute(text("UPDATE product SET name = 'ghost', product_id = 77 WHERE product_id = 5"))
    with centre.database.write() as connection:
        connection.execute(text("UPDATE product SET price = 4200 WHERE product_id = 1"))
    with pytest.raises(StartAgain):
        till.daemon().step()
    till.drain()
    assert count(till.database, "SELECT price FROM product WHERE product_id = 1") == 4200
    assert count(till.database, "SELECT count(*) FROM product WHERE product_id = 77") == 0
    assert count(till.database, "SELECT count(*) FROM product") == 5


@pytest.mark.parametrize("name", ["", "abc", "abc-", "abc-x", "abc-1234567890", "abc-²"])
def test_an_epoch_of_before_is_the_first_life(name: str) -> None:
    assert enrolment.lives(name) == 0
