"""What a thread keeps of connections: one for one transaction at a time, and nothing of another's."""

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.kept import MOST_KEPT

KEY = bytes(32)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_sqlite(tmp_path / "kept.db", KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (words TEXT)")
    yield database
    database.close()


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM thing").scalar_one())


def put(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO thing VALUES ('x')")


def fail(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO thing VALUES ('x')")
    raise RuntimeError("the block ends")


def test_a_read_inside_a_write_sees_what_was_before(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO thing VALUES ('x')")
        assert count(database) == 0
    assert count(database) == 1


def test_what_failed_leaves_nothing_open(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        fail(connection)
    assert count(database) == 0
    put(database)
    assert count(database) == 1


def test_what_stands_outside_a_transaction_begins_none_for_the_next(database: Database) -> None:
    with database.connection() as connection:
        connection.exec_driver_sql("INSERT INTO thing VALUES ('x')")
    with database.connection() as connection:
        assert not connection.in_transaction()
    put(database)
    assert count(database) == 2


def test_more_threads_than_connections_are_kept_go_by_the_pool(database: Database) -> None:
    threads = 4 * MOST_KEPT
    together = threading.Barrier(threads)

    def work(_: int) -> None:
        together.wait()
        for _ in range(5):
            put(database)
            count(database)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    assert count(database) == threads * 5


def test_threads_that_ended_leave_room_for_others(database: Database) -> None:
    for _ in range(10 * MOST_KEPT):
        thread = threading.Thread(target=put, args=(database,))
        thread.start()
        thread.join()
    gc.collect()
    assert count(database) == 10 * MOST_KEPT
    assert database.engine.pool.checkedout() <= MOST_KEPT  # type: ignore[attr-defined]


def test_a_closed_database_holds_no_file(database: Database) -> None:
    """Windows neither moves nor removes a file that is open."""
    kept: list[int] = []
    done, stay = threading.Event(), threading.Event()

    def work() -> None:
        kept.append(count(database))
        done.set()
        stay.wait()

    thread = threading.Thread(target=work)
    thread.start()
    done.wait()
    database.close()
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert count(database) == 0
    stay.set()
    thread.join()
