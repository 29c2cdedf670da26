"""`bohari syncd`: the daemon that keeps a till and its centre in step, and the line that it uses."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused
from pos_app.store.documents import settings as facts
from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.upkeep.reconciliation import TILL_KEYS_EVERY, TILL_LINES_EVERY, Reconciliation
from sync.client.daemon import Daemon
from sync.client.key import load
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from sync.upkeep import Upkeep

app: Final = noun()

#: The copy of the authority's certificate in a till's home.
AUTHORITY: Final = "server-ca.pem"


@command(app, "syncd", TOLD_HOME)
def syncd(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="Until both sides agree, then exit.")] = False,
) -> Answer:
    """Keep a till and the centre in step."""
    home = call.home
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            one = terminal.load(connection)
        if once:
            drain(database, home, one)
            with database.read() as connection:
                sync = terminal.sync_state(connection, one)
            values = {"waiting": sync.waiting, "quarantined": sync.quarantined}
            return Answer(values, [f"Both sides agree; {sync.quarantined} documents in quarantine."])
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with _transport(database, home, one) as transport:
            Daemon(
                database, one, transport, clock=SystemClock(), upkeep=_till_upkeep(database, home, one)
            ).run(stop)
    finally:
        database.close()
    return Answer({}, ["Stopped."])


def _till_upkeep(database: Database, home: Path, terminal: Terminal) -> Upkeep:
    """The till's own balances checked when its daemon has nothing to do, at a tenth of the centre's pace."""
    walks = Reconciliation(
        database,
        SystemClock(),
        terminal_no=terminal.terminal_no,
        keys_every=TILL_KEYS_EVERY,
        lines_every=TILL_LINES_EVERY,
    )
    return Upkeep(walks, settings.load(home).reconcile_ms // 10)


def drain(database: Database, home: Path, terminal: Terminal) -> None:
    """Until both sides agree.  Raises `Unavailable` when the centre does not answer."""
    with _transport(database, home, terminal) as transport:
        Daemon(database, terminal, transport, clock=SystemClock()).drain()


@contextlib.contextmanager
def _transport(database: Database, home: Path, terminal: Terminal) -> Iterator[HttpTransport]:
    """The line to the centre that this till enrolled at."""
    with database.read() as connection:
        url = facts.get(connection, "server_url")
    if not url:
        raise Refused("server-unknown")
    key = load(home / bootstrap.TERMINAL_KEY)
    transport = HttpTransport(
        url, key, terminal_id(terminal.org_id, terminal.terminal_no), ca_file=authority(home)
    )
    try:
        yield transport
    finally:
        transport.close()


def authority(home: Path) -> Path | None:
    """The authority whose certificates alone this till takes; None for the well-known ones."""
    named = settings.load(home).server_ca
    return home / named if named else None
