"""`bohari server`, `enrol-code`, `enrol` and `syncd`: the two ends of the line."""

import contextlib
import functools
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import BohariError, Refused
from pos_app.log import events
from pos_app.log import setting_up as log
from pos_app.store.documents import settings as facts
from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import capacity
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment, organisations

if TYPE_CHECKING:
    from sync.client.transport import HttpTransport
    from sync.upkeep import Upkeep


#: Milliseconds of each minute for the valuation of stock: a tenth of a core, while anything waits.
_VALUE_MS: Final = 6_000
#: The copy of the authority's certificate in a till's home.
_AUTHORITY: Final = "server-ca.pem"


def serve(
    home: Path, port: int | None, host: str | None, on_ready: Callable[[str], None], *, workers: int = 1
) -> None:
    """Run the central server until SIGTERM; `on_ready` gets its URL once it answers.

    With several `workers` so many processes answer on the port, and this one looks after them.
    """
    from sync.server.run import serve as run
    from sync.server.tls import chosen as chosen_tls

    chosen = settings.load(home, port=port, host=host)
    tls = chosen_tls(chosen.tls_certificate, chosen.tls_key)
    with bootstrap.central(home) as centre:
        if not centre.has_organisations():
            raise Refused(f"There is no organisation in {home}; make one with “bohari init”.")
        log.also_to_standard_error()

        def ready(url: str) -> None:
            events.SERVING.log(url=url, workers=workers)
            on_ready(url)

        with _kept_up(centre, chosen):
            if workers > 1:
                _serve_with_workers(centre, home, chosen, workers, ready)
                return
            run(
                centre.database,
                chosen.host,
                chosen.port,
                ready,
                embedded=centre.embedded,
                metrics_token=chosen.metrics_token,
                tls=tls,
            )


@contextlib.contextmanager
def _kept_up(centre: bootstrap.Central, chosen: settings.Settings) -> Iterator[None]:
    """All balances checked and all stock valued in the background, by this process alone, while the block
    lasts.
    """
    from pos_app.store.stock.valuation_rounds import ValuationRounds
    from pos_app.store.upkeep.reconciliation import Reconciliation
    from sync.server.webhook import Webhook
    from sync.upkeep import Upkeep

    stop, alert = threading.Event(), Webhook(chosen.alert_webhook)
    walks = Reconciliation(centre.database, centre.clock, terminal_no=SERVER_TERMINAL_NO, alert=alert)
    every_s = chosen.value_stock_every_s
    rounds = ValuationRounds(centre.database, centre.clock, every_s=every_s)
    upkeeps = {
        "reconciliation": Upkeep(walks, chosen.reconcile_ms),
        "valuation": Upkeep(rounds, _VALUE_MS if every_s > 0 else 0, name="valuation"),
    }
    threads = [
        threading.Thread(target=one.run, args=(stop,), name=name, daemon=True)
        for name, one in upkeeps.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        alert.close()


def _serve_with_workers(
    centre: bootstrap.Central,
    home: Path,
    chosen: settings.Settings,
    workers: int,
    on_ready: Callable[[str], None],
) -> None:
    from sync.server.admission import MOST_AT_WORK
    from sync.server.tls import chosen as chosen_tls
    from sync.server.workers import SPARE_CONNECTIONS, Workers

    connections = capacity.connections_each(centre.database, workers, MOST_AT_WORK + SPARE_CONNECTIONS)
    Workers(
        functools.partial(bootstrap.worker_database, home, centre.url, connections),
        workers,
        host=chosen.host,
        port=chosen.port,
        places=max(1, connections - SPARE_CONNECTIONS),
        embedded=centre.embedded,
        on_ready=on_ready,
        metrics_token=chosen.metrics_token,
        tls=chosen_tls(chosen.tls_certificate, chosen.tls_key),
    ).run()


def enrol_code(home: Path, depot: str) -> Answer:
    """A one-time code for one till."""
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        database, org_id = centre.for_org(organisation), organisation.org_id
        with database.read() as connection:
            depot = depot or organisations.default_depot(connection, org_id)
        code = enrolment.new_code(database, org_id, depot, centre.clock)
    return Answer(
        {"code": code, "depot": depot},
        [code, f"Enrols one till at {depot}, once, within 24 hours."],
    )


def enrol(home: Path, server: str, code: str, ca: Path | None = None) -> Answer:
    """Make this home a terminal of the centre, and fetch what it needs to sell.

    `ca` is a PEM file of the authority that signed the server's certificate; the home keeps a copy.
    """
    from sync.client.enrol import enrol as run
    from sync.client.transport import HttpTransport

    database = bootstrap.make_till_database(home)
    try:
        if ca is not None:
            _keep_authority(home, ca)
        connect = functools.partial(HttpTransport, ca_file=_authority(home))
        one = run(database, home / bootstrap.TERMINAL_KEY, server, code, connect=connect)
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


def _keep_authority(home: Path, ca: Path) -> None:
    try:
        (home / _AUTHORITY).write_bytes(ca.read_bytes())
    except OSError as error:
        raise Refused(f"{ca} cannot be read: {error.strerror}.") from error
    settings.write(home, server_ca=_AUTHORITY)


def _authority(home: Path) -> Path | None:
    """The authority whose certificates alone this till takes; None for the well-known ones."""
    named = settings.load(home).server_ca
    return home / named if named else None


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
            Daemon(
                database, one, transport, clock=SystemClock(), upkeep=_till_upkeep(database, home, one)
            ).run(stop)
    finally:
        database.close()
    return Answer({}, ["Stopped."])


def _till_upkeep(database: Database, home: Path, one: Terminal) -> "Upkeep":
    """The till's own balances checked when its daemon has nothing to do, at a tenth of the centre's pace."""
    from pos_app.store.upkeep.reconciliation import TILL_KEYS_EVERY, TILL_LINES_EVERY, Reconciliation
    from sync.upkeep import Upkeep

    walks = Reconciliation(
        database,
        SystemClock(),
        terminal_no=one.terminal_no,
        keys_every=TILL_KEYS_EVERY,
        lines_every=TILL_LINES_EVERY,
    )
    return Upkeep(walks, settings.load(home).reconcile_ms // 10)


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
    transport = HttpTransport(url, key, terminal_id(one.org_id, one.terminal_no), ca_file=_authority(home))
    try:
        yield transport
    finally:
        transport.close()
