"""Coins at the window: what is asked, what completes a sale, and one figure for what is handed back."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Refund, Sale
from pos_app.till.till import Till
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def begin(window: MainWindow, hands: Hands, price: int, pieces: int = 1) -> TenderScreen:
    """At the tender screen with pieces at a price in cents, which a manager agreed to."""
    hands.scan(barcode_of(7))
    line = window.session.basket.lines[0]
    # As if the list said so: no approval stands in the way of the coins.
    line.quantity, line.unit_price, line.list_price = pieces * 1_000, price, price
    hands.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    return screen


@pytest.mark.parametrize("first", ["cash", "mpesa"])
def test_mpesa_is_asked_the_exact_sum(window: MainWindow, selling: Hands, till: Till, first: str) -> None:
    screen = begin(window, selling, 537_37)
    assert screen.amount.text() == "537.00"
    if first == "cash":
        selling.type("100")
        selling.press(Key.Key_Return)
    selling.press(Key.Key_F3)
    assert screen.amount.text() == ("437.37" if first == "cash" else "537.37")
    selling.press(Key.Key_Return)
    selling.type("SLK4AB9Z01")
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert sale.rounding == 0


def test_a_rest_under_half_a_coin_completes_the_sale(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = begin(window, selling, 10_40)
    selling.press(Key.Key_F3)
    selling.type("10")
    assert screen.taken_column.result.text() == "0.00"
    selling.press(Key.Key_Return)
    selling.type("SLK4AB9Z01")
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), DoneScreen)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert sale.rounding == -40


def test_what_is_handed_back_is_one_figure(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(window, selling, 15_50)
    selling.press(Key.Key_Return)
    sold = window.current()
    assert isinstance(sold, DoneScreen)
    selling.until(sold.settled)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F7)
    selling.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, RefundScreen)
    selling.press(Key.Key_F6)
    assert screen.figure.text() == "16.00"
    screen.reason.setText("leaks")
    selling.press(Key.Key_F12)
    selling.approve("Peter K.", "4444")
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "16.00"
    refund = last(till)
    assert isinstance(refund, Refund)
    assert (refund.total, refund.rounding, refund.tenders[0].amount) == (15_50, 50, 16_00)


def test_a_price_is_typed_with_more_decimals_than_the_currency(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(7))
    window.session.basket.set_quantity(0, 133_000)
    selling.press(Key.Key_F5)
    sheet = window.session.sheet
    assert isinstance(sheet, AmountSheet)
    assert sheet.field.text() == "850.00"
    selling.type("0.265")
    selling.press(Key.Key_Return)
    selling.approve("Peter K.", "4444")
    line = window.session.basket.lines[0]
    assert (line.price, line.extended) == (Decimal("26.5"), 35_25)
    screen = window.current()
    assert isinstance(screen, SellScreen)
    assert screen.basket_column.list.rows()[0].detail == "133 × 0.265"
