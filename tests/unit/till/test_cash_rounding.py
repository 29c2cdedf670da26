"""Cash rounding belongs to the cash of one receipt: nobody pays more for it, or gets less back, in parts."""

from pathlib import Path

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.checkout import Checkout
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.worlds.till_fixture import GOOD, MANAGER, Shop

CASH, MPESA, CARD, ON_ACCOUNT = TenderKind.CASH, TenderKind.MPESA, TenderKind.CARD, TenderKind.ACCOUNT
FLOAT = 5_000_00
CODE = "SLK4AB9Z01"


def shop_of(folder: Path, step: int) -> Shop:
    """A shop whose smallest coin is so many cents, a manager at the till."""
    made = Shop.make(folder, cash_step=step)
    made.be(MANAGER)
    made.open_drawer(FLOAT)
    return made


def basket_of(shop: Shop, price: int, pieces: int = 1) -> Basket:
    """So many exempt pieces at a price."""
    basket = shop.basket("CLIP", quantity=pieces * ONE)
    basket.set_price(0, price)
    return basket


def paying(shop: Shop, price: int, pieces: int = 1) -> Checkout:
    return shop.till.checkout(basket_of(shop, price, pieces))


def back(shop: Shop, number: str, pieces: int = 1, tender: TenderKind = CASH) -> int:
    """Take pieces back; gives what was handed back, which is what the screen said before."""
    receipt = shop.till.refunds.find(number)
    said = shop.till.refunds.amount(receipt, {0: pieces * ONE}, tender)
    done = shop.till.refunds.complete(
        receipt, {0: pieces * ONE}, tender, "leaks", shop.approval(Action.REFUND)
    )
    refund = shop.document(done.document_id)
    tendered = sum(one.amount for one in refund.tenders)
    assert (refund.total + refund.rounding, tendered) == (said, said)
    return said


def even(shop: Shop) -> None:
    """Nothing was sold in the end: drawer, revenue and rounding are where they were."""
    assert shop.cash() == FLOAT
    assert (shop.account("4100"), shop.account("6910")) == (0, 0)
    assert shop.drifts() == []


@pytest.mark.parametrize(
    ("price", "pieces", "paid"),
    [(10_60, 10, 106_00), (10_40, 2, 21_00), (10_50, 4, 42_00), (33, 3, 1_00)],
)
def test_refunds_piece_by_piece_hand_back_what_was_paid(
    tmp_path: Path, price: int, pieces: int, paid: int
) -> None:
    shop = shop_of(tmp_path, 1_00)
    sold = shop.pay_cash(basket_of(shop, price, pieces))
    assert shop.cash() == FLOAT + paid
    handed = [back(shop, sold.number) for _ in range(pieces)]
    assert sum(handed) == paid
    assert all(one % 1_00 == 0 for one in handed)
    even(shop)


def test_refunds_in_unequal_parts_with_a_voided_one_between(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    sold = shop.pay_cash(basket_of(shop, 10_60, 10))
    back(shop, sold.number, 3)
    receipt = shop.till.refunds.find(sold.number)
    wrong = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "x", shop.approval(Action.REFUND))
    shop.till.voids.void(wrong.document_id, "keyed in twice", shop.approval(Action.VOID))
    back(shop, sold.number, 4)
    back(shop, sold.number, 3)
    even(shop)


def test_a_whole_return_of_exact_money_and_coins_is_what_was_paid(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5_00)
    taking = paying(shop, 137_00)
    taking.add_tender(MPESA, 134_00, CODE)
    assert taking.cash_due() == 5_00
    taking.add_tender(CASH, 5_00)
    sold = taking.complete()
    assert back(shop, sold.number) == 139_00
    assert shop.account("6910") == 0


def test_the_card_is_asked_the_exact_sum_after_coins(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5)
    taking = paying(shop, 15_28)
    due = taking.add_tender(CASH, 10_00)
    assert (due.still_due, due.in_cash, due.rounding) == (5_28, 5_30, 0)
    assert taking.add_tender(CARD, 5_28, "4711").still_due == 0
    sale = shop.document(taking.complete().document_id)
    assert (sale.rounding, [one.amount for one in sale.tenders]) == (0, [10_00, 5_28])


