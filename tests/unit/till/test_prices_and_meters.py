"""Contract prices whenever the customer is chosen, and goods that run through a meter."""

import pytest

from pos_app.ledger.document import Invoice, Sale
from pos_app.ledger.quantity import ONE
from pos_app.ledger.typed_discount import How, TypedDiscount
from pos_app.store.master import party_meters
from pos_app.store.master.party_meters import Meter
from pos_app.till.selling.basket_state import BasketState
from pos_app.till.selling.refilling import RefillingBasket
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
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


@pytest.mark.parametrize(
    ("off", "percent_bp", "given_away"), [(100_00, 0, 100_00), (0, 1250, 0), (33, 0, 33)]
)
def test_a_discount_on_the_whole_basket_is_shared_over_its_rates(
    shop: Shop, off: int, percent_bp: int, given_away: int
) -> None:
    basket = shop.basket("GAS13", "WATER20", "REG")
    before = basket.totals().total
    with pytest.raises(NeedsApproval):
        basket.discount_order(off, percent_bp=percent_bp)
    basket.discount_order(off, shop.approval(Action.PRICE), percent_bp=percent_bp)
    away = given_away or (2 * before * percent_bp + 10_000) // 20_000
    assert before - basket.totals().total == away
    assert all(line.discount for line in basket.lines) or off == 33
    made = shop.document(shop.pay_cash(basket).document_id)
    assert made.total == before - away
    assert sum(line.discount for line in made.lines) == away
    assert {line.price_approver_id for line in made.lines if line.discount} == {MANAGER.person_id}


def test_a_customer_has_meters_of_their_own(depot: Shop) -> None:
    water, theirs = depot.till.catalogue.by_id(BULK), BasketState(request_id="", party_id=HOTEL.party_id)
    with depot.database.write() as connection:
        for code, first in (("A", 5_000), ("B", 0)):
            meter = Meter(HOTEL.party_id, code, BULK, "", "", f"SN {code}", first)
            party_meters.put(connection, ORG, meter)

    def stood() -> list[tuple[str, int]]:
        return [(one.code, one.stood) for one in depot.till.meters.of(theirs)]

    assert stood() == [("A", 5_000), ("B", 0)]
    assert depot.till.meters.of(depot.till.baskets.new().state) == []
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add_metered(water, 5_000, 17_250, meter="A")
    sale = depot.document(depot.pay_cash(basket).document_id)
    assert (sale.lines[0].meter, sale.lines[0].description) == ("A", f"{water.name} (A)")
    # The other meter stands where it stood, whoever bought what.
    assert stood() == [("A", 17_250), ("B", 0)]
    other = depot.till.baskets.new()
    other.add_metered(water, 1_000, 2_000)
    depot.pay_cash(other)
    assert stood() == [("A", 17_250), ("B", 0)]


def test_what_ran_through_one_customers_meter_no_other_pays(depot: Shop) -> None:
    water, theirs = depot.till.catalogue.by_id(BULK), BasketState(request_id="", party_id=HOTEL.party_id)
    with depot.database.write() as connection:
        party_meters.put(connection, ORG, Meter(HOTEL.party_id, "A", BULK, "", "", "SN A", 5_000))
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add_metered(water, 5_000, 17_250, meter="A")
    for other in (GOOD, None):
        with refused("basket-meter-of-other-customer"):
            basket.set_customer(other)
    basket.set_customer(HOTEL)
    depot.pay_cash(basket)
    assert [one.stood for one in depot.till.meters.of(theirs)] == [17_250]
    # Without the reading the basket is anybody's.
    again = depot.till.baskets.new()
    again.set_customer(HOTEL)
    again.add(depot.till.catalogue.scan("GAS13").product)
    read = again.add_metered(water, 17_250, 18_000, meter="A")
    again.remove(read)
    again.set_customer(GOOD)
    assert depot.document(depot.pay_cash(again).document_id).party_id == GOOD.party_id


def test_two_baskets_that_read_one_meter_charge_what_ran_through_it_once(depot: Shop) -> None:
    water = depot.till.catalogue.by_id(BULK)
    with depot.database.write() as connection:
        party_meters.put(connection, ORG, Meter(HOTEL.party_id, "A", BULK, "", "", "SN A", 5_000))

    def read(after: int) -> RefillingBasket:
        basket = depot.till.baskets.new()
        basket.set_customer(HOTEL)
        basket.add_metered(water, 5_000, after, meter="A")
        return basket

    waits = read(17_250)
    waits.park("hotel")
    depot.pay_cash(read(18_000))
    again = depot.till.baskets.take_up(waits.state.request_id)
    with refused("meter-read-meanwhile"):
        depot.pay_cash(again)
    with refused("meter-read-meanwhile"):
        again.set_tenders([])
        depot.till.invoicing.issue(again)
    again.remove(0)
    again.add_metered(water, 18_000, 19_000, meter="A")
    again.add_changed_meter(water, "A", (19_000, 19_500), (0, 700))
    depot.pay_cash(again)
    # Whoever takes the first of two readings out leaves nothing unpaid behind the second.
    last = depot.till.baskets.new()
    last.set_customer(HOTEL)
    last.add_metered(water, 700, 800, meter="A")
    last.add_metered(water, 800, 900, meter="A")
    last.remove(0)
    with refused("meter-read-meanwhile"):
        depot.pay_cash(last)
    theirs = BasketState(request_id="", party_id=HOTEL.party_id)
    assert [one.stood for one in depot.till.meters.of(theirs)] == [700]


@pytest.mark.parametrize("target", [1_700_00, 1_699_99, 1_234_56, 2_010_00, 1])
def test_what_all_comes_to_is_what_is_paid_with_the_tax_on_top(shop: Shop, target: int) -> None:
    shop.be(MANAGER)
    basket = shop.basket("WASH", "REG")
    basket.set_quantity(0, 4 * ONE)
    basket.discount_order(basket.off_all(TypedDiscount(How.TARGET, target)))
    paid = basket.totals().total
    # A cent less before the tax is at most two cents less with it.
    assert target - 2 < paid <= target
    made = shop.document(shop.pay_cash(basket).document_id)
    assert made.total == paid
    again = shop.basket("WASH", "REG")
    with refused("target-above-price"):
        again.off_all(TypedDiscount(How.TARGET, 1_140_01))
