"""A basket goes on an invoice: due by terms or another day, within the limit or approved; or on a draft."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Invoice, Sale
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.invoice.drafts import DraftsScreen
from pos_app.ui.invoice.screen import InvoiceScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import kinds, last, put_terms
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def begin(hands: Hands, window: MainWindow, who: str = "mama", times: str = "1") -> InvoiceScreen:
    hands.type(f"{times}*")
    hands.scan(barcode_of(2))
    hands.press(Key.Key_F3)
    hands.type(who)
    hands.press(Key.Key_Return)
    hands.press(Key.Key_F12)
    hands.press(Key.Key_F6)
    screen = window.current()
    assert isinstance(screen, InvoiceScreen)
    return screen


def test_an_invoice_by_the_customers_terms(window: MainWindow, selling: Hands, till: Till) -> None:
    put_terms(till, 30)
    screen = begin(selling, window)
    assert screen.due.date.text() == "due 20.12.2026"
    assert screen.due.tiles[0].text() == "30 days"
    assert "Within the limit of 20,000.00: 7,960.00 is left" in screen.limit.text()
    selling.press(Key.Key_Return)
    selling.type("LPO-77")
    selling.press(Key.Key_F12)
    invoice = last(till)
    assert isinstance(invoice, Invoice)
    assert (invoice.due_on, invoice.terms_days, invoice.total) == (20261220, 30, 325_000)
    assert invoice.reference == "LPO-77"
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "3,250.00"
    assert not window.session.basket.lines


def test_another_due_day_is_typed_or_tapped(window: MainWindow, selling: Hands, till: Till) -> None:
    put_terms(till, 30)
    screen = begin(selling, window)
    selling.tap(screen.due.tiles[2])
    assert screen.due.date.text() == "due 27.11.2026"
    selling.tap(screen.due.field)
    selling.type("10")
    assert screen.due.date.text() == "due 30.11.2026"
    selling.press(Key.Key_F12)
    assert (last(till).due_on, last(till).terms_days) == (20261130, 10)


def test_beyond_the_limit_is_said_before_and_approved(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = begin(selling, window, "otieno", "2")
    assert "1,500.00 beyond the limit of 5,000.00" in screen.limit.text()
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.press(Key.Key_Escape)
    assert kinds(till) == []
    assert window.current() is screen
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert isinstance(last(till), Invoice)
    assert last(till).approver_id == 2


def test_an_invoice_needs_a_customer(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F6)
    assert isinstance(window.current(), TenderScreen)
    assert "Choose a customer first; an invoice" in window.banner().text()


def test_money_that_was_tendered_is_not_forgotten(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(selling, window)
    selling.press(Key.Key_Escape)
    selling.type("1000")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F6)
    selling.press(Key.Key_F12)
    assert "Money was tendered for this basket" in window.banner().text()
    assert kinds(till) == []
    selling.press(Key.Key_Escape)
    assert isinstance(window.current(), TenderScreen)
    assert [one.amount for one in window.session.basket.tenders] == [100_000]


@pytest.mark.parametrize("times", [2, 4])
def test_a_double_press_writes_one_invoice(
    window: MainWindow, selling: Hands, till: Till, times: int
) -> None:
    begin(selling, window)
    for _press in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_F12)
    assert kinds(till) == ["invoice"]


def test_a_draft_is_kept_changed_and_issued_later(window: MainWindow, selling: Hands, till: Till) -> None:
    put_terms(till, 30)
    begin(selling, window)
    selling.press(Key.Key_F9)
    assert isinstance(window.current(), SellScreen)
    assert "The draft for Mama Kanini Hotel is kept" in window.banner().text()
    assert not window.session.basket.lines
    assert kinds(till) == []
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F3)
    screen = window.current()
    assert isinstance(screen, DraftsScreen)
    (row,) = screen.table.lines()
    assert row[1] == "Mama Kanini Hotel"
    selling.press(Key.Key_F4)
    selling.type("14")
    selling.press(Key.Key_Return)
    assert screen.drafts[0].due_on == 20261204
    selling.press(Key.Key_Return)
    invoice = last(till)
    assert isinstance(invoice, Invoice)
    assert (invoice.due_on, invoice.total) == (20261204, 325_000)
    assert till.invoicing.drafts() == []


def test_a_draft_is_put_away_after_a_question(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(selling, window)
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Delete)
    selling.press(Key.Key_Escape)
    assert len(till.invoicing.drafts()) == 1
    selling.press(Key.Key_Delete)
    selling.press(Key.Key_Return)
    assert till.invoicing.drafts() == []
    assert kinds(till) == []


def test_a_draft_beyond_the_limit_waits_for_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(selling, window, "otieno", "2")
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F9)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.approve("Joseph M.", "2222")
    assert last(till).approver_id == 2


def test_what_is_short_is_said_calmly_and_holds_nobody_up(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.type("4*")
    selling.scan(barcode_of(10))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert isinstance(last(till), Sale)
    assert last(till).tenders[0].kind is TenderKind.CASH
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.short.isVisible()
    assert "less than none of: Grill top (−2 pc)" in done.short.text().replace("-", "−")
    assert window.session.sheet is None
    selling.scan(barcode_of(7))
    assert isinstance(window.current(), SellScreen)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert not done.short.isVisible(), "nothing is short of the next one"
