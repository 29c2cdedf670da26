"""Batch and last day of goods in the window: seen under their line, and a manager asked past that day."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.clock import SetClock
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener

Key = Qt.Key
REGULATOR = 7


def label(more: str) -> str:
    return f"(01)0{barcode_of(REGULATOR)}{more}"


def rows(window: MainWindow) -> list[tuple[str, list[str]]]:
    screen = window.current()
    assert isinstance(screen, SellScreen)
    shown = screen.basket_column.list.rows()
    return [(row.detail, [badge.text for badge in row.badges]) for row in shown]


def test_two_batches_stand_under_their_lines(window: MainWindow, selling: Hands) -> None:
    for more in ("(17)261231(10)AB-1", "(17)261231(10)AB-2", "(17)261231(10)AB-1"):
        selling.scan(label(more))
    assert rows(window) == [
        ("2 × 850.00 · until 31.12.2026 · lot AB-1", []),
        ("1 × 850.00 · until 31.12.2026 · lot AB-2", []),
    ]


def test_words_are_those_of_the_persons_language(till: Till, open_window: Opener) -> None:
    from pos_app.language import use_language

    window = open_window(till)
    use_language("sw")
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    window.home()
    Hands(window).scan(label("(17)261231(10)AB-1"))
    assert rows(window)[0][0].endswith("hadi 31.12.2026 · toleo AB-1")


@pytest.mark.parametrize("typed", [False, True])
def test_goods_past_their_last_day_ask_a_manager(
    window: MainWindow, selling: Hands, till: Till, *, typed: bool
) -> None:
    code = label("(17)261119(10)AB-1")
    if typed:
        selling.type(code)
        selling.press(Key.Key_Return)
    else:
        selling.scan(code)
    sheet = window.session.sheet
    assert isinstance(sheet, ApprovalSheet)
    assert sheet.accessibleName() == "Past its day needs a manager"
    assert "AB-1 (2026-11-19)" in sheet.accessibleDescription()
    assert not window.session.basket.lines
    selling.approve("Joseph M.", "2222")
    assert rows(window) == [("1 × 850.00 · until 19.11.2026 · lot AB-1", ["past its date"])]
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sale = last(till)
    assert (sale.lines[0].batch, sale.lines[0].expires_on, sale.approver_id) == ("AB-1", 20261119, 2)


def test_who_thinks_again_sells_nothing_past_its_day(window: MainWindow, selling: Hands) -> None:
    selling.scan(label("(17)261119"))
    selling.press(Key.Key_Escape)
    assert window.session.sheet is None
    assert rows(window) == []


def test_goods_that_passed_their_day_while_parked_ask_when_they_are_taken_up(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(label("(17)261120(10)AB-1"))
    selling.press(Key.Key_F6)
    selling.type("Table 4")
    selling.press(Key.Key_Return)
    assert not window.session.basket.lines
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(days=1))
    selling.press(Key.Key_F6)
    selling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert isinstance(sheet, ApprovalSheet)
    assert "AB-1 (2026-11-20)" in sheet.accessibleDescription()
    selling.approve("Joseph M.", "2222")
    assert window.session.basket.lines[0].expiry_approver == 2
