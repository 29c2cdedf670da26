"""A deposit and a cheque at the window: F4 twice, F5 round to the cheque, and its sheet."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.ledger.line import Cheque, TenderKind
from pos_app.ledger.treasury import PartyReason
from pos_app.till.till import Till
from pos_app.ui.tender.cheque import ChequeSheet
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import HOTEL as KANINI
from tests.support.worlds.money_builder import last

Key = Qt.Key
ENTER = Key.Key_Return


def sold(till: Till) -> Sale:
    found = last(till)
    assert isinstance(found, Sale)
    return found


def tendering(window: MainWindow, hands: Hands, what: str = "REG-C", customer: str = "") -> TenderScreen:
    if customer:
        hands.press(Key.Key_F3)
        hands.type(customer)
        hands.press(ENTER)
    hands.type(what)
    hands.press(ENTER)
    hands.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    return screen


@pytest.fixture
def deposited(till: Till, selling: Hands) -> None:
    """Kanini has 500.00 on deposit."""
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, KANINI, 500_00)


def test_f4_twice_pays_out_of_the_deposit_and_the_rest_is_asked(
    window: MainWindow, selling: Hands, deposited: None, till: Till
) -> None:
    screen = tendering(window, selling, customer="kanini")
    assert screen.tiles[TenderKind.ACCOUNT]._detail == "Deposit 500.00: F4 twice"
    selling.press(Key.Key_F4)
    selling.press(Key.Key_F4)
    assert screen._kind is TenderKind.DEPOSIT
    selling.press(ENTER)  # all that the deposit pays
    assert screen.amount.text() == "350.00"
    selling.press(ENTER)  # the rest in cash
    assert [(one.kind, one.amount) for one in sold(till).tenders] == [
        (TenderKind.DEPOSIT, 500_00),
        (TenderKind.CASH, 350_00),
    ]


def test_f4_a_third_time_is_the_account_again(window: MainWindow, selling: Hands, deposited: None) -> None:
    screen = tendering(window, selling, customer="kanini")
    for expected in (TenderKind.ACCOUNT, TenderKind.DEPOSIT, TenderKind.ACCOUNT):
        selling.press(Key.Key_F4)
        assert screen._kind is expected


def test_more_than_the_deposit_is_said(window: MainWindow, selling: Hands, deposited: None) -> None:
    screen = tendering(window, selling, customer="kanini")
    selling.press(Key.Key_F4)
    selling.press(Key.Key_F4)
    selling.type("501")
    selling.press(ENTER)
    assert "500.00 on deposit" in screen.banner.text()


def to_cheque(hands: Hands, screen: TenderScreen) -> ChequeSheet:
    for _ in range(4):
        hands.press(Key.Key_F5)
    assert screen._kind is TenderKind.CHEQUE
    hands.press(ENTER)
    sheet = screen.session.sheet
    assert isinstance(sheet, ChequeSheet)
    return sheet


def test_a_cheque_is_taken_with_its_number_bank_and_day(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    to_cheque(selling, tendering(window, selling))
    for words in ("000451", "Equity", ""):
        selling.type(words)
        selling.press(ENTER)
    (tender,) = sold(till).tenders
    assert (tender.kind, tender.reference, tender.amount) == (TenderKind.CHEQUE, "000451", 850_00)
    assert tender.cheque == Cheque(bank="Equity", dated_on=till.today)


def test_what_is_missing_is_said_and_nothing_is_taken(window: MainWindow, selling: Hands, till: Till) -> None:
    sheet = to_cheque(selling, tendering(window, selling))
    for _ in range(3):
        selling.press(ENTER)
    assert "number" in sheet.banner.text()
    selling.press(Key.Key_Up)
    selling.press(Key.Key_Up)
    selling.type("1" * 10_000)
    selling.press(Key.Key_Down)
    selling.type("KCB")
    selling.press(Key.Key_Down)
    selling.type("31.2.2026")
    selling.press(ENTER)
    assert "is no day" in sheet.banner.text()
    selling.scan("4006381333931")
    assert till.receipts.latest(1) == []
    selling.press(Key.Key_Escape)
    assert window.session.sheet is None
