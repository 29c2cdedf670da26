"""`bohari server`: the central server, with its background checks."""

import contextlib
import functools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer
from sqlalchemy import Connection
from starlette.types import ASGIApp

from pos_app import bootstrap, settings
from pos_app.cli import first_start
from pos_app.cli.answer import out
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.deciding import Decider
from pos_app.cli.first_start import FirstStart
from pos_app.cli.needs import open_to_all
from pos_app.files.uploads import Uploads
from pos_app.language import web_text
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.log import setting_up as log
from pos_app.office.api_door import ApiDoor
from pos_app.office.front_door import FrontDoor
from pos_app.store.backups import state
from pos_app.store.backups.place import Place
from pos_app.store.engine import capacity
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.payments import accounts, addresses
from pos_app.store.stock.valuation_rounds import ValuationRounds
from pos_app.store.upkeep import life, start_check
from pos_app.store.upkeep.night_check import NightCheck
from pos_app.store.upkeep.reconciliation import Reconciliation
from pos_app.web import application as office
from pos_app.web import site
from pos_app.web.api import application as api
from sync.protocol import fingerprint, plain_http
from sync.server import payment_door, payment_sender, server_key
from sync.server.admission import MOST_AT_WORK
from sync.server.feed_alert import FeedAlert
from sync.server.fiscal_worker import FiscalWorker
from sync.server.flag_alerts import FlagAlerts
from sync.server.hook_sender import Choices, HookSender
from sync.server.message_gateway import gateways_of
from sync.server.message_sender import MessageSender
from sync.server.payment_sender import PaymentSender
from sync.server.run import serve as run
from sync.server.server_key import ServerKeys
from sync.server.subdomain import Subdomains
from sync.server.tls import chosen as chosen_tls
from sync.server.webhook import Webhook
from sync.server.workers import SPARE_CONNECTIONS, Workers
from sync.upkeep import Upkeep

app: Final = noun()

#: Milliseconds of each minute for the valuation of stock: a tenth of a core, while anything waits.
_VALUE_MS: Final = 6_000
#: Milliseconds of each minute for telling what was flagged.
_FLAG_MS: Final = 600
#: Milliseconds of each minute for messages to customers, and how often they are looked for.
_MESSAGE_MS: Final = 6_000
_MESSAGE_EVERY_S: Final = 5.0
#: The backups: the log as often as this, behind by as much; while a whole copy is made, as long as it takes.
_BACKUP_MS: Final = 60_000
_BACKUP_EVERY_S: Final = 10.0
#: What providers of payments are asked: it waits for their answers and works hardly at all.
_PAYMENTS_MS: Final = 60_000
#: And for a look at the files that people sent.
_UPLOADS_MS: Final = 100
#: And for the note that tells a restored database from the one that was served.
_NOTE_MS: Final = 600


