"""Contract prices whenever the customer is chosen, and goods that run through a meter."""

import pytest

from pos_app.ledger.document import Invoice, Sale
from pos_app.ledger.quantity import ONE
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import BULK, GAS_BY_CONTRACT, HOTEL, invoiced
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, Shop

SHELF = 2_320_00


def test_the_contract_holds_whoever_comes_first(depot: Shop) -> None:
    """The customer before the goods or after them: the same lines, and nobody is asked for approval."""
    depot.be(CASHIER)
    goods_first = depot.basket("GAS13", "REG")
    goods_first.set_customer(HOTEL)
    customer_first = depot.till.baskets.new()
    customer_first.set_customer(HOTEL)
    for sku in ("GAS13", "REG"):
        customer_first.add(depot.till.catalogue.scan(sku).product)
    assert goods_first.lines == customer_first.lines
    assert [line.unit_price for line in goods_first.lines] == [GAS_BY_CONTRACT, 850_00]
    assert not any(line.changed for line in goods_first.lines)
    # Once more the same product joins its line at the contract's price.
    assert customer_first.add(depot.till.catalogue.scan("GAS13").product) == 0
    sale = depot.document(depot.pay_cash(goods_first).document_id)
    assert isinstance(sale, Sale)
    assert (sale.total, sale.lines[0].list_price, sale.approver_id) == (GAS_BY_CONTRACT + 850_00, None, None)


def test_another_customer_pays_the_list_again(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_customer(HOTEL)
    basket.set_customer(GOOD)
    assert basket.lines[0].unit_price == SHELF
    basket.set_customer(HOTEL)
    basket.set_customer(None)
    line = basket.lines[0]
    assert (line.unit_price, line.list_price, line.shelf_price) == (SHELF, SHELF, None)


def test_a_price_by_hand_stays(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_price(0, 2_000_00, depot.approval(Action.PRICE))
    basket.set_customer(HOTEL)
    line = basket.lines[0]
    assert (line.unit_price, line.list_price, line.changed) == (2_000_00, GAS_BY_CONTRACT, True)
    sale = depot.document(depot.pay_cash(basket).document_id)
    assert (sale.lines[0].list_price, sale.lines[0].price_approver_id) == (GAS_BY_CONTRACT, MANAGER.person_id)


def test_an_invoice_by_contract(depot: Shop) -> None:
    invoice = depot.document(invoiced(depot, HOTEL, "GAS13"))
    assert isinstance(invoice, Invoice)
    assert invoice.total == GAS_BY_CONTRACT


def test_two_readings_give_the_quantity(depot: Shop) -> None:
    water = depot.till.catalogue.by_id(BULK)
    assert depot.till.catalogue.last_reading(BULK) is None
    basket = depot.till.baskets.new()
    basket.add_metered(water, 1_250_500, 1_262_750)
    line = basket.lines[0]
    assert (line.quantity, basket.totals().total) == (12_250, 1_225_00)
    # Each pair of readings is a line of its own, and the quantity is the meter's.
    assert basket.add(water) == 1
    with refused("metered-quantity-fixed"):
        basket.set_quantity(0, ONE)
    basket.remove(1)
    done = depot.pay_cash(basket)
    sale = depot.document(done.document_id)
    assert (sale.lines[0].meter_before, sale.lines[0].meter_after) == (1_250_500, 1_262_750)
    assert depot.till.catalogue.last_reading(BULK) == 1_262_750
    depot.till.voids.void(done.document_id, "wrong meter")
    assert depot.till.catalogue.last_reading(BULK) is None


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (-1, 5, "meter-not-above-last"),
        (5, 5, "meter-not-above-last"),
        (9, 5, "meter-not-above-last"),
        (0, 10**12, "basket-quantity-implausible"),
    ],
)
def test_readings_that_cannot_be(depot: Shop, before: int, after: int, code: str) -> None:
    basket = depot.till.baskets.new()
    with refused(code):
        basket.add_metered(depot.till.catalogue.by_id(BULK), before, after)
    assert basket.lines == []
