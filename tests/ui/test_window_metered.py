"""Goods that ran through a meter, brought back in part at the window."""

from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Refund
from pos_app.till.till import Till
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last

Key = Qt.Key


def test_a_part_of_metered_goods_comes_back(window: MainWindow, selling: Hands, till: Till) -> None:
    gas = till.catalogue.by_id(7)
    window.session.basket.add_metered(gas, 100_000, 112_500)
    line = window.session.basket.lines[0]
    line.unit_price = line.list_price = 150_00
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sold = window.current()
    assert isinstance(sold, DoneScreen)
    selling.until(sold.settled)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F7)
    selling.scan("K3-S000001")
    screen = window.current()
    assert isinstance(screen, RefundScreen)
    selling.type("2.5")
    assert screen.figure.text() == "375.00"
    selling.press(Key.Key_Return)
    selling.type("not used")
    selling.press(Key.Key_F12)
    selling.approve("Peter K.", "4444")
    refund = last(till)
    assert isinstance(refund, Refund)
    assert (refund.total, refund.lines[0].quantity, refund.lines[0].meter_after) == (375_00, 2_500, None)
    assert till.catalogue.last_reading(gas.product_id) == 112_500


def test_goods_of_the_type_ask_for_their_readings_at_the_scan(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    with till.database.write() as connection:
        connection.execute(text("UPDATE product SET type = 'metered', stocked = 0 WHERE product_id = 7"))
    gas = till.catalogue.by_id(7)
    selling.type(gas.sku)
    selling.press(Key.Key_Return)
    assert window.session.basket.lines == []
    selling.type("100")
    selling.press(Key.Key_Tab)
    selling.type("112.5")
    selling.press(Key.Key_Return)
    (line,) = window.session.basket.lines
    assert (line.sku, line.quantity, line.meter_before, line.meter_after) == (
        gas.sku, 12_500, 100_000, 112_500,
    )  # fmt: skip
