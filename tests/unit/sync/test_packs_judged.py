"""Cases travel to tills by the feed, and the centre judges what they were sold at."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.document import Sale
from pos_app.ledger.pack import PackTerms
from pos_app.ledger.quantity import ONE
from pos_app.store.organisation import master_import
from pos_app.store.organisation.product_row import ProductRow
from pos_app.till.session.recorded import Recorded
from tests.support.worlds.judged_desk import CASH, Desk, change, kinds, long_ago, no_history
from tests.support.worlds.sync_fixtures import Centre

CASE, OTHER = "16001234567896", "26001234567893"


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    packed_at(centre, 1_100_00)
    no_history(centre)
    return Desk(centre, tmp_path / "1")


def packed_at(centre: Centre, *prices: int, size: int = 12, codes: tuple[str, ...] = (CASE,)) -> None:
    """What the case of SKU1 (100.00 by the piece) costs from now on; without a price there is none."""
    packs = tuple(PackTerms("CS", size * ONE, price, codes) for price in prices)

    def put(connection: object) -> None:
        brought = master_import.put_products(connection, centre.org_id, [ProductRow(0, "SKU1", packs=packs)])  # type: ignore[arg-type]
        assert brought.refusals == []

    change(centre, put)


def sell(desk: Desk, cases: int = 1, code: str = CASE) -> Recorded:
    basket = desk.till.baskets.new()
    found = desk.till.catalogue.meant(desk.till.catalogue.scan(code), cases * ONE)
    basket.add(found.product, found.quantity, pack=found.pack)
    taking = desk.till.checkout(basket)
    taking.add_tender(CASH, taking.total)
    return taking.complete()


def test_an_honest_case_is_as_usual(centre: Centre, desk: Desk) -> None:
    done = sell(desk, 3)
    sale = desk.till.receipts.document(done.document_id)
    assert isinstance(sale, Sale)
    assert (sale.total, sale.lines[0].quantity) == (3_300_00, 36_000)
    desk.sell()
    desk.sync()
    assert kinds(centre) == []


def test_the_price_of_a_case_that_changed_meanwhile_is_an_old_one(centre: Centre, desk: Desk) -> None:
    packed_at(centre, 1_150_00)
    sell(desk)
    desk.line.drain()
    # Within the hour it fits.
    assert kinds(centre) == []
    packed_at(centre, 1_080_00, size=10)
    long_ago(centre)
    sell(desk)
    desk.sync()
    # The pull brings the case of ten.
    sell(desk)
    desk.sync()
    packed_at(centre)
    sell(desk)
    desk.line.drain()
    assert set(kinds(centre)) == {"price-old"}
    # A case that has no price of its own any more costs as many times the product.
    packed_at(centre, 0)
    desk.sync()
    before = kinds(centre)
    sell(desk)
    desk.sync()
    assert kinds(centre) == before


@pytest.mark.parametrize("sql", [
    "UPDATE product_pack SET price = 600, each_price = 50, each_fine = 0",
    # A pack of one, to have single pieces at the price of the case.
    "UPDATE product_pack SET quantity = 1000, price = 9167, each_price = 9166, each_fine = 6667",
    # A pack that nobody made, of what it costs in a real one.
    "UPDATE product_pack SET unit_code = 'CT'; UPDATE pack_barcode SET unit_code = 'CT'",
])  # fmt: skip
def test_a_case_that_somebody_made_up_is_flagged(centre: Centre, desk: Desk, sql: str) -> None:
    for one in sql.split(";"):
        desk.edit(one)
    sell(desk)
    desk.line.drain()
    assert kinds(centre) == ["price-foreign"]


def test_a_pack_that_is_away_is_found_no_more(centre: Centre, desk: Desk) -> None:
    desk.sync()
    assert desk.till.catalogue.scan(CASE).pack is not None
    packed_at(centre)
    desk.sync()
    with desk.line.database.read() as connection:
        left = connection.execute(text("SELECT active FROM product_pack")).scalars().all()
    assert left == [0]
    with pytest.raises(Exception, match=CASE):
        desk.till.catalogue.scan(CASE)


def test_a_case_is_found_by_any_of_its_barcodes_while_they_are_on_it(centre: Centre, desk: Desk) -> None:
    packed_at(centre, 1_100_00, codes=(CASE, OTHER))
    desk.sync()
    done = sell(desk, 2, OTHER)
    assert done.total == 2_200_00
    desk.sync()
    assert kinds(centre) == []
    packed_at(centre, 1_100_00, codes=(OTHER,))
    desk.sync()
    with pytest.raises(Exception, match=CASE):
        desk.till.catalogue.scan(CASE)
    sell(desk, 1, OTHER)
    # The one that came off is a product's now: one piece, by the feed, at every till.

    def given(connection: Any) -> None:
        master_import.put_products(connection, centre.org_id, [ProductRow(0, "SKU2", barcodes=(CASE,))])

    change(centre, given)
    desk.sync()
    found = desk.till.catalogue.scan(CASE)
    assert (found.product.sku, found.pack) == ("SKU2", None)
    assert kinds(centre) == []
