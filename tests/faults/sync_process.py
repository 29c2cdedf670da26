"""The server and the daemon as processes of their own, to be killed by tests.

`python -m tests.faults.sync_process server DATA_DIR PORT` and `... syncd TILL_FOLDER`.
"""

import subprocess
import sys
import threading
from pathlib import Path

from pos_app.store import terminal
from pos_app.store.embedded import EmbeddedPostgres
from pos_app.store.engine import open_postgres, open_sqlite
from sync.client.backoff import Backoff
from sync.client.daemon import Daemon
from sync.client.key import load
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from sync.server.run import serve
from tests.conftest import TILL_KEY
from tests.sync_fixtures import setting

ROOT = Path(__file__).parents[2]


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Start one of the two in a process; a server has printed its URL when `first_line` is read."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sync_process", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def start_server(data_dir: Path, port: int) -> "subprocess.Popen[str]":
    """A server that answers."""
    process = start("server", str(data_dir), str(port))
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    """End a process that may not clean up."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _server(data_dir: str, port: str) -> None:
    embedded = EmbeddedPostgres(Path(data_dir))
    database = open_postgres(embedded.start())
    serve(database, port=int(port), on_ready=lambda url: print(url, flush=True), embedded=embedded)  # noqa: T201


def _syncd(folder: str) -> None:
    database = open_sqlite(Path(folder) / "till.db", TILL_KEY)
    with database.read() as connection:
        who = terminal.load(connection)
    transport = HttpTransport(
        setting(database, "server_url"),
        load(Path(folder) / "terminal.key"),
        terminal_id(who.org_id, who.terminal_no),
    )
    backoff = Backoff(first_s=0.05, longest_s=0.5)
    Daemon(database, who, transport, backoff=backoff, pull_every_s=0.2).run(threading.Event())


if __name__ == "__main__":
    if sys.argv[1] == "server":
        _server(*sys.argv[2:])
    else:
        _syncd(*sys.argv[2:])
