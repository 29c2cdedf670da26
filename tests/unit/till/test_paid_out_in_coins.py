"""Money handed out in cash: coins round what ends a balance, once; parts are worth what was handed over."""

from pathlib import Path

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import Expense, PartyMoney
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.treasury import PartyReason
from pos_app.till.drawer.expense import Spent
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.receivables.party_money import PartyTaking
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import EMPLOYEE, HOTEL, MEMBER, with_books
from tests.support.worlds.till_fixture import MANAGER, Shop

BANK, CASH = TenderKind.BANK, TenderKind.CASH
R = PartyReason
FLOAT = 5_000_00


def shop_of(folder: Path, step: int) -> Shop:
    """A shop with a customer's books whose smallest coin is so many cents."""
    made = with_books(Shop.make(folder, cash_step=step))
    made.be(MANAGER)
    made.open_drawer(FLOAT)
    return made


def deposited(shop: Shop, amount: int) -> None:
    """A member brings so much by bank, to the cent."""
    taking = PartyTaking(shop.till._context, R.MEMBER_DEPOSIT, MEMBER, amount)
    taking.add_tender(BANK, amount, "slip 1")
    taking.complete()


def withdrawn(shop: Shop, amount: int, *, bank: int = 0) -> PartyMoney:
    """As the screen asks for it: so much by bank, and the rest in coins."""
    taking = PartyTaking(shop.till._context, R.MEMBER_WITHDRAWAL, MEMBER, amount)
    if bank:
        taking.add_tender(BANK, bank, "slip 2")
    if taking.cash_due():
        taking.add_tender(CASH, taking.cash_due())
    document = shop.document(taking.complete().document_id)
    assert isinstance(document, PartyMoney)
    return document


def held(shop: Shop) -> int:
    return -shop.till.party_money.balance(PartyRole.MEMBER, MEMBER)


@pytest.mark.parametrize(
    ("step", "amount", "bank", "coins"),
    [
        (5, 15_28, 0, 15_30),
        (1_00, 10_60, 0, 11_00),
        (1_00, 10_40, 0, 10_00),
        (5_00, 137_00, 134_00, 5_00),
        (1_00, 10_40, 10_00, 0),
        (1, 10_41, 0, 10_41),
    ],
)
def test_what_ends_a_balance_is_rounded_to_coins(
    tmp_path: Path, step: int, amount: int, bank: int, coins: int
) -> None:
    shop = shop_of(tmp_path, step)
    deposited(shop, amount)
    before = shop.cash()
    done = withdrawn(shop, amount, bank=bank)
    assert (done.total, done.rounding) == (amount, bank + coins - amount)
    assert (held(shop), before - shop.cash()) == (0, coins)
    job = next(one for one in shop.print_jobs() if one.document_id == done.document_id)
    text = [one.text for one in typeset(paper_of(shop.till._context, job)) if isinstance(one, Line)]
    assert any("Rounding to cash" in one for one in text) == bool(done.rounding)


def test_parts_are_worth_what_was_handed_over(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    deposited(shop, 30_60)
    before = shop.cash()
    parts = [withdrawn(shop, 10_20) for _ in range(3)]
    assert [(one.total, one.rounding) for one in parts] == [(10_00, 0)] * 3
    last = withdrawn(shop, 60)
    assert (last.total, last.rounding) == (60, 40)
    assert (held(shop), before - shop.cash()) == (0, 31_00)
    with refused("paid-out-more-than-held"):
        shop.till.party_money.record(R.MEMBER_WITHDRAWAL, MEMBER, 1_00)


def test_no_rounding_hands_out_more_than_was_meant_of_more_than_there_is(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    deposited(shop, 10_60)
    with refused("paid-out-more-than-held"):
        shop.till.party_money.record(R.MEMBER_WITHDRAWAL, MEMBER, 10_61)
    assert held(shop) == 10_60


def test_an_advance_is_what_was_handed_over(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5_00)
    done = shop.document(shop.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 137_00).document_id)
    assert isinstance(done, PartyMoney)
    assert (done.total, done.rounding) == (135_00, 0)
    assert shop.till.party_money.balance(PartyRole.EMPLOYEE, EMPLOYEE) == 135_00


@pytest.mark.parametrize(
    ("step", "limit", "parts", "drawn"),
    [
        (5_00, 138_00, (138_00, 0), 135_00),  # the nearest would be 140.00
        (5_00, 138_00, (137_00, 0), 135_00),
        (5_00, 140_00, (138_00, 0), 140_00),
        (5_00, 138_00, (138_00, 134_00), 134_00),
        (5_00, 138_00, (138_00, 138_00), 138_00),
        (1_00, 10_60, (10_60, 0), 10_00),
        (5, 15_28, (15_28, 0), 15_25),
    ],
)
def test_coins_of_an_advance_stay_within_what_may_be_drawn(
    tmp_path: Path, step: int, limit: int, parts: tuple[int, int], drawn: int
) -> None:
    """Of so much that is asked, a part by bank and the rest in coins."""
    shop, (amount, by_bank) = shop_of(tmp_path, step), parts
    before = 5_000_00 - limit
    shop.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, before, [TenderInput(BANK, before, "slip 3")])
    taking = PartyTaking(shop.till._context, R.EMPLOYEE_ADVANCE, EMPLOYEE, amount)
    if by_bank:
        taking.add_tender(BANK, by_bank, "slip 4")
    if taking.cash_due():
        taking.add_tender(CASH, taking.cash_due())
    done = shop.document(taking.complete().document_id)
    assert isinstance(done, PartyMoney)
    assert (done.total, done.rounding) == (drawn, 0)


