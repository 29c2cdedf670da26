"""The embedded Postgres: made once, found again after kills, stopped by its own record."""

import os
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pos_app.store.engine.embedded import KEY_FILE, EmbeddedPostgres
from tests.support.refused import damaged, unavailable


@pytest.fixture
def home() -> Iterator[Path]:
    # Not among pytest's own folders: every session that starts makes those private again, and then
    # the system user that Postgres runs as under root reaches its data no more.
    folder = Path(tempfile.mkdtemp(prefix="bohari-test-"))
    yield folder
    EmbeddedPostgres(folder / "postgres").stop()
    shutil.rmtree(folder, ignore_errors=True)


def kill(embedded: EmbeddedPostgres) -> None:
    pid = embedded.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while embedded.is_running() and time.monotonic() < deadline:
        time.sleep(0.01)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_second_process_finds_it_running(home: Path) -> None:
    first = EmbeddedPostgres(home / "postgres")
    url = first.start()
    second = EmbeddedPostgres(home / "postgres")
    assert second.start() == url
    assert second.pid() == first.pid()
    assert (first.started_here, second.started_here) == (True, False)
    second.stop()
    assert not first.is_running()
    first.stop()


def test_it_listens_to_nobody_outside_and_keeps_what_it_commits(home: Path) -> None:
    url = EmbeddedPostgres(home / "postgres").start()
    assert ask(url, "SHOW listen_addresses") == ""
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert ask(url, f"SHOW {setting}") == "on", setting
    # A process that hangs inside a transaction holds back what every till may read.
    assert ask(url, "SHOW idle_in_transaction_session_timeout") == "2min"
    assert ask(url, "SELECT current_database()") == "bohari"
    assert (home / "postgres").stat().st_mode & 0o077 == 0


def test_it_comes_back_at_once_after_a_kill(home: Path) -> None:
    embedded = EmbeddedPostgres(home / "postgres")
    url = embedded.start()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    kill(embedded)
    assert (embedded.data_dir / "postmaster.pid").exists()
    assert embedded.start() == url
    assert ask(url, "SELECT n FROM kept") == 7


def test_a_stale_record_with_a_number_in_use_is_no_server(home: Path) -> None:
    embedded = EmbeddedPostgres(home / "postgres")
    embedded.start()
    record = (embedded.data_dir / "postmaster.pid").read_text().splitlines()
    embedded.stop()
    (embedded.data_dir / "postmaster.pid").write_text("\n".join([str(os.getpid()), *record[1:]]) + "\n")
    assert not embedded.is_running()
    assert ask(embedded.start(), "SELECT 1") == 1


def test_a_kill_while_it_was_made_leaves_no_half(home: Path) -> None:
    half = home / "postgres.making"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert ask(EmbeddedPostgres(home / "postgres").start(), "SELECT 1") == 1
    assert not half.exists()


def test_a_long_and_odd_path_will_do(home: Path) -> None:
    deep = home / ("a folder of O'Neill, " * 5) / ("deep" * 20)
    embedded = EmbeddedPostgres(deep / "postgres")
    try:
        assert ask(embedded.start(), "SELECT 1") == 1
    finally:
        embedded.stop()


def test_the_watch_starts_it_again(home: Path) -> None:
    embedded = EmbeddedPostgres(home / "postgres")
    url = embedded.start()
    stop = threading.Event()
    watcher = threading.Thread(target=embedded.watch, args=(stop, 0.05))
    watcher.start()
    try:
        kill(embedded)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                assert ask(url, "SELECT 1") == 1
                break
            except psycopg.OperationalError:
                time.sleep(0.05)
        else:
            pytest.fail("it did not come back")
    finally:
        stop.set()
        watcher.join()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="as root another user runs it")
def test_it_is_made_although_a_folder_above_is_closed_while_it_is_made(home: Path) -> None:
    above = home / "above"
    above.mkdir()
    embedded = EmbeddedPostgres(above / "postgres")
    closed = threading.Event()

    def close_it_half_way() -> None:
        making = above / "postgres.making"
        end = time.monotonic() + 20
        while time.monotonic() < end and not (making / "base").exists():
            time.sleep(0.001)
        above.chmod(0o700)
        closed.set()

    closing = threading.Thread(target=close_it_half_way)
    closing.start()
    try:
        assert ask(embedded.start(), "SELECT 1") == 1
        assert closed.is_set()
    finally:
        closing.join()
        embedded.stop()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="as root another user runs it")
def test_it_starts_although_a_folder_above_is_closed_while_it_starts(home: Path) -> None:
    above = home / "above"
    above.mkdir()
    embedded = EmbeddedPostgres(above / "postgres")
    embedded.start()
    kill(embedded)
    opened = threading.Event()

    def close_it_again_and_again() -> None:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            if above.stat().st_mode & 0o001:
                opened.set()
                above.chmod(0o700)
            time.sleep(0.001)

    closing = threading.Thread(target=close_it_again_and_again)
    closing.start()
    try:
        assert ask(embedded.start(), "SELECT 1") == 1
        assert opened.is_set()
    finally:
        closing.join()
        embedded.stop()


# --- who may come in ------------------------------------------------------------------------------------


def test_nobody_comes_in_without_the_password_of_the_home(home: Path) -> None:
    url = EmbeddedPostgres(home / "postgres").start()
    kept = home / KEY_FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    password = kept.read_text().strip()
    assert password in url
    for other in (url.replace(f":{password}@", "@"), url.replace(password, "0" * len(password))):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(other)
    assert list(home.glob("*.key*.making")) == list(home.glob("postgres.making*")) == []


def test_a_server_that_trusted_everybody_is_shut_when_it_is_started(home: Path) -> None:
    """As a version of before made it: with everything let in, and no password."""
    embedded = EmbeddedPostgres(home / "postgres")
    url = embedded.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (one integer)")
        connection.execute("ALTER ROLE postgres PASSWORD NULL")
    embedded.stop()
    (home / "postgres" / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 trust\n")
    (home / KEY_FILE).unlink()
    shut = EmbeddedPostgres(home / "postgres")
    url = shut.start()
    assert ask(url, "SELECT count(*) FROM kept") == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url.replace(f":{(home / KEY_FILE).read_text().strip()}@", "@"))
    assert shut.start() == url


def test_a_lost_or_damaged_password_is_said(home: Path) -> None:
    embedded = EmbeddedPostgres(home / "postgres")
    embedded.start()
    kept = (home / KEY_FILE).read_bytes()
    (home / KEY_FILE).unlink()
    with unavailable("postgres-key-missing"):
        embedded.start()
    for content in (b"", b"short\n", b"\xff" * 64, b"';--" * 16):
        (home / KEY_FILE).write_bytes(content)
        with damaged("postgres-key-unreadable"):
            embedded.start()
    (home / KEY_FILE).write_bytes(kept)
    embedded.start()
