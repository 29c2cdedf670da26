"""Transfers, counts, adjustments, returnables, stock below nothing and what to order again."""

import pytest

from pos_app.ledger.document import StockCount, TransferReceived, TransferSent
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import WALK_IN, AdjustmentReason, location_of
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import LOCATION
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import (
    EMPTY13,
    FULL13,
    HOTEL,
    REG,
    SOAP,
    TRANSIT,
    VEHICLE,
    VENDOR,
    WEST,
    stock_at,
)
from tests.support.worlds.till_fixture import CASHIER, Shop

WASH = 6
REASON = AdjustmentReason


# --- transfers ------------------------------------------------------------------------------------


def sent(shop: Shop, products: dict[int, int], to: int = VEHICLE) -> TransferSent:
    """A transfer that left."""
    document = shop.document(shop.till.transfers.send(to, products).document_id)
    assert isinstance(document, TransferSent)
    return document


def test_goods_are_on_their_way_until_they_are_received(depot: Shop) -> None:
    transfer = sent(depot, {REG: 5 * ONE, SOAP: 2 * ONE})
    assert (depot.stock("REG"), stock_at(depot, TRANSIT, REG)) == (-5 * ONE, 5 * ONE)
    done = depot.till.transfers.receive(transfer, {REG: 3 * ONE})
    received = depot.document(done.document_id)
    assert isinstance(received, TransferReceived)
    assert [(line.sent, line.received) for line in received.lines] == [(5 * ONE, 3 * ONE)]
    assert (stock_at(depot, VEHICLE, REG), stock_at(depot, TRANSIT, REG)) == (3 * ONE, 2 * ONE)
    (still,) = depot.till.transfers.on_the_way()
    assert still.left == {REG: 2 * ONE, SOAP: 2 * ONE}
    depot.till.transfers.receive(transfer)
    assert depot.till.transfers.on_the_way() == []
    assert (stock_at(depot, VEHICLE, SOAP), stock_at(depot, TRANSIT, SOAP)) == (2 * ONE, 0)
    with refused("transfer-came-already"):
        depot.till.transfers.receive(transfer)


def test_back_from_the_vehicle(depot: Shop) -> None:
    depot.till.transfers.receive(sent(depot, {REG: 5 * ONE}))
    done = depot.till.transfers.send(LOCATION, {REG: 4 * ONE}, from_location=VEHICLE)
    depot.till.transfers.receive(depot.document(done.document_id))
    assert (stock_at(depot, VEHICLE, REG), depot.stock("REG")) == (ONE, -ONE)


@pytest.mark.parametrize(
    ("to", "products", "code"),
    [
        (LOCATION, {REG: ONE}, "transfer-to-same-place"),
        (TRANSIT, {REG: ONE}, "place-not-at-till"),
        (999, {REG: ONE}, "place-not-at-till"),
        (WEST, {}, "transfer-empty"),
        (WEST, {REG: 0}, "line-quantity-zero"),
        (WEST, {REG: -ONE}, "transfer-quantity-negative"),
        (WEST, {WASH: ONE}, "service-has-no-stock"),
        (WEST, {9_999: ONE}, "product-not-at-till"),
    ],
)
def test_bad_transfers(depot: Shop, to: int, products: dict[int, int], code: str) -> None:
    before = depot.count("document")
    with refused(code):
        depot.till.transfers.send(to, products)
    assert depot.count("document") == before


@pytest.mark.parametrize(
    ("received", "code"),
    [
        ({REG: 6 * ONE}, "more-than-on-its-way"),
        ({SOAP: ONE}, "product-not-in-transfer"),
        ({REG: -ONE}, "transfer-quantity-negative"),
        ({}, "transfer-receipt-empty"),
    ],
)
def test_bad_receipts(depot: Shop, received: dict[int, int], code: str) -> None:
    transfer = sent(depot, {REG: 5 * ONE})
    with refused(code):
        depot.till.transfers.receive(transfer, received)
    assert stock_at(depot, TRANSIT, REG) == 5 * ONE


def test_a_voided_transfer_does_not_come(depot: Shop) -> None:
    transfer = sent(depot, {REG: 5 * ONE})
    depot.till.voids.void(transfer.document_id, "wrong place")
    assert (depot.stock("REG"), stock_at(depot, TRANSIT, REG)) == (0, 0)
    with refused("transfer-voided"):
        depot.till.transfers.receive(transfer)
    assert depot.till.transfers.on_the_way() == []


