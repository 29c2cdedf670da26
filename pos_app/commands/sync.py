"""`bohari server`, `enrol-code`, `enrol` and `syncd`: the two ends of the line."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app import bootstrap, settings
from pos_app.commands.answer import Answer
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store import enrolment, organisations, terminal
from pos_app.store import settings as facts
from pos_app.store.engine import Database
from pos_app.store.terminal import Terminal

if TYPE_CHECKING:
    from sync.client.transport import HttpTransport


def serve(home: Path, port: int | None, host: str | None, on_ready: Callable[[str], None]) -> None:
    """Run the central server until SIGTERM; `on_ready` gets its URL once it answers."""
    from sync.server.run import serve as run

    chosen = settings.load(home, port=port, host=host)
    with bootstrap.central(home) as centre:
        centre.organisation()
        run(centre.database, chosen.host, chosen.port, on_ready, embedded=centre.embedded)


def enrol_code(home: Path, depot: str) -> Answer:
    """A one-time code for one till."""
    with bootstrap.central(home) as centre:
        org_id = centre.organisation().org_id
        with centre.database.read() as connection:
            depot = depot or organisations.default_depot(connection, org_id)
        code = enrolment.new_code(centre.database, org_id, depot, centre.clock)
    return Answer(
        {"code": code, "depot": depot},
        [code, f"Enrols one till at {depot}, once, within 24 hours."],
    )


def enrol(home: Path, server: str, code: str) -> Answer:
    """Make this home a terminal of the centre, and fetch what it needs to sell."""
    from sync.client.enrol import enrol as run

    database = bootstrap.make_till_database(home)
    try:
        one = run(database, home / bootstrap.TERMINAL_KEY, server, code)
        said, trouble = "prices and people have come.", ""
        try:
            _drain(database, home, one)
        except BohariError as error:
            # The till is enrolled all the same: its daemon fetches the rest.
            trouble = error.sentence
            said = f"its prices and people have not come yet: {trouble}"
    finally:
        database.close()
    return Answer(
        {
            "terminal": one.terminal_no,
            "depot_id": one.depot_id,
            "drawer_id": one.drawer_id,
            "trouble": trouble,
        },
        [f"This is till {one.terminal_no} now; {said}"],
    )


def syncd(home: Path, *, once: bool) -> Answer:
    """Keep a till and the centre in step; with `once`, until both sides agree."""
    from sync.client.daemon import Daemon

    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            one = terminal.load(connection)
        if once:
            _drain(database, home, one)
            with database.read() as connection:
                sync = terminal.sync_state(connection, one)
            values = {"waiting": sync.waiting, "quarantined": sync.quarantined}
            return Answer(values, [f"Both sides agree; {sync.quarantined} documents in quarantine."])
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with _transport(database, home, one) as transport:
            Daemon(database, one, transport, clock=SystemClock()).run(stop)
    finally:
        database.close()
    return Answer({}, ["Stopped."])


def _drain(database: Database, home: Path, one: Terminal) -> None:
    from sync.client.daemon import Daemon

    with _transport(database, home, one) as transport:
        Daemon(database, one, transport, clock=SystemClock()).drain()


@contextlib.contextmanager
def _transport(database: Database, home: Path, one: Terminal) -> "Iterator[HttpTransport]":
    """The line to the centre that this till enrolled at."""
    from sync.client.key import load
    from sync.client.transport import HttpTransport
    from sync.protocol.signature import terminal_id

    with database.read() as connection:
        url = facts.get(connection, "server_url")
    if not url:
        raise Refused("This till does not know its server; run “bohari enrol” first.")
    key = load(home / bootstrap.TERMINAL_KEY)
    transport = HttpTransport(url, key, terminal_id(one.org_id, one.terminal_no))
    try:
        yield transport
    finally:
        transport.close()
