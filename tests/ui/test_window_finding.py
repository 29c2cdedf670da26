"""The one field of the sell screen, by keys: words, a slip, a customer, a receipt, a parked basket."""

import time

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.kit.tile import ProductTile
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of
from tests.ui.test_window_selling import sell_screen

Key = Qt.Key


def shown(window: MainWindow) -> list[str]:
    return [one.name for one in sell_screen(window).shelf.grid.products()]


def look_up(window: MainWindow, hands: Hands, typed: str) -> None:
    hands.press(Key.Key_Escape)
    hands.type(typed)
    sell_screen(window).shelf.look_up()


def test_words_in_any_order_and_enter_adds_the_only_one(window: MainWindow, selling: Hands) -> None:
    selling.type("kg 13 refill")
    selling.press(Key.Key_Return)
    assert [line.sku for line in window.session.basket.lines] == ["LPG-R13"]


def test_five_times_words_are_five(window: MainWindow, selling: Hands) -> None:
    selling.type("5*compact")
    selling.press(Key.Key_Return)
    assert [(line.sku, line.quantity) for line in window.session.basket.lines] == [("REG-C", 5_000)]
    assert "5*" in sell_screen(window).search.placeholderText()


def test_a_guess_is_shown_and_not_added_before_it_is_chosen(window: MainWindow, selling: Hands) -> None:
    selling.type("regualtor")
    selling.press(Key.Key_Return)
    assert shown(window) == ["Regulator compact"]
    assert window.session.basket.lines == []
    selling.press(Key.Key_Return)
    assert [line.sku for line in window.session.basket.lines] == ["REG-C"]


def test_arrows_go_over_what_was_found_and_back(window: MainWindow, selling: Hands) -> None:
    look_up(window, selling, "refill")
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Right)
    marked = window.focusWidget()
    assert isinstance(marked, ProductTile)
    assert marked.text() == shown(window)[1]
    selling.press(Key.Key_Left)
    selling.press(Key.Key_Up)
    assert sell_screen(window).search.hasFocus()
    assert sell_screen(window).search.text() == "refill"


def test_a_customer_found_by_a_part_of_the_name_buys(window: MainWindow, selling: Hands) -> None:
    look_up(window, selling, "kanini")
    beside = sell_screen(window).shelf.beside
    assert [row.title for row in beside.rows()] == ["Mama Kanini Hotel"]
    assert beside.isVisible()
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    customer = window.session.basket.customer()
    assert customer is not None
    assert customer.name == "Mama Kanini Hotel"
    assert sell_screen(window).search.text() == ""
    assert not beside.isVisible()


def test_a_receipt_is_found_by_its_digits_and_opened(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    window.home()
    look_up(window, selling, "000001")
    beside = sell_screen(window).shelf.beside
    assert [row.title for row in beside.rows()] == [f"K{till.terminal_no}-S000001"]
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), RefundScreen)


def test_a_parked_basket_is_found_by_its_name(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F6)
    selling.type("Green gate")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines == []
    look_up(window, selling, "gate")
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    assert [line.sku for line in window.session.basket.lines] == ["LPG-R6"]


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, '"NEAR(', "*", "5*", '"', "\u202eشاي", "a\0b", "AND OR NOT", "%_", "' OR 1=1 --"]
)
def test_whatever_is_typed_is_answered_at_once(window: MainWindow, selling: Hands, typed: str) -> None:
    screen = sell_screen(window)
    screen.search.setText(typed)
    began = time.thread_time()
    screen.shelf.look_up()
    assert time.thread_time() - began < 0.25
    selling.press(Key.Key_Return)
    assert window.session.basket.lines == []
    selling.press(Key.Key_Escape)
    selling.scan(barcode_of(1))
    assert len(window.session.basket.lines) == 1