def test_what_arrives_here(depot: Shop) -> None:
    sent(depot, {REG: 5 * ONE}, WEST)
    assert depot.till.transfers.arriving() == []
    transfer = sent(depot, {REG: 5 * ONE})
    (one,) = depot.till.transfers.arriving()
    assert (one.sent, one.left) == (transfer, {REG: 5 * ONE})
    assert depot.till.transfers.arriving(one.number) == [one]
    assert depot.till.transfers.arriving("elsewhere") == []
    assert len(depot.till.transfers.on_the_way()) == 2
    depot.till.transfers.receive(transfer)
    assert depot.till.transfers.arriving() == []


def test_where_goods_can_go_and_who_sends_them(depot: Shop) -> None:
    assert [one.code for one in depot.till.transfers.places()] == ["VAN", "WEST"]
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        depot.till.transfers.send(VEHICLE, {REG: ONE})
    depot.till.transfers.send(VEHICLE, {REG: ONE}, approval=depot.approval(Action.TRANSFER_STOCK))


# --- counts and adjustments -----------------------------------------------------------------------


def test_a_count_posts_the_difference(depot: Shop) -> None:
    depot.sell("REG", "REG")
    done = depot.till.stock_counts.count({REG: 7 * ONE, SOAP: 0})
    assert depot.stock("REG") == 7 * ONE
    counts = [(one.product_id, one.quantity) for one in depot.till.stock_counts.differences(done.document_id)]
    assert counts == [(REG, 9 * ONE), (SOAP, 0)]
    # Without a price nothing is valued here: the centre does that.
    assert depot.till.stock.average_cost(REG) is None


def test_opening_stock_is_valued_at_once(depot: Shop) -> None:
    done = depot.till.stock_counts.count({REG: 10 * ONE, 5: 2 * ONE}, unit_costs={REG: 600_00, 5: 400_00})
    assert isinstance(depot.document(done.document_id), StockCount)
    assert depot.till.stock.average_cost(REG) == 600_00
    assert (depot.account("1210"), depot.account("3900")) == (6_000_00, -6_000_00)


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ({}, "count-empty"),
        ({REG: -1}, "counted-below-zero"),
        ({REG: 10**16}, "counted-quantity-implausible"),
        ({WASH: ONE}, "service-not-counted"),
        ({9_999: ONE}, "product-not-at-till"),
    ],
)
def test_bad_counts(depot: Shop, counted: dict[int, int], code: str) -> None:
    with refused(code):
        depot.till.stock_counts.count(counted)
    assert depot.stock("REG") == 0


@pytest.mark.parametrize(
    ("reason", "quantity", "left"),
    [
        (REASON.DAMAGE, 2, -2),
        (REASON.LOSS, 2, -2),
        (REASON.USE, 2, -2),
        (REASON.FOUND, 2, 2),
        (REASON.OTHER, -3, -3),
    ],
)
def test_an_adjustment_goes_the_way_of_its_reason(
    depot: Shop, reason: AdjustmentReason, quantity: int, left: int
) -> None:
    depot.till.stock_adjustments.adjust(reason, {REG: quantity * ONE}, note="seen today")
    assert depot.stock("REG") == left * ONE


@pytest.mark.parametrize(
    ("reason", "products", "note", "code"),
    [
        (REASON.DAMAGE, {REG: -ONE}, "", "adjustment-with-sign"),
        (REASON.DAMAGE, {REG: 0}, "", "line-quantity-zero"),
        (REASON.DAMAGE, {}, "", "adjustment-empty"),
        (REASON.OTHER, {REG: ONE}, " ", "adjustment-without-reason"),
        (REASON.LOSS, {WASH: ONE}, "", "service-has-no-stock"),
    ],
)
def test_bad_adjustments(
    depot: Shop, reason: AdjustmentReason, products: dict[int, int], note: str, code: str
) -> None:
    with refused(code):
        depot.till.stock_adjustments.adjust(reason, products, note=note)


def test_who_counts_and_adjusts(depot: Shop) -> None:
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        depot.till.stock_counts.count({REG: ONE})
    with pytest.raises(NeedsApproval):
        depot.till.stock_adjustments.adjust(REASON.FOUND, {REG: ONE})
    request = "0f" * 16
    allowed = depot.approval(Action.ADJUST_STOCK)
    first = depot.till.stock_adjustments.adjust(
        REASON.FOUND, {REG: ONE}, approval=allowed, request_id=request
    )
    again = depot.till.stock_adjustments.adjust(
        REASON.FOUND, {REG: ONE}, approval=allowed, request_id=request
    )
    assert (first, depot.stock("REG")) == (again, ONE)


