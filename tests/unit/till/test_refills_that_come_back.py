"""Full ones that come back by their receipt, whole or bit by bit: every cylinder is where it was before."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.store.balances import balances
from pos_app.store.tables import master
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.selling.refilling import Back
from tests.support.documents.specimens import LOCATION, ORG
from tests.support.worlds.till_fixture import LPG, MANAGER, PRODUCTS, Shop

GAS, DEPOSIT = PRODUCTS["GAS13"].product_id, PRODUCTS["DEP13"].product_id
CYLINDER, OTHERS = 60, 61


def _paired(shop: Shop) -> None:
    """The gas comes in a cylinder on which there is a deposit, and which is sold too."""
    with shop.database.write() as connection:
        for key, sku, price in ((CYLINDER, "CYL13", 3_000_00), (OTHERS, "OTHER13", 0)):
            values: dict[str, Any] = {"product_id": key, "sku": sku, "name": sku, "price": price}
            values |= {"tax_code": "A", "category": "Gas", "unit": "pc", "business_id": LPG}
            connection.execute(master.product.insert().values(org_id=ORG, stocked=1, on_shelf=0, **values))
        for key, kind in ((GAS, "returnable"), (DEPOSIT, "deposit")):
            connection.execute(
                text("UPDATE product SET type = :kind WHERE product_id = :key"), {"kind": kind, "key": key}
            )
        keys = {"product_id": GAS, "empty_id": CYLINDER, "deposit_id": DEPOSIT}
        connection.execute(master.returnable_pair.insert().values(org_id=ORG, **keys))
        connection.execute(text("UPDATE feed_cursor SET stamp = stamp + 1"))
    shop.till.refresh()
    shop.be(MANAGER)


def _sold(shop: Shop, *ways: tuple[Back, int]) -> Any:
    """A receipt with a line of so many full ones for each way."""
    till = shop.till
    gas, other = till.catalogue.by_id(GAS), till.catalogue.by_id(OTHERS)
    assert gas is not None
    basket = till.baskets.new()
    for back, count in ways:
        index = basket.add(gas, count * ONE)
        basket.set_back(index, back, other if back is Back.OTHER else None)
    return shop.pay_cash(basket)


def _back(shop: Shop, number: str, quantities: dict[int, int]) -> None:
    receipt = shop.till.refunds.find(number)
    shop.till.refunds.complete(receipt, quantities, TenderKind.CASH, "leaks")


def _stands(shop: Shop) -> list[int]:
    """The gas, its cylinders and those of another brand: here, and at customers."""
    with shop.database.read() as connection:
        return [
            balances.current(
                connection, STOCK_LEVEL, {"org_id": ORG, "location_id": place, "product_id": product}
            )["quantity"]
            for product in (GAS, CYLINDER, OTHERS)
            for place in (LOCATION, location_of(None))
        ]


def test_beside_one_with_a_deposit_anothers_brand_comes_back_too(shop: Shop) -> None:
    _paired(shop)
    sold = _sold(shop, (Back.DEPOSIT, 1), (Back.OTHER, 2))
    assert _stands(shop) == [-3 * ONE, 0, -3 * ONE, 3 * ONE, 2 * ONE, -2 * ONE]
    _back(shop, sold.number, {2: 2 * ONE})
    assert _stands(shop) == [-ONE, 0, -ONE, ONE, 0, 0]
    _back(shop, sold.number, {0: ONE})
    # Who keeps the slip keeps the cylinder.
    assert _stands(shop) == [0, 0, -ONE, ONE, 0, 0]
    _back(shop, sold.number, {1: ONE})
    assert _stands(shop) == [0, 0, 0, 0, 0, 0]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    ways=st.lists(st.tuples(st.sampled_from(Back), st.integers(1, 3)), min_size=1, max_size=4),
    steps=st.lists(st.integers(0, 2), min_size=1, max_size=6),
)
def test_whatever_went_out_is_back_where_it_was(
    shop: Shop, ways: list[tuple[Back, int]], steps: list[int]
) -> None:
    if not shop.till.catalogue.deals_in_cylinders():
        _paired(shop)
    sold = _sold(shop, *ways)
    left = {at: line.quantity for at, line in enumerate(sold.document.lines)}
    for turn, at in enumerate([*left] * 2):
        part = min(steps[turn % len(steps)] * ONE, left[at])
        if part:
            _back(shop, sold.number, {at: part})
            left[at] -= part
    rest = {at: quantity for at, quantity in left.items() if quantity}
    if rest:
        _back(shop, sold.number, rest)
    assert _stands(shop) == [0, 0, 0, 0, 0, 0]
