"""The centre judges the prices of lists by what they said: breaks, moments, what was never said."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.ledger.quantity import ONE
from pos_app.store.master import price_lists
from pos_app.store.master.price_lists import NewPrice
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros
from tests.support.worlds.judged_desk import CASH, Desk, kinds
from tests.support.worlds.sync_fixtures import Centre


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def listed_at(centre: Centre, price: int, *, from_quantity: int = 0, hours_ago: int = 0) -> int:
    """A list for everybody that says what SKU1 costs; gives its key."""
    org_id, at_us = centre.org_id, micros(SystemClock().now()) - hours_ago * 3_600_000_000

    def put(connection: Connection) -> int:
        known = {one.code: one.list_id for one in price_lists.lists(connection, org_id)}
        key = known.get("RETAIL")
        if key is None:
            key = price_lists.add_coded(connection, org_id, master.price_list, "RETAIL", "Retail")
            price_lists.begin_scope(connection, org_id, key, (ScopeKind.EVERYBODY, 0), 0)
        return price_lists.put_prices(connection, org_id, key, [NewPrice(1, from_quantity, price)], at_us)

    with centre.database.for_org(centre.org_id).write() as connection:
        return put(connection)


def test_what_a_price_list_says_fits_and_what_it_never_said_is_flagged(centre: Centre, desk: Desk) -> None:
    listed_at(centre, 70_00, hours_ago=5)
    listed_at(centre, 60_00, from_quantity=3 * ONE, hours_ago=5)
    desk.sync()
    desk.sell()
    basket = desk.till.baskets.new()
    basket.add(desk.till.catalogue.scan("SKU1").product, 3 * ONE)
    taking = desk.till.checkout(basket)
    taking.add_tender(CASH, taking.total)
    assert taking.total == 180_00
    taking.complete()
    desk.sync()
    assert kinds(centre) == []
    # The list says another price since three hours: who charges the one of before was offline.
    listed_at(centre, 90_00, hours_ago=3)
    desk.sell()
    desk.line.drain()
    assert kinds(centre) == ["price-old"]
    desk.edit("UPDATE price_list_item SET price = 1")
    desk.sell()
    desk.line.drain()
    assert kinds(centre) == ["price-old", "price-foreign"]


def test_a_break_that_was_not_reached_is_flagged(centre: Centre, desk: Desk) -> None:
    listed_at(centre, 70_00, hours_ago=5)
    listed_at(centre, 60_00, from_quantity=3 * ONE, hours_ago=5)
    desk.sync()
    desk.edit("UPDATE price_list_item SET from_quantity = 1000")
    desk.sell()
    desk.line.drain()
    assert kinds(centre) == ["price-foreign"]


def test_a_price_that_will_begin_is_nobodys_yet(centre: Centre, desk: Desk) -> None:
    listed_at(centre, 70_00, hours_ago=-24)
    desk.sync()
    desk.sell()
    desk.sync()
    assert kinds(centre) == []
    desk.edit("UPDATE price_list_item SET valid_from_us = 0")
    desk.sell()
    desk.line.drain()
    assert kinds(centre) == ["price-foreign"]