@command(
    app,
    "server",
    TOLD_HOME,
    open_to_all("It serves tills, which sign each request."),
)
def server(
    call: Call,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 picks a free one.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; one for each core.")] = 1,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Plain http beyond this machine; the status says so.")
    ] = False,
) -> None:
    """Run the central server until SIGTERM."""
    # With several workers so many processes answer on the port, and this one looks after them.
    home = first_start.prepared(call.home)
    chosen = settings.load(home, port=port, host=host)
    site.domain_of(chosen.public_address)
    tls = chosen_tls(chosen.tls_certificate, chosen.tls_key)
    if tls is None and not (insecure or chosen.insecure or plain_http.is_loopback(chosen.host)):
        raise Refused("plain-http-served-beyond-machine", host=chosen.host)

    def ready(url: str) -> None:
        settings.write(home, serving=url)
        events.SERVING.log(url=url, workers=workers)
        told = first.told(url) if first is not None else {}
        out(json.dumps({"ok": True, "url": url, **told}) if call.as_json else f"Bohari answers at {url}")
        if chosen.announce and not plain_http.is_loopback(chosen.host):
            open_while_serving.enter_context(_announced(chosen, url, keys))
        if told and not call.as_json:
            out(web_text("Nothing is founded here yet: open {address} and type {code}", **told))

    with contextlib.ExitStack() as open_while_serving, bootstrap.central(home) as centre:
        first = first_start.begun(centre)
        _refuse_superseded(home)
        log.also_to_standard_error()
        with centre.database.read() as connection:
            org_ids = organisations.all_ids(connection)
        start_check.check_centre(centre.database, org_ids)
        keys = server_key.load_or_make(home)
        bootstrap.let_requests_be_decided()
        # Who sent a file to the server before this one sends it again.
        _uploads(home).clear()
        with _kept_up(centre, chosen):
            # Only one process knows the code of the first start.
            if workers > 1 and first is None:
                _serve_with_workers(centre, chosen, workers, ready, keys)
                return
            run(
                centre.database,
                chosen.host,
                chosen.port,
                ready,
                embedded=centre.embedded,
                metrics_token=chosen.metrics_token,
                code_days=chosen.mpesa_code_days,
                tls=tls,
                keys=keys,
                beside=functools.partial(
                    _beside, keys.public, chosen.public_address, centre.home, founder=first
                ),
            )


def _announced(
    chosen: settings.Settings, url: str, keys: ServerKeys
) -> contextlib.AbstractContextManager[None]:
    """Be found on the local network under this machine's name."""
    # Only a server that is told to announces itself: no other loads what speaks multicast.
    from sync import neighbours

    parts = urlsplit(url)
    told = {
        "url": chosen.public_address,
        "tls": "1" if parts.scheme == "https" else "0",
        "key": fingerprint.of(keys.public),
    }
    name = socket.gethostname().partition(".")[0]
    return neighbours.announced(neighbours.CENTRE, name, chosen.host, parts.port or 0, told)


def _beside(
    public_key: bytes, address: str, home: Path, database: Database, founder: FirstStart | None = None
) -> dict[str, ASGIApp]:
    """What answers beside the tills' requests: the back office in a browser, and its API."""
    named_by = Subdomains(database).organisation

    def marked(code: str) -> str:
        return fingerprint.with_code(code, public_key)

    door = FrontDoor(database, SystemClock(), named_by)
    deciding = Decider(database, SystemClock())
    allowed = payment_door.networks_of(settings.load(home).payments_from)
    numbers = functools.partial(_numbers, home)
    return {
        office.PATH: office.create(
            door, founder, marked=marked, deciding=deciding, uploads=_uploads(home), address=address
        ),
        api.PATH: api.create(ApiDoor(database, SystemClock(), named_by)),
        addresses.PATH: payment_door.create(database, SystemClock(), allowed=allowed, numbers=numbers),
    }


def _numbers(home: Path, org_id: int, business_id: int) -> frozenset[str]:
    """The numbers of a business that its provider knows it by, beside those of its letterhead."""
    account = accounts.find(home, org_id, business_id)
    return frozenset() if account is None else frozenset(filter(None, (account.shortcode, account.till)))


def _hears_at(home: Path, connection: Connection, org_id: int, business_id: int) -> str:
    """Where a business hears what was asked; empty while nobody outside reaches this server."""
    chosen = settings.load(home)
    base = (chosen.public_address or chosen.serving).rstrip("/")
    return base + addresses.path_of(connection, org_id, business_id) if base else ""


def _uploads(home: Path) -> Uploads:
    """The files that people sent and that are not imported yet."""
    return Uploads(home / "uploads", SystemClock())


def _refuse_superseded(home: Path) -> None:
    """A centre that was lost, restored elsewhere and found again must not serve beside the new one."""
    standing = state.read(home)
    restored = None if standing is None else Place(Path(standing.folder)).read("restored.json")
    if standing is not None and restored is not None:
        raise Refused("centre-superseded", at=str(restored.get("at", "")), folder=standing.folder)


