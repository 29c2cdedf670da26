"""`bohari server`: the central server, with its background checks."""

import contextlib
import functools
import json
import threading
from collections.abc import Callable, Iterator
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import out
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.log import setting_up as log
from pos_app.store.engine import capacity
from pos_app.store.stock.valuation_rounds import ValuationRounds
from pos_app.store.upkeep.reconciliation import Reconciliation
from sync.server.admission import MOST_AT_WORK
from sync.server.run import serve as run
from sync.server.tls import chosen as chosen_tls
from sync.server.webhook import Webhook
from sync.server.workers import SPARE_CONNECTIONS, Workers
from sync.upkeep import Upkeep

app: Final = noun()

#: Milliseconds of each minute for the valuation of stock: a tenth of a core, while anything waits.
_VALUE_MS: Final = 6_000


@command(app, "server", TOLD_HOME)
def server(
    call: Call,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 picks a free one.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; one for each core.")] = 1,
) -> None:
    """Run the central server until SIGTERM."""
    # With several workers so many processes answer on the port, and this one looks after them.
    home = call.home
    chosen = settings.load(home, port=port, host=host)
    tls = chosen_tls(chosen.tls_certificate, chosen.tls_key)

    def ready(url: str) -> None:
        events.SERVING.log(url=url, workers=workers)
        out(json.dumps({"ok": True, "url": url}) if call.as_json else f"Bohari answers at {url}")

    with bootstrap.central(home) as centre:
        if not centre.has_organisations():
            raise Refused("organisation-missing", home=home)
        log.also_to_standard_error()
        with _kept_up(centre, chosen):
            if workers > 1:
                _serve_with_workers(centre, chosen, workers, ready)
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
    chosen: settings.Settings,
    workers: int,
    on_ready: Callable[[str], None],
) -> None:
    connections = capacity.connections_each(centre.database, workers, MOST_AT_WORK + SPARE_CONNECTIONS)
    Workers(
        functools.partial(bootstrap.worker_database, centre.home, centre.url, connections),
        workers,
        host=chosen.host,
        port=chosen.port,
        places=max(1, connections - SPARE_CONNECTIONS),
        embedded=centre.embedded,
        on_ready=on_ready,
        metrics_token=chosen.metrics_token,
        tls=chosen_tls(chosen.tls_certificate, chosen.tls_key),
    ).run()
