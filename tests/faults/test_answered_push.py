"""What the centre has answered for is on its disk: Postgres dies right after an answer, the mark stands."""

import os
import signal
import time
from pathlib import Path

import psycopg

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.schema import schema
from tests.support.worlds.sync_fixtures import Centre


def test_a_mark_that_was_answered_outlives_postgres(tmp_path: Path) -> None:
    embedded = EmbeddedPostgres(tmp_path / "postgres")
    url = embedded.start()
    try:
        # Whatever is committed without waiting for the disk stays in memory now, and dies with it.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            connection.execute("SELECT pg_reload_conf()")
        database = open_postgres(url)
        schema.prepare_central(database)
        centre = Centre(database)
        till = centre.till(tmp_path / "till")
        for round_ in range(1, 4):
            till.sell()
            till.drain()
            _kill(embedded)
            database.engine.dispose()
            assert embedded.start() == url
            assert centre.mark(till.who.terminal_no) == round_
            assert len(centre.documents()) == round_
        centre.close()
        database.close()
    finally:
        embedded.stop()


def _kill(embedded: EmbeddedPostgres) -> None:
    """Postgres and all of its processes, at once."""
    pid = embedded.pid()
    assert pid is not None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (pid, *map(int, children)):
        os.kill(one, signal.SIGKILL)
    ends = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists() and embedded.is_running() and time.monotonic() < ends:
        time.sleep(0.05)
