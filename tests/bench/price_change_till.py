"""A till that sells while prices change; run by `price_change` as a process of its own.

It says when it has all, is told when the change was committed, and scans one product after the other until
none has the old price: then it prints one JSON line.
"""

import json
import random
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import Connection, text

from pos_app import bootstrap
from pos_app.cli.syncd import drain, line
from pos_app.ledger.clock import SystemClock
from pos_app.store.documents import terminal
from pos_app.till.till import Till
from sync.client.daemon import Daemon
from tests.bench import feed

_BETWEEN_S = 0.1
_LIMIT_S = 300.0


def main() -> None:
    """Fetch, wait, scan."""
    home, products, price = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    database = bootstrap.till_database(home)
    with database.read() as connection:
        who = terminal.load(connection)
    drain(database, home, who)
    till, stop = Till(database, SystemClock()), threading.Event()
    with line(database, home, who) as transport:
        daemon = threading.Thread(target=Daemon(database, who, transport).run, args=(stop,))
        daemon.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        committed = float(sys.stdin.readline())
        scans = _scans(till, products, price)
        took = time.time() - committed
        stop.set()
        daemon.join()
    sys.stdout.write(json.dumps({"all_s": round(took, 2), "scans_ms": scans}) + "\n")


def _scans(till: Till, products: int, price: int) -> list[float]:
    chance, took = random.Random(7), []
    end = time.monotonic() + _LIMIT_S
    while time.monotonic() < end:
        began = time.perf_counter()
        till.catalogue.scan(feed.barcode(chance.randrange(products)))
        took.append(round((time.perf_counter() - began) * 1000, 2))
        with till.database.read() as connection:
            if not _has_old(connection, price):
                return took
        time.sleep(_BETWEEN_S)
    raise AssertionError("the new prices did not come")


def _has_old(connection: Connection, price: int) -> bool:
    # The feed brings them by key: the last one has the old price for longest.
    last = connection.execute(text("SELECT price FROM product ORDER BY product_id DESC LIMIT 1")).scalar()
    return last != price


if __name__ == "__main__":
    main()
