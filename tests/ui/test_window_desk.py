"""Customers, refunds, the drawer, receipts, the strip and the settings, in the real window."""

import sys
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.language import said
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import CashReason, DrawerClose, Payment, Refund, Reversal, Sale
from pos_app.ledger.line import TenderKind
from pos_app.store.documents import documents, settings
from pos_app.store.engine.errors import DatabaseBusy, DiskFull
from pos_app.store.journal import print_jobs
from pos_app.store.medium import medium_state
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.till import Till
from pos_app.ui.app import watch_for_bugs
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sheets.keys import KeysSheet
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def last(till: Till) -> Any:
    return till.receipts.document(till.receipts.latest(1)[0].document_id)


def sell_one(hands: Hands, window: MainWindow, number: int = 7) -> None:
    hands.scan(barcode_of(number))
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Return)
    next_sale(hands, window)


def next_sale(hands: Hands, window: MainWindow) -> None:
    screen = window.current()
    assert isinstance(screen, DoneScreen)
    hands.until(screen.settled)
    hands.press(Key.Key_Return)
    assert isinstance(window.current(), SellScreen)


# -- customers ---------------------------------------------------------------------------------------


def test_a_sale_on_account_by_keys(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F3)
    selling.type("mama")
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), SellScreen)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert (sale.party_id, sale.tenders[0].kind) == (1, TenderKind.ACCOUNT)


def test_beyond_the_limit_a_manager_is_asked(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.type("3*LPG-R13")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F3)
    selling.type("otieno")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.press(Key.Key_Escape)
    assert isinstance(window.current(), TenderScreen)
    assert till.receipts.latest(1) == []
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert last(till).approver_id == 2


def test_an_account_without_a_customer_asks_whose(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F4)
    selling.type("nobody of this name")
    selling.press(Key.Key_Return)
    assert window.session.sheet is not None
    assert "Nothing is found" in window.session.sheet.banner.text()
    selling.press(Key.Key_Escape)
    assert window.session.basket.state.party_id is None
    selling.press(Key.Key_F4)
    selling.type("mama")
    selling.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert screen.taken_column.head.accessibleName().startswith("Mama Kanini")
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert (sale.party_id, sale.tenders[0].kind) == (1, TenderKind.ACCOUNT)


