"""What a customer owes and has with us: on their card, in a payment, out of earlier money, as a deposit."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demo.simulated_cashier import Hands
from pos_app.ledger.document import PartyMoney, Payment, Settlement
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.treasury import PartyReason
from pos_app.till.session.sign_in import Action
from pos_app.till.till import Till
from pos_app.ui.customer.payment_screen import PaymentScreen
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.customer.standing import age_words
from pos_app.ui.kit.table import Cell
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import (
    HOTEL,
    dollar_invoice,
    invoice,
    kinds,
    last,
    pay_on_account,
    put_rate,
    put_terms,
)

Key = Qt.Key


def card(hands: Hands, window: MainWindow) -> CustomerScreen:
    window.home()
    hands.press(Key.Key_F3)
    hands.type("mama")
    hands.press(Key.Key_F4)
    screen = window.current()
    assert isinstance(screen, CustomerScreen)
    return screen


def paying(hands: Hands, window: MainWindow) -> PaymentScreen:
    card(hands, window)
    hands.press(Key.Key_F3)
    screen = window.current()
    assert isinstance(screen, PaymentScreen)
    return screen


def texts(line: object) -> list[str]:
    assert isinstance(line, list | tuple)
    return [cell.text if isinstance(cell, Cell) else str(cell) for cell in line]


def opens(till: Till, currency: str = "") -> list[int]:
    return [one.amount for one in till.open_invoices.of(HOTEL, currency)]


# -- the card -----------------------------------------------------------------------------------------


def test_the_card_says_what_is_open_and_how_late(window: MainWindow, selling: Hands, till: Till) -> None:
    put_terms(till, 30)
    invoice(till, 7, days_ago=50)
    invoice(till, 8, days_ago=10)
    screen = card(selling, window)
    late, current = (texts(line) for line in screen.card.open_table.lines())
    assert late[0].endswith("-I000001")
    assert late[1:] == ["01.10.2026", "31.10.2026", "20 days late", "850.00"]
    assert current[1:] == ["10.11.2026", "10.12.2026", "not due yet", "420.00"]
    assert screen.card.open_table.isVisible()
    selling.press(Key.Key_F7)
    assert screen.card.table.isVisible()
    assert [texts(line)[1].split()[0] for line in screen.card.table.lines()][:2] == ["Invoice", "Invoice"]


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-3, "not due yet", "ok"),
        (0, "due today", "warn"),
        (1, "1 day late", "warn"),
        (30, "30 days late", "warn"),
        (31, "31 days late · over 30", "bad"),
        (61, "61 days late · over 60", "bad"),
        (91, "91 days late · over 90", "bad"),
    ],
)
def test_each_age_has_words_and_a_colour(days: int, words: str, tone: str) -> None:
    assert age_words(days) == (words, tone)


def test_the_card_says_what_of_theirs_lies_here_and_what_they_hold(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 350_000)
    till.returnables.move(HOTEL, {2: 4000, 1: 1000})
    screen = card(selling, window)
    assert "3,500.00" in screen.card.earlier.words()
    assert "deposit 3,500.00" in screen.card.earlier.words()
    assert "5 1 × LPG refill 6 kg" in screen.card.held.words() or "4 × LPG" in screen.card.held.words()


def test_an_invoice_in_dollars_stands_there_in_dollars(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    dollar_invoice(till)
    screen = card(selling, window)
    (line,) = screen.card.open_table.lines()
    assert texts(line)[-1] == "USD 850.00"
    assert "USD 850.00" in screen.card.owes.words()


# -- a payment ----------------------------------------------------------------------------------------


def test_ticked_invoices_make_the_sum(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7, days_ago=40)
    invoice(till, 8, days_ago=20)
    invoice(till, 9)
    screen = paying(selling, window)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Space)
    selling.settle()
    assert screen.amount.text() == "420.00"
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Space)
    selling.settle()
    assert screen.amount.text() == "1,570.00"
    assert [row.icon for row in screen.list.rows()] == ["circle", "circle-check", "circle-check"]
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), TenderScreen)
    selling.press(Key.Key_Return)
    payment = last(till)
    assert isinstance(payment, Payment)
    assert [one.amount for one in payment.allocations] == [42_000, 115_000]
    assert opens(till) == [85_000]


def test_nothing_ticked_pays_what_is_due_first(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7, days_ago=40)
    invoice(till, 8)
    screen = paying(selling, window)
    selling.type("1000")
    assert ["paid in full" in row.detail for row in screen.list.rows()] == [True, False]
    assert "gets 150.00" in screen.list.rows()[1].detail
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert [one.amount for one in last(till).allocations] == [85_000, 15_000]
    assert opens(till) == [27_000]


def test_a_part_of_one_invoice_is_paid(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7, days_ago=40)
    invoice(till, 8)
    screen = paying(selling, window)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Space)
    selling.settle()
    selling.type("100")
    assert "gets 100.00" in screen.list.rows()[1].detail
    assert "gets" not in screen.list.rows()[0].detail
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert [one.amount for one in last(till).allocations] == [10_000]
    assert opens(till) == [85_000, 32_000]


def test_more_than_is_ticked_stays_to_their_credit(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 8)
    invoice(till, 7)
    screen = paying(selling, window)
    selling.tap(screen.list.viewport(), screen.list.visualRect(screen.list.model().index(0, 0)).center())
    selling.type("500")
    assert "KES 80.00 is on no invoice" in screen._hint.text()
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert last(till).total == 50_000
    assert [one.amount for one in last(till).allocations] == [42_000]


def test_all_are_ticked_and_none_by_one_key(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 8)
    invoice(till, 7)
    screen = paying(selling, window)
    selling.press(Key.Key_F6)
    assert screen.amount.text() == "1,270.00"
    assert screen.busy()
    selling.press(Key.Key_F6)
    assert not screen.busy()
    assert screen.amount.text() == "10,060.00", "all that they owe"


def test_going_back_from_the_money_keeps_the_ticks(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 8)
    screen = paying(selling, window)
    selling.press(Key.Key_Space)
    selling.settle()
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Escape)
    assert window.current() is screen
    assert screen.amount.text() == "420.00"
    selling.press(Key.Key_Escape)
    assert isinstance(window.current(), CustomerScreen)
    assert kinds(till) == ["invoice"]


def test_a_payment_of_nothing_gets_a_sentence(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = paying(selling, window)
    screen.amount.clear()
    selling.press(Key.Key_Return)
    assert window.current() is screen
    assert "must be more than zero" in window.banner().text()


def test_an_invoice_in_dollars_is_paid_in_dollars_or_shillings(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    dollar_invoice(till)
    screen = paying(selling, window)
    selling.press(Key.Key_F7)
    assert screen.purse().currency.code == "USD"
    assert screen.amount.text() == "850.00"
    selling.type("100")
    selling.press(Key.Key_Return)
    tender = window.current()
    assert isinstance(tender, TenderScreen)
    selling.press(Key.Key_F7)
    assert tender.amount.text() == "12,950.00"
    assert tender.worth_words.text() == "KES 12,950.00 = USD 100.00"
    selling.press(Key.Key_Return)
    payment = last(till)
    assert (payment.currency, payment.total) == ("USD", 10_000)
    assert (payment.tenders[0].paid, payment.tenders[0].paid_currency) == (1_295_000, "KES")
    assert opens(till, "USD") == [75_000]


@pytest.mark.parametrize("times", [2, 4])
def test_a_double_press_receives_once(window: MainWindow, selling: Hands, till: Till, times: int) -> None:
    invoice(till, 8)
    paying(selling, window)
    selling.press(Key.Key_Space)
    selling.settle()
    selling.press(Key.Key_Return)
    for _press in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Return)
    assert kinds(till) == ["invoice", "payment"]


# -- earlier money ------------------------------------------------------------------------------------


def test_a_deposit_settles_what_is_ticked(window: MainWindow, selling: Hands, till: Till) -> None:
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 50_000)
    invoice(till, 7, days_ago=40)
    invoice(till, 8)
    screen = paying(selling, window)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Space)
    selling.settle()
    selling.press(Key.Key_F5)
    assert window.session.sheet is not None
    assert "K3-I000002 420.00" in window.session.sheet.accessibleDescription()
    selling.press(Key.Key_Return)
    settlement = last(till)
    assert isinstance(settlement, Settlement)
    assert settlement.total == 42_000
    assert opens(till) == [85_000]
    assert "KES 420.00 is settled" in window.banner().text()
    assert screen.purse().deposit == 8_000


def test_which_money_is_asked_where_there_are_two(window: MainWindow, selling: Hands, till: Till) -> None:
    pay_on_account(till, 879_000 + 20_000)
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 50_000)
    invoice(till, 7)
    paying(selling, window)
    selling.press(Key.Key_F5)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert isinstance(last(till), Settlement)
    assert last(till).total == 20_000
    assert last(till).deposit_account == ""
    assert opens(till) == [65_000]


def test_without_earlier_money_the_key_is_not_offered(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7)
    paying(selling, window)
    assert "F5" not in [item.action.key for item in window.key_strip.items()]


def beyond(till: Till) -> int:
    """An invoice of 850.00 that was paid and then credited; gives its key."""
    pay_on_account(till, 879_000)
    made = invoice(till, 7)
    party = till.customers.get(HOTEL)
    assert party is not None
    desk = till.receive_payment(party, 85_000)
    desk.add_tender(TenderKind.CASH, 85_000)
    desk.complete()
    approval = till.sign_in.approve("2222", Action.CREDIT_NOTE)
    till.credit_notes.complete(till.credit_notes.find(made.number), {0: 1_000}, "dented", approval=approval)
    assert till.open_invoices.credit(HOTEL) == 85_000
    return made.document_id


def test_credit_beyond_an_invoice_settles_the_next_one(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    key = beyond(till)
    invoice(till, 8)
    screen = paying(selling, window)
    assert screen.purse().free == 85_000
    selling.press(Key.Key_F5)
    selling.press(Key.Key_Return)
    settlement = last(till)
    assert isinstance(settlement, Settlement)
    assert [(one.invoice_id, one.amount) for one in settlement.credits] == [(key, 42_000)]
    assert opens(till) == []
    assert till.open_invoices.credit(HOTEL) == 43_000


def test_credit_is_paid_out_from_the_card_with_a_manager(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    key = beyond(till)
    screen = card(selling, window)
    assert "credit 850.00" in screen.card.earlier.words()
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    money = last(till)
    assert isinstance(money, PartyMoney)
    assert (money.reason, money.total, money.approver_id) == (PartyReason.CUSTOMER_CREDIT_RETURN, 85_000, 2)
    assert [(one.invoice_id, one.amount) for one in money.credits] == [(key, 85_000)]
    assert till.open_invoices.credit(HOTEL) == till.party_money.balance(PartyRole.CUSTOMER, HOTEL) == 0


# -- deposits -----------------------------------------------------------------------------------------


def test_a_deposit_is_taken_in_any_way(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till)
    card(selling, window)
    selling.press(Key.Key_F4)
    selling.type("3500")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F7)
    selling.type("20")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    selling.type("SKJ4X8QP2M")
    selling.press(Key.Key_Return)
    money = last(till)
    assert isinstance(money, PartyMoney)
    assert (money.reason, money.total) == (PartyReason.CUSTOMER_DEPOSIT, 350_000)
    assert [(one.kind, one.amount) for one in money.tenders] == [
        (TenderKind.CASH, 259_000),
        (TenderKind.MPESA, 91_000),
    ]
    assert till.party_money.balance(PartyRole.DEPOSITOR, HOTEL) == -350_000


def test_a_deposit_goes_back_with_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 350_000)
    card(selling, window)
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.type("1000")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    money = last(till)
    assert isinstance(money, PartyMoney)
    assert (money.reason, money.total, money.approver_id) == (PartyReason.CUSTOMER_DEPOSIT_RETURN, 100_000, 2)
    assert till.open_invoices.deposited(HOTEL) == 250_000


def test_more_than_the_deposit_is_refused(window: MainWindow, selling: Hands, till: Till) -> None:
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 50_000)
    card(selling, window)
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.type("1000")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert kinds(till) == ["party_money"]
    assert window.banner().text()
