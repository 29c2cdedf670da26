"""A till's history of any length whose documents are whole: bytes, chain, rows, sums.

A till sells a handful of real baskets; their sales are then sealed again and again under later places,
requests and numbers.  The triggers are off meanwhile, and the projections are made from their own selects.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.line import TenderKind
from pos_app.ledger.trade import Sale
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed, rows_of
from pos_app.store.engine import signing
from pos_app.store.engine.engine import Database
from pos_app.store.journal import journal
from pos_app.store.journal.till_journal import INSERTS
from pos_app.store.schema import seals
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.till import Till
from tests.bench import depot

#: Lines of the baskets that are sold: as at a depot's counter, most of them short.
BASKETS: Final = (1, 1, 2, 1, 3, 2, 1, 5, 2, 1)
_AT_A_TIME: Final = 1_000


def fill(database: Database, count: int) -> None:
    """Grow the ledger of a `depot` by about so many sales."""
    sales = _sold(depot.open_shop(database))
    signer = signing.of(database.engine)
    with database.write() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        cursor: Any = connection.connection.cursor()
        last = journal.last(connection, depot.ORG, depot.TERMINAL, sales[0].series)
        waiting: list[list[Any]] = [[] for _ in INSERTS]
        for number, sealed in enumerate(_sealed(sales, last, count), 1):
            signature = signer.sign(canonical.signed_text(sealed.hash)) if signer is not None else None
            rows = rows_of(sealed._replace(signature=signature), micros)
            for part, more in zip(waiting, (*rows[:-1], [rows.document]), strict=True):
                part.extend(more)
            if number % _AT_A_TIME == 0 or number == count:
                for statement, part in zip(INSERTS, waiting, strict=True):
                    cursor.executemany(statement, part)
                    part.clear()
        for projection in PROJECTIONS:
            columns = ", ".join((*projection.keys, *projection.values))
            connection.exec_driver_sql(f"DELETE FROM {projection.name}")
            connection.exec_driver_sql(f"INSERT INTO {projection.name} ({columns}) {projection.select()}")
        seals.rebuild(connection)
    database.checkpoint()


def _sold(till: Till) -> list[Sale]:
    """The sales of the baskets, as they were recorded."""
    for place, lines in enumerate(BASKETS):
        basket = till.baskets.new()
        for line in range(lines):
            basket.add(till.catalogue.scan(depot.barcode_of(1 + place * 5 + line)).product, 1000)
        checkout = till.checkout(basket)
        checkout.add_tender(TenderKind.CASH, checkout.cash_due() + 5_000)
        checkout.complete()
    with till.database.read() as connection:
        newest = documents.latest(connection, depot.ORG, ("sale",), len(BASKETS))
        found = [documents.get(connection, depot.ORG, one.document_id) for one in newest]
    return [one for one in found if isinstance(one, Sale)]


def _sealed(sales: list[Sale], last: journal.Last, count: int) -> Iterator[Sealed]:
    prev_hash = last.hash
    for place in range(1, count + 1):
        sale = sales[place % len(sales)]
        again = msgspec.structs.replace(
            sale,
            seq=last.seq + place,
            number=last.number + place,
            request_id=f"{place:032x}",
            occurred_at=sale.occurred_at + timedelta(seconds=place),
            recorded_at=sale.recorded_at + timedelta(seconds=place),
        )
        sealed = journal.seal(again, prev_hash)
        prev_hash = sealed.hash
        yield sealed
