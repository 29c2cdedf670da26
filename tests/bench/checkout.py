"""Checkout of five lines through the service, against a bare commit of the same rows."""

import gc
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pos_app.ledger.document import document_key, split_key
from pos_app.ledger.line import TenderKind
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Rows, rows_of
from pos_app.store.engine.engine import Database
from pos_app.store.journal import journal
from pos_app.store.journal.till_journal import INSERTS
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS, Projection
from pos_app.till.till import Till
from pos_app.ui.garbage import collect_due
from tests.bench import depot

ROUNDS = 400
PRODUCTS = 2_000
HISTORY_LINES = 1_000_000


def run(history_lines: int = HISTORY_LINES) -> dict[str, Any]:
    """p50 in ms of the service on an empty and on a long ledger, and of the bare commit beside each."""
    with tempfile.TemporaryDirectory() as folder:
        service_db = depot.open_depot(_made(Path(folder) / "service"), products=PRODUCTS)
        bare_db = depot.open_depot(_made(Path(folder) / "bare"), products=PRODUCTS)
        till = depot.open_shop(service_db)
        bare = _Bare(bare_db)
        empty = _measure(till, bare)
        depot.fill_history(service_db, history_lines, PRODUCTS)
        depot.fill_history(bare_db, history_lines, PRODUCTS)
        bare.restart()
        full = _measure(till, bare)
        return {
            "checkout_p50_ms": empty["service"],
            "bare_commit_p50_ms": empty["bare"],
            "ratio": round(empty["ratio"], 2),
            "ratio_aim": 1.5,
            "lines_in_long_ledger": history_lines,
            "long_checkout_p50_ms": full["service"],
            "long_bare_commit_p50_ms": full["bare"],
            "long_ratio": round(full["ratio"], 2),
            "long_to_empty": round(full["service"] / empty["service"], 2),
            "long_to_empty_aim": 1.10,
        }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _measure(till: Till, bare: "_Bare") -> dict[str, float]:
    """Service and bare in turns, so that both meet the same noise of the machine.

    The stock is counted before: goods that the books have less than nothing of are named with the sale.
    """
    for first in range(1, PRODUCTS, 200):
        till.stock_counts.count(dict.fromkeys(range(first, first + 200), 10_000_000))
    service_ms, bare_ms = [], []
    # As in the window: what is looked at after a sale is looked at when the sale is on the screen.
    looks: list[Callable[[], None]] = []
    till.put_off_looks(looks.append)
    # And as there Python collects between two sales, not in the middle of one.
    gc.disable()
    for round_no in range(ROUNDS):
        basket = till.baskets.new()
        for line in range(5):
            product = till.catalogue.scan(depot.barcode_of(1 + (round_no * 5 + line) % PRODUCTS)).product
            basket.add(product, 1000 * (line + 1))
        checkout = till.checkout(basket)
        checkout.add_tender(TenderKind.CASH, checkout.cash_due() + 5_000)
        service_ms.append(_timed(checkout.complete))
        while looks:
            looks.pop()()
        collect_due()
        bare_ms.append(_timed(bare.prepare(till)))
    gc.enable()
    service, plain = statistics.median(service_ms), statistics.median(bare_ms)
    return {"service": round(service, 3), "bare": round(plain, 3), "ratio": service / plain}


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


class _Bare:
    """The limit: the rows of the service's last sale, written by the driver alone, without triggers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.restart()

    def restart(self) -> None:
        """Drop the triggers and find the end of the ledger."""
        with self._database.write() as connection:
            for name in connection.scalars(
                text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            ).all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            self._seq = int(connection.scalar(text("SELECT coalesce(max(seq), 0) FROM document")) or 0)
        self._raw: Any = self._database.engine.raw_connection().driver_connection

    def prepare(self, till: Till) -> Callable[[], None]:
        """The last sale's rows as the bare database will take them; calling the result commits them."""
        with till.database.read() as connection:
            newest = documents.latest(connection, depot.ORG, ("sale",), 1)[0].document_id
            document = documents.get(connection, depot.ORG, newest)
        if document is None:
            raise LookupError(newest)
        rows = self._moved(rows_of(journal.seal(document, bytes(32)), micros))
        sums = [(_upsert(projection), _summed(projection, rows)) for projection in PROJECTIONS]
        return lambda: self._commit(rows, sums)

    def _moved(self, rows: Rows) -> Rows:
        """The same rows under the bare ledger's own next key."""
        self._seq += 1
        key = document_key(split_key(rows.document[1])[0], self._seq)
        parts = {
            name: [(row[0], key, *row[2:]) for row in rows[at]] for at, name in enumerate(Rows._fields[:-1])
        }
        head = list(rows.document)
        head[1], head[3], head[7] = key, self._seq, self._seq
        return rows._replace(**parts, document=tuple(head))

    def _commit(self, rows: Rows, sums: list[tuple[str, list[Any]]]) -> None:
        raw = self._raw
        raw.execute("BEGIN IMMEDIATE")
        for statement, part in zip(INSERTS[:-1], rows[:-1], strict=True):
            raw.executemany(statement, part)
        for statement, part in sums:
            raw.executemany(statement, part)
        raw.execute(INSERTS[-1], rows.document)
        raw.execute("COMMIT")


def _upsert(projection: Projection) -> str:
    columns = (*projection.keys, *projection.values)
    return (
        f"INSERT INTO {projection.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT ({', '.join(projection.keys)}) DO UPDATE SET "
        + ", ".join(f"{name} = {projection.name}.{name} + excluded.{name}" for name in projection.values)
    )


def _summed(projection: Projection, rows: Rows) -> list[Any]:
    """The projection rows that a document touches, summed beforehand."""
    names = [column.name for column in projection.source.columns]
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(projection.values))
    for row in getattr(rows, projection.source.name):
        values = dict(zip(names, row, strict=True))
        if projection.condition and values[projection.condition.split()[0]] is None:
            continue
        total = sums[tuple(values[name] for name in projection.keys)]
        for index, sql in enumerate(projection.values.values()):
            total[index] += sum(values[term.strip()] for term in sql.split("+"))
    return [(*key, *total) for key, total in sums.items()]
