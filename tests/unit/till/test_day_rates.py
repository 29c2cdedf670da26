"""The date of a document decides its rates, and the person is told of another total."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.day import later
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.master import rates
from pos_app.till.laundry.intake import Wanted
from pos_app.till.selling.basket import Basket
from pos_app.till.session.recorded import Recorded
from tests.support.documents.specimens import MOMENT, ORG
from tests.support.refused import refused
from tests.support.worlds.till_fixture import GOOD, MANAGER, PRODUCTS, Shop

TODAY = 20261120
TOMORROW = later(TODAY, 1)
DAY = timedelta(days=1)
CASH, MPESA = TenderKind.CASH, TenderKind.MPESA


def rate(shop: Shop, code: str, day: int, rate_bp: int) -> None:
    """The feed brings a rate that holds from a day."""
    with shop.database.write() as connection:
        rates.put_tax_rate(connection, ORG, code, day, rate_bp)


def sold(shop: Shop, done: Recorded) -> tuple[list[int], int, int]:
    """Rates, tax and total of a document."""
    document = shop.document(done.document_id)
    return [line.tax_rate_bp for line in document.lines], document.tax_total, document.total


def exclusive(shop: Shop) -> None:
    """What has its tax in the price gets it on top: then the rate changes the total."""
    with shop.database.write() as connection:
        connection.execute(text("UPDATE tax_code SET treatment = 'exclusive' WHERE code = 'A'"))


def pay(shop: Shop, basket: Basket) -> Recorded:
    return shop.pay_cash(basket)


def test_a_basket_parked_at_16_is_paid_at_14(shop: Shop) -> None:
    exclusive(shop)
    rate(shop, "A", TOMORROW, 1400)
    basket = shop.basket("GAS13")
    price, before = basket.lines[0].unit_price, basket.totals().total
    basket.park("Otieno")
    shop.clock.advance(DAY)
    again = shop.till.baskets.take_up(basket.state.request_id)
    news = again.take_news()
    assert news is not None
    assert news.code == "basket-total-changed"
    assert again.take_news() is None
    total = price + price * 14 // 100
    assert total < before == price + price * 16 // 100
    assert sold(shop, pay(shop, again)) == ([1400], price * 14 // 100, total)


def test_a_price_with_its_tax_in_it_stays_and_its_tax_is_the_days(shop: Shop) -> None:
    rate(shop, "A", TOMORROW, 1400)
    basket = shop.basket("GAS13")
    total = basket.totals().total
    basket.park("")
    shop.clock.advance(DAY)
    again = shop.till.baskets.take_up(basket.state.request_id)
    assert again.take_news() is None
    rates_, tax, paid = sold(shop, pay(shop, again))
    assert (rates_, paid) == ([1400], total)
    assert tax == (2 * total * 1400 + 11400) // (2 * 11400)


def test_the_same_product_scanned_before_and_after_the_change_is_one_line_at_one_rate(shop: Shop) -> None:
    exclusive(shop)
    basket = shop.basket("GAS13")
    price = basket.lines[0].unit_price
    rate(shop, "A", TODAY, 1400)
    basket.add(shop.till.catalogue.scan("GAS13").product)
    assert len(basket.lines) == 1
    assert basket.totals().total == 2 * price + 2 * price * 14 // 100
    assert basket.take_news() is not None
    assert sold(shop, pay(shop, basket))[0] == [1400]


def test_a_tile_that_was_loaded_before_midnight_is_sold_at_the_rate_of_the_day(shop: Shop) -> None:
    rate(shop, "A", TOMORROW, 1400)
    tile = shop.till.catalogue.scan("GAS13").product
    shop.clock.advance(DAY)
    basket = shop.till.baskets.new()
    basket.add(tile)
    assert basket.lines[0].tax_rate_bp == 1400


def test_a_rate_that_comes_while_money_is_laid_down_moves_the_tax_inside_a_price_that_holds_it(
    shop: Shop,
) -> None:
    """The total is what was shown, so nobody is asked; the lines and their tax are the new day's."""
    basket = shop.basket("GAS13")
    checkout = shop.till.checkout(basket)
    checkout.add_tender(CASH, checkout.cash_due())
    total = basket.totals().total
    rate(shop, "A", TODAY, 1400)
    tax = (2 * total * 1400 + 11400) // (2 * 11400)
    assert sold(shop, checkout.complete()) == ([1400], tax, total)


def test_a_rate_that_comes_while_money_is_laid_down_is_told_before_anything_is_recorded(shop: Shop) -> None:
    exclusive(shop)
    basket = shop.basket("GAS13")
    checkout = shop.till.checkout(basket)
    checkout.add_tender(CASH, checkout.cash_due())
    rate(shop, "A", TODAY, 1400)
    before = len(shop.documents())
    with refused("basket-total-changed"):
        checkout.complete()
    assert len(shop.documents()) == before
    done = checkout.complete()
    assert sold(shop, done)[0] == [1400]
    assert done.change > 0


def test_a_higher_rate_leaves_something_due(shop: Shop) -> None:
    exclusive(shop)
    checkout = shop.till.checkout(shop.basket("GAS13"))
    checkout.add_tender(MPESA, checkout.total, "QGH7X2K9LM")
    rate(shop, "A", TODAY, 1800)
    with refused("basket-total-changed"):
        checkout.complete()
    assert checkout.due().still_due == checkout.basket.lines[0].unit_price * 2 // 100
    with refused("still-due"):
        checkout.complete()


