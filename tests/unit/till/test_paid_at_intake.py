"""What a depot wants ahead of a laundry order: recorded with it, counted once, drawn when collected."""

from typing import Any

import pytest

from pos_app.ledger.document import PartyMoney, Sale, ServiceOrder
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal import print_jobs
from pos_app.till.laundry.intake import Intake, Wanted
from pos_app.till.laundry.service_orders import TAGS
from pos_app.till.session.errors import NeedsApproval
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, PRODUCTS, Shop

WASH = PRODUCTS["WASH"].product_id
TOMORROW = 20261121
SHIRTS = Wanted(WASH, 3 * ONE, "3 shirts")
COSTS = 870_00
OWED = "2320"


def intake(*wanted: Wanted, **changes: Any) -> Intake:
    return Intake(wanted or (SHIRTS,), TOMORROW, GOOD.party_id)._replace(**changes)


@pytest.fixture
def half(shop: Shop) -> Shop:
    """A depot that wants half of it ahead."""
    shop.rule(HouseRule.PAID_AT_INTAKE, 50)
    shop.be(CASHIER)
    return shop


def pay(shop: Shop, wanted: Intake, given: int | None = None) -> ServiceOrder:
    taking = shop.till.take_ahead(wanted)
    taking.add_tender(TenderKind.CASH, taking.cash_due() if given is None else given)
    found = shop.document(taking.complete().document_id)
    assert isinstance(found, ServiceOrder)
    return found


def test_where_nothing_is_wanted_nothing_is_asked(shop: Shop) -> None:
    shop.be(CASHIER)
    assert shop.till.service_orders.short_of(intake()) == 0
    shop.till.service_orders.take_in((SHIRTS,), promised_on=TOMORROW, customer_name="Kamau")


def test_half_is_paid_with_the_order_and_the_collection_takes_it(half: Shop) -> None:
    shop = half
    cash = shop.cash()
    order = pay(shop, intake(), 500_00)
    *_, money, last = shop.documents()
    assert isinstance(money, PartyMoney)
    assert last.document_id == order.document_id
    assert (money.total, money.change.amount if money.change else 0) == (435_00, 65_00)
    assert (shop.cash(), shop.account(OWED)) == (cash + 435_00, -435_00)
    with shop.database.read() as connection:
        jobs = [job.what for job in print_jobs.everything(connection)]
    assert jobs.count(TAGS) == 1
    basket = shop.till.service_orders.collect(order.document_id)
    checkout = shop.till.checkout(basket)
    assert checkout.deposit_left() == 435_00
    checkout.add_tender(TenderKind.DEPOSIT, 435_00)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    sale = shop.document(checkout.complete().document_id)
    assert isinstance(sale, Sale)
    assert (sale.order_id, shop.account(OWED)) == (order.document_id, 0)
    assert shop.drifts() == []


def test_without_the_money_nothing_is_taken_in_and_a_name_is_no_customer(half: Shop) -> None:
    orders = half.till.service_orders
    with refused("intake-paid-ahead"):
        orders.take_in((SHIRTS,), promised_on=TOMORROW, party_id=GOOD.party_id)
    with refused("intake-paid-by-customers"):
        orders.take_in((SHIRTS,), promised_on=TOMORROW, customer_name="Kamau")
    with refused("intake-paid-by-customers"):
        half.till.take_ahead(intake(party_id=None, customer_name="Kamau"))


def test_what_lies_on_deposit_counts_once(half: Shop) -> None:
    """The first order's half is its own; what was put down beyond it pays the second's."""
    pay(half, intake())
    assert half.till.service_orders.short_of(intake()) == 435_00
    pay(half, intake())
    assert half.account(OWED) == -870_00
    # More than all orders want of it is theirs to use: nothing more is asked then.
    taking = half.till.take_party_money("customer_deposit", GOOD, 435_00)  # type: ignore[arg-type]
    taking.add_tender(TenderKind.CASH, 435_00)
    taking.complete()
    assert half.till.service_orders.short_of(intake()) == 0
    half.till.service_orders.take_in((SHIRTS,), promised_on=TOMORROW, party_id=GOOD.party_id)


def test_pressed_twice_it_is_one_order_and_one_deposit(half: Shop) -> None:
    taking = half.till.take_ahead(intake())
    taking.add_tender(TenderKind.CASH, taking.cash_due())
    first, before = taking.complete().document_id, len(half.documents())
    assert taking.complete().document_id == first
    assert len(half.documents()) == before


def test_what_is_wrong_with_the_order_takes_no_money(half: Shop) -> None:
    taking = half.till.take_ahead(intake(promised_on=20261119))
    taking.add_tender(TenderKind.CASH, taking.cash_due())
    before = half.cash()
    with refused("promise-past"):
        taking.complete()
    assert half.cash() == before
    cheap = Wanted(WASH, 3 * ONE, unit_price=35)
    taking = half.till.take_ahead(intake(cheap))
    taking.add_tender(TenderKind.CASH, taking.cash_due())
    with pytest.raises(NeedsApproval):
        taking.complete()
    assert half.cash() == before


def test_the_whole_of_it_ahead(half: Shop) -> None:
    half.rule(HouseRule.PAID_AT_INTAKE, 100)
    half.be(CASHIER)
    pay(half, intake())
    assert half.account(OWED) == -COSTS
