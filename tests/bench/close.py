"""The Z of a shift of a thousand sales, against a bare SELECT of the same rows; and its close."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from pos_app.ledger.document import document_key
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.store.engine.engine import Database
from pos_app.store.report_queries import shift_figures
from pos_app.store.report_queries.shift_figures import Stretched
from pos_app.till.drawer.money_count import Found
from pos_app.till.till import Till
from tests.bench import depot

SALES: Final = 1_000
PRODUCTS: Final = 200
ROUNDS: Final = 9
#: What a Z reads: the documents, their lines and how they were paid.
TABLES: Final = ("document", "document_line", "tender")


def run(sales: int = SALES) -> dict[str, Any]:
    """Both in ms, in turns, and how long the close takes from the count to the commit."""
    with tempfile.TemporaryDirectory() as folder:
        database = depot.open_depot(Path(folder), products=PRODUCTS)
        till = depot.open_shop(database)
        for place in range(sales):
            _sell(till, place)
        figures, bare = _measure(database, sales + 1)
        every = Found(frozenset(one.key for one in till.drawer.payments_to_tick()))
        counts = (CashCount(value=1, pieces=till.drawer.expected()),)
        close_ms = _timed(lambda: till.drawer.close(counts, "", money=every))
        return {
            "sales": sales,
            "z_p50_ms": round(figures, 1),
            "z_aim_ms": 300,
            "bare_select_p50_ms": round(bare, 1),
            "ratio": round(figures / bare, 2),
            "ratio_aim": 3,
            "close_ms": round(close_ms, 1),
        }


def _sell(till: Till, place: int) -> None:
    """Three lines; every fourth customer pays by M-Pesa."""
    basket = till.baskets.new()
    for line in range(3):
        basket.add(till.catalogue.scan(depot.barcode_of(1 + (place * 3 + line) % PRODUCTS)).product, 1_000)
    taking = till.checkout(basket)
    if place % 4:
        taking.add_tender(TenderKind.CASH, taking.cash_due())
    else:
        taking.add_tender(TenderKind.MPESA, taking.total, f"SLK{place:07d}")
    taking.complete()


def _measure(database: Database, last_seq: int) -> tuple[float, float]:
    whose = Stretched(depot.ORG, depot.TERMINAL, 1, last_seq)
    keys = {
        "org": depot.ORG,
        "low": document_key(depot.TERMINAL, 1),
        "high": document_key(depot.TERMINAL, last_seq),
    }
    figures_ms, bare_ms = [], []
    with database.read() as connection:
        for _ in range(ROUNDS):
            figures_ms.append(_timed(lambda: shift_figures.of_stretch(connection, whose, "Africa/Nairobi")))
            bare_ms.append(
                _timed(
                    lambda: [
                        connection.execute(
                            text(
                                f"SELECT * FROM {table} WHERE org_id = :org"
                                " AND document_id BETWEEN :low AND :high"
                            ),
                            keys,
                        ).all()
                        for table in TABLES
                    ]
                )
            )
    return statistics.median(figures_ms), statistics.median(bare_ms)


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1_000
