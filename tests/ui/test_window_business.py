"""For which business: asked at the window where no goods say it, and not where there is one business."""

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import CashMovement, DrawerClose
from pos_app.till.till import Till
from pos_app.ui.drawer.cash_sheet import CashSheet
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import all_of
from tests.support.worlds.money_people import add_business

Key = Qt.Key
WATER = 2


def test_cash_out_is_for_the_business_that_is_marked(window: MainWindow, storing: Hands, till: Till) -> None:
    add_business(till)
    storing.press(Key.Key_F8)
    storing.press(Key.Key_F3)
    assert isinstance(window.session.sheet, ChoiceSheet)
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    storing.type("150")
    storing.press(Key.Key_Tab)
    storing.type("filters")
    storing.press(Key.Key_Return)
    made = all_of(till, "cash_movement")[0]
    assert isinstance(made, CashMovement)
    assert (made.amount, made.contra_business_id, made.note) == (15_000, WATER, "filters")


def test_over_and_short_is_of_the_business_that_is_marked(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    add_business(till)
    storing.press(Key.Key_F8)
    storing.press(Key.Key_F12)
    storing.type("1")
    storing.press(Key.Key_F12)
    storing.type("a note is missing")
    storing.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ChoiceSheet)
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    made = all_of(till, "drawer_close")[0]
    assert isinstance(made, DrawerClose)
    assert made.over_short_business_id == WATER


def test_one_business_is_not_asked(window: MainWindow, storing: Hands, till: Till) -> None:
    storing.press(Key.Key_F8)
    storing.press(Key.Key_F3)
    assert isinstance(window.session.sheet, CashSheet)