class _Nothing:
    """What a server does whose Postgres is somebody else's."""

    def turn(self, budget_ms: int) -> None:
        """See `Work.turn`."""


@contextlib.contextmanager
def _kept_up(centre: bootstrap.Central, chosen: settings.Settings) -> Iterator[None]:
    """All balances checked and all stock valued in the background, by this process alone, while the block
    lasts.
    """
    stop, alert = threading.Event(), Webhook(chosen.alert_webhook)
    gateways = gateways_of(chosen.sms_gateway, chosen.sms_token, chosen.mail_server, chosen.message_sender)
    walks = Reconciliation(centre.database, centre.clock, terminal_no=SERVER_TERMINAL_NO, alert=alert)
    every_s = chosen.value_stock_every_s
    rounds = ValuationRounds(centre.database, centre.clock, every_s=every_s)
    upkeeps = {
        "reconciliation": Upkeep(walks, chosen.reconcile_ms),
        "valuation": Upkeep(rounds, _VALUE_MS if every_s > 0 else 0, name="valuation"),
        "verification": Upkeep(
            NightCheck(centre.database, centre.clock, hour=chosen.verify_hour, tell=alert.post),
            chosen.verify_ms,
            name="verification",
            steps_back=True,
        ),
        "backups": Upkeep(
            bootstrap.backups_of(centre) or _Nothing(),
            _BACKUP_MS,
            turn_every_s=_BACKUP_EVERY_S,
            name="backups",
        ),
        "life": Upkeep(life.Noting(centre.database, centre.home), _NOTE_MS, turn_every_s=10.0, name="life"),
        "uploads": Upkeep(_uploads(centre.home), _UPLOADS_MS, turn_every_s=60.0, name="uploads"),
        "feed": Upkeep(FeedAlert(centre.database, alert.post), _NOTE_MS, turn_every_s=60.0, name="feed"),
        "messages": Upkeep(
            MessageSender(centre.database, centre.clock, gateways),
            _MESSAGE_MS if gateways else 0,
            turn_every_s=_MESSAGE_EVERY_S,
            name="messages",
        ),
        "flags": Upkeep(FlagAlerts(centre.database, centre.clock, alert), _FLAG_MS, name="flags"),
    }
    payments = PaymentSender(
        centre.database,
        centre.clock,
        functools.partial(accounts.find, centre.home),
        functools.partial(_hears_at, centre.home),
    )
    upkeeps["payments"] = Upkeep(
        payments, _PAYMENTS_MS, turn_every_s=payment_sender.TURN_EVERY_S, name="payments"
    )
    to_this_machine = bool(chosen.webhooks_to_this_machine)
    hooks = HookSender(centre.database, centre.clock, alert.post, Choices(to_this_machine))
    fiscal = FiscalWorker(centre.database, centre.clock, alert.post)
    runs = {name: one.run for name, one in upkeeps.items()}
    runs |= {"webhooks": hooks.run, "fiscal": fiscal.run}
    threads = [
        threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in runs.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        payments.close()
        alert.close()


def _serve_with_workers(
    centre: bootstrap.Central,
    chosen: settings.Settings,
    workers: int,
    on_ready: Callable[[str], None],
    keys: ServerKeys,
) -> None:
    spare = SPARE_CONNECTIONS + office.MOST_AT_WORK
    connections = capacity.connections_each(centre.database, workers, MOST_AT_WORK + spare)
    Workers(
        functools.partial(bootstrap.worker_database, centre.home, centre.login, connections),
        workers,
        host=chosen.host,
        port=chosen.port,
        places=max(1, connections - spare),
        embedded=centre.embedded,
        on_ready=on_ready,
        metrics_token=chosen.metrics_token,
        code_days=chosen.mpesa_code_days,
        tls=chosen_tls(chosen.tls_certificate, chosen.tls_key),
        keys=keys,
        beside=functools.partial(_beside, keys.public, chosen.public_address, centre.home),
    ).run()