def test_an_advance_of_all_that_is_left_without_a_word_of_how(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5_00)
    shop.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 2_000_00)
    shop.till.party_money.record(
        R.EMPLOYEE_ADVANCE, EMPLOYEE, 2_862_00, [TenderInput(BANK, 2_862_00, "slip 5")]
    )
    done = shop.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 138_00)
    assert done.total == 135_00
    with refused("advance-above-limit"):
        shop.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 5_00)


@pytest.mark.parametrize(("step", "left"), [(5, 2), (1_00, 40), (10_00, 4_99), (5, 1)])
def test_a_balance_under_half_a_coin_ends_without_one(tmp_path: Path, step: int, left: int) -> None:
    shop = shop_of(tmp_path, step)
    deposited(shop, left)
    before = shop.cash()
    done = withdrawn(shop, left)
    assert (done.total, done.rounding, done.tenders) == (left, -left, ())
    assert (held(shop), before - shop.cash()) == (0, 0)


def test_of_more_than_half_a_coin_nobody_draws_the_half(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 1_00)
    deposited(shop, 10_00)
    with refused("amount-out-of-range"):
        withdrawn(shop, 40)
    assert held(shop) == 10_00


@pytest.mark.parametrize(
    ("step", "spent", "coins"),
    [
        (5, (15_28,), 15_30),
        (1_00, (10_60,), 11_00),
        (1_00, (10_40,), 10_00),
        (5_00, (100_00, 37_00), 135_00),
        (1_00, (20, 20), 0),
        (1, (10_41,), 10_41),
    ],
)
def test_an_expense_is_paid_in_coins(tmp_path: Path, step: int, spent: tuple[int, ...], coins: int) -> None:
    shop, total = shop_of(tmp_path, step), sum(spent)
    before = shop.cash()
    done = shop.till.expenses.pay([Spent("Tea", one, "6200") for one in spent])
    expense = shop.document(done.document_id)
    assert isinstance(expense, Expense)
    assert (expense.total, expense.rounding, done.settled) == (total, coins - total, coins)
    assert (shop.account("6200"), before - shop.cash()) == (total, coins)
    assert shop.account("6910") == coins - total
    job = next(one for one in shop.print_jobs() if one.document_id == done.document_id)
    text = [one.text for one in typeset(paper_of(shop.till._context, job)) if isinstance(one, Line)]
    assert any("Rounding to cash" in one for one in text) == bool(expense.rounding)


def test_an_expense_of_which_mpesa_pays_a_part_is_rounded_once(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5_00)
    given = [TenderInput(TenderKind.MPESA, 134_00, "SLK4AB9Z01"), TenderInput(CASH, 5_00)]
    done = shop.document(shop.till.expenses.pay([Spent("Tea", 137_00)], given).document_id)
    assert isinstance(done, Expense)
    assert (done.total, done.rounding) == (137_00, 2_00)
    by_mpesa = [TenderInput(TenderKind.MPESA, 137_00, "SLK4AB9Z02")]
    done = shop.document(shop.till.expenses.pay([Spent("Tea", 137_00)], by_mpesa).document_id)
    assert isinstance(done, Expense)
    assert done.rounding == 0


def test_a_customers_credit_goes_back_in_coins(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, 5)
    desk = shop.till.receive_payment(HOTEL, 15_28)
    desk.add_tender(BANK, 15_28, "slip 3")
    desk.complete()
    taking = shop.till.take_party_money(R.CUSTOMER_CREDIT_RETURN, HOTEL, 15_28)
    assert taking.cash_due() == 15_30
    taking.add_tender(CASH, 15_30)
    done = shop.document(taking.complete().document_id)
    assert isinstance(done, PartyMoney)
    assert (done.total, done.rounding, shop.owes(HOTEL)) == (15_28, 2, 0)