def test_a_payment_is_received(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.press(Key.Key_F3)
    selling.type("mama")
    selling.press(Key.Key_F4)
    screen = window.current()
    assert isinstance(screen, CustomerScreen)
    assert screen.card.name.text() == "Mama Kanini Hotel"
    selling.press(Key.Key_F3)
    selling.type("5000")
    selling.press(Key.Key_Return)
    selling.type("6000")
    selling.press(Key.Key_Return)
    payment = last(till)
    assert isinstance(payment, Payment)
    assert payment.total == 500_000
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "1,000.00"
    party = till.customers.get(1)
    assert party is not None
    assert till.customers.owes(party) == 379_000


def test_the_customer_is_taken_off_the_basket(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F3)
    selling.type("mama")
    selling.press(Key.Key_Return)
    assert window.session.basket.state.party_id == 1
    selling.press(Key.Key_F3)
    selling.press(Key.Key_F6)
    assert window.session.basket.state.party_id is None


# -- refunds, voids, copies --------------------------------------------------------------------------


def test_a_refund_by_the_scanned_receipt(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.type("2*REG-C")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    next_sale(selling, window)
    selling.press(Key.Key_F7)
    selling.scan("K3-S000001")
    screen = window.current()
    assert isinstance(screen, RefundScreen)
    selling.type("1")
    assert screen.figure.text() == "850.00"
    selling.press(Key.Key_F12)
    assert "Say why" in window.banner().text()
    selling.type("does not fit")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    refund = last(till)
    assert isinstance(refund, Refund)
    assert (refund.total, refund.reason, refund.approver_id) == (85_000, "does not fit", 2)


def test_what_came_by_mpesa_goes_back_by_mpesa(window: MainWindow, selling: Hands, till: Till) -> None:
    """The way is proposed, its code is asked for, and F5 leads to cash, which says what it stands for."""
    selling.type("REG-C")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    selling.type("SLK4AB9Z01")
    selling.press(Key.Key_Return)
    next_sale(selling, window)
    selling.press(Key.Key_F7)
    selling.scan("K3-S000001")
    screen = window.current()
    assert isinstance(screen, RefundScreen)
    assert screen.money_ways.kind == "mpesa"
    selling.type("1")
    selling.press(Key.Key_F5)
    assert screen.money_ways.kind is TenderKind.CASH
    assert screen.money_ways.words.text() == "850.00 of it was not paid in cash."
    assert not screen.money_ways.code.isVisible()
    selling.press(Key.Key_F5)
    assert screen.money_ways.code.isVisible()
    selling.press(Key.Key_F12)
    assert "M-Pesa code" in window.banner().text()
    selling.type("REV4AB9Z02")
    selling.press(Key.Key_Return)
    selling.type("does not fit")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    refund = last(till)
    assert isinstance(refund, Refund)
    (tender,) = refund.tenders
    assert (tender.kind, tender.amount, tender.reference) == (TenderKind.MPESA, 85_000, "REV4AB9Z02")
    assert (refund.cash_instead, refund.reason) == (0, "does not fit")


def test_a_strange_receipt_number_gets_a_sentence(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F7)
    selling.type("hello")
    selling.press(Key.Key_Return)
    assert "is not a receipt number" in window.banner().text()


def test_the_last_receipt_is_copied_and_voided(window: MainWindow, selling: Hands, till: Till) -> None:
    sell_one(selling, window)
    selling.press(Key.Key_F9)
    selling.press(Key.Key_Return)
    assert "Copy 1" in window.banner().text()
    assert till.status().unprinted[-1].copy_no == 1
    selling.press(Key.Key_F6)
    selling.type("rung up twice")
    selling.press(Key.Key_Return)
    selling.approve("Peter K.", "4444")
    assert isinstance(last(till), Reversal)
    assert "is voided" in window.banner().text()


# -- the drawer --------------------------------------------------------------------------------------


def test_cash_in_and_out(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F2)
    selling.type("100")
    selling.press(Key.Key_Tab)
    selling.type("found under the counter")
    selling.press(Key.Key_Return)
    assert "100.00 is recorded" in window.banner().text()
    selling.press(Key.Key_F3)
    selling.type("50")
    selling.press(Key.Key_Tab)
    selling.type("tea")
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert "50.00 is recorded" in window.banner().text()


def test_a_blind_close_with_a_difference(window: MainWindow, selling: Hands, till: Till) -> None:
    sell_one(selling, window)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    selling.type("5")
    selling.press(Key.Key_Return)
    selling.type("1")
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Down)
    selling.type("3")
    assert screen.counting.total() == 580_000
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.approve("Joseph M.", "2222")
    assert screen.review.figure.text() == "50.00"
    assert till.drawer.is_open(), "nothing is recorded before the reason is given"
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F8)
    assert screen.review.isVisible(), "a count that was fixed stays fixed"
    screen.review.reason.setFocus()
    selling.type("short change given")
    selling.press(Key.Key_F12)
    assert not till.drawer.is_open()
    with till.database.read() as connection:
        entry = documents.latest(connection, 1, ("drawer_close",), 1)[0]
    close = till.receipts.document(entry.document_id)
    assert isinstance(close, DrawerClose)
    assert (close.counted, close.expected, close.reason) == (580_000, 585_000, "short change given")
    selling.press(Key.Key_F12)
    assert isinstance(window.current(), SignInScreen)


