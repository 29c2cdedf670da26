"""`bohari syncd`: the daemon that keeps a till and its centre in step, and the line that it uses."""

import contextlib
import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused
from pos_app.store.documents import identity, terminal
from pos_app.store.documents import settings as facts
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import own_keys, signing
from pos_app.store.engine.engine import Database
from pos_app.store.engine.sole import DAEMON, sole
from pos_app.store.upkeep import start_check
from pos_app.store.upkeep.comparison import Difference
from pos_app.store.upkeep.night_check import NightCheck
from pos_app.store.upkeep.reconciliation import TILL_KEYS_EVERY, TILL_LINES_EVERY, Reconciliation
from sync.client.compare import Compare
from sync.client.daemon import Daemon
from sync.client.known_centre import KnownCentre
from sync.client.news import News
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from sync.server.webhook import Webhook
from sync.upkeep import Upkeep

app: Final = noun()

INSECURE_HELP: Final = "Plain http beyond this machine, from now on; the status says so."
COMPARE_HELP: Final = "Once, and every row that the centre sent held against what it has; implies --once."
_NICENESS: Final = 5
#: The copy of the authority's certificate in a till's home.
AUTHORITY: Final = "server-ca.pem"


@command(
    app,
    "syncd",
    TOLD_HOME,
    open_to_all("It carries sealed documents and shows none."),
)
def syncd(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="Until both sides agree, then exit.")] = False,
    *,
    insecure: Annotated[bool, typer.Option("--insecure", help=INSECURE_HELP)] = False,
    compare: Annotated[bool, typer.Option("--compare", help=COMPARE_HELP)] = False,
) -> Answer:
    """Keep a till and the centre in step; one daemon on a home does."""
    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    if insecure:
        settings.write(call.home, insecure=1)
    with sole(call.home, DAEMON):
        return _in_step(call.home, once=once or compare, compare=compare)


def _in_step(home: Path, *, once: bool, compare: bool) -> Answer:
    if not once:
        _step_back()
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            one = terminal.load(connection)
        start_check.check_seals(database)
        with database.write() as connection:
            identity.check(connection)
        database.damage.is_sender = True
        if once:
            drain(database, home, one)
            found = compared(database, home, one) if compare else []
            with database.read() as connection:
                sync = terminal.sync_state(connection, one)
            return _agreed(sync, found)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with (
            line(database, home, one) as transport,
            contextlib.closing(News(transport.another())) as news,
            _verified(database, home, one, stop),
            bootstrap.keeping_medium(database, home),
            bootstrap.keeping_backups(database, home),
        ):
            Daemon(
                database,
                one,
                transport,
                clock=SystemClock(),
                upkeep=_till_upkeep(database, home, one),
                compare=Compare(database, one, transport, SystemClock()),
                news=news,
            ).run(stop)
    finally:
        database.close()
    return Answer({}, ["Stopped."])


def _step_back() -> None:
    """Whoever scans goes first: what the centre sends in bulk is written beside the till's own work."""
    if sys.platform != "win32":
        # The threads that are begun from here on are as nice.
        os.nice(_NICENESS)


def _agreed(sync: terminal.SyncState, differences: list[Difference]) -> Answer:
    values = {
        "waiting": sync.waiting,
        "quarantined": sync.quarantined,
        "differed": [{"kind": one.kind, "key": one.key} for one in differences],
    }
    lines = [f"Both sides agree; {sync.quarantined} documents in quarantine."]
    lines += [
        f"{one.kind} {one.key} stood otherwise here than at the centre; put back." for one in differences
    ]
    return Answer(values, lines, not differences)


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


@contextlib.contextmanager
def _verified(database: Database, home: Path, terminal: Terminal, stop: threading.Event) -> Iterator[None]:
    """All of the till verified every night while the block lasts, in a thread that steps back."""
    chosen = settings.load(home)
    alert = Webhook(chosen.alert_webhook)
    night = NightCheck(
        database,
        SystemClock(),
        hour=chosen.verify_hour,
        own_terminal_no=terminal.terminal_no,
        tell=alert.post,
    )
    upkeep = Upkeep(night, chosen.verify_ms, name="verification", steps_back=True)
    thread = threading.Thread(target=upkeep.run, args=(stop,), name="verification", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        alert.close()


def drain(
    database: Database, home: Path, terminal: Terminal, heard: Callable[[int], object] | None = None
) -> None:
    """Until both sides agree; `heard` is told how many rows of the feed came so far.

    Raises `Unavailable` when the centre does not answer.
    """
    with line(database, home, terminal) as transport:
        Daemon(database, terminal, transport, clock=SystemClock(), heard=heard).drain()


def compared(database: Database, home: Path, terminal: Terminal) -> list[Difference]:
    """Everything that the centre sent, held against what it sends now; what differed is put back."""
    with line(database, home, terminal) as transport:
        return Compare(database, terminal, transport, SystemClock(), at_once=True).whole()


@contextlib.contextmanager
def line(database: Database, home: Path, terminal: Terminal) -> Iterator[HttpTransport]:
    """The line to the centre that this till enrolled at."""
    with database.read() as connection:
        url = facts.get(connection, "server_url")
    if not url:
        raise Refused("server-unknown")
    transport = HttpTransport(
        url,
        key_of(database, home),
        terminal_id(terminal.org_id, terminal.terminal_no),
        KnownCentre(database),
        ca_file=authority(home),
        insecure=bool(settings.load(home).insecure),
    )
    try:
        yield transport
    finally:
        transport.close()


def key_of(database: Database, home: Path) -> Callable[[], Ed25519PrivateKey]:
    """What gives the terminal's present key: one may follow another while the daemon speaks."""
    signer = signing.of(database.engine)
    return functools.partial(own_keys.load, home) if signer is None else signer.private_key


def authority(home: Path) -> Path | None:
    """The authority whose certificates alone this till takes; None for the well-known ones."""
    named = settings.load(home).server_ca
    return home / named if named else None
