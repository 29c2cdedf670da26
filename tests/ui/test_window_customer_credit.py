"""An invoice taken back by a credit note, and saved as a PDF, from the latest receipts."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demo.simulated_cashier import Hands
from pos_app.ledger.document import CreditNote
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.invoice.credit_note import CreditNoteScreen
from pos_app.ui.receipts.screen import ReceiptsScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import HOTEL, invoice, kinds, last

Key = Qt.Key


def crediting(hands: Hands, window: MainWindow) -> CreditNoteScreen:
    hands.press(Key.Key_F9)
    hands.press(Key.Key_F7)
    screen = window.current()
    assert isinstance(screen, CreditNoteScreen)
    return screen


def test_a_whole_invoice_is_credited_with_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7)
    screen = crediting(selling, window)
    selling.press(Key.Key_F6)
    assert screen.figure.text() == "850.00"
    selling.press(Key.Key_F12)
    assert "Say why the invoice is credited" in window.banner().text()
    selling.type("leaks")
    selling.press(Key.Key_F12)
    assert kinds(till) == ["invoice"]
    selling.approve("Joseph M.", "2222")
    note = last(till)
    assert isinstance(note, CreditNote)
    assert (note.total, note.reason, note.approver_id) == (85_000, "leaks", 2)
    assert note.lines[0].location_id == 1
    assert till.open_invoices.of(HOTEL) == []
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "850.00"


def test_only_the_money_leaves_the_stock(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7)
    crediting(selling, window)
    selling.press(Key.Key_F4)
    selling.press(Key.Key_F6)
    selling.press(Key.Key_Return)
    selling.type("too dear")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert last(till).lines[0].location_id is None


def test_a_part_is_credited_and_no_more_than_is_left(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7)
    screen = crediting(selling, window)
    selling.type("0.5")
    assert screen.figure.text() == "425.00"
    selling.type("9")
    assert screen.busy()
    selling.press(Key.Key_Return)
    selling.type("why not")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert last(till).lines[0].quantity == 590
    selling.until(lambda: isinstance(window.current(), DoneScreen))
    window.home()
    selling.press(Key.Key_F9)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_F7)
    selling.type("0.5")
    assert "No more than what is left" in window.banner().text()


@pytest.mark.parametrize("times", [2, 4])
def test_a_double_press_writes_one_credit_note(
    window: MainWindow, selling: Hands, till: Till, times: int
) -> None:
    invoice(till, 7)
    till.sign_in.sign_in(2, "2222")
    screen = crediting(selling, window)
    selling.press(Key.Key_F6)
    screen.reason.setText("leaks")
    for _press in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_F12)
    assert kinds(till) == ["invoice", "credit_note"]


def test_an_invoice_is_found_by_its_scanned_number(window: MainWindow, selling: Hands, till: Till) -> None:
    number = invoice(till, 7).number
    selling.press(Key.Key_F9)
    screen = window.current()
    assert isinstance(screen, ReceiptsScreen)
    selling.scan("K3-I000099")
    assert "no such invoice" in window.banner().text()
    screen._numbers = []
    selling.scan(number)
    assert isinstance(window.current(), CreditNoteScreen)


def test_an_invoice_of_the_office_scanned_while_selling_is_no_product(
    window: MainWindow, selling: Hands
) -> None:
    selling.scan("M1000000-I000001")
    assert isinstance(window.current(), ReceiptsScreen)
    assert "credited there, or in the office" in window.banner().text()


def test_an_invoice_is_saved_as_a_pdf(window: MainWindow, selling: Hands, till: Till, tmp_path: Path) -> None:
    number = invoice(till, 7).number
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F5)
    sheet = window.session.sheet
    assert sheet is not None
    field = QApplication.focusWidget()
    assert field is not None
    field.setProperty("text", str(tmp_path / "invoices"))
    selling.press(Key.Key_Return)
    saved = tmp_path / "invoices" / f"{number}.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
    assert str(saved) in window.banner().text()


def test_a_folder_that_is_none_gets_a_sentence(
    window: MainWindow, selling: Hands, till: Till, tmp_path: Path
) -> None:
    invoice(till, 7)
    (tmp_path / "file").write_text("")
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F5)
    field = QApplication.focusWidget()
    assert field is not None
    field.setProperty("text", str(tmp_path / "file"))
    selling.press(Key.Key_Return)
    assert window.session.sheet is not None
    assert "choose another folder" in window.session.sheet.banner.text()


def test_a_sale_is_not_offered_as_a_pdf(window: MainWindow, selling: Hands, till: Till) -> None:
    invoice(till, 7)
    basket = till.baskets.new()
    basket.add(till.catalogue.scan("REG-C").product)
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    checkout.complete()
    selling.press(Key.Key_F9)
    keys = {item.action.key: item.action.label for item in window.key_strip.items()}
    assert "F5" not in keys
    assert keys["F7"] == "Return"
    selling.press(Key.Key_Down)
    keys = {item.action.key: item.action.label for item in window.key_strip.items()}
    assert keys["F5"] == "Save as PDF"
    assert keys["F7"] == "Credit note"


def test_an_invoice_scanned_at_the_basket_is_marked_among_the_receipts(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    number = invoice(till, 7).number
    invoice(till, 8)
    selling.scan(number)
    screen = window.current()
    assert isinstance(screen, ReceiptsScreen)
    assert screen.table.selected() == 1
    assert not window.session.basket.lines