# --- returnables ----------------------------------------------------------------------------------


def test_a_full_cylinder_for_an_empty_one_within_a_sale(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_customer(HOTEL)
    full, empty = (depot.till.catalogue.by_id(key) for key in (FULL13, EMPTY13))
    basket.give_returnable(full, 2 * ONE)
    basket.give_returnable(empty, -ONE)
    basket.give_returnable(full, -ONE)
    depot.pay_cash(basket)
    held = [(one.product_id, one.quantity) for one in depot.till.returnables.held(HOTEL.party_id)]
    assert held == [(EMPTY13, -ONE), (FULL13, ONE)]
    assert (stock_at(depot, LOCATION, FULL13), stock_at(depot, LOCATION, EMPTY13)) == (-ONE, ONE)


def test_a_basket_keeps_its_returnables(depot: Shop) -> None:
    basket = depot.till.baskets.new()
    cylinder = depot.till.catalogue.by_id(FULL13)
    basket.give_returnable(cylinder, ONE)
    assert [one.quantity for one in depot.till.baskets.resume().state.returnables] == [ONE]
    basket.give_returnable(cylinder, -ONE)
    assert depot.till.baskets.resume().state.returnables == []


def test_cylinders_without_a_sale(depot: Shop) -> None:
    depot.be(CASHIER)
    done = depot.till.returnables.move(HOTEL.party_id, {EMPTY13: 3 * ONE}, note="for the party")
    assert done.number == "K3-H000001"
    back = depot.till.returnables.move(HOTEL.party_id, {EMPTY13: -2 * ONE})
    assert back.short == ()
    assert stock_at(depot, location_of(HOTEL.party_id), EMPTY13) == ONE
    depot.till.returnables.move(None, {EMPTY13: ONE})
    assert [(one.location_id, one.quantity) for one in depot.till.returnables.held(None)] == [
        (location_of(WALK_IN), ONE)
    ]


@pytest.mark.parametrize(
    ("party", "products", "code"),
    [
        (99_999, {EMPTY13: ONE}, "that-customer-not-at-till"),
        (None, {}, "no-returnable-named"),
        (None, {EMPTY13: 0}, "line-quantity-zero"),
        (None, {9_999: ONE}, "product-not-at-till"),
    ],
)
def test_bad_returnables(depot: Shop, party: int | None, products: dict[int, int], code: str) -> None:
    with refused(code):
        depot.till.returnables.move(party, products)


# --- looking --------------------------------------------------------------------------------------


def test_stock_below_nothing_is_sold_flagged_and_explained(depot: Shop) -> None:
    depot.till.receiving.without_order(VENDOR, {REG: Ordered(ONE, 600_00)})
    basket = depot.basket("REG", "SOAP", quantity=3 * ONE)
    assert [(one.sku, one.quantity) for one in basket.shortages()] == [("REG", -2 * ONE), ("SOAP", -3 * ONE)]
    done = depot.pay_cash(basket)
    assert [(one.sku, one.quantity) for one in done.short] == [("REG", -2 * ONE), ("SOAP", -3 * ONE)]
    assert [one.sku for one in depot.till.stock.levels() if one.quantity < 0] == ["REG", "SOAP"]
    steps = [(step.kind, step.change, step.balance) for step in depot.till.stock.explain(REG)]
    assert steps == [("goods_receipt", ONE, ONE), ("sale", -3 * ONE, -2 * ONE)]
    depot.till.stock_counts.count({REG: 0, SOAP: 0})
    assert not any(one.quantity < 0 for one in depot.till.stock.levels())


def test_what_to_order_again(depot: Shop) -> None:
    (one,) = depot.till.stock.reorder_list()
    assert (one.sku, one.quantity, one.order, one.average_cost) == ("REG", 0, 20 * ONE, None)
    depot.till.receiving.without_order(VENDOR, {REG: Ordered(8 * ONE, 600_00)})
    assert depot.till.stock.reorder_list() == []
    depot.sell("REG", quantity=3 * ONE)
    (one,) = depot.till.stock.reorder_list()
    assert (one.quantity, one.minimum, one.order, one.average_cost) == (5 * ONE, 5 * ONE, 15 * ONE, 600_00)


def test_what_lies_at_a_place(depot: Shop) -> None:
    depot.till.transfers.receive(sent(depot, {REG: 5 * ONE}))
    assert [(one.sku, one.quantity) for one in depot.till.stock.levels(VEHICLE)] == [("REG", 5 * ONE)]
    with refused("product-not-at-till"):
        depot.till.stock.average_cost(9_999)