@pytest.mark.parametrize(("second", "rate_bp"), [(58, 1600), (0, 1400)])
def test_midnight_is_that_of_the_depot(shop: Shop, second: int, rate_bp: int) -> None:
    rate(shop, "A", TOMORROW, 1400)
    basket = shop.basket("GAS13")
    # 21:00 UTC is midnight in Nairobi.
    at = datetime(2026, 11, 20, 20, 59, 58, tzinfo=UTC) if second else datetime(2026, 11, 20, 21, tzinfo=UTC)
    shop.clock.advance(at - MOMENT)
    assert sold(shop, pay(shop, basket))[0] == [rate_bp]


def test_an_invoice_of_a_basket_is_taxed_by_its_day(depot: Shop) -> None:
    exclusive(depot)
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    rate(depot, "A", TODAY, 1400)
    with refused("basket-total-changed"):
        depot.till.invoicing.issue(basket)
    assert sold(depot, depot.till.invoicing.issue(basket))[0] == [1400]


def test_a_refund_keeps_the_rate_of_its_receipt(shop: Shop) -> None:
    done = shop.sell("GAS13")
    rate(shop, "A", TODAY, 1400)
    shop.be(MANAGER)
    receipt = shop.till.refunds.find(done.number)
    back = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks")
    assert sold(shop, back) == sold(shop, done)


def test_history_is_taxed_by_the_law_of_its_time(shop: Shop, tmp_path: Path) -> None:
    for day, rate_bp in ((0, 1600), (20200401, 1400), (20210101, 1600)):
        rate(shop, "A", day, rate_bp)
    file = tmp_path / "history.csv"
    rows = [("A1", "2020-03-31"), ("A2", "2020-04-01"), ("A3", "2020-12-31T23:30"), ("A4", "2021-01-01")]
    file.write_text(
        "number,occurred_at,customer,sku,quantity,unit_price\n"
        + "".join(f"{number},{day},,GAS13,1,1140.00\n" for number, day in rows)
    )
    shop.permit_history()
    assert shop.till.history_import().run(file).imported == 4
    made: list[Any] = list(shop.documents()[-4:])
    assert [one.lines[0].tax_rate_bp for one in made] == [1600, 1400, 1400, 1600]
    assert [one.tax_total for one in made] == [157_24, 140_00, 140_00, 157_24]


@pytest.fixture
def dollars(shop: Shop) -> Shop:
    """Dollars are taken at 129.50."""
    with shop.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", 20260101, 129_500_000)
    return shop


def test_money_of_another_currency_is_worth_what_it_is_on_the_day_it_is_taken(dollars: Shop) -> None:
    checkout = dollars.till.checkout(dollars.basket("GAS13"))
    checkout.add_tender(CASH, 30_00, currency="USD")
    with dollars.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", TODAY, 100_000_000)
    with refused("tender-rate-changed", currency="USD"):
        checkout.complete()
    assert not checkout.tenders
    checkout.add_tender(CASH, 30_00, currency="USD")
    done = dollars.document(checkout.complete().document_id)
    assert done.tenders[0].amount == 3_000_00


def test_a_payment_in_another_currency_is_changed_at_the_rate_of_its_day(dollars: Shop) -> None:
    desk = dollars.till.receive_payment(GOOD, 10_00, (), currency="USD")
    desk.add_tender(CASH, 10_00)
    with dollars.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", TODAY, 100_000_000)
    assert dollars.document(desk.complete().document_id).rate_micro == 100_000_000


@pytest.mark.parametrize("in_basket", [True, False])
def test_a_laundry_order_is_taxed_by_the_day_of_its_collection(depot: Shop, in_basket: bool) -> None:
    orders, wash = depot.till.service_orders, PRODUCTS["WASH"].product_id
    made = orders.take_in([Wanted(wash, 3 * ONE)], promised_on=TOMORROW, customer_name="Kamau")
    first = depot.pay_cash(orders.collect(made.document_id, {0: ONE}))
    assert sold(depot, first) == ([1600], 40_00, 290_00)
    if in_basket:
        basket = orders.collect(made.document_id)
        rate(depot, depot.document(made.document_id).lines[0].tax_code, TOMORROW, 1400)
        depot.clock.advance(DAY)
    else:
        rate(depot, depot.document(made.document_id).lines[0].tax_code, TOMORROW, 1400)
        depot.clock.advance(DAY)
        assert orders.open()[0].due == 2 * 285_00
        basket = orders.collect(made.document_id)
    assert sold(depot, depot.pay_cash(basket)) == ([1400], 70_00, 570_00)


def test_a_draft_has_the_rates_of_its_day_and_says_so_once(depot: Shop) -> None:
    exclusive(depot)
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    price, draft = basket.lines[0].unit_price, depot.till.invoicing.save_draft(basket)
    rate(depot, "A", TODAY, 1400)
    with refused("draft-total-changed", day="2026-11-20"):
        depot.till.invoicing.issue_draft(draft.request_id)
    made = depot.till.invoicing.issue_draft(draft.request_id)
    assert sold(depot, made) == ([1400], price * 14 // 100, price + price * 14 // 100)
    assert depot.till.invoicing.issue_draft(draft.request_id).document_id == made.document_id


def test_a_draft_that_is_dated_anew_is_taxed_by_its_new_day(depot: Shop) -> None:
    rate(depot, "A", TOMORROW, 1400)
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    depot.clock.advance(DAY)
    changed = depot.till.invoicing.change_draft(draft, dated_on=TOMORROW, due_on=later(TOMORROW, 30))
    assert [line.tax_rate_bp for line in (*draft.lines, *changed.lines)] == [1600, 1400]
    assert sold(depot, depot.till.invoicing.issue_draft(draft.request_id))[0] == [1400]
