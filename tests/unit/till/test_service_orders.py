"""Laundry at the till: taken in, tagged, ready, collected and paid, given back; and what is refused."""

from typing import Any

import pytest

from pos_app.devices.paper import Barcode, Columns, Cut, Text
from pos_app.ledger.document import Invoice, Sale, ServiceOrder, ServiceStep
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.service_orders import Step
from pos_app.ledger.treasury import PartyReason
from pos_app.store.master import party_terms
from pos_app.till.laundry.intake import Wanted
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.errors import NeedsApproval, UnknownBarcode
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import raises, refused
from tests.support.worlds.depot_fixture import HOTEL, open_of, with_books
from tests.support.worlds.till_fixture import CASHIER, GONE, GOOD, LAUNDRY, MANAGER, PRODUCTS, Shop

WASH, SOAP = PRODUCTS["WASH"].product_id, PRODUCTS["SOAP"].product_id
TODAY, TOMORROW = 20261120, 20261121
SHIRTS = Wanted(WASH, 3 * ONE, "3 shirts, blue; stain on the collar")
SHEETS = Wanted(WASH, 2_500, "sheets")
#: 250.00 a kilogram and 16 % on top.
OF_SHIRTS, OF_SHEETS = 870_00, 725_00


@pytest.fixture
def laundry(shop: Shop) -> Shop:
    """A till with a customer of contract, its drawer open, the cashier at it."""
    shop = with_books(shop)
    shop.be(CASHIER)
    return shop


def take_in(shop: Shop, *wanted: Wanted, **changes: Any) -> int:
    fields: dict[str, Any] = {"promised_on": TOMORROW, "customer_name": "Kamau"}
    return shop.till.service_orders.take_in(wanted or (SHIRTS, SHEETS), **(fields | changes)).document_id


def pay(shop: Shop, basket: Any) -> Any:
    return shop.document(shop.pay_cash(basket).document_id)


def text_of(shop: Shop, place: int = -1) -> str:
    blocks = paper_of(shop.till._context, shop.print_jobs()[place]).blocks
    words = []
    for block in blocks:
        match block:
            case Text() | Barcode():
                words.append(block.text)
            case Columns():
                words.append(f"{block.left} {block.right}")
    return "\n".join(words)


