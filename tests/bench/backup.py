"""Commits of a till while its daemon makes a backup of it: how long the longest takes.

100,000 lines (`--lines` or BOHARI_BENCH_LINES for another number; the aim is that of a million).
"""

import multiprocessing
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from pos_app import VERSION, bootstrap
from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.store.engine import age_files
from pos_app.store.medium import backup_file
from pos_app.till.till import Till
from tests.bench import depot, real_history

LINES: Final = int(os.environ.get("BOHARI_BENCH_LINES", "100000"))
AIM_MS: Final = 50
_PRODUCTS: Final = 2_000
#: Journal lines of a sale of that history, about.
_LINES_A_SALE: Final = 5
#: Sales before the backup, to hold the others against.
_ALONE: Final = 200


def run() -> dict[str, Any]:
    """Milliseconds of a sale's commit alone and beside a backup, and how many were longer than the aim."""
    with tempfile.TemporaryDirectory(prefix="bohari-bench-") as folder:
        home, stick = Path(folder) / "home", Path(folder) / "stick"
        home.mkdir()
        stick.mkdir()
        database = depot.make_home(home, products=_PRODUCTS)
        real_history.fill(database, LINES // _LINES_A_SALE)
        database.cut_log()
        with database.read() as connection:
            lines = connection.execute(text("SELECT count(*) FROM journal_line")).scalar_one()
        # What was made lies a second apart, up to then.
        till = Till(database, SetClock(datetime.now(UTC) + timedelta(seconds=LINES)))
        till.sign_in.sign_in(depot.CASHIER, depot.PIN)
        alone_ms = [_sold_ms(till, number) for number in range(_ALONE)]
        key = age_files.make_key(Path(folder) / "shop.key")
        # The daemon is a program of its own.
        daemon = multiprocessing.get_context("spawn").Process(target=back_up, args=(home, stick, key))
        began_s = time.perf_counter()
        daemon.start()
        beside_ms: list[float] = []
        while daemon.is_alive():
            beside_ms.append(_sold_ms(till, len(beside_ms)))
        took_s = time.perf_counter() - began_s
        daemon.join()
        if daemon.exitcode or not list(stick.iterdir()):
            raise AssertionError("there is no backup")
        size = sum(one.stat().st_size for one in stick.iterdir())
        database.close()
    return {
        "lines": lines,
        "backup_mb": size // 1_000_000,
        "backup_s": round(took_s, 1),
        "alone_p50_ms": round(statistics.median(alone_ms), 2),
        "alone_longest_ms": round(max(alone_ms), 1),
        "alone_over_aim": sum(one > AIM_MS for one in alone_ms),
        "commits_beside": len(beside_ms),
        "beside_p50_ms": round(statistics.median(beside_ms), 2),
        "beside_p99_ms": round(sorted(beside_ms)[len(beside_ms) * 99 // 100], 1),
        "beside_longest_ms": round(max(beside_ms), 1),
        "over_aim": sum(one > AIM_MS for one in beside_ms),
        "aim_ms": AIM_MS,
    }


def back_up(home: Path, stick: Path, key: str) -> None:
    """What the daemon does when a backup is due."""
    database = bootstrap.till_database(home)
    try:
        backup_file.make(database, home, stick, age_files.recipients(key), program=VERSION)
    finally:
        database.close()


def _sold_ms(till: Till, number: int) -> float:
    """A sale of three lines; milliseconds from the last key to the commit's end."""
    basket = till.baskets.new()
    for line in range(3):
        barcode = depot.barcode_of(1 + (number * 3 + line) % _PRODUCTS)
        basket.add(till.catalogue.scan(barcode).product, 1000)
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    began_s = time.perf_counter()
    checkout.complete()
    return 1000 * (time.perf_counter() - began_s)
