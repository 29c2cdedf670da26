"""What a signature costs where it is made, and where a batch is taken by it.

Two tills record the same sale in turns, one that signs and one that does not, so that both meet the same
noise of the machine; signing and checking alone stand beside.  `cpu` is the time of the thread alone.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pos_app.bootstrap import till_signing
from pos_app.ledger import canonical
from pos_app.ledger.line import TenderKind
from pos_app.store.engine import signatures, terminal_key
from pos_app.till.till import Till
from tests.bench import depot

ROUNDS = 400
SIGNATURES = 2_000
_BATCH = 500


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """Medians in ms of a recording with and without, and in microseconds of the parts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, signed = (_till(folder / kind, signs=kind == "signed") for kind in ("plain", "signed"))
        times = [(_record(plain), _record(signed)) for _ in range(rounds)]
        added = [mine[0] - bare[0] for bare, mine in times]
        added_cpu = [mine[1] - bare[1] for bare, mine in times]
        key = terminal_key.load(folder / "signed" / "terminal.key")
        public, words = key.public_key().public_bytes_raw(), canonical.signed_text(bytes(32))
        signature = key.sign(words)
        check_us = _each_us(lambda: signatures.holds(public, signature, words))
        return {
            "recording_p50_ms": round(statistics.median(bare[0] for bare, _ in times), 3),
            "signed_recording_p50_ms": round(statistics.median(mine[0] for _, mine in times), 3),
            "added_p50_ms": round(statistics.median(added), 3),
            "added_cpu_p50_ms": round(statistics.median(added_cpu), 3),
            "added_aim_ms": 0.15,
            "sign_us": round(_each_us(lambda: key.sign(words)), 1),
            "check_us": round(check_us, 1),
            "check_us_a_document_of_a_full_batch": round(check_us / _BATCH, 2),
        }


def _till(folder: Path, *, signs: bool) -> Till:
    folder.mkdir()
    database = depot.open_depot(folder)
    if signs:
        terminal_key.load_or_make(folder / "terminal.key")
        database.sign_with(till_signing(folder))
    return depot.open_shop(database)


def _record(till: Till) -> tuple[float, float]:
    """Milliseconds of a sale of five lines, from the last key to the commit: on the clock and of the CPU."""
    basket = till.baskets.new()
    for product in range(1, 6):
        basket.add(till.catalogue.scan(depot.barcode_of(product)).product, 1000)
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    start, start_cpu = time.perf_counter(), time.thread_time()
    checkout.complete()
    return (time.perf_counter() - start) * 1000, (time.thread_time() - start_cpu) * 1000


def _each_us(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(SIGNATURES):
        action()
    return (time.perf_counter() - start) / SIGNATURES * 1e6
