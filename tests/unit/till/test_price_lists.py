"""Price lists at the till: whose price a line has, breaks over the basket, a price that begins meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import Table

from pos_app.ledger.document import Invoice, Refund, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.price import Price, split
from pos_app.ledger.pricing.rules import Level, ScopeKind
from pos_app.ledger.quantity import ONE
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import GAS_BY_CONTRACT, HOTEL, invoiced
from tests.support.worlds.till_fixture import CASHIER, GOOD, PRODUCTS, Shop

GAS, REG = PRODUCTS["GAS13"], PRODUCTS["REG"]
GROUP = 5


def put_list(
    shop: Shop,
    number: int,
    kind: ScopeKind,
    of_id: int,
    *items: tuple[int, int, Price],
    from_us: int = 0,
    to_us: int | None = None,
) -> None:
    """A list as the feed brings it: product, from how many on, price."""
    with shop.database.write() as connection:

        def put(table: Table, **values: object) -> None:
            connection.execute(table.insert().values(org_id=ORG, **values))

        put(master.price_list, price_list_id=number, code=f"L{number}", name=f"List {number}")
        put(master.price_list_scope, scope_id=number, price_list_id=number, kind=kind.value, of_id=of_id)
        for place, (product_id, quantity, price) in enumerate(items):
            whole, fine = split(price)
            put(
                master.price_list_item,
                item_id=number * 100 + place,
                price_list_id=number,
                product_id=product_id,
                from_quantity=quantity,
                price=whole,
                price_fine=fine,
                valid_from_us=from_us,
                valid_to_us=to_us,
            )
    restart(shop)


def restart(shop: Shop) -> None:
    """The till is opened anew, with the same person at it."""
    person = shop.till._context.signed_in()
    shop.restart()
    shop.be(person)


def unit_prices(shop: Shop, *customers: object) -> list[Price]:
    found = []
    for customer in customers:
        basket = shop.basket("GAS13")
        basket.set_customer(customer)  # type: ignore[arg-type]
        found.append(basket.lines[0].unit_price)
        basket.discard()
    return found


def test_the_nearest_list_counts_and_a_contract_before_all(depot: Shop) -> None:
    put_list(depot, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_200_00))
    put_list(depot, 2, ScopeKind.CUSTOMER, GOOD.party_id, (GAS.product_id, 0, 2_100_00))
    assert unit_prices(depot, None, GOOD, HOTEL) == [2_200_00, 2_100_00, GAS_BY_CONTRACT]
    put_list(depot, 3, ScopeKind.DEPOT, 1, (GAS.product_id, 0, 2_250_00))
    put_list(depot, 4, ScopeKind.DEPOT, 99, (GAS.product_id, 0, 1))
    assert unit_prices(depot, None, GOOD, HOTEL) == [2_250_00, 2_100_00, GAS_BY_CONTRACT]


def test_a_group_has_its_list_while_somebody_is_in_it(depot: Shop) -> None:
    now = micros(depot.till._context.clock.now())
    put_list(depot, 1, ScopeKind.GROUP, GROUP, (GAS.product_id, 0, 2_000_00))
    assert unit_prices(depot, GOOD) == [GAS.price]
    with depot.database.write() as connection:
        for key, party, until in ((1, GOOD.party_id, None), (2, HOTEL.party_id, now)):
            connection.execute(
                master.party_group_member.insert().values(
                    org_id=ORG, member_id=key, group_id=GROUP, party_id=party, valid_to_us=until
                )
            )
    restart(depot)
    assert unit_prices(depot, GOOD, HOTEL, None) == [2_000_00, GAS_BY_CONTRACT, GAS.price]


def test_a_break_counts_the_basket_and_goes_with_what_is_taken_out(shop: Shop) -> None:
    put_list(
        shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_300_00), (GAS.product_id, 10 * ONE, 2_000_00)
    )
    shop.be(CASHIER)
    basket = shop.basket("GAS13")
    assert (basket.lines[0].unit_price, basket.lines[0].price_level) == (2_300_00, Level.EVERYBODY)
    basket.set_quantity(0, 9 * ONE)
    assert basket.totals().total == 9 * 2_300_00
    # The tenth makes all of them cheaper, in their one line, and nobody is asked.
    assert basket.add(shop.till.catalogue.scan("GAS13").product) == 0
    assert (basket.totals().total, basket.lines[0].price_break) == (10 * 2_000_00, 10 * ONE)
    basket.set_quantity(0, 9 * ONE)
    assert basket.totals().total == 9 * 2_300_00
    basket.set_quantity(0, 12 * ONE)
    assert not basket.lines[0].changed
    sale = shop.document(shop.pay_cash(basket).document_id)
    assert isinstance(sale, Sale)
    line = sale.lines[0]
    assert (line.unit_price, line.list_price, line.price_approver_id) == (2_000_00, None, None)


def test_a_break_counts_all_lines_of_a_product(shop: Shop) -> None:
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 3 * ONE, 2_000_00))
    basket = shop.basket("GAS13")
    basket.set_price(0, 1_900_00, shop.approval(Action.PRICE))
    basket.add(shop.till.catalogue.scan("GAS13").product, 2 * ONE)
    assert [(line.unit_price, line.list_price) for line in basket.lines] == [
        (1_900_00, 2_000_00), (2_000_00, 2_000_00),
    ]  # fmt: skip
    basket.remove(0)
    assert basket.lines[0].unit_price == GAS.price


def test_a_discount_that_a_break_does_not_cover_is_asked_for(shop: Shop) -> None:
    """The list price is the break's: what is given away is counted from there."""
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 10 * ONE, 2_000_00))
    basket = shop.basket("GAS13")
    basket.set_price(0, 2_000_00, shop.approval(Action.PRICE))
    assert basket.lines[0].price_allowed == GAS.price - 2_000_00
    basket.set_quantity(0, 10 * ONE)
    assert not basket.lines[0].changed


