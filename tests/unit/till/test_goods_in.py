"""Orders and receipts: ordered, come in parts, refused beyond, valued at what they cost."""

import pytest

from pos_app.ledger.document import GoodsReceipt, PurchaseOrder
from pos_app.ledger.quantity import ONE
from pos_app.store.master import rates
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import DOLLAR, GAS13, HOTEL, REG, VENDOR
from tests.support.worlds.till_fixture import CASHIER, LPG, WATER, Shop

GRNI, INVENTORY = "2130", "1210"
BOTTLE, WASH = 5, 6


def ordered(shop: Shop) -> PurchaseOrder:
    """Ten regulators and four bottles."""
    done = shop.till.orders.order(
        VENDOR, {REG: Ordered(10 * ONE, 600_00), BOTTLE: Ordered(4 * ONE, 500_00)}, expected_on=20261201
    )
    document = shop.document(done.document_id)
    assert isinstance(document, PurchaseOrder)
    return document


def test_an_order_comes_in_parts(depot: Shop) -> None:
    order = ordered(depot)
    assert (order.total, depot.account(GRNI)) == (8_000_00, 0)
    done = depot.till.receiving.against_order(order, {0: 6 * ONE}, reference="DN 12")
    receipt = depot.document(done.document_id)
    assert isinstance(receipt, GoodsReceipt)
    assert (receipt.total, receipt.order_id, done.number) == (3_600_00, order.document_id, "K3-R000001")
    assert depot.stock("REG") == 6 * ONE
    assert (depot.account(INVENTORY), depot.account(GRNI)) == (3_600_00, -3_600_00)
    assert depot.till.stock.average_cost(REG) == 600_00
    (still,) = depot.till.orders.open()
    assert (still.left, still.number) == ((4 * ONE, 4 * ONE), "K3-Q000001")
    depot.till.receiving.against_order(order)
    assert depot.till.orders.open() == []
    assert (depot.stock("REG"), depot.stock("BOTTLE20")) == (10 * ONE, 4 * ONE)
    assert depot.account("1220", WATER) == 2_000_00
    with refused("order-came-already"):
        depot.till.receiving.against_order(order)


@pytest.mark.parametrize(
    ("came", "code"),
    [
        ({0: 10 * ONE + 1}, "more-than-to-come"),
        ({2: ONE}, "order-line-unknown"),
        ({0: 0}, "no-lines-in"),
        ({0: -ONE}, "bought-quantity-negative"),
    ],
)
def test_what_cannot_come_of_an_order(depot: Shop, came: dict[int, int], code: str) -> None:
    order = ordered(depot)
    with refused(code):
        depot.till.receiving.against_order(order, came)
    assert depot.stock("REG") == 0


def test_more_than_was_ordered_in_the_second_delivery(depot: Shop) -> None:
    order = ordered(depot)
    depot.till.receiving.against_order(order, {0: 6 * ONE})
    with refused("more-than-to-come"):
        depot.till.receiving.against_order(order, {0: 5 * ONE})


def test_a_voided_order_does_not_come_and_a_voided_receipt_may_come_again(depot: Shop) -> None:
    order = ordered(depot)
    done = depot.till.receiving.against_order(order, {0: 6 * ONE})
    with refused("built-upon-already"):
        depot.till.voids.void(order.document_id, "twice ordered")
    depot.till.drawer.close((), "not counted")
    depot.till.voids.void(done.document_id, "counted wrongly")
    assert (depot.stock("REG"), depot.account(GRNI)) == (0, 0)
    assert depot.till.orders.open()[0].left == (10 * ONE, 4 * ONE)
    depot.till.voids.void(order.document_id, "twice ordered")
    assert depot.till.orders.open() == []
    with refused("order-voided"):
        depot.till.receiving.against_order(order)


def test_goods_that_nobody_ordered(depot: Shop) -> None:
    done = depot.till.receiving.without_order(VENDOR, {REG: Ordered(2 * ONE, 650_00)})
    assert (done.total, depot.stock("REG")) == (1_300_00, 2 * ONE)
    assert depot.till.receiving.last_cost(REG) == 650_00
    assert depot.till.receiving.last_cost(GAS13) is None


def test_an_order_in_dollars_is_valued_at_the_rate_of_the_day_on_which_it_came(depot: Shop) -> None:
    done = depot.till.orders.order(VENDOR, {REG: Ordered(2 * ONE, 5_00)}, currency="USD")
    order = depot.document(done.document_id)
    assert (order.currency, order.rate_micro) == ("USD", DOLLAR)
    with depot.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", 20261101, 130_000_000)
    depot.till.receiving.against_order(order)
    assert depot.till.stock.average_cost(REG) == 650_00
    with depot.database.read() as connection:
        owed = connection.exec_driver_sql(
            "SELECT amount, base_amount FROM account_balance WHERE account_code = ? AND business_id = ?",
            (GRNI, LPG),
        ).one()
    assert tuple(owed) == (-10_00, -1_300_00)


@pytest.mark.parametrize(
    ("vendor", "product", "line", "code"),
    [
        (HOTEL.party_id, REG, Ordered(ONE, 1_00), "party-not-in-role"),
        (VENDOR, 9_999, Ordered(ONE, 1_00), "product-not-at-till"),
        (VENDOR, WASH, Ordered(ONE, 1_00), "service-not-received"),
        (VENDOR, REG, Ordered(0, 1_00), "quantity-implausible-of"),
        (VENDOR, REG, Ordered(-ONE, 1_00), "bought-quantity-negative"),
        (VENDOR, REG, Ordered(ONE, -1), "amount-out-of-range"),
        (VENDOR, REG, Ordered(10**13, 1), "quantity-implausible-of"),
    ],
)
def test_bad_receipts(depot: Shop, vendor: int, product: int, line: Ordered, code: str) -> None:
    before = depot.count("document")
    with refused(code):
        depot.till.receiving.without_order(vendor, {product: line})
    assert depot.count("document") == before


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (19700101, "year-of-date-implausible"),
        (20990101, "year-of-date-implausible"),
        (20261399, "not-a-day"),
    ],
)
def test_absurd_days_of_an_order(depot: Shop, day: int, code: str) -> None:
    with refused(code):
        depot.till.orders.order(VENDOR, {REG: Ordered(ONE, 1_00)}, expected_on=day)


def test_who_orders_and_receives(depot: Shop) -> None:
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        depot.till.orders.order(VENDOR, {REG: Ordered(ONE, 1_00)})
    with pytest.raises(NeedsApproval):
        depot.till.receiving.without_order(VENDOR, {REG: Ordered(ONE, 1_00)})
    depot.till.receiving.without_order(
        VENDOR, {REG: Ordered(ONE, 1_00)}, approval=depot.approval(Action.RECEIVE_GOODS)
    )


def test_the_same_receipt_twice(depot: Shop) -> None:
    order, request = ordered(depot), "ef" * 16
    first = depot.till.receiving.against_order(order, request_id=request)
    assert depot.till.receiving.against_order(order, request_id=request) == first
    assert depot.stock("REG") == 10 * ONE


def test_the_list_of_orders_is_looked_through_by_words(depot: Shop) -> None:
    for _ in range(3):
        ordered(depot)
    orders = depot.till.orders
    assert [one.number for one in orders.open()] == ["K3-Q000003", "K3-Q000002", "K3-Q000001"]
    assert [one.number for one in orders.open("q000002")] == ["K3-Q000002"]
    assert len(orders.open("total kenya")) == 3
    assert orders.open("nobody") == []
    assert len(orders.open(most=2)) == 2
