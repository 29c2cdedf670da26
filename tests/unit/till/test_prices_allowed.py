"""Who may sell cheaper: an approval covers what was shown to the approver, and no more."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text

from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE, extend
from pos_app.till.selling.basket import Basket
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import GAS_BY_CONTRACT, HOTEL
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, OWNER, PRODUCTS, Shop

GAS = PRODUCTS["GAS13"].price


def cheaper(shop: Shop, sku: str = "GAS13", off: int = 100_00) -> Basket:
    """One piece with a discount that the manager allowed."""
    basket = shop.basket(sku)
    basket.set_discount(0, off, shop.approval(Action.PRICE))
    return basket


def pay(shop: Shop, basket: Basket) -> Sale:
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.due().still_due)
    document = checkout.complete().document
    assert isinstance(document, Sale)
    return document


def test_a_discount_on_one_piece_is_not_one_on_fifty(shop: Shop) -> None:
    basket = cheaper(shop)
    with pytest.raises(NeedsApproval) as asked:
        basket.set_quantity(0, 50 * ONE)
    assert asked.value.action == Action.PRICE.value
    assert (asked.value.facts["quantity"], asked.value.facts["given"]) == ("50", "5,000.00")
    assert (basket.lines[0].quantity, basket.totals().discount) == (ONE, 100_00)
    basket.set_quantity(0, 50 * ONE, Approval(OWNER, Action.PRICE))
    line = pay(shop, basket).lines[0]
    assert (line.discount, line.price_approver_id) == (5_000_00, OWNER.person_id)


def test_another_price_on_one_piece_is_not_one_on_fifty(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_price(0, 2_000_00, shop.approval(Action.PRICE))
    with pytest.raises(NeedsApproval):
        basket.set_quantity(0, 50 * ONE)
    with pytest.raises(NeedsApproval):
        basket.set_quantity(0, 1_001)
    assert basket.lines[0].quantity == ONE


def test_less_of_it_was_allowed_with_it(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_quantity(0, 50 * ONE)
    basket.set_price(0, 2_000_00, shop.approval(Action.PRICE))
    for quantity in (10, 1, 50, 49):
        basket.set_quantity(0, quantity * ONE)
    assert pay(shop, basket).lines[0].price_approver_id == MANAGER.person_id


def test_a_discount_on_top_of_a_price_is_asked_for_with_all_that_is_given(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_price(0, 2_000_00, shop.approval(Action.PRICE))
    with pytest.raises(NeedsApproval) as asked:
        basket.set_discount(0, 50_00)
    assert asked.value.facts["given"] == "370.00"
    basket.set_discount(0, 50_00, Approval(OWNER, Action.PRICE))
    assert pay(shop, basket).lines[0].price_approver_id == OWNER.person_id


def test_a_customer_whose_list_is_higher_is_asked_for_when_it_is_paid(depot: Shop) -> None:
    depot.be(CASHIER)
    basket = depot.basket("GAS13")
    basket.set_customer(HOTEL)
    basket.set_discount(0, 10_00, depot.approval(Action.PRICE))
    basket.set_customer(None)
    assert basket.lines[0].unit_price == GAS_BY_CONTRACT
    with pytest.raises(NeedsApproval) as asked:
        basket.price_again(None)
    assert asked.value.code == "discount-needs-approval"
    with pytest.raises(NeedsApproval):
        pay(depot, basket)
    basket.set_tenders([])
    basket.price_again(Approval(OWNER, Action.PRICE))
    assert pay(depot, basket).lines[0].price_approver_id == OWNER.person_id


def test_goods_that_come_back_at_a_higher_price_give_money_away(shop: Shop) -> None:
    basket = shop.basket("GAS13", "GAS13", "REG")
    basket.set_price(0, GAS + 500_00, shop.approval(Action.PRICE))
    basket.set_quantity(0, 3 * ONE)
    with pytest.raises(NeedsApproval) as asked:
        basket.set_quantity(0, -3 * ONE)
    assert asked.value.facts["given"] == "1,500.00"


def test_what_was_allowed_goes_with_a_parked_basket_and_no_more(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13")
    basket.set_discount(0, 100_00)
    basket.park("Otieno")
    shop.be(CASHIER)
    taken = shop.till.baskets.take_up(basket.state.request_id)
    with pytest.raises(NeedsApproval):
        taken.set_quantity(0, 2 * ONE)
    taken.set_quantity(0, ONE)
    sale = pay(shop, taken)
    assert (sale.person_id, sale.lines[0].price_approver_id) == (CASHIER.person_id, MANAGER.person_id)


def test_who_may_sell_cheaper_but_not_approve_does_not_do_it_for_another(shop: Shop) -> None:
    """A senior cashier's own prices are hers: in another's hands they are asked for."""
    with shop.database.write() as connection:
        connection.execute(text("DELETE FROM role_permission WHERE role='owner' AND permission='approve'"))
    shop.restart()
    shop.be(OWNER)
    basket = shop.basket("GAS13")
    basket.set_discount(0, 100_00)
    basket.park("Otieno")
    shop.be(CASHIER)
    taken = shop.till.baskets.take_up(basket.state.request_id)
    with pytest.raises(NeedsApproval):
        taken.price_again(None)
    taken.price_again(shop.approval(Action.PRICE))
    assert pay(shop, taken).lines[0].price_approver_id == MANAGER.person_id


def test_an_invoice_asks_as_a_sale_does(depot: Shop) -> None:
    depot.be(CASHIER)
    basket = depot.basket("GAS13")
    basket.set_customer(HOTEL)
    basket.set_discount(0, 10_00, depot.approval(Action.PRICE))
    basket.set_customer(GOOD)
    with pytest.raises(NeedsApproval) as asked:
        depot.till.invoicing.issue(basket)
    assert asked.value.action == Action.PRICE.value
    with refused("draft-with-changed-prices"):
        depot.till.invoicing.save_draft(basket)


def test_a_draft_is_made_no_cheaper_by_who_may_not(depot: Shop) -> None:
    depot.be(CASHIER)
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    (line,) = draft.lines
    for lines in (
        (replace(line, unit_price=1_00),),
        (replace(line, quantity=50 * ONE, discount=5_000_00),),
    ):
        with refused("person-may-not-here"):
            depot.till.invoicing.change_draft(draft, lines=lines)
    depot.till.invoicing.change_draft(draft, lines=(replace(line, quantity=2 * ONE),))
    depot.be(MANAGER)
    changed = depot.till.invoicing.change_draft(draft, lines=(replace(line, unit_price=2_000_00),))
    assert (changed.lines[0].list_price, changed.lines[0].price_approver_id) == (GAS, MANAGER.person_id)


CHANGES: tuple[Callable[[Basket, int], None], ...] = (
    lambda basket, number: basket.set_quantity(0, number * 500),
    lambda basket, number: basket.set_quantity(0, -number * 500),
    lambda basket, number: basket.set_customer(HOTEL if number % 2 else None),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(0, 2 * GAS),
    pieces=st.integers(1, 20),
    changes=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 40)), max_size=5),
)
def test_whatever_is_changed_no_more_is_given_than_was_shown(
    depot: Shop, price: int, pieces: int, changes: list[tuple[int, int]]
) -> None:
    depot.be(CASHIER)
    basket = depot.till.baskets.new()
    basket.add(depot.till.catalogue.scan("GAS13").product, pieces * ONE)
    basket.set_price(0, price, depot.approval(Action.PRICE))
    shown = extend(GAS, pieces * ONE) - extend(price, pieces * ONE)
    for kind, number in changes:
        try:
            CHANGES[kind](basket, number)
        except NeedsApproval:
            continue
    line = basket.lines[0]
    given = extend(line.list_price, line.quantity) - line.extended
    try:
        basket.price_again(None)
    except NeedsApproval:
        assert given > max(shown, 0)
    else:
        assert given <= max(shown, 0)
