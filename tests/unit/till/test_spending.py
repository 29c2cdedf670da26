"""Expenses out of the drawer, and money moved between drawer, safe, bank and M-Pesa till."""

import pytest

from pos_app.ledger.document import Expense, MoneyTransfer
from pos_app.till.drawer.expense import Spent
from pos_app.till.drawer.money_transfer import Exchanged, MoneyAccount
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import CASH, DOLLAR, HOTEL, VENDOR, by_mpesa, drawer_of
from tests.support.worlds.till_fixture import CASHIER, LPG, MANAGER, WATER, Shop

FLOAT = 5_000_00
TRANSPORT, PETTY, INPUT_TAX = "6130", "6200", "2210"
SAFE, BANK, MPESA = "1150", "1170", "1140"


# --- expenses -------------------------------------------------------------------------------------


def test_petty_cash_with_and_without_tax(depot: Shop) -> None:
    done = depot.till.expenses.pay(
        [Spent("Diesel", 1_160_00, TRANSPORT, "A"), Spent("Tea", 100_00)], vendor_id=VENDOR, reference="R 5"
    )
    expense = depot.document(done.document_id)
    assert isinstance(expense, Expense)
    assert (expense.subtotal, expense.tax_total, done.total) == (1_100_00, 160_00, 1_260_00)
    assert (depot.account(TRANSPORT), depot.account(PETTY), depot.account(INPUT_TAX)) == (
        1_000_00,
        100_00,
        160_00,
    )
    assert depot.cash() == FLOAT - 1_260_00
    assert (done.number, depot.print_jobs()[-1].kick) == ("K3-X000001", True)


def test_tax_that_comes_on_top(depot: Shop) -> None:
    done = depot.till.expenses.pay([Spent("Repair", 100_00, tax_code="X")])
    assert done.total == 116_00


def test_the_expense_of_another_business(depot: Shop) -> None:
    depot.till.expenses.pay([Spent("Filters", 500_00, business_id=WATER)], by_mpesa(500_00, "SLK4AB9Z01"))
    assert depot.account(PETTY, WATER) == 500_00
    assert depot.account("1900", WATER) == -500_00
    assert depot.cash() == FLOAT


def test_an_expense_needs_a_manager(depot: Shop) -> None:
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        depot.till.expenses.pay([Spent("Tea", 100_00)])
    done = depot.till.expenses.pay([Spent("Tea", 100_00)], approval=depot.approval(Action.EXPENSE))
    assert depot.document(done.document_id).approver_id == MANAGER.person_id


@pytest.mark.parametrize(
    ("spent", "code"),
    [
        ([], "expense-empty"),
        ([Spent("Tea", 0)], "expense-line-not-positive"),
        ([Spent("Tea", -5)], "expense-line-not-positive"),
        ([Spent(" ", 5)], "line-undescribed"),
        ([Spent("Tea", 5, "4100")], "not-an-expense-account"),
        ([Spent("Tea", 5, "nonsense")], "not-an-expense-account"),
        ([Spent("Tea", 5, tax_code="Q")], "tax-code-unknown"),
        ([Spent("Gold", 9_000_00)], "drawer-holds-too-little"),
    ],
)
def test_bad_expenses(depot: Shop, spent: list[Spent], code: str) -> None:
    before = depot.count("document")
    with refused(code):
        depot.till.expenses.pay(spent)
    assert depot.count("document") == before


def test_a_vendor_who_is_none(depot: Shop) -> None:
    with refused("party-not-in-role"):
        depot.till.expenses.pay([Spent("Tea", 5)], vendor_id=HOTEL.party_id)


def test_the_same_expense_twice(depot: Shop) -> None:
    request = "cd" * 16
    first = depot.till.expenses.pay([Spent("Tea", 5_000_00)], request_id=request)
    assert depot.till.expenses.pay([Spent("Tea", 5_000_00)], request_id=request) == first
    assert depot.cash() == 0
    # Its own M-Pesa code is used by then; that is no reason to refuse it.
    request, given = "ce" * 16, by_mpesa(70_00, "SLK4AB9Z09")
    first = depot.till.expenses.pay([Spent("Tea", 70_00)], given, request_id=request)
    assert depot.till.expenses.pay([Spent("Tea", 70_00)], given, request_id=request) == first


def test_the_accounts_to_choose_from(depot: Shop) -> None:
    codes = [one.code for one in depot.till.expenses.accounts()]
    assert TRANSPORT in codes
    assert SAFE not in codes
    assert codes == sorted(codes)


