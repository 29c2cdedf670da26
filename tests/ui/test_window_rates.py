"""The rates of the day in the window: another total is said in a sentence before anybody pays it."""

from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def change(till: Till, rate_bp: int) -> None:
    """From now on the tax of what is sold here comes on top, at this rate."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE tax_code SET treatment = 'exclusive' WHERE code = 'V16'"))
        connection.execute(text("UPDATE tax_rate SET rate_bp = :rate WHERE code = 'V16'"), {"rate": rate_bp})


def test_a_scan_after_the_change_says_what_the_basket_comes_to(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    change(till, 1600)
    selling.scan(barcode_of(7))
    assert not window.banner().isVisible()
    change(till, 1400)
    selling.scan(barcode_of(2))
    assert "The tax rates of today hold now" in window.banner().text()
    assert isinstance(window.current(), SellScreen)


def test_going_to_pay_says_it_too(window: MainWindow, selling: Hands, till: Till) -> None:
    change(till, 1600)
    selling.scan(barcode_of(7))
    change(till, 1400)
    selling.press(Key.Key_F12)
    assert isinstance(window.current(), TenderScreen)
    assert "The tax rates of today hold now" in window.banner().text()


def test_a_rate_that_comes_while_the_customer_looks_for_a_note_is_said_and_paid_with_the_next_press(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    change(till, 1600)
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)
    change(till, 1400)
    selling.press(Key.Key_Return)
    tender = window.current()
    assert isinstance(tender, TenderScreen)
    assert "The tax rates of today hold now" in window.banner().text()
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), DoneScreen)
    sale = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert isinstance(sale, Sale)
    assert sale.lines[0].tax_rate_bp == 1400
