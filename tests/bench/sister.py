"""How long until a sale at one till is in the balances of its sister: two pairs of real tills.

`python -m tests.bench.sister SECONDS_BETWEEN_SALES PAIR...`, each pair "CUSTOMER:PULL_EVERY_S:FOLDER:FOLDER":
the first till sells on account to the customer, the second's daemon asks for news so often, or with 0 holds a
request for them open.  Prints
"ready", sells until its standard input ends, and then prints the latencies of each pair in seconds, from
the record to the moment when the sister's cached balance has it.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pos_app.ledger.clock import SystemClock
from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.terminal_key import load
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.tables.projections import PARTY_BALANCE
from sync.client.daemon import Daemon
from sync.client.known_centre import KnownCentre
from sync.client.news import News
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from tests.conftest import TILL_KEY
from tests.support.worlds.sync_fixtures import cached, sale, setting

CATCH_UP_S = 30.0
LOOK_EVERY_S = 0.01


class Pair:
    """A till that sells and its sister that waits to see it."""

    def __init__(self, customer: int, pull_every_s: float, seller: Path, sister: Path) -> None:
        self.customer, self.pull_every_s = customer, pull_every_s
        self.seller, self.sister = _opened(seller), _opened(sister)
        self.owed_before = self._owed()
        self.sold_at_s: list[float] = []
        self.latencies_s: list[float] = []
        self.draft = sale(self.seller[1], products=(1,), customer=customer)

    def threads(
        self, stop: threading.Event, selling: threading.Event, every_s: float
    ) -> list[threading.Thread]:
        daemons = [self._daemon(*self.seller, 5.0), self._daemon(*self.sister, self.pull_every_s)]
        return [
            *(threading.Thread(target=daemon.run, args=(stop,)) for daemon in daemons),
            threading.Thread(target=self._sell, args=(selling, every_s)),
            threading.Thread(target=self._watch, args=(stop,)),
        ]

    def _daemon(self, database: Database, who: Terminal, folder: Path, pull_every_s: float) -> Daemon:
        key = load(folder / "terminal.key")
        name = terminal_id(who.org_id, who.terminal_no)
        transport = HttpTransport(setting(database, "server_url"), key, name, KnownCentre(database))
        if pull_every_s:
            return Daemon(database, who, transport, pull_every_s=pull_every_s)
        return Daemon(database, who, transport, news=News(transport.another()))

    def _sell(self, selling: threading.Event, every_s: float) -> None:
        database, who, _ = self.seller
        journal = TillJournal(database, who.org_id, who.terminal_no, SystemClock())
        while not selling.wait(every_s):
            journal.record_document(sale(who, products=(1,), customer=self.customer))
            self.sold_at_s.append(time.monotonic())

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_EVERY_S):
            seen = (self._owed() - self.owed_before) // self.draft.total
            now = time.monotonic()
            while len(self.latencies_s) < min(seen, len(self.sold_at_s)):
                self.latencies_s.append(now - self.sold_at_s[len(self.latencies_s)])

    def _owed(self) -> int:
        owed = cached(self.sister[0], PARTY_BALANCE, party_id=self.customer)
        return sum(values[0] for values in owed.values())


def _opened(folder: Path) -> tuple[Database, Terminal, Path]:
    database = open_sqlite(folder / "till.db", TILL_KEY)
    with database.read() as connection:
        return database, terminal.load(connection), folder


def main(every_s: float, named: list[str]) -> dict[str, Any]:
    """Sell until standard input ends, then wait until all was seen."""
    pairs = []
    for name in named:
        customer, pull_every_s, seller, sister = name.split(":")
        pairs.append(Pair(int(customer), float(pull_every_s), Path(seller), Path(sister)))
    stop, selling = threading.Event(), threading.Event()
    threads = [thread for pair in pairs for thread in pair.threads(stop, selling, every_s)]
    for thread in threads:
        thread.start()
    print("ready", flush=True)  # noqa: T201 - the bench waits for it
    sys.stdin.read()
    selling.set()
    deadline = time.monotonic() + CATCH_UP_S
    while time.monotonic() < deadline and any(len(p.latencies_s) < len(p.sold_at_s) for p in pairs):
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    return {
        str(pair.customer): {"sold": len(pair.sold_at_s), "latencies_s": pair.latencies_s} for pair in pairs
    }


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]), sys.argv[2:])), flush=True)  # noqa: T201 - the bench reads it