def test_a_price_that_begins_while_the_basket_is_open_is_told(shop: Shop) -> None:
    soon = micros(shop.clock.now() + timedelta(minutes=5))
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_400_00), from_us=soon)
    basket = shop.basket("GAS13")
    assert basket.lines[0].unit_price == GAS.price
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, 5_000_00)
    shop.clock.advance(timedelta(minutes=6))
    with refused("basket-total-changed"):
        taking.complete()
    assert (basket.totals().total, basket.take_news()) == (2_400_00, None)
    sale = shop.document(taking.complete().document_id)
    assert sale.total == 2_400_00


def test_a_parked_basket_is_priced_anew_and_says_so(shop: Shop) -> None:
    until = micros(shop.clock.now() + timedelta(minutes=5))
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_000_00), to_us=until)
    basket = shop.basket("GAS13", "REG")
    basket.park("Otieno")
    shop.clock.advance(timedelta(minutes=6))
    taken = shop.till.baskets.take_up(basket.state.request_id)
    news = taken.take_news()
    assert news is not None
    assert news.code == "basket-total-changed"
    assert taken.totals().total == GAS.price + REG.price


def test_what_comes_back_is_worth_what_it_costs(shop: Shop) -> None:
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_000_00))
    basket = shop.basket("GAS13")
    basket.set_quantity(0, -ONE)
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, taking.total)
    back = shop.document(taking.complete(shop.approval(Action.REFUND)).document_id)
    assert isinstance(back, Refund)
    assert back.total == 2_000_00


def test_an_invoice_by_the_list(depot: Shop) -> None:
    put_list(depot, 1, ScopeKind.CUSTOMER, GOOD.party_id, (GAS.product_id, 0, 2_100_00))
    invoice = depot.document(invoiced(depot, GOOD, "GAS13"))
    assert isinstance(invoice, Invoice)
    assert invoice.total == 2_100_00


@pytest.mark.parametrize("price", [0, 1, 2_000_00])
def test_a_list_is_no_concession(shop: Shop, price: int) -> None:
    """A cashier alone sells at the list's price, however low it is."""
    put_list(shop, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, price), (REG.product_id, 0, 1))
    shop.be(CASHIER)
    basket = shop.basket("GAS13", "REG")
    assert [line.changed for line in basket.lines] == [False, False]
    assert basket.totals().total == price + 1


def test_a_line_says_why_it_costs_that(depot: Shop) -> None:
    """The same steps as the answer that priced it, then what a person did to it."""
    put_list(
        depot, 1, ScopeKind.EVERYBODY, 0, (GAS.product_id, 0, 2_200_00), (GAS.product_id, 3 * ONE, 2_000_00)
    )
    basket, baskets = depot.basket("GAS13"), depot.till.baskets
    assert baskets.list_name(basket.lines[0].price_list_id) == "List 1"

    def told() -> list[str]:
        return [step.code for step in baskets.why_priced(basket, 0, str)]

    assert told() == ["price-by-list", "price-passed-over", "price-comes-to"]
    basket.set_quantity(0, 3 * ONE)
    assert told() == ["price-by-list", "price-break-reached", "price-passed-over", "price-comes-to"]
    basket.set_discount(0, 100_00, depot.approval(Action.PRICE))
    assert told()[-2:] == ["price-less-discount", "price-comes-to"]
    assert "5,900.00" in baskets.why_priced(basket, 0, str)[-1]
    basket.set_price(0, 1_900_00, depot.approval(Action.PRICE))
    assert told()[-3:] == ["price-by-person", "price-allowed-by", "price-comes-to"]
    basket.set_customer(HOTEL)
    assert told()[0] == "price-by-contract"
    assert baskets.list_name(basket.lines[0].price_list_id) == ""
