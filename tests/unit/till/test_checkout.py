"""Checkout: every way to pay, what is refused on the way, and one document for one basket."""

from pathlib import Path

import pytest

from pos_app.ledger.document import Refund, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.checkout import Checkout
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import DRAWER, LOCATION
from tests.support.refused import raises, refused
from tests.support.worlds.till_fixture import (
    CASHIER,
    GONE,
    GOOD,
    LAUNDRY,
    LPG,
    MANAGER,
    NO_CREDIT,
    WATER,
    Shop,
)

CASH, MPESA, ON_ACCOUNT = TenderKind.CASH, TenderKind.MPESA, TenderKind.ACCOUNT
FLOAT = 5_000_00
CODE = "SLK4AB9Z01"


def checkout(shop: Shop, *skus: str) -> Checkout:
    return shop.till.checkout(shop.basket(*skus))


def on_account(shop: Shop, basket: Basket) -> Checkout:
    taking = shop.till.checkout(basket)
    taking.add_tender(ON_ACCOUNT, basket.totals().total)
    return taking


def nothing_recorded(shop: Shop) -> bool:
    return len(shop.documents()) == 1  # the opening of the drawer


# --- paying ---------------------------------------------------------------------------------------


def test_cash_with_change(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    due = taking.add_tender(CASH, 2_500_00)
    assert (due.still_due, due.change) == (0, 180_00)
    done = taking.complete()
    assert (done.number, done.total, done.change) == ("K3-S000001", 2_320_00, 180_00)
    sale = shop.document(done.document_id)
    assert isinstance(sale, Sale)
    assert [(one.kind, one.amount, one.drawer_id) for one in sale.tenders] == [(CASH, 2_500_00, DRAWER)]
    assert sale.change is not None
    assert (sale.change.amount, sale.change.drawer_id) == (180_00, DRAWER)
    assert sale.lines[0].location_id == LOCATION
    assert sale.shift == shop.till._context.open_shift()
    assert shop.cash() == FLOAT + 2_320_00
    assert shop.stock("GAS13") == -ONE
    assert shop.account("2200") == -320_00
    assert shop.till.baskets.resume().lines == []
    jobs = shop.print_jobs()[1:]
    assert [(job.document_id, job.what, job.kick, job.copy_no) for job in jobs] == [
        (done.document_id, "receipt", True, 0)
    ]


def test_cash_and_mpesa(shop: Shop) -> None:
    taking = checkout(shop, "GAS13", "REG")
    assert taking.add_tender(MPESA, 2_000_00, f" {CODE.lower()} ").still_due == 1_170_00
    taking.add_tender(CASH, 1_200_00)
    done = taking.complete()
    sale = shop.document(done.document_id)
    assert [(one.kind, one.amount, one.reference) for one in sale.tenders] == [
        (MPESA, 2_000_00, CODE),
        (CASH, 1_200_00, ""),
    ]
    assert shop.cash() == FLOAT + 1_170_00
    assert shop.account("1140") == 2_000_00


def test_mpesa_alone_kicks_no_drawer(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(MPESA, 2_320_00, CODE)
    taking.complete()
    assert [job.kick for job in shop.print_jobs()[1:]] == [False]
    assert shop.cash() == FLOAT


def test_without_paper_only_the_drawer_opens(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 2_320_00)
    taking.complete(paper=False)
    taking = checkout(shop, "REG")
    taking.add_tender(MPESA, 850_00, CODE)
    taking.complete(paper=False)
    assert [(job.what, job.kick) for job in shop.print_jobs()[1:]] == [("kick", True)]


def test_a_tender_can_be_given_back(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 1_000_00)
    assert taking.remove_tender(0).still_due == 2_320_00
    with refused("no-tender-chosen"):
        taking.remove_tender(0)


def test_goods_of_three_businesses_in_one_basket(shop: Shop) -> None:
    done = shop.sell("GAS13", "WATER20", "WASH")
    sale = shop.document(done.document_id)
    # Washing: 250.00 and 16 % on top.
    assert sale.total == 2_320_00 + 150_00 + 290_00
    assert shop.account("1900", LPG) == -(150_00 + 290_00)
    assert shop.account("1900", WATER) == 150_00
    assert shop.account("1900", LAUNDRY) == 290_00
    assert shop.account("4200", WATER) == -150_00
    assert shop.account("2200", LAUNDRY) == -40_00
    assert (shop.stock("GAS13"), shop.stock("WATER20"), shop.stock("WASH")) == (-ONE, 0, 0)


def test_a_discount_and_a_price_are_on_the_document_with_who_approved(shop: Shop) -> None:
    basket = shop.basket("GAS13", "REG")
    basket.set_discount(0, 120_00, shop.approval(Action.PRICE))
    basket.set_price(1, 800_00, shop.approval(Action.PRICE))
    done = shop.pay_cash(basket)
    sale = shop.document(done.document_id)
    assert sale.total == 2_200_00 + 800_00
    assert (sale.lines[0].discount, sale.lines[1].unit_price) == (120_00, 800_00)
    assert sale.approver_id == MANAGER.person_id


def test_a_sale_of_nothing_worth_is_recorded_without_money(shop: Shop) -> None:
    done = shop.sell("SAMPLE")
    assert (done.total, done.change) == (0, 0)
    assert shop.document(done.document_id).tenders == ()
    assert shop.stock("SAMPLE") == -ONE
    assert shop.cash() == FLOAT


def test_an_exchange_of_equal_worth_is_recorded_without_money(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.add(shop.till.catalogue.scan("GAS13").product, -ONE)
    with pytest.raises(NeedsApproval):
        shop.till.checkout(basket).complete()
    assert shop.till.checkout(basket).complete(shop.approval(Action.REFUND)).total == 0
    assert shop.cash() == FLOAT


def test_a_paid_basket_takes_no_more_lines(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    shop.pay_cash(basket)
    with refused("basket-paid"):
        basket.add(shop.till.catalogue.scan("REG").product)


# --- on account -----------------------------------------------------------------------------------


def test_on_account_within_the_limit(shop: Shop) -> None:
    shop.sell_on_account(GOOD, "GAS13")
    assert shop.owes(GOOD) == 2_320_00
    assert shop.cash() == FLOAT


def test_on_account_up_to_the_last_cent_and_not_one_beyond(shop: Shop) -> None:
    basket = shop.basket("CLIP", quantity=1_000_000 * ONE)  # 1,000,000 × 0.05 = 50,000.00
    basket.set_customer(GOOD)
    on_account(shop, basket).complete()
    assert shop.owes(GOOD) == GOOD.credit_limit
    beyond = shop.basket("CLIP")
    beyond.set_customer(GOOD)
    taking = on_account(shop, beyond)
    with raises(NeedsApproval, "credit-limit-exceeded", left="0.00") as needs:
        taking.complete()
    assert needs.value.action == Action.OVER_LIMIT.value
    assert shop.owes(GOOD) == GOOD.credit_limit
    # Even a manager at the till is asked, and an approval for something else is none.
    with pytest.raises(NeedsApproval):
        taking.complete(shop.approval(Action.PRICE))
    done = taking.complete(shop.approval(Action.OVER_LIMIT))
    assert shop.document(done.document_id).approver_id == MANAGER.person_id
    assert shop.owes(GOOD) == GOOD.credit_limit + 5


def test_who_has_no_credit_pays(shop: Shop) -> None:
    basket = shop.basket("REG")
    basket.set_customer(NO_CREDIT)
    with pytest.raises(NeedsApproval):
        on_account(shop, basket).complete()
    assert nothing_recorded(shop)


def test_who_is_gone_buys_nothing_on_account(shop: Shop) -> None:
    basket = shop.basket("REG")
    basket.set_customer(GONE)
    with refused("customer-inactive"):
        on_account(shop, basket).complete()
    assert nothing_recorded(shop)


def test_nobody_buys_nothing_on_account(shop: Shop) -> None:
    with refused("account-tender-without-customer"):
        checkout(shop, "REG").add_tender(ON_ACCOUNT, 850_00)


def test_cash_of_a_customer_with_debts_asks_no_limit(shop: Shop) -> None:
    basket = shop.basket("REG")
    basket.set_customer(NO_CREDIT)
    shop.pay_cash(basket)
    assert shop.owes(NO_CREDIT) == 0


# --- what is refused ------------------------------------------------------------------------------


def test_nothing_in_the_basket(shop: Shop) -> None:
    with refused("basket-empty"):
        shop.till.checkout(shop.till.baskets.new()).complete()


def test_not_all_paid(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 2_000_00)
    with refused("still-due"):
        taking.complete()
    assert nothing_recorded(shop)


def test_the_drawer_is_closed(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    with refused("drawer-not-open"):
        closed_shop.sell("GAS13")
    assert closed_shop.documents() == []
    assert closed_shop.count("draft") == 1


def test_nobody_signed_in(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 2_320_00)
    shop.till.sign_in.sign_out()
    with refused("nobody-signed-in"):
        taking.complete()
    assert nothing_recorded(shop)


@pytest.mark.parametrize("amount", [0, -1, -(10**20)])
def test_tenders_of_nothing(shop: Shop, amount: int) -> None:
    for kind in (CASH, MPESA):
        with refused("amount-not-positive"):
            checkout(shop, "GAS13").add_tender(kind, amount, CODE)


@pytest.mark.parametrize("amount", [2_320_00 + 10_000_00 + 1, 6161100000018, 10**30])
def test_more_cash_than_notes_explain(shop: Shop, amount: int) -> None:
    with refused("cash-implausible"):
        checkout(shop, "GAS13").add_tender(CASH, amount)


def test_more_than_due_by_card_is_cash_of_a_card(shop: Shop) -> None:
    with refused("more-than-due"):
        checkout(shop, "GAS13").add_tender(TenderKind.CARD, 2_320_01)


@pytest.mark.parametrize("kind", [MPESA, TenderKind.BANK])
def test_more_than_due_by_mpesa_or_bank_gives_change(shop: Shop, kind: TenderKind) -> None:
    taking = checkout(shop, "GAS13")
    assert taking.add_tender(kind, 3_000_00, CODE).change == 680_00
    done = taking.complete()
    assert (done.change, shop.cash()) == (680_00, FLOAT - 680_00)
    assert shop.account("1140" if kind is MPESA else "1170") == 3_000_00
    assert shop.print_jobs()[-1].kick


@pytest.mark.parametrize("kind", [MPESA, TenderKind.BANK])
def test_change_beside_cash_that_was_laid_first(shop: Shop, kind: TenderKind) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 1_000_00)
    assert taking.add_tender(kind, 1_500_00, CODE).change == 180_00
    taking.complete()
    assert shop.cash() == FLOAT + 1_000_00 - 180_00


def test_no_change_out_of_a_drawer_that_has_none(closed_shop: Shop) -> None:
    closed_shop.be(MANAGER)
    closed_shop.open_drawer(100_00)
    taking = closed_shop.till.checkout(closed_shop.basket("GAS13"))
    taking.add_tender(MPESA, 3_000_00, CODE)
    with refused("drawer-holds-too-little"):
        taking.complete()


def test_change_of_mpesa_is_paid_in_coins(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path, cash_step=100)
    shop.be(CASHIER)
    shop.open_drawer()
    taking = shop.till.checkout(shop.basket("MATCHES"))  # 10.40
    due = taking.add_tender(MPESA, 12_00, CODE)
    assert (due.change, due.rounding) == (2_00, -40)
    taking.complete()
    assert (shop.account("1140"), shop.cash(), shop.account("6910")) == (12_00, FLOAT - 2_00, 40)
    assert shop.drifts() == []


def test_more_by_mpesa_than_a_slip_of_the_finger_explains(shop: Shop) -> None:
    with refused("tender-implausible"):
        checkout(shop, "GAS13").add_tender(MPESA, 2_320_00 * 1000, CODE)


def test_a_tender_after_all_is_paid(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 2_320_00)
    with refused("all-paid-already"):
        taking.add_tender(CASH, 1_00)


@pytest.mark.parametrize(
    "code", ["", " ", "SHORT", "MUCHTOOLONGCODE", "SLK4-AB9Z0", "ＳＬＫ４ＡＢ９Ｚ０１", "'; DROP --"]
)
def test_mpesa_without_its_code(shop: Shop, code: str) -> None:
    with refused("mpesa-code-malformed"):
        checkout(shop, "GAS13").add_tender(MPESA, 100_00, code)


def test_an_mpesa_code_is_taken_once(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(MPESA, 1_000_00, CODE)
    with refused("code-in-tender-already"):
        taking.add_tender(MPESA, 1_000_00, CODE.lower())
    taking.add_tender(CASH, 1_320_00)
    taking.complete()
    again = checkout(shop, "REG")
    with refused("mpesa-code-used", code=CODE, number="K3-S000001"):
        again.add_tender(MPESA, 850_00, CODE)
    assert again.basket.tenders == []


def test_goods_taken_out_after_paying_by_mpesa(shop: Shop) -> None:
    """More was paid by M-Pesa than is due now: the rest goes back in cash."""
    basket = shop.basket("GAS13", "REG")
    taking = shop.till.checkout(basket)
    taking.add_tender(MPESA, 3_170_00, CODE)
    basket.remove(0)
    assert taking.complete().change == 2_320_00
    assert shop.cash() == FLOAT - 2_320_00


def test_goods_taken_out_after_paying_by_card(shop: Shop) -> None:
    basket = shop.basket("GAS13", "REG")
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CARD, 3_170_00)
    basket.remove(0)
    with refused("change-not-of-cash"):
        taking.complete()
    assert nothing_recorded(shop)


# --- more comes back than goes out ----------------------------------------------------------------


def returning(shop: Shop) -> Basket:
    basket = shop.basket("REG")
    basket.add(shop.till.catalogue.scan("GAS13").product, -ONE)
    return basket


def test_more_back_than_out_is_a_refund_and_needs_a_manager(shop: Shop) -> None:
    basket = returning(shop)
    taking = shop.till.checkout(basket)
    assert taking.hands_back
    assert taking.due().still_due == 1_470_00
    taking.add_tender(CASH, 1_470_00)
    with pytest.raises(NeedsApproval) as needs:
        taking.complete()
    assert needs.value.action == Action.REFUND.value
    done = taking.complete(shop.approval(Action.REFUND))
    assert done.number == "K3-C000001"
    refund = shop.document(done.document_id)
    assert isinstance(refund, Refund)
    assert refund.total == 1_470_00
    assert shop.cash() == FLOAT - 1_470_00
    assert (shop.stock("GAS13"), shop.stock("REG")) == (ONE, -ONE)


def test_no_change_on_a_refund(shop: Shop) -> None:
    with refused("refund-not-exact"):
        shop.till.checkout(returning(shop)).add_tender(CASH, 1_500_00)


def test_the_drawer_hands_back_only_what_it_holds(closed_shop: Shop) -> None:
    closed_shop.be(MANAGER)
    closed_shop.open_drawer(1_000_00)
    taking = closed_shop.till.checkout(returning(closed_shop))
    taking.add_tender(CASH, 1_470_00)
    with refused("drawer-holds-too-little"):
        taking.complete()
    assert closed_shop.cash() == 1_000_00
    assert nothing_recorded(closed_shop)


# --- once -----------------------------------------------------------------------------------------


def test_completing_twice_gives_the_same_document(shop: Shop) -> None:
    taking = checkout(shop, "GAS13")
    taking.add_tender(CASH, 2_500_00)
    assert taking.complete() == taking.complete()
    assert len(shop.documents()) == 2
    assert shop.cash() == FLOAT + 2_320_00


def test_completing_twice_at_the_limit_gives_the_same_document(shop: Shop) -> None:
    """The first sale used up the limit; that is no reason to refuse to show it."""
    basket = shop.basket("CLIP", quantity=1_000_000 * ONE)
    basket.set_customer(GOOD)
    taking = on_account(shop, basket)
    assert taking.complete() == taking.complete()
    assert shop.owes(GOOD) == GOOD.credit_limit


def test_completing_a_refund_twice_gives_the_same_document(shop: Shop) -> None:
    taking = shop.till.checkout(returning(shop))
    taking.add_tender(CASH, 1_470_00)
    approval = shop.approval(Action.REFUND)
    assert taking.complete(approval) == taking.complete(approval)
    assert shop.cash() == FLOAT - 1_470_00


# --- cash rounding --------------------------------------------------------------------------------


@pytest.fixture
def whole_shillings(tmp_path: Path) -> Shop:
    made = Shop.make(tmp_path, cash_step=100)
    made.be(CASHIER)
    made.open_drawer()
    return made


@pytest.mark.parametrize(
    ("skus", "cash_due", "rounding"),
    [
        (("SOAP",), 100_00, 1),
        (("MATCHES",), 10_00, -40),
        (("SOAP", "MATCHES"), 110_00, -39),
        (("GAS13",), 2_320_00, 0),
    ],
)
def test_cash_is_rounded_to_the_smallest_coin(
    whole_shillings: Shop, skus: tuple[str, ...], cash_due: int, rounding: int
) -> None:
    shop = whole_shillings
    taking = checkout(shop, *skus)
    assert taking.cash_due() == cash_due
    taking.add_tender(CASH, cash_due)
    done = taking.complete()
    sale = shop.document(done.document_id)
    assert sale.rounding == rounding
    assert shop.cash() == FLOAT + cash_due
    assert shop.account("6910") == -rounding
    assert shop.drifts() == []


def test_only_the_cash_part_is_rounded(whole_shillings: Shop) -> None:
    shop = whole_shillings
    taking = checkout(shop, "MATCHES")
    taking.add_tender(MPESA, 5_15, CODE)  # 5.25 left, 5.00 in coins
    assert taking.cash_due() == 5_00
    taking.add_tender(CASH, 5_00)
    assert shop.document(taking.complete().document_id).rounding == -25
    taking = checkout(shop, "SOAP")
    taking.add_tender(MPESA, 99_99, "SLK4AB9Z02")
    assert shop.document(taking.complete().document_id).rounding == 0


def test_change_is_paid_in_coins_that_exist(whole_shillings: Shop) -> None:
    taking = checkout(whole_shillings, "MATCHES")
    due = taking.add_tender(CASH, 50_00)
    assert due.change == 40_00
    assert taking.complete().change == 40_00


def test_a_sale_of_less_than_a_coin_can_be_finished(whole_shillings: Shop) -> None:
    """0.05 rounds to nothing in cash: nobody can pay it, so it must not block the till."""
    shop = whole_shillings
    taking = checkout(shop, "CLIP")
    assert taking.cash_due() == 0
    taking.add_tender(CASH, 1_00)
    done = taking.complete()
    assert done.change == 1_00
    assert shop.cash() == FLOAT