def test_mpesa_pays_the_exact_rest_with_coins_laid_first(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = paying(shop, 1_037_37)
    assert taking.add_tender(CASH, 500_00).still_due == 537_37
    assert taking.add_tender(MPESA, 537_37, CODE).still_due == 0
    assert shop.document(taking.complete().document_id).rounding == 0
    assert shop.cash() == FLOAT + 500_00


@pytest.mark.parametrize(("rest", "rounding"), [(40, -40), (49, -49), (1, -1)])
def test_a_rest_under_half_a_coin_completes_the_sale(tmp_path: Path, rest: int, rounding: int) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = paying(shop, 10_00 + rest)
    due = taking.add_tender(MPESA, 10_00, CODE)
    assert (due.still_due, due.in_cash, due.rounding) == (0, 0, rounding)
    assert shop.document(taking.complete().document_id).rounding == rounding
    assert shop.account("6910") == -rounding


def test_half_a_coin_is_asked_for(tmp_path: Path) -> None:
    taking = paying(shop_of(tmp_path, 1_00), 10_50)
    due = taking.add_tender(MPESA, 10_00, CODE)
    assert (due.still_due, due.in_cash) == (50, 1_00)
    assert taking.add_tender(CASH, 1_00).rounding == 50


def test_a_rest_that_no_coin_pays_can_be_paid_to_the_cent(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = paying(shop, 10_40)
    taking.add_tender(MPESA, 10_00, CODE)
    assert taking.exact_due() == 40
    assert taking.add_tender(CARD, 40, "4711").rounding == 0
    taking.complete()
    assert shop.account("6910") == 0


def test_a_sale_of_less_than_half_a_coin_needs_no_money(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = paying(shop, 40)
    assert taking.due().still_due == 0
    assert shop.document(taking.complete().document_id).rounding == -40
    by_card = paying(shop, 40)
    by_card.add_tender(CARD, 40, "4711")
    assert shop.document(by_card.complete().document_id).rounding == 0


def test_change_for_mpesa_is_in_coins(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    taking = paying(shop, 10_40)
    assert taking.add_tender(MPESA, 15_00, CODE).change == 5_00
    assert shop.document(taking.complete().document_id).rounding == -40
    assert shop.cash() == FLOAT - 5_00


def test_coins_paid_and_put_on_the_account_come_back_as_they_were_paid(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    basket = basket_of(shop, 10_60)
    basket.set_customer(GOOD)
    sold = shop.pay_cash(basket)
    assert back(shop, sold.number, tender=ON_ACCOUNT) == 11_00
    assert shop.owes(GOOD) == -11_00


def _refunded(shop: Shop, sold: Recorded) -> str:
    """The slip of the first refund of a receipt of two pieces."""
    receipt = shop.till.refunds.find(sold.number)
    assert shop.till.refunds.amount(receipt, {0: ONE}) == 16_00
    done = shop.till.refunds.complete(receipt, {0: ONE}, CASH, "leaks", shop.approval(Action.REFUND))
    assert (shop.cash(), done.total) == (FLOAT + 31_00 - 16_00, 15_50)
    assert (done.settled, shop.till.receipts.latest(1)[0].total) == (16_00, -16_00)
    job = next(job for job in shop.print_jobs() if job.document_id == done.document_id)
    lines = typeset(paper_of(shop.till._context, job))
    return "\n".join(" ".join(one.text.split()) for one in lines if isinstance(one, Line))


def test_screen_slip_and_books_say_one_figure(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    sold = shop.pay_cash(basket_of(shop, 15_50, 2))
    assert "Refund KES 16.00" in _refunded(shop, sold)


def test_half_a_coin_of_goods_taken_back_in_a_basket(tmp_path: Path) -> None:
    """A basket that hands back is a receipt of its own: its coins are rounded once."""
    shop = shop_of(tmp_path, 1_00)
    basket = shop.basket("CLIP", quantity=-ONE)
    basket.set_price(0, 15_50)
    taking = shop.till.checkout(basket)
    assert taking.cash_due() == 16_00
    taking.add_tender(CASH, 16_00)
    taking.complete(shop.approval(Action.REFUND))
    assert shop.cash() == FLOAT - 16_00


def test_goods_exchanged_in_the_basket_come_back_for_what_they_cost(tmp_path: Path) -> None:
    """What came back in the same basket was no money: the regulator is still worth its price."""
    shop = shop_of(tmp_path, 1_00)
    basket = shop.basket("REG")
    basket.add(shop.till.catalogue.scan("WATER20").product, -ONE)
    taking = shop.till.checkout(basket)
    taking.add_tender(CASH, 700_00)
    sold = taking.complete(shop.approval(Action.REFUND))
    assert back(shop, sold.number) == 850_00
