"""Promotions at the till: what is off in the basket, offline, on paper, and what becomes of it at its end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import asdict, replace

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Invoice, Refund, Sale, ServiceOrder
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.needs import sale as needs_of_sale
from pos_app.ledger.needs import service_order as needs_of_order
from pos_app.ledger.permission import Permission
from pos_app.ledger.pricing.rules import OfferKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.rules import rules
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.till.laundry.intake import Wanted
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import GAS_BY_CONTRACT, HOTEL, invoiced
from tests.support.worlds.till_fixture import CASHIER, GOOD, PRODUCTS, Shop

GAS, REG = PRODUCTS["GAS13"], PRODUCTS["REG"]
TENTH = GAS.price // 10


def promise(
    shop: Shop, number: int, kind: OfferKind, goods: dict[int | str, int], *, arrived: int = 0, **said: Any
) -> None:
    """A promotion as the feed brings it: its goods by product or category, and how much a bundle holds."""
    with shop.database.write() as connection:
        for place, (what, quantity) in enumerate(goods.items()):
            named = {"product_id": what} if isinstance(what, int) else {"category": what}
            connection.execute(
                promotion_item.insert().values(
                    org_id=ORG, promotion_id=number, place=place, quantity=quantity, **named
                )
            )
        told = {"code": f"P{number}", "name": f"Offer {number}", "items": arrived or len(goods), **said}
        connection.execute(
            promotion.insert().values(org_id=ORG, promotion_id=number, kind=kind.value, **told)
        )
    person = shop.till._context.signed_in()
    shop.restart()
    shop.be(person)


def test_a_per_cent_off_is_nobodys_concession_and_stands_on_the_paper(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    shop.be(CASHIER)
    basket = shop.basket("GAS13", "GAS13", "REG")
    gas, regulator = basket.lines
    assert (gas.quantity, gas.discount, gas.promotion_id, gas.promotion) == (2 * ONE, 2 * TENTH, 1, "Offer 1")
    assert (gas.changed, regulator.promotion_id, basket.totals().discount) == (False, None, 2 * TENTH)
    # It is of the whole line, whichever way it came to be so long.
    basket.set_quantity(0, 3 * ONE)
    assert basket.lines[0].discount == 3 * TENTH
    sold = shop.pay_cash(basket)
    sale = shop.document(sold.document_id)
    assert isinstance(sale, Sale)
    line = sale.lines[0]
    assert (line.discount, line.promotion_id, line.price_approver_id, line.list_price) == (
        3 * TENTH,
        1,
        None,
        None,
    )
    assert all(need.permission is not Permission.PRICE for need in needs_of_sale(sale))
    papers = [paper_of(shop.till._context, job) for job in shop.print_jobs()]
    rows = [piece.text.split() for paper in papers for piece in typeset(paper) if isinstance(piece, Line)]
    assert ["Offer", "1", "−696.00"] in rows


def test_a_category_and_three_for_two_over_the_lines(shop: Shop) -> None:
    promise(shop, 1, OfferKind.N_FOR_M, {"Gas": ONE}, take=3, pay=2)
    basket = shop.basket("GAS13", quantity=2 * ONE)
    assert basket.totals().discount == 0
    basket.add(shop.till.catalogue.scan("GAS13").product)
    assert (len(basket.lines), basket.totals().discount) == (1, GAS.price)
    basket.set_quantity(0, 2 * ONE)
    assert basket.totals().discount == 0


def test_a_bundle_waits_for_all_of_it(shop: Shop) -> None:
    goods: dict[int | str, int] = {GAS.product_id: ONE, REG.product_id: ONE}
    together = GAS.price + REG.price - 100_00
    promise(shop, 1, OfferKind.BUNDLE, goods, amount=together)
    basket = shop.basket("GAS13")
    assert basket.totals().discount == 0
    basket.add(shop.till.catalogue.scan("REG").product)
    assert (basket.totals().total, [one.promotion_id for one in basket.lines]) == (together, [1, 1])
    # Without the other it is none; a person who prices one of them takes it out of the bundle.
    basket.set_price(1, REG.price - 1_00, shop.approval(Action.PRICE))
    assert [one.promotion_id for one in basket.lines] == [None, None]
    basket.remove(1)
    assert basket.totals().total == GAS.price


def test_a_bundle_whose_goods_are_still_on_their_way_is_none(shop: Shop) -> None:
    """Half of it would give the cylinder away for the price of both."""
    promise(shop, 1, OfferKind.BUNDLE, {GAS.product_id: ONE}, arrived=2, amount=1)
    assert shop.basket("GAS13").totals().total == GAS.price


def test_what_a_person_sets_stands_in_place_of_the_promotion(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    basket = shop.basket("GAS13")
    basket.set_discount(0, 300_00, shop.approval(Action.PRICE))
    line = basket.lines[0]
    assert (line.discount, line.promotion_id, line.price_allowed) == (300_00, None, 300_00)
    basket.set_discount(0, 0, shop.approval(Action.PRICE))
    assert (basket.lines[0].discount, basket.lines[0].promotion_id) == (TENTH, 1)
    basket.discount_order(50_00, shop.approval(Action.PRICE))
    assert (basket.lines[0].discount, basket.lines[0].promotion_id) == (50_00, None)


def test_where_and_for_whom(depot: Shop) -> None:
    promise(depot, 1, OfferKind.AMOUNT, {GAS.product_id: ONE}, amount=100_00)
    promise(depot, 2, OfferKind.AMOUNT, {GAS.product_id: ONE}, amount=900_00, depot_id=99)
    promise(depot, 3, OfferKind.AMOUNT, {GAS.product_id: ONE}, amount=200_00, group_id=5)

    def costs(customer: Any) -> int:
        basket = depot.basket("GAS13")
        basket.set_customer(customer)
        total = basket.totals().total
        basket.discard()
        return total

    # Nothing off what is agreed, nor for who is not in the group.
    assert [costs(None), costs(GOOD), costs(HOTEL)] == [
        GAS.price - 100_00,
        GAS.price - 100_00,
        GAS_BY_CONTRACT,
    ]
    with depot.database.write() as connection:
        values = {"org_id": ORG, "member_id": 1, "group_id": 5, "party_id": GOOD.party_id}
        connection.execute(master.party_group_member.insert().values(**values))
    promise(depot, 4, OfferKind.AMOUNT, {GAS.product_id: ONE}, amount=300_00, on_contracts=1)
    assert [costs(None), costs(GOOD), costs(HOTEL)] == [
        GAS.price - 300_00, GAS.price - 300_00, GAS_BY_CONTRACT - 300_00,
    ]  # fmt: skip


def test_one_that_ends_with_the_basket_open_is_told_before_the_money(shop: Shop) -> None:
    until = micros(shop.clock.now() + timedelta(minutes=5))
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000, valid_to_us=until)
    basket = shop.basket("GAS13")
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, 5_000_00)
    shop.clock.advance(timedelta(minutes=6))
    assert basket.totals().total == GAS.price - TENTH
    with refused("basket-total-changed"):
        taking.complete()
    assert (basket.totals().total, basket.lines[0].promotion_id) == (GAS.price, None)
    assert shop.document(taking.complete().document_id).total == GAS.price


@pytest.mark.parametrize("deed", ["add", "quantity", "remove", "customer", "price"])
def test_whatever_is_done_after_its_end_says_what_the_total_was(shop: Shop, deed: str) -> None:
    until = micros(shop.clock.now() + timedelta(minutes=5))
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000, valid_to_us=until)
    basket = shop.basket("GAS13", "REG")
    shop.clock.advance(timedelta(minutes=6))
    deeds: dict[str, Callable[[], object]] = {
        "add": lambda: basket.add(shop.till.catalogue.scan("REG").product),
        "quantity": lambda: basket.set_quantity(1, 2 * ONE),
        "remove": lambda: basket.remove(1),
        "customer": lambda: basket.set_customer(GOOD),
        "price": lambda: basket.set_price(1, 1_00, shop.approval(Action.PRICE)),
    }
    deeds[deed]()
    news = basket.take_news()
    assert news is not None
    assert news.code == "basket-total-changed"
    assert news.facts["before"] == grouped_text(GAS.price - TENTH + REG.price, currency("KES"))
    assert basket.lines[0].promotion_id is None


def test_one_that_was_put_away_is_over_then(shop: Shop) -> None:
    now = micros(shop.clock.now())
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000, ended_us=now - 1)
    assert shop.basket("GAS13").totals().discount == 0


def test_a_draft_of_the_basket_keeps_what_was_promised(depot: Shop) -> None:
    promise(depot, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    invoice = depot.document(invoiced(depot, GOOD, "GAS13"))
    assert isinstance(invoice, Invoice)
    line = invoice.lines[0]
    assert (invoice.total, line.promotion_id, line.promotion) == (GAS.price - TENTH, 1, "Offer 1")


def test_what_comes_back_is_worth_what_it_costs_today(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    basket = shop.basket("GAS13")
    basket.set_quantity(0, -ONE)
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, taking.total)
    back = shop.document(taking.complete(shop.approval(Action.REFUND)).document_id)
    assert isinstance(back, Refund)
    assert (back.total, back.lines[0].promotion_id) == (GAS.price - TENTH, 1)


def test_a_line_that_says_more_than_a_promotion_does_is_no_document(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    sale = shop.document(shop.sell("GAS13").document_id)
    rules.check(sale)
    line = sale.lines[0]
    for other in (
        replace(line, promotion_id=None),
        replace(line, promotion_id=2**62),
        replace(line, price_approver_id=1),
        replace(line, list_price=GAS.price),
        replace(line, promotion="x" * 201),
        replace(line, discount=0, net=line.net, tax=line.tax),
    ):
        with refused("promotion-implausible"):
            rules.check(replace(sale, lines=(other,)))


def test_a_line_says_why(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {GAS.product_id: ONE}, percent_bp=1_000)
    promise(shop, 2, OfferKind.AMOUNT, {GAS.product_id: ONE}, amount=1_00)
    basket = shop.basket("GAS13")

    def told() -> list[str]:
        return [step.code for step in shop.till.baskets.why_priced(basket, 0, str)]

    assert told() == [
        "price-by-product", "price-promotion-takes-off", "price-promotion-not-best", "price-comes-to",
    ]  # fmt: skip
    basket.set_discount(0, 300_00, shop.approval(Action.PRICE))
    passed_over = ["price-promotion-not-on-fixed"] * 2
    assert told()[1:] == [*passed_over, "price-allowed-by", "price-less-discount", "price-comes-to"]


WASH = PRODUCTS["WASH"].product_id
TOMORROW = 20261121


def test_what_is_off_at_intake_is_agreed_and_its_parts_add_up_to_the_cent(shop: Shop) -> None:
    """Of kilograms at 250.00 and 16 % on top; a third off seven of them goes with every part."""
    promise(shop, 1, OfferKind.PERCENT, {WASH: ONE}, percent_bp=3_333)
    shop.be(CASHIER)
    orders = shop.till.service_orders
    wanted = [Wanted(WASH, 7 * ONE, "shirts")]
    (priced,) = orders.priced(wanted)
    assert (priced.discount, priced.promotion_id, priced.promotion) == (583_28, 1, "Offer 1")
    told = orders.quote(wanted)
    with refused("intake-total-changed"):
        orders.take_in(wanted, promised_on=TOMORROW, customer_name="Kamau", told=told + 1)
    done = orders.take_in(wanted, promised_on=TOMORROW, customer_name="Kamau", told=told)
    order = shop.document(done.document_id)
    assert isinstance(order, ServiceOrder)
    assert order.lines == (priced.__class__(**{**asdict(priced), "note": "shirts"}),)
    assert order.total == told == 1_353_40
    assert all(need.permission is not Permission.PRICE for need in needs_of_order(order))
    papers = [paper_of(shop.till._context, job) for job in shop.print_jobs()]
    rows = [piece.text.split() for paper in papers for piece in typeset(paper) if isinstance(piece, Line)]
    assert ["Offer", "1", "−583.28"] in rows
    # It is over when the things are collected: what was agreed holds, and a kill in between changes nothing.
    with shop.database.write() as connection:
        connection.execute(promotion.update().values(ended_us=1))
    shop.restart()
    shop.be(CASHIER)
    paid = []
    for quantity in (1_333, 667, 5_000):
        basket = shop.till.service_orders.collect(done.document_id, {0: quantity})
        assert basket.lines[0].lowered_by == (1, "Offer 1")
        assert basket.totals().discount == basket.lines[0].reduction
        basket = shop.till.baskets.resume()
        sale = shop.document(shop.pay_cash(basket).document_id)
        assert isinstance(sale, Sale)
        assert (sale.lines[0].promotion_id, sale.lines[0].price_approver_id) == (1, None)
        assert all(need.permission is not Permission.PRICE for need in needs_of_sale(sale))
        paid.append(sale)
    assert sum(one.total for one in paid) == told
    assert sum(one.tax_total for one in paid) == order.tax_total
    assert shop.drifts() == []


def test_what_a_person_says_at_intake_or_at_collecting_is_lowered_by_nothing_beside_it(shop: Shop) -> None:
    promise(shop, 1, OfferKind.N_FOR_M, {WASH: ONE}, take=3, pay=2)
    shop.be(CASHIER)
    orders = shop.till.service_orders
    fields: dict[str, Any] = {"promised_on": TOMORROW, "customer_name": "Kamau"}
    allowed = shop.approval(Action.PRICE)
    own = orders.take_in([Wanted(WASH, 3 * ONE, unit_price=200_00)], approval=allowed, **fields)
    order = shop.document(own.document_id)
    assert isinstance(order, ServiceOrder)
    assert (order.lines[0].discount, order.lines[0].promotion_id, order.lines[0].list_price) == (
        0,
        None,
        250_00,
    )
    # Two lines of a kilogram and a half are one whole piece each: of three, nothing is free.
    assert [one.discount for one in orders.priced([Wanted(WASH, 1_500), Wanted(WASH, 1_500)])] == [0, 0]
    done = orders.take_in([Wanted(WASH, 3 * ONE)], **fields)
    basket = orders.collect(done.document_id, {0: 2 * ONE})
    assert basket.lines[0].reduction == 166_66 or basket.lines[0].reduction == 166_67
    steps = [one.code for one in shop.till.baskets.why_priced(basket, 0, str)]
    assert steps == ["price-not-by-lists", "price-lowered-then", "price-comes-to"]
    # Another quantity of it keeps what was agreed; a discount by hand stands in its place, and goes again.
    basket.set_quantity(0, ONE)
    assert basket.lines[0].lowered_by == (1, "Offer 1")
    basket.set_discount(0, 10_00, shop.approval(Action.PRICE))
    assert basket.lines[0].lowered_by[0] is None
    assert basket.lines[0].extended == 240_00
    sale = shop.document(shop.pay_cash(basket).document_id)
    assert isinstance(sale, Sale)
    assert sale.lines[0].promotion_id is None
    rest = orders.collect(done.document_id)
    rest.set_discount(0, 10_00, shop.approval(Action.PRICE))
    rest.set_discount(0, 0, shop.approval(Action.PRICE))
    assert rest.lines[0].lowered_by == (1, "Offer 1")
    assert shop.drifts() == []


def test_why_a_service_costs_what_it_costs_is_told_at_intake(shop: Shop) -> None:
    promise(shop, 1, OfferKind.PERCENT, {"": ONE}, percent_bp=1_000)
    wanted = [Wanted(WASH, 2 * ONE)]
    codes = [one.code for one in shop.till.service_orders.why_priced(wanted, None, 0, str)]
    assert codes[0] == "price-by-product"
    assert codes[-1] == "price-comes-to"
