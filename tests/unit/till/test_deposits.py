"""A deposit is no income: it is owed from the day it is taken, and goes back by the number on its slip."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger import chit as chits
from pos_app.ledger.document import DepositReturn, Sale
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from tests.support.refused import refused
from tests.support.worlds.till_fixture import MANAGER, Shop

CASH = TenderKind.CASH
FLOAT = 5_000_00
DEPOSIT = 2_500_00


def sold(shop: Shop, *skus: str) -> Sale:
    taking = shop.till.checkout(shop.basket(*skus))
    taking.add_tender(CASH, taking.cash_due())
    sale = shop.document(taking.complete().document_id)
    assert isinstance(sale, Sale)
    return sale


def slip_of(sale: Sale, place: int = 0) -> str:
    chit = sale.lines[place].chit
    assert chit is not None
    return chits.barcode_of(chit.role, chit.number)


def paid_back(shop: Shop, slip: str, amount: int | None = None) -> DepositReturn:
    taking = shop.till.chits.pay_back(slip, amount)
    taking.add_tender(CASH, taking.total)
    made = shop.document(taking.complete().document_id)
    assert isinstance(made, DepositReturn)
    return made


def test_a_deposit_sold_to_a_walk_in_is_owed_and_an_empty_returned_pays_it_back(shop: Shop) -> None:
    sale = sold(shop, "DEP13", "GAS13")
    assert shop.account("2320") == -DEPOSIT
    assert shop.account("4100") == -2_000_00  # the gas alone
    assert shop.account("2200") == -320_00
    paid_back(shop, slip_of(sale))
    assert shop.account("2320") == 0
    assert shop.account("4100") == -2_000_00
    assert shop.cash() == FLOAT + 2_320_00


def test_a_slip_is_never_paid_out_twice(shop: Shop) -> None:
    slip = slip_of(sold(shop, "DEP13"))
    paid_back(shop, slip)
    with refused("chit-spent"):
        shop.till.chits.pay_back(slip)


def test_two_who_press_at_once_get_the_money_once(shop: Shop) -> None:
    slip = slip_of(sold(shop, "DEP13"))
    first, second = shop.till.chits.pay_back(slip), shop.till.chits.pay_back(slip)
    for one in (first, second):
        one.add_tender(CASH, DEPOSIT)
    done = first.complete()
    with refused("chit-spent"):
        second.complete()
    assert first.complete().document_id == done.document_id


def test_several_on_one_slip_come_back_one_by_one(shop: Shop) -> None:
    sale = sold(shop, "DEP13", "DEP13", "DEP13")
    slip = slip_of(sale)
    assert shop.till.chits.find(slip).left == 3 * DEPOSIT
    paid_back(shop, slip, DEPOSIT)
    assert shop.till.chits.find(slip).left == 2 * DEPOSIT
    with refused("chit-too-small"):
        shop.till.chits.pay_back(slip, 2 * DEPOSIT + 1)
    paid_back(shop, slip)
    assert shop.account("2320") == 0


def test_the_slip_says_how_much_whatever_the_deposit_is_today(shop: Shop) -> None:
    sale = sold(shop, "DEP13")
    with shop.database.write() as connection:
        connection.execute(text("UPDATE product SET price = 350000 WHERE sku = 'DEP13'"))
    paid_back(shop, slip_of(sale))
    assert shop.account("2320") == 0
    sold(shop, "DEP13")
    assert shop.account("2320") == -3_500_00


def test_a_slip_pays_for_what_is_bought_and_the_rest_stays_on_it(shop: Shop) -> None:
    slip = slip_of(sold(shop, "DEP13"))
    taking = shop.till.checkout(shop.basket("GAS13"))
    taking.add_tender(TenderKind.VOUCHER, 2_320_00, slip)
    taking.complete()
    assert shop.account("2320") == -180_00
    assert shop.till.chits.find(slip).left == 180_00


@pytest.mark.parametrize("text", ["", "D", "K3-S000001", "D123456789012", "V 1234 5678 9012"])
def test_what_is_no_number_of_a_slip_is_said(shop: Shop, text: str) -> None:
    with refused("chit-number-wrong"):
        shop.till.chits.pay_back(text)


def test_a_number_that_nobody_issued_is_refused(shop: Shop) -> None:
    unknown = chits.barcode_of(PartyRole.DEPOSIT_SLIP, chits.drawn("f" * 32, 0))
    with refused("chit-unknown"):
        shop.till.chits.pay_back(unknown)


def test_a_slip_is_known_however_it_is_typed(shop: Shop) -> None:
    slip = slip_of(sold(shop, "DEP13"))
    typed = f" {slip[0].lower()} {slip[1:5]}-{slip[5:9]} {slip[9:]} "
    assert shop.till.chits.find(typed) == shop.till.chits.find(slip)


def test_a_deposit_comes_back_by_its_slip_and_not_as_goods(shop: Shop) -> None:
    basket = shop.basket("DEP13")
    with refused("no-sale-comes-back-by-slip"):
        basket.set_quantity(0, -ONE)
    with refused("no-sale-discounted"):
        basket.set_discount(0, 100)


def test_the_return_of_the_receipt_takes_from_the_slip(shop: Shop) -> None:
    sale = sold(shop, "DEP13", "DEP13")
    shop.be(MANAGER)
    found = shop.till.refunds.find("K3-S000001")
    shop.till.refunds.complete(found, {0: ONE}, CASH, "one too many")
    assert shop.account("2320") == -DEPOSIT
    slip = slip_of(sale)
    assert shop.till.chits.find(slip).left == DEPOSIT
    paid_back(shop, slip)
    again = shop.till.refunds.find("K3-S000001")
    with refused("chit-spent"):
        shop.till.refunds.complete(again, {0: ONE}, CASH, "again")


def test_a_void_of_what_was_paid_back_is_refused_and_of_the_paying_back_gives_it_back(shop: Shop) -> None:
    sale = sold(shop, "DEP13")
    shop.be(MANAGER)
    back = paid_back(shop, slip_of(sale))
    with refused("chit-spent"):
        shop.till.voids.void(sale.document_id, "wrong customer")
    shop.till.voids.void(back.document_id, "wrong slip")
    assert shop.till.chits.find(slip_of(sale)).left == DEPOSIT
    shop.till.voids.void(sale.document_id, "wrong customer")
    assert shop.account("2320") == 0
    with refused("chit-spent"):
        shop.till.chits.pay_back(slip_of(sale))


def test_a_discount_of_the_whole_basket_takes_nothing_off_a_deposit(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("DEP13", "GAS13")
    basket.discount_order(percent_bp=1000)
    assert [line.discount for line in basket.lines] == [0, 232_00]


@pytest.mark.parametrize(("step", "left"), [(5, 2), (1_00, 49), (10_00, 1), (5_00, 2_00)])
def test_less_than_half_a_coin_left_of_a_deposit_ends_in_cash(tmp_path: Path, step: int, left: int) -> None:
    shop = Shop.make(tmp_path, cash_step=step)
    shop.be(MANAGER)
    shop.open_drawer(FLOAT)
    slip = slip_of(sold(shop, "DEP13"))
    by_bank = shop.till.chits.pay_back(slip, DEPOSIT - left)
    by_bank.add_tender(TenderKind.BANK, DEPOSIT - left, "slip 7")
    by_bank.complete()
    before = shop.cash()
    taking = shop.till.chits.pay_back(slip)
    assert (taking.total, taking.cash_due(), taking.due().still_due) == (left, 0, 0)
    done = shop.document(taking.complete().document_id)
    assert isinstance(done, DepositReturn)
    assert (done.total, done.rounding, done.tenders) == (left, -left, ())
    assert (shop.account("2320"), shop.cash()) == (0, before)
    with refused("chit-spent"):
        shop.till.chits.find(slip)