def test_a_close_with_an_open_basket_is_refused(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    assert "A basket is open" in window.banner().text()


# -- trouble -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [DiskFull("The disk is full."), DatabaseBusy("The database is busy.")])
def test_trouble_with_the_disk_is_a_sentence_and_the_basket_stays(
    window: MainWindow, selling: Hands, till: Till, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)

    def fail(*_args: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(till._context.journal, "record", fail)
    selling.press(Key.Key_Return)
    assert window.banner().text() == str(error)
    assert len(window.session.basket.lines) == 1
    monkeypatch.undo()
    selling.press(Key.Key_Return)
    assert isinstance(last(till), Sale)


def test_after_a_bug_the_money_can_be_taken(
    window: MainWindow, selling: Hands, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, TenderScreen)

    def fail(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(till._context.journal, "record", fail)
    with pytest.raises(ZeroDivisionError):
        screen.finish()
    monkeypatch.undo()
    selling.press(Key.Key_Return)
    assert isinstance(last(till), Sale)


def test_a_bug_is_said_and_handed_on_to_the_log(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: logged.append(kind))
    watch_for_bugs(window)
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError as bug:
        sys.excepthook(ZeroDivisionError, bug, bug.__traceback__)
    assert "Something went wrong" in window.banner().text()
    assert logged == [ZeroDivisionError]


def test_the_strip_says_offline(window: MainWindow, selling: Hands, till: Till) -> None:
    strip = window.strip
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    sell_one(selling, window)
    window.poll()
    assert strip.findChildren(type(strip._sync))[0].text() == "2 waiting"
    clock.advance(timedelta(minutes=12))
    window.poll()
    assert strip._sync.text() == "Offline · 2 waiting, 12 min"
    assert strip._sync.tone() == "warn"
    home = till.database.folder
    assert home is not None
    medium = medium_state.State("/media/stick", "one", 1)
    medium_state.write(home, medium_state.troubled(medium, said("medium-missing", folder="/media/stick")))
    window.poll()
    assert (strip._sync.text(), strip._sync.tone()) == ("Second medium missing · 1 only here", "warn")
    medium_state.write(home, medium_state.well(medium, 2))
    window.poll()
    assert strip._sync.text() == "Offline · 2 waiting, 12 min"
    with till.database.write() as connection:
        settings.put(
            connection, acknowledged_seq="2", last_contact_us=str(int(clock.now().timestamp() * 1e6))
        )
    window.poll()
    assert strip._sync.text() == "All sent 14:17"
    with till.database.write() as connection:
        settings.put(connection, feed_coming="120000")
    window.poll()
    assert strip._sync.text() == "Products are coming · 120,000 so far"
    with till.database.write() as connection:
        settings.put(connection, frozen="the history forked")
    window.poll()
    assert strip._sync.tone() == "bad"


def test_the_strip_says_how_the_printer_is(window: MainWindow, selling: Hands, till: Till) -> None:
    sell_one(selling, window)
    job = till.status().unprinted[-1]
    shown = window.strip._printer_words
    for state, sentence, words, tone in (
        (print_jobs.WAITING, "out of paper", "Printer: 2 waiting", "warn"),
        (print_jobs.UNCERTAIN, "no answer", "Check the paper", "bad"),
    ):
        with till.database.write() as connection:
            print_jobs.mark(connection, job.job_id, state, sentence, None)
        window.poll()
        assert (shown.text(), shown.tone()) == (words, tone)
        assert shown.isVisible()
    selling.press(Key.Key_F9)
    assert "Look at the paper" in window.banner().text()
    selling.press(Key.Key_F4)
    assert not till.status().uncertain
    assert not shown.isVisible()


def test_the_strip_is_polled_by_itself(window: MainWindow, selling: Hands, till: Till, qtbot: QtBot) -> None:
    till.drawer.move(CashReason.FLOAT, 100, "")
    qtbot.waitUntil(lambda: window.strip._sync.text() == "2 waiting", timeout=60_000)


# -- settings ----------------------------------------------------------------------------------------


def test_f1_offers_keys_language_and_light(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F1)
    sheet = window.session.sheet
    assert isinstance(sheet, KeysSheet)
    selling.tap(sheet.modes["dark"])
    assert current_palette().mode == "dark"
    selling.press(Key.Key_F1)
    sheet = window.session.sheet
    assert isinstance(sheet, KeysSheet)
    selling.tap(sheet.languages["sw"])
    screen = window.current()
    assert isinstance(screen, SellScreen)
    assert screen.basket_column.pay.text() == "Lipa"
    assert [row.title for row in screen.basket_column.list.rows()] == ["Regulator compact"]
    selling.scan("9999999999994")
    assert window.banner().text().startswith("Hakuna kitu")
    window.set_mode("light")


def test_the_language_waits_for_a_fixed_count(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    selling.type("4")
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    assert screen.counting.total() == 400_000, "a count that was left is there again"
    window.set_language("sw")
    assert "then change the language" in window.banner().text()
    assert window.current() is screen


def test_signing_out_keeps_the_basket(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F1)
    sheet = window.session.sheet
    assert isinstance(sheet, KeysSheet)
    selling.tap(sheet.sign_out)
    assert isinstance(window.current(), SignInScreen)
    selling.sign_in("Grace O.", "3333")
    assert len(window.session.basket.lines) == 1


def test_the_expected_amount_needs_the_same_approval_as_the_close(till: Till) -> None:
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(1000)
    with pytest.raises(NeedsApproval):
        till.drawer.expected()
