"""Cylinders that come back partly full, in the real window: three weights, a manager, the money."""

from typing import Any

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.devices.escpos_layout import to_text
from pos_app.ledger.document import Refund
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.till import Till
from pos_app.ui.goods.half_return import HalfReturnScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import EMPTY13, REFILL13, add_goods_rows, all_of
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
PRICE = 325_000


def half_return(window: MainWindow, hands: Hands, till: Till) -> HalfReturnScreen:
    add_goods_rows(till)
    hands.press(Key.Key_F2)
    hands.type("0")
    screen = window.current()
    assert isinstance(screen, HalfReturnScreen)
    return screen


def choose(window: MainWindow, hands: Hands, words: str) -> None:
    sheet: Any = window.session.sheet
    assert sheet is not None
    hands.type(words)
    sheet.look_up()
    hands.press(Key.Key_Return)


def weigh(hands: Hands, *kilograms: str) -> None:
    for words in kilograms:
        hands.type(words)
        hands.press(Key.Key_Return)


def refunds(till: Till) -> list[Any]:
    return all_of(till, "refund")


def test_two_cylinders_are_weighed_and_handed_out_once(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    screen = half_return(window, selling, till)
    selling.scan(barcode_of(REFILL13))
    choose(window, selling, "empty")
    weigh(selling, "21.4", "14.9", "13")
    # Half of a fill, at the price of the list.
    assert screen.sum.amount.text() == "1,625.00"
    selling.scan(barcode_of(REFILL13))
    assert window.session.sheet is None
    weigh(selling, "18.15", "14.9")
    assert screen.sum.amount.text() == "2,438.00"
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    (refund,) = refunds(till)
    assert isinstance(refund, Refund)
    assert [line.quantity for line in refund.lines] == [500, 250]
    job = PrintJob(1, refund.document_id, "receipt", 0, False, "waiting", 0, "")
    paper = " ".join(to_text(paper_of(till._context, job)).split())
    for said in (
        *("weighed 21.4 kg, empty 14.9 kg, a fill 13 kg", "weighed 18.15 kg, empty 14.9 kg, a fill 13"),
        *("Approved by Joseph M.", "Taken back"),
    ):
        assert said in paper, paper
    assert refund.total == PRICE * 3 // 4
    assert [(line.product_id, line.quantity) for line in refund.returnables] == [(EMPTY13, -2 * ONE)]
    assert len(screen.lines) == 0


def test_on_the_account_of_a_customer(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = half_return(window, selling, till)
    selling.scan(barcode_of(REFILL13))
    choose(window, selling, "empty")
    weigh(selling, "21.4", "14.9", "13")
    selling.press(Key.Key_F7)
    for _step in range(3):
        selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert "Choose a customer first" in window.banner().text()
    selling.press(Key.Key_F4)
    choose(window, selling, "mama")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    (refund,) = refunds(till)
    assert (refund.party_id, refund.tenders[0].kind) == (1, TenderKind.ACCOUNT)
    assert not screen.busy()


def test_what_cannot_be_is_said(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = half_return(window, selling, till)
    selling.scan(barcode_of(REFILL13))
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F12)
    assert "which cylinder" in window.banner().text()
    selling.press(Key.Key_F6)
    choose(window, selling, "empty")
    selling.press(Key.Key_F12)
    assert "all three weights" in window.banner().text()
    key = next(screen.lines.lines()).key
    for weights, words in (
        (("21400", "14900", "13000"), "write kilograms"),
        (("14.2", "14.9", "13"), "less than its tare"),
        (("31", "14.9", "13"), "more than a full one"),
    ):
        screen.lines.go(key)
        weigh(selling, *weights)
        selling.press(Key.Key_F12)
        assert words in window.banner().text()
        assert screen.sum.amount.text() == "—"
    assert refunds(till) == []
    assert screen.busy()
