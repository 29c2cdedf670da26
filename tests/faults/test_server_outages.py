"""Postgres goes away under the server: nothing is half-written, the tills wait, and it goes on by itself."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.schema import schema
from sync.client.errors import ServerUnreachable
from sync.protocol.messages import HELLO_PATH, HelloAnswer, HelloRequest
from tests.faults import sync_process
from tests.faults.raw_client import until
from tests.support.worlds.sync_fixtures import Centre, Till, drift, waiting


def slow_commit(database: Database, seconds: float) -> None:
    """From now on the commit of every document takes so long inside Postgres."""
    with database.write() as connection:
        for statement in (
            "CREATE OR REPLACE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$",
            "DROP TRIGGER IF EXISTS linger ON document",
            "CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON document DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION linger()",
        ):
            connection.execute(text(statement))


def normal_commit(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("DROP TRIGGER linger ON document"))


def at_commit(database: Database) -> list[int]:
    """The backends that are inside the commit of a document, and linger there."""
    with database.read() as connection:
        return list(
            connection.scalars(
                text(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state = 'active' AND query = 'COMMIT' AND wait_event = 'PgSleep'"
                )
            )
        )


def in_background(work: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, caught


def test_the_backend_dies_between_the_rows_and_the_commit(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    till.drain()
    for _ in range(20):
        till.sell(customer=1)
    slow_commit(centre.database, 0.5)
    thread, caught = in_background(till.daemon().step)
    assert until(lambda: at_commit(centre.database))
    with centre.database.read() as connection:
        for pid in at_commit(centre.database):
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    thread.join()
    (error,) = caught
    assert isinstance(error, ServerUnreachable)
    assert error.code == "server-database-down"
    assert (centre.documents(), centre.quarantine(), waiting(till)) == ([], [], 20)
    assert drift(centre.database) == []
    normal_commit(centre.database)
    till.drain()
    assert (len(centre.documents()), centre.quarantine(), waiting(till)) == (20, [], 0)
    assert drift(centre.database) == drift(till.database) == []


def test_a_till_whose_batch_always_times_out_gets_through(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    other = centre.till(tmp_path / "other", server_url)
    till.drain()
    for _ in range(64):
        till.sell(customer=1)
    slow_commit(centre.database, 0.05)
    impatient = till.line(server_url, read_limit_s=1.0, answer_limit_s=1.0)
    daemon = till.daemon(impatient)
    # 64 documents take 3.2 s and it waits for 1 s: it sends less, or finds that the centre has them.
    failed = 0
    for _ in range(60):
        with contextlib.suppress(ServerUnreachable):
            daemon.step()
            break
        failed += 1
        # Meanwhile nobody else waits for it.
        start = time.monotonic()
        if failed == 2:
            other.sell()
            other.drain()
            assert time.monotonic() - start < 10
        time.sleep(0.2)
    impatient.close()
    normal_commit(centre.database)
    assert failed > 0
    assert waiting(till) == 0
    assert len(centre.documents(till.who.terminal_no)) == 64
    assert centre.quarantine() == []
    assert drift(centre.database) == []


@pytest.fixture
def hasty_url(centre: Centre, central_url: str) -> Iterator[str]:
    """The URL of a server whose requests wait five seconds for a lock, and not twenty."""
    with sync_process.serving(central_url, lock_s=5) as (url, _):
        yield url


def test_a_request_that_waits_for_a_lock_does_not_wait_for_ever(
    hasty_url: str, centre: Centre, tmp_path: Path
) -> None:
    server_url = hasty_url
    till = centre.till(tmp_path / "till", server_url)
    others = [centre.till(tmp_path / f"other{number}", server_url) for number in range(2)]
    till.drain()
    till.sell()
    with centre.database.engine.connect() as holder:
        holder.execute(text("SELECT set_config('app.whole', 'on', true)"))
        holder.execute(
            text("SELECT 1 FROM terminal WHERE terminal_no = :number FOR UPDATE"),
            {"number": till.who.terminal_no},
        )
        # Ten tries of the same till wait for its row; it may hold four places and no more.
        ways = [till.line(server_url) for _ in range(10)]
        hello = HelloRequest(last_seq=0, last_hash=b"")
        asked = [in_background(partial(way.call, HELLO_PATH, hello, HelloAnswer)) for way in ways]
        for other in others:
            other.sell()
            # Not `drain`: it waits a while for what the open transaction holds back.
            assert other.daemon().step().pushed == 1
        assert any(thread.is_alive() for thread, _ in asked)
        for thread, _ in asked:
            thread.join(40)
        errors = [caught[0] for _, caught in asked]
        codes = [error.code for error in errors if isinstance(error, ServerUnreachable)]
        assert (len(codes), codes.count("server-at-work-for-you")) == (len(errors), 6)
        holder.rollback()
    for way in ways:
        way.close()
    till.drain()
    assert len(centre.documents(till.who.terminal_no)) == 1


# --- Postgres that is killed, and that has no room -------------------------------------------------------


class Home:
    """A central home of its own with its server process, whose Postgres is mistreated."""

    def __init__(self, folder: Path, tills: Path) -> None:
        self.embedded = EmbeddedPostgres(folder / "postgres")
        self.embedded.start()
        self.database = open_postgres(self.embedded.url())
        schema.prepare_central(self.database)
        self.centre = Centre(self.database)
        self.process = sync_process.start("server", str(self.embedded.data_dir), "0", "1")
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.till: Till = self.centre.till(tills, self.url)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.centre.close()
        self.database.close()
        self.embedded.stop()


def drains_again(till: Till, url: str, limit_s: float = 200) -> None:
    assert until(lambda: sync_process.is_healthy(url), limit_s)
    till.drain()


def test_the_postmaster_is_killed_in_the_middle_of_a_commit(tmp_path: Path) -> None:
    home = Home(tmp_path / "centre", tmp_path / "till")
    try:
        home.till.drain()
        for _ in range(20):
            home.till.sell(customer=2)
        slow_commit(home.database, 0.3)
        thread, caught = in_background(home.till.daemon().step)
        assert until(lambda: at_commit(home.database))
        pid = home.embedded.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        thread.join()
        assert [type(error) for error in caught] == [ServerUnreachable]
        assert until(lambda: sync_process.is_healthy(home.url), 60)
        home.database.engine.dispose()
        assert (home.centre.documents(), waiting(home.till)) == ([], 20)
        normal_commit(home.database)
        drains_again(home.till, home.url)
        assert (len(home.centre.documents()), home.centre.quarantine()) == (20, [])
        assert drift(home.database) == drift(home.till.database) == []
        assert home.process.poll() is None
    finally:
        home.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 MB; skipped where a test may not mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system, and only on Linux")
    folder = Path("/tmp") / f"bohari-small-{os.getpid()}"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "bohari-small", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip(f"a small file system cannot be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def fill(disk: Path, leave_bytes: int) -> Path:
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - leave_bytes))
    return ballast


@pytest.mark.parametrize("leave_bytes", [1_000_000, 20_000])
def test_the_disk_under_postgres_is_full(small_disk: Path, tmp_path: Path, leave_bytes: int) -> None:
    home = Home(small_disk, tmp_path / "till")
    try:
        home.till.drain()
        home.till.sell(customer=1)
        home.till.drain()
        ballast = fill(small_disk, leave_bytes)
        sold, told = 1, ""
        # Until the disk is full: first the tables, in the end the log, and Postgres itself stops.
        for _ in range(12):
            for _ in range(250):
                home.till.sell(customer=1, products=(1, 2, 3, 4, 5))
            sold += 250
            try:
                home.till.daemon().step()
            except ServerUnreachable as error:
                told = error.sentence
                break
        else:
            pytest.fail("the disk never got full")
        assert told.endswith(".")
        assert waiting(home.till) > 0
        assert home.process.poll() is None
        ballast.unlink()
        drains_again(home.till, home.url, 90)
        home.database.engine.dispose()
        assert (len(home.centre.documents()), home.centre.quarantine()) == (sold, [])
        assert drift(home.database) == drift(home.till.database) == []
    finally:
        home.close()