def test_from_intake_to_collection(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    before = shop.account("4300", LAUNDRY)
    assert orders.quote((SHIRTS, SHEETS)) == OF_SHIRTS + OF_SHEETS
    done = orders.take_in((SHIRTS, SHEETS), promised_on=TOMORROW, customer_name="Kamau")
    assert (done.total, done.number) == (OF_SHIRTS + OF_SHEETS, "K3-SO000001")
    order = shop.document(done.document_id)
    assert isinstance(order, ServiceOrder)
    assert [line.note for line in order.lines] == [SHIRTS.note, SHEETS.note]
    # Nothing is earned and nobody owes anything yet.
    assert shop.account("4300", LAUNDRY) == before
    (found,) = orders.open()
    assert (found.customer, found.left, found.due) == ("Kamau", (3 * ONE, 2_500), done.total)
    assert (found.is_ready, found.is_overdue, orders.ready()) == (False, False, [])

    orders.mark_ready(done.document_id)
    assert [one.number for one in orders.ready()] == [done.number]
    basket = orders.collect(orders.find(" k3-so000001 ").order.document_id)
    sale = pay(shop, basket)
    assert isinstance(sale, Sale)
    assert (sale.order_id, sale.total) == (done.document_id, done.total)
    assert [line.origin_line for line in sale.lines] == [0, 1]
    assert all(line.location_id is None for line in sale.lines)
    assert shop.account("4300", LAUNDRY) - before == -(OF_SHIRTS + OF_SHEETS) * 100 // 116
    assert orders.open() == []
    assert shop.drifts() == []


def test_it_is_collected_once(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    first = orders.collect(order_id)
    first.park("waits")
    second = orders.collect(order_id)
    pay(shop, second)
    with refused("order-not-here-any-more"):
        orders.collect(order_id)
    with refused("order-not-here-any-more"):
        orders.mark_ready(order_id)
    # The one that was parked meanwhile is refused by the books themselves.
    again = shop.till.baskets.take_up(first.state.request_id)
    with refused("order-line-gone"):
        shop.pay_cash(again)
    assert len([one for one in shop.documents() if isinstance(one, Sale)]) == 1


def test_a_part_is_collected_and_paid_and_the_rest_waits(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    sale = pay(shop, orders.collect(order_id, {0: ONE}))
    assert sale.total == OF_SHIRTS // 3
    (rest,) = orders.open()
    assert (rest.left, rest.due) == ((2 * ONE, 2_500), OF_SHIRTS * 2 // 3 + OF_SHEETS)
    for wrong, code in (
        ({0: 3 * ONE}, "less-is-here"),
        ({0: -ONE}, "less-is-here"),
        ({7: ONE}, "order-line-unknown"),
        ({}, "no-order-line-chosen"),
    ):
        with refused(code):
            orders.collect(order_id, wrong)
    pay(shop, orders.collect(order_id))
    assert orders.open() == []


def test_a_void_opens_it_again(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    sale = pay(shop, orders.collect(order_id))
    with refused("built-upon-already"):
        shop.till.voids.void(order_id, "typed twice", shop.approval(Action.VOID))
    shop.till.voids.void(sale.document_id, "wrong person", shop.approval(Action.VOID))
    assert [one.left for one in orders.open()] == [(3 * ONE, 2_500)]
    pay(shop, orders.collect(order_id))
    assert orders.open() == []


def test_a_void_of_the_order(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    basket = orders.collect(order_id)
    shop.till.voids.void(order_id, "typed twice", shop.approval(Action.VOID))
    assert orders.open() == []
    with refused("service-order-voided"):
        shop.pay_cash(basket)


def test_given_back_unwashed(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    with pytest.raises(NeedsApproval):
        orders.give_back(order_id, "the colour would run")
    allowed = shop.approval(Action.VOID)
    done = orders.give_back(order_id, "the colour would run", quantities={0: 2 * ONE}, approval=allowed)
    step = shop.document(done.document_id)
    assert isinstance(step, ServiceStep)
    assert (step.step, step.order_number) == (Step.RETURNED, "K3-SO000001")
    assert "GIVEN BACK AS IT CAME" in text_of(shop)
    assert [one.left for one in orders.open()] == [(ONE, 2_500)]
    with refused("reason-missing"):
        orders.give_back(order_id, " ", approval=allowed)
    rest = orders.give_back(order_id, "changed their mind", step=Step.CANCELLED, approval=allowed)
    assert orders.open() == []
    with refused("order-not-here-any-more"):
        orders.collect(order_id)
    # It was a mistake: the things are here after all.
    shop.till.voids.void(rest.document_id, "still here", allowed)
    assert [one.left for one in orders.open()] == [(ONE, 2_500)]


def test_ready_once(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop)
    done = orders.mark_ready(order_id, request_id="a" * 32)
    assert orders.mark_ready(order_id, request_id="a" * 32) == done
    with refused("order-ready-already"):
        orders.mark_ready(order_id)
    shop.till.voids.void(done.document_id, "not dry yet", shop.approval(Action.VOID))
    assert orders.ready() == []


def test_the_basket_survives_a_kill_and_keeps_its_order(laundry: Shop) -> None:
    shop = laundry
    order_id = take_in(shop)
    shop.till.service_orders.collect(order_id)
    shop.restart()
    shop.be(CASHIER)
    basket = shop.till.baskets.resume()
    assert basket.state.order_id == order_id
    with refused("basket-open-at-collecting"):
        shop.till.service_orders.collect(order_id)
    basket.add(shop.till.catalogue.scan("SOAP").product)
    basket.add(shop.till.catalogue.scan("WASH").product)
    assert [line.order_line for line in basket.lines] == [0, 1, None, None]
    sale = pay(shop, basket)
    assert sale.order_id == order_id
    assert shop.till.service_orders.open() == []


def test_what_cannot_be_done_to_the_lines_of_an_order(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    order_id = take_in(shop, party_id=GOOD.party_id, customer_name="")
    basket = orders.collect(order_id)
    assert basket.state.party_id == GOOD.party_id
    with refused("order-price-fixed"):
        basket.set_price(0, 1_00, shop.approval(Action.PRICE))
    for quantity in (4 * ONE, -ONE):
        with refused("left-of-order"):
            basket.set_quantity(0, quantity)
    for other in (None, HOTEL):
        with refused("basket-order-of-other-customer"):
            basket.set_customer(other)
    second = take_in(shop)
    with refused("basket-collects-other-order"):
        orders.collect(second, basket=basket)
    with refused("draft-collects-order"):
        shop.till.invoicing.save_draft(basket)
    basket.set_quantity(0, ONE)
    basket.set_discount(1, 5_00, shop.approval(Action.PRICE))
    sale = pay(shop, basket)
    assert (sale.lines[0].quantity, sale.lines[1].discount) == (ONE, 5_00)
    basket = orders.collect(order_id)
    basket.remove(0)
    assert basket.state.order_id is None
    basket.set_customer(None)


def test_another_price_is_agreed_on_intake_with_a_manager(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    cheap = Wanted(WASH, ONE, unit_price=200_00)
    with pytest.raises(NeedsApproval):
        take_in(shop, cheap)
    order_id = take_in(shop, cheap, approval=shop.approval(Action.PRICE))
    line = shop.document(order_id).lines[0]
    assert (line.unit_price, line.list_price, line.price_approver_id) == (200_00, 250_00, MANAGER.person_id)
    # The price list changes; the customer pays what was agreed, and nobody is asked again.
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE product SET price = 30000 WHERE sku = 'WASH'")
    assert pay(shop, orders.collect(order_id)).total == 232_00


def test_a_contract_holds_for_services(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    before = take_in(shop, Wanted(WASH, ONE), party_id=HOTEL.party_id, customer_name="")
    walk_in = take_in(shop, Wanted(WASH, ONE))
    with shop.database.write() as connection:
        party_terms.put_contract_price(connection, ORG, HOTEL.party_id, WASH, 180_00)
    order = shop.document(take_in(shop, party_id=HOTEL.party_id, customer_name=""))
    assert (order.lines[0].unit_price, order.lines[0].list_price) == (180_00, None)
    # What was agreed before the contract stays, whoever collects it.
    assert pay(shop, orders.collect(before)).total == 290_00
    basket = orders.collect(walk_in)
    basket.set_customer(HOTEL)
    assert pay(shop, basket).total == 290_00


def test_paid_ahead_by_a_deposit_and_collected_by_an_invoice(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    shop.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL.party_id, 500_00)
    order_id = take_in(shop, party_id=HOTEL.party_id, customer_name="")
    assert "Balance now with us 500.00" in text_of(shop, -2)
    done = shop.till.invoicing.issue(orders.collect(order_id))
    invoice = shop.document(done.document_id)
    assert isinstance(invoice, Invoice)
    assert invoice.order_id == order_id
    assert orders.open() == []
    shop.till.settling.settle(HOTEL.party_id, out_of_deposit=True)
    assert open_of(shop, HOTEL) == {done.document_id: OF_SHIRTS + OF_SHEETS - 500_00}


def test_the_paper(laundry: Shop) -> None:
    shop = laundry
    take_in(shop, tag=" a  117 ", note="knock at the back")
    slip, tags = text_of(shop, -2), text_of(shop)
    for word in ("TAKEN IN", "Kamau", "stain on the collar", "1,595.00", "21.11.2026", "A 117", "knock"):
        assert word in slip
    assert slip.splitlines()[-2].startswith("K3-SO000001") or "K3-SO000001" in slip
    for word in ("A 117", "K3-SO000001", "Kamau", "sheets", "21.11.2026"):
        assert word in tags
    blocks = paper_of(shop.till._context, shop.print_jobs()[-1]).blocks
    # What is weighed has one tag a line.
    assert sum(isinstance(block, Cut) for block in blocks) == 2
    assert shop.till.service_orders.find("A117").number == "K3-SO000001"
    shop.till.service_orders.print_tags(shop.till.service_orders.find("A117").order.document_id)
    assert shop.print_jobs()[-1].what == "tags"
    assert shop.till.receipts.reprint(shop.documents()[-1].document_id) == 1


def test_pieces_have_a_tag_each(laundry: Shop) -> None:
    shop = laundry
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE product SET unit = 'pc' WHERE sku = 'WASH'")
    take_in(shop, Wanted(WASH, 3 * ONE, "shirts"))
    tags = text_of(shop)
    assert [word for word in ("1 of 3", "2 of 3", "3 of 3") if word in tags] == ["1 of 3", "2 of 3", "3 of 3"]
    take_in(shop, Wanted(WASH, 300 * ONE, "napkins"))
    assert "300 pc" in text_of(shop)


def test_what_is_late(laundry: Shop) -> None:
    from datetime import timedelta

    shop, orders = laundry, laundry.till.service_orders
    take_in(shop, promised_on=20261125)
    take_in(shop)
    assert [one.order.promised_on for one in orders.open()] == [TOMORROW, 20261125]
    assert orders.overdue() == []
    shop.clock.advance(timedelta(days=2))
    assert [one.order.promised_on for one in orders.overdue()] == [TOMORROW]


def test_bad_input_has_a_sentence(laundry: Shop) -> None:
    shop, orders = laundry, laundry.till.service_orders
    take_in(shop, tag="B 5")
    count = len(shop.documents())
    wrong: list[tuple[dict[str, Any], tuple[Wanted, ...], str]] = [
        ({"customer_name": " "}, (SHIRTS,), "order-of-nobody"),
        ({"promised_on": 20261119}, (SHIRTS,), "promise-past"),
        ({"promised_on": 20990101}, (SHIRTS,), "year-of-date-implausible"),
        ({"party_id": 999}, (SHIRTS,), "party-not-at-till"),
        ({"party_id": GONE.party_id}, (SHIRTS,), "party-inactive"),
        ({"tag": "b5"}, (SHIRTS,), "tag-in-use"),
        ({}, (Wanted(SOAP, ONE),), "goods-not-service"),
        ({}, (Wanted(999, ONE),), "product-not-at-till"),
        ({}, (Wanted(WASH, 0),), "quantity-implausible-of"),
        ({}, (Wanted(WASH, -ONE),), "service-quantity-negative"),
        (
            {"approval": shop.approval(Action.PRICE)},
            (Wanted(WASH, ONE, unit_price=-5),),
            "amount-out-of-range",
        ),
    ]
    for changes, wanted, code in wrong:
        with refused(code):
            take_in(shop, *wanted, **changes)
    with refused("service-order-empty"):
        orders.take_in((), promised_on=TOMORROW, customer_name="Kamau")
    for asked, code in (
        ("", "tag-unknown"),
        ("C 9", "tag-unknown"),
        ("K3-SO000099", "order-not-here"),
        ("K3-S000001", "not-an-order-number"),
    ):
        with raises(UnknownBarcode, code):
            orders.find(asked)
    assert len(shop.documents()) == count


def test_asked_twice_it_is_one_order(laundry: Shop) -> None:
    shop = laundry
    first = take_in(shop, tag="A1", request_id="b" * 32)
    assert take_in(shop, tag="A1", request_id="b" * 32) == first
    assert len(shop.till.service_orders.open()) == 1


def test_more_back_than_is_collected_is_another_sale(laundry: Shop) -> None:
    shop = laundry
    basket = shop.till.service_orders.collect(take_in(shop, Wanted(WASH, 100)))
    basket.add(shop.till.catalogue.scan("REG").product, -ONE)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    with refused("more-back-than-collected"):
        checkout.complete(shop.approval(Action.REFUND))


def test_an_order_collected_in_parts_comes_to_what_was_agreed(laundry: Shop) -> None:
    """Three kilograms at 0.35 and 16 % on top are 1.22, in one basket or in three."""
    shop = laundry
    orders = shop.till.service_orders
    allowed = shop.approval(Action.PRICE)
    key = take_in(shop, Wanted(WASH, 3 * ONE, unit_price=35), approval=allowed)
    paid = [pay(shop, orders.collect(key, {0: ONE})) for _ in range(3)]
    assert [one.total for one in paid] == [41, 40, 41]
    assert (sum(one.total for one in paid), sum(one.tax_total for one in paid)) == (1_22, 17)
    other = take_in(shop, Wanted(WASH, 3 * ONE, unit_price=35), approval=allowed)
    first = orders.collect(other, {0: ONE})
    first.add(shop.till.catalogue.scan("REG").product, ONE)
    assert pay(shop, first).total == 41 + PRODUCTS["REG"].price
    second = orders.collect(other, {0: 2 * ONE})
    second.set_quantity(0, 500)
    second.set_quantity(0, 2 * ONE)
    assert pay(shop, second).total == 1_22 - 41
    assert shop.drifts() == []
