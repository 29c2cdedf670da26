"""A till that sells while prices change; run by `price_change` as a process of its own, with its daemon as
another, as they are installed.

It says when it has all, is told when the change was committed, and scans one product after the other until
none has the old price: then it prints one JSON line.
"""

import json
import random
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from pos_app import bootstrap
from pos_app.cli.syncd import drain
from pos_app.ledger.clock import SystemClock
from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.till.till import Till
from tests.bench import feed
from tests.support.worlds.command_line import COMMAND

_BETWEEN_S = 0.1
_LIMIT_S = 300.0


def main() -> None:
    """Fetch, wait, scan."""
    home, products, price = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    database = bootstrap.till_database(home)
    with database.read() as connection:
        who = terminal.load(connection)
    drain(database, home, who)
    heard = _last_contact(database, who)
    till = Till(database, SystemClock())
    daemon = subprocess.Popen([*COMMAND, "syncd", "--home", str(home)], stdout=subprocess.DEVNULL)
    try:
        while _last_contact(database, who) == heard:
            time.sleep(_BETWEEN_S)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        committed = float(sys.stdin.readline())
        scans = _scans(till, who.org_id, products, price)
        took = time.time() - committed
    finally:
        daemon.terminate()
        daemon.wait()
    sys.stdout.write(json.dumps({"all_s": round(took, 2), "scans_ms": scans}) + "\n")


def _last_contact(database: Database, who: Terminal) -> datetime | None:
    with database.read() as connection:
        return terminal.sync_state(connection, who).last_contact_at


def _scans(till: Till, org_id: int, products: int, price: int) -> list[float]:
    chance, took = random.Random(7), []
    end = time.monotonic() + _LIMIT_S
    while time.monotonic() < end:
        began = time.perf_counter()
        till.catalogue.scan(feed.barcode(chance.randrange(products)))
        took.append(round((time.perf_counter() - began) * 1000, 2))
        with till.database.read() as connection:
            if not _has_old(connection, org_id, price):
                return took
        time.sleep(_BETWEEN_S)
    raise AssertionError("the new prices did not come")


def _has_old(connection: Connection, org_id: int, price: int) -> bool:
    # The feed brings them by key: the last one has the old price for longest.
    last = connection.execute(
        # Along the key: without its first column each look would sort the whole table.
        text("SELECT price FROM product WHERE org_id = :org ORDER BY product_id DESC LIMIT 1"),
        {"org": org_id},
    )
    return last.scalar() != price


if __name__ == "__main__":
    main()
