"""A voucher is money that was issued: it pays what is left on it, and nothing else does."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from pos_app.ledger.document import Sale
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.rules import rules
from tests.support.refused import refused
from tests.support.worlds.till_fixture import MANAGER, Shop

VOUCHER, CASH = TenderKind.VOUCHER, TenderKind.CASH


def issued(shop: Shop, amount: int = 1_000_00) -> str:
    basket = shop.basket("GIFT")
    basket.set_price(0, amount)
    return shop.slip(shop.pay_cash(basket))


def paid(shop: Shop, voucher: str, amount: int, *skus: str) -> Sale:
    taking = shop.till.checkout(shop.basket(*skus))
    taking.add_tender(VOUCHER, amount, voucher)
    if taking.cash_due():
        taking.add_tender(CASH, taking.cash_due())
    sale = shop.document(taking.complete().document_id)
    assert isinstance(sale, Sale)
    return sale


def test_a_voucher_sold_is_owed_and_pays_in_parts(shop: Shop) -> None:
    voucher = issued(shop, 2_000_00)
    assert (shop.account("2400"), shop.account("4100"), shop.account("2200")) == (-2_000_00, 0, 0)
    paid(shop, voucher, 850_00, "REG")
    assert shop.till.chits.find(voucher).left == 1_150_00
    paid(shop, voucher, 1_150_00, "GAS13")
    assert shop.account("2400") == 0
    with refused("chit-spent"):
        paid(shop, voucher, 1, "REG")


@pytest.mark.parametrize("number", ["", "ABC123", "V123456789012"])
def test_a_voucher_that_nobody_issued_pays_nothing(shop: Shop, number: str) -> None:
    taking = shop.till.checkout(shop.basket("REG"))
    with refused("chit-number-wrong"):
        taking.add_tender(VOUCHER, 850_00, number)


def test_never_more_than_is_left_also_laid_down_twice(shop: Shop) -> None:
    voucher = issued(shop)
    taking = shop.till.checkout(shop.basket("GAS13"))
    with refused("chit-too-small"):
        taking.add_tender(VOUCHER, 1_000_01, voucher)
    taking.add_tender(VOUCHER, 600_00, voucher)
    with refused("chit-too-small"):
        taking.add_tender(VOUCHER, 400_01, voucher)
    assert taking.add_tender(VOUCHER, 400_00, voucher).still_due == 1_320_00


def test_two_baskets_that_both_laid_it_down_pay_once(shop: Shop) -> None:
    voucher = issued(shop)
    first, second = (shop.till.checkout(shop.basket("REG")) for _ in range(2))
    for one in (first, second):
        one.add_tender(VOUCHER, 850_00, voucher)
    first.complete()
    with refused("chit-too-small"):
        second.complete()


def test_a_voucher_is_good_until_its_last_day(shop: Shop) -> None:
    shop.rule(HouseRule.VOUCHER_DAYS, 30)
    shop.be(MANAGER)
    voucher = issued(shop)
    shop.clock.advance(timedelta(days=30))
    assert shop.till.chits.find(voucher).left == 1_000_00
    shop.clock.advance(timedelta(days=1))
    with refused("voucher-expired"):
        shop.till.chits.find(voucher)


def test_the_books_take_a_voucher_on_its_last_day_and_not_a_day_later(shop: Shop) -> None:
    shop.rule(HouseRule.VOUCHER_DAYS, 30)
    shop.be(MANAGER)
    voucher = issued(shop, 2_000_00)
    shop.clock.advance(timedelta(days=30))
    paid(shop, voucher, 850_00, "REG")
    # Laid down before midnight, paid after it: the till asks no more, the books do.
    taking = shop.till.checkout(shop.basket("REG"))
    taking.add_tender(VOUCHER, 850_00, voucher)
    shop.clock.advance(timedelta(days=1))
    with refused("voucher-expired"):
        taking.complete()


def test_goods_come_back_onto_the_voucher_that_paid_them(shop: Shop) -> None:
    voucher = issued(shop)
    paid(shop, voucher, 850_00, "REG")
    shop.be(MANAGER)
    found = shop.till.refunds.find("K3-S000002")
    assert shop.till.refunds.tenders_for(found) == (VOUCHER,)
    shop.till.refunds.complete(found, {0: ONE}, VOUCHER, "wrong size")
    assert shop.till.chits.find(voucher).left == 1_000_00


def test_a_void_gives_back_to_the_voucher(shop: Shop) -> None:
    voucher = issued(shop)
    sale = paid(shop, voucher, 850_00, "REG")
    shop.be(MANAGER)
    shop.till.voids.void(sale.document_id, "typed twice")
    assert shop.till.chits.find(voucher).left == 1_000_00
    assert shop.account("2400") == -1_000_00


def test_each_voucher_has_a_number_of_its_own(shop: Shop) -> None:
    basket = shop.basket("GIFT", "GIFT")
    sold = shop.pay_cash(basket)
    assert shop.slip(sold, 0) != shop.slip(sold, 1)
    with refused("voucher-one-by-one"):
        shop.basket("GIFT").set_quantity(0, 2 * ONE)


def test_the_ledger_refuses_a_voucher_tender_without_a_voucher(shop: Shop) -> None:
    sale = paid(shop, issued(shop), 850_00, "REG")
    bare = replace(sale, tenders=(replace(sale.tenders[0], chit=None),))
    with refused("voucher-not-issued"):
        rules.check(bare)


def test_a_deposit_is_not_paid_with_what_is_no_sale_and_a_voucher_is_not_paid_out(shop: Shop) -> None:
    voucher = issued(shop)
    with refused("voucher-not-paid-out"):
        shop.till.chits.pay_back(voucher)
    taking = shop.till.chits.pay_back(shop.slip(shop.sell("DEP13")))
    with refused("voucher-for-goods-only"):
        taking.add_tender(VOUCHER, 100_00, voucher)


def test_a_voucher_pays_for_neither_a_deposit_nor_a_voucher(shop: Shop) -> None:
    voucher = issued(shop, 5_000_00)
    for sku in ("DEP13", "GIFT"):
        with refused("goods-only-pays"):
            paid(shop, voucher, 1, sku)
    taking = shop.till.checkout(shop.basket("REG", "DEP13"))
    assert taking.most_by(shop.till.chits.find(voucher), taking.total) == 850_00
    with refused("goods-only-pays"):
        taking.add_tender(VOUCHER, 850_01, voucher)
    taking.add_tender(VOUCHER, 850_00, voucher)
    taking.add_tender(CASH, taking.cash_due())
    # What was laid down for goods pays nothing else when the goods leave the basket again.
    taking.basket.remove(0)
    with refused("goods-only-pays"):
        taking.complete()
    # The slip of a deposit was cash, and pays for another deposit.
    slip = shop.slip(shop.sell("DEP13"))
    assert paid(shop, slip, 2_500_00, "DEP13").tenders[0].kind is VOUCHER
