"""A date before what it follows, in the window: a manager types a PIN, or nothing is recorded."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.clock import SetClock
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def set_back(till: Till) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    clock.advance(datetime(2010, 1, 1, 8, tzinfo=UTC) - clock.now())


def test_a_sale_by_a_lost_clock_asks_a_manager_and_is_recorded_in_their_name(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    set_back(till)
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert isinstance(sheet, ApprovalSheet)
    assert "2010-01-01" in sheet.accessibleDescription()
    assert not till.receipts.latest(1) or till.receipts.latest(1)[0].kind != "sale"
    selling.approve("Joseph M.", "2222")
    assert isinstance(window.current(), DoneScreen)
    assert till.receipts.document(till.receipts.latest(1)[0].document_id).dated_by == 2


def test_without_a_manager_nothing_is_recorded_and_the_basket_stays(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    set_back(till)
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Escape)
    assert window.session.sheet is None
    assert window.session.basket.lines
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)


def test_a_deed_that_needs_a_manager_asks_for_the_date_too(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    set_back(till)
    selling.type("-1*REG-C")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    selling.approve("Peter K.", "4444")
    assert isinstance(window.current(), SellScreen) or isinstance(window.session.sheet, ApprovalSheet)
    selling.approve("Joseph M.", "2222")
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert (document.dated_by, document.approver_id) == (2, 4)