# --- transfers ------------------------------------------------------------------------------------


def test_from_the_drawer_over_the_safe_to_the_bank(depot: Shop) -> None:
    move = depot.till.money_transfers.move
    done = move(MoneyAccount.DRAWER, MoneyAccount.SAFE, 3_000_00)
    assert (done.number, done.total, depot.print_jobs()[-1].kick) == ("K3-J000001", 3_000_00, True)
    move(MoneyAccount.SAFE, MoneyAccount.BANK, 2_500_00, reference="slip 7")
    move(MoneyAccount.MPESA, MoneyAccount.BANK, 1_000_00)
    move(MoneyAccount.SAFE, MoneyAccount.DRAWER, 400_00)
    assert depot.cash() == FLOAT - 3_000_00 + 400_00
    # The float came out of the safe.
    assert depot.account(SAFE) == -FLOAT + 3_000_00 - 2_500_00 - 400_00
    assert (depot.account(BANK), depot.account(MPESA)) == (3_500_00, -1_000_00)


def test_to_the_till_of_another_business(depot: Shop) -> None:
    depot.till.money_transfers.move(MoneyAccount.MPESA, MoneyAccount.MPESA, 700_00, to_business_id=WATER)
    assert (depot.account("1141", WATER), depot.account(MPESA, LPG)) == (700_00, -700_00)
    assert (depot.account("1900", LPG), depot.account("1900", WATER)) == (700_00, -700_00)


def test_dollars_are_changed_at_the_bank(depot: Shop) -> None:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(CASH, 10_00, currency="USD")
    checkout.complete()
    move = depot.till.money_transfers.move
    done = move(MoneyAccount.DRAWER, MoneyAccount.BANK, 10_00, currency="USD", arrives=Exchanged(1_300_00))
    transfer = depot.document(done.document_id)
    assert isinstance(transfer, MoneyTransfer)
    assert (transfer.currency, transfer.rate_micro, transfer.to_currency) == ("USD", DOLLAR, "KES")
    assert (drawer_of(depot, "USD"), depot.account(BANK)) == (0, 1_300_00)


@pytest.mark.parametrize(
    ("start", "end", "amount", "code"),
    [
        (MoneyAccount.DRAWER, MoneyAccount.DRAWER, 1_00, "money-to-same-place"),
        (MoneyAccount.BANK, MoneyAccount.BANK, 1_00, "money-to-same-place"),
        (MoneyAccount.DRAWER, MoneyAccount.BANK, 0, "amount-not-positive"),
        (MoneyAccount.DRAWER, MoneyAccount.BANK, -1, "amount-not-positive"),
        (MoneyAccount.DRAWER, MoneyAccount.BANK, 5_000_01, "drawer-holds-too-little"),
        (MoneyAccount.SAFE, MoneyAccount.BANK, 10**15, "amount-too-large"),
    ],
)
def test_bad_transfers(depot: Shop, start: MoneyAccount, end: MoneyAccount, amount: int, code: str) -> None:
    before = depot.count("document")
    with refused(code):
        depot.till.money_transfers.move(start, end, amount)
    assert depot.count("document") == before


def test_bad_places_and_currencies(depot: Shop) -> None:
    move = depot.till.money_transfers.move
    with refused("business-not-there"):
        move(MoneyAccount.SAFE, MoneyAccount.BANK, 1_00, to_business_id=99)
    with refused("no-rate-today"):
        move(MoneyAccount.SAFE, MoneyAccount.BANK, 1_00, currency="EUR")
    with refused("own-currency-exchanged"):
        move(MoneyAccount.SAFE, MoneyAccount.BANK, 1_00, arrives=Exchanged(1_00))
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval):
        move(MoneyAccount.DRAWER, MoneyAccount.SAFE, 1_00)
    depot.till.money_transfers.move(
        MoneyAccount.DRAWER, MoneyAccount.SAFE, 1_00, approval=depot.approval(Action.MOVE_MONEY)
    )


def test_a_transfer_is_voided_while_the_drawer_has_it(depot: Shop) -> None:
    done = depot.till.money_transfers.move(MoneyAccount.SAFE, MoneyAccount.DRAWER, 100_00)
    depot.till.voids.void(done.document_id, "not taken out")
    assert depot.cash() == FLOAT
    other = depot.till.money_transfers.move(MoneyAccount.SAFE, MoneyAccount.BANK, 100_00)
    depot.till.drawer.close((), "not counted")
    depot.till.voids.void(other.document_id, "the bank was closed")
    assert depot.account(BANK) == 0
