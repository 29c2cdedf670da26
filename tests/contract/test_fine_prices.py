"""Prices of more decimals than their currency are kept to the last one, on both engines."""

from decimal import Decimal

from msgspec.structs import replace
from sqlalchemy import text

from pos_app.ledger.document import Sale
from pos_app.ledger.quantity import ONE
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.store.documents import documents
from pos_app.store.master import party_terms
from tests.support.documents import specimens
from tests.support.documents.specimens import CUSTOMER, ORG, Item
from tests.support.worlds.books import Store


def test_a_sale_at_a_fine_price_is_read_back_as_it_was(store: Store) -> None:
    sold = specimens.sale(Item(100))
    lines = with_tax(
        [replace(sold.lines[0], unit_price=26, price_fine=5_000, quantity=133 * ONE, discount=0)]
    )
    totals = totals_of(lines)
    sale = replace(
        sold,
        lines=lines,
        **totals.as_fields(),
        rounding=0,
        change=None,
        tenders=(replace(sold.tenders[0], amount=totals.total),),
    )
    key = store.journal().record(sale.request_id, lambda _connection: sale).document.document_id
    with store.database.read() as connection:
        again = documents.get(connection, ORG, key)
        assert isinstance(again, Sale)
        assert (again.lines[0].price, again.lines[0].gross) == (Decimal("26.5"), 35_25)
        row = connection.execute(text("SELECT unit_price, price_fine FROM document_line")).one()
    assert tuple(row) == (26, 5_000)
    assert store.drifts() == []


def test_a_contract_rate_is_kept_to_the_last_decimal(store: Store) -> None:
    with store.database.write() as connection:
        for price in (Decimal("26.5"), 27, Decimal("0.0001")):
            party_terms.put_contract_price(connection, ORG, CUSTOMER, 1, price)
            assert party_terms.contract_price(connection, ORG, CUSTOMER, 1) == price
