"""The server and the daemon as processes of their own, to be killed by tests.

`python -m tests.faults.sync_process server DATA_DIR PORT [WORKERS]`, with an embedded Postgres that
it watches over; `... serve DATABASE_URL CLOCK_FILE LOCK_S`, over any Postgres, with a clock that is wrong
by the seconds in a file (or none) and a limit to waiting for locks; and `... syncd TILL_FOLDER`.
"""

import contextlib
import functools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from pos_app.ledger.clock import Running, SystemClock
from pos_app.store.documents import terminal
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres, open_sqlite
from pos_app.store.engine.terminal_key import load
from sync.client.backoff import Backoff
from sync.client.daemon import Daemon
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from sync.server import run
from sync.server.run import serve
from sync.server.workers import Workers
from tests.conftest import TILL_KEY
from tests.support.worlds.sync_fixtures import setting

ROOT = Path(__file__).parents[2]


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Start one of the two in a process; a server has printed its URL when `first_line` is read."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sync_process", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def start_server(data_dir: Path, port: int, workers: int = 1) -> "subprocess.Popen[str]":
    """A server that answers, with its Postgres."""
    process = start("server", str(data_dir), str(port), str(workers))
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    return process


@contextlib.contextmanager
def serving(
    database_url: str, *, clock_file: Path | None = None, lock_s: float = run.LOCK_LIMIT_S
) -> Iterator[tuple[str, int]]:
    """A server of its own process over a Postgres of somebody else; gives its URL and process id.

    `lock_s` is how long a request of it waits for a lock.
    """
    process = start("serve", database_url, "" if clock_file is None else str(clock_file), str(lock_s))
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    try:
        assert url.startswith("http://")
        yield url, process.pid
        assert process.poll() is None, "the server ended by itself"
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def kill(process: "subprocess.Popen[str]") -> None:
    """End a process that may not clean up."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _say(url: str) -> None:
    print(url, flush=True)  # noqa: T201 - whoever started us reads it


def _server(data_dir: str, port: str, workers: str) -> None:
    embedded = EmbeddedPostgres(Path(data_dir))
    database = open_postgres(embedded.start())
    if workers == "1":
        serve(database, port=int(port), on_ready=_say, embedded=embedded)
        return
    database.close()
    opened = functools.partial(open_postgres, embedded.url(), pool_size=10, overflow=0)
    Workers(opened, int(workers), port=int(port), places=8, embedded=embedded, on_ready=_say).run()


class _WrongClock:
    """The system's clock, wrong by as many seconds as stand in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def running(self) -> Running:
        return SystemClock().running()

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=float(self._file.read_text()))


def _serve(database_url: str, clock_file: str, lock_s: str) -> None:
    run.LOCK_LIMIT_S = float(lock_s)  # type: ignore[misc]
    clock = _WrongClock(Path(clock_file)) if clock_file else None
    serve(open_postgres(database_url), on_ready=_say, clock=clock)


def _syncd(folder: str) -> None:
    database = open_sqlite(Path(folder) / "till.db", TILL_KEY)
    with database.read() as connection:
        who = terminal.load(connection)
    transport = HttpTransport(
        setting(database, "server_url"),
        load(Path(folder) / "terminal.key"),
        terminal_id(who.org_id, who.terminal_no),
        KnownCentre(database),
    )
    backoff = Backoff(first_s=0.05, longest_s=0.5)
    Daemon(database, who, transport, backoff=backoff, pull_every_s=0.2).run(threading.Event())


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"server": _server, "serve": _serve, "syncd": _syncd}
    parts[sys.argv[1]](*sys.argv[2:])


def is_healthy(url: str, limit_s: float = 2.0) -> bool:
    """Whether a server answers there and its database too."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}/v1/health", timeout=limit_s, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == 200
