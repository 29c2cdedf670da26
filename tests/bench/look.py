"""What the look at a touched balance costs a checkout of five lines: with and without it, in turns.

Every fourth recording is looked at (`store.touched.EVERY`); here each one is, so that the cost of one shows.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from pos_app.ledger.line import TenderKind
from pos_app.store.balances import affected, checkpoint
from pos_app.store.engine.engine import Database
from pos_app.till.till import Till
from tests.bench import depot

ROUNDS = 400
PRODUCTS = 2_000
HISTORY_LINES = 300_000
#: More recordings than there are: none is looked at.
_NEVER = 2**31


def run(history_lines: int = HISTORY_LINES) -> dict[str, Any]:
    """Milliseconds of a checkout at the median, on an empty ledger and on a long one with checkpoints."""
    with tempfile.TemporaryDirectory() as folder:
        database = depot.open_depot(Path(folder), products=PRODUCTS)
        till = depot.open_shop(database)
        empty = _measure(till)
        depot.fill_history(database, history_lines, PRODUCTS)
        _make_checkpoints(database)
        full = _measure(till)
        database.close()
    return {
        "checkout_p50_ms": empty["without"],
        "looked_at_p50_ms": empty["with"],
        "lines_in_long_ledger": history_lines,
        "long_checkout_p50_ms": full["without"],
        "long_looked_at_p50_ms": full["with"],
        "looked_at_one_in": affected.EVERY,
        "mean_cost_ms": round((full["with"] - full["without"]) / affected.EVERY, 3),
    }


def _make_checkpoints(database: Database) -> None:
    taken = 1
    while taken > 0:
        with database.write() as connection:
            taken = checkpoint.advance(connection, depot.ORG, 5_000)


def _measure(till: Till) -> dict[str, float]:
    """Both in turns, so that they meet the same noise of the machine."""
    before = affected.EVERY
    times: dict[str, list[float]] = {"with": [], "without": []}
    for round_no in range(ROUNDS):
        for name, every in (("with", 1), ("without", _NEVER)):
            affected.EVERY = every  # type: ignore[misc]
            times[name].append(_checkout_ms(till, round_no))
    affected.EVERY = before  # type: ignore[misc]
    return {name: round(statistics.median(found), 3) for name, found in times.items()}


def _checkout_ms(till: Till, round_no: int) -> float:
    basket = till.baskets.new()
    for line in range(5):
        basket.add(till.catalogue.scan(depot.barcode_of(1 + (round_no * 5 + line) % PRODUCTS)).product)
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due() + 5_000)
    start = time.perf_counter()
    checkout.complete()
    return (time.perf_counter() - start) * 1000
