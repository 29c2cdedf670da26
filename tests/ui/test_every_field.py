"""Every field of every screen, typed as a person types: a sum is what was typed, a choice waits for Enter.

A new screen fails here until it has its line in `WAYS`, or a case in `typed_screens` that types it and says
what is booked then; a new field of a screen fails until its line names it.  A screen that records anything
needs such a case.
"""

import importlib
import pkgutil
from typing import Final

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

import pos_app.ui
from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.screen import Screen
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_people import add_people
from tests.support.worlds.till_builder import barcode_of
from tests.ui.typed_screens import BOOKED

Key = Qt.Key
Field = AmountField | QLineEdit | ChoiceRow

#: How a screen is reached from the basket (keys, words, the number of a product to scan), and its fields.
WAYS: Final[dict[str, tuple[tuple[Key | str | int, ...], tuple[str, ...]]]] = {
    "SellScreen": ((), ("search",)),
    "CustomerScreen": ((Key.Key_F3,), ("customer-search",)),
    "LabelsScreen": ((Key.Key_F2, "e"), ("goods-search",)),
    "DrawerScreen": (
        (Key.Key_F8, Key.Key_F12),
        (
            "pieces-0",
            "pieces-1",
            "pieces-2",
            "pieces-3",
            "pieces-4",
            "pieces-5",
            "pieces-6",
            "pieces-7",
            "pieces-8",
            "pieces-9",
        ),
    ),
    "TenderScreen": ((2, Key.Key_F12, Key.Key_F3), ("amount", "reference")),
    "GoodsInScreen": ((Key.Key_F2, "1"), ("listing-search",)),
    "OrderScreen": ((Key.Key_F2, "2", 2), ("goods-search", "field-0-2", "field-1-2", "goods-note")),
    "ReorderScreen": ((Key.Key_F2, "o"), ("listing-search",)),
    "SendScreen": ((Key.Key_F2, "3", 2), ("goods-search", "field-0-2", "goods-note")),
    "CountScreen": ((Key.Key_F2, "5", 2), ("goods-search", "field-0-2", "goods-note")),
    "AdjustScreen": ((Key.Key_F2, "6", 2), ("goods-search", "goods-note", "field-0-2")),
    "ArrivingScreen": ((Key.Key_F2, "4"), ("listing-search",)),
    "HoldersScreen": ((Key.Key_F2, "8"), ("listing-search",)),
    "OwnedScreen": ((Key.Key_F2, "8", Key.Key_F7), ("listing-search",)),
    "LaundryScreen": ((Key.Key_F2, "9"), ("listing-search",)),
    "StockScreen": ((Key.Key_F2, "7"), ("stock-search",)),
    "HalfReturnScreen": ((Key.Key_F2, "0"), ("goods-search", "goods-note")),
    "ExpenseScreen": ((Key.Key_F2, "a"), ("account-search",)),
    "PartyScreen": ((Key.Key_F2, "c", "juma", Key.Key_Return), ("reason", "amount", "how", "note")),
    "TransferScreen": ((Key.Key_F2, "b"), ("from", "to", "amount", "reference", "note")),
}

#: Screens that record nothing by themselves: what is typed there finds, or goes on to a screen that does.
FIND: Final = {
    "ArrivingScreen",
    "CustomerScreen",
    "DoneScreen",
    "DepotScreen",
    "GoodsInScreen",
    "HealthScreen",
    "HoldersScreen",
    "LabelsScreen",
    "OwnedScreen",
    "ReorderScreen",
    "ReportsScreen",
    "SellScreen",
    "SignInScreen",
    "StockScreen",
}
#: Screens on which nothing is typed but keys.
NO_FIELD: Final = {
    "DepotScreen",
    "DoneScreen",
    "DraftsScreen",
    "HealthScreen",
    "ReceiptsScreen",
    "ReportsScreen",
}


def screens() -> set[str]:
    """Every screen that is shown: those that others are made of show nothing by themselves."""
    for module in pkgutil.walk_packages(pos_app.ui.__path__, "pos_app.ui."):
        importlib.import_module(module.name)
    found, todo = set(), [Screen]
    while todo:
        one = todo.pop()
        below = one.__subclasses__()
        todo += below
        if not below:
            found.add(one.__name__)
    return found


def fields_of(window: MainWindow) -> list[Field]:
    """What can be typed into on the screen in front, from top to bottom."""
    screen = window.current()
    kinds = (AmountField, QLineEdit, ChoiceRow)
    found = [
        one
        for one in screen.findChildren(QWidget)
        if isinstance(one, kinds) and one.isVisible() and one.isEnabled()
    ]

    def place(one: QWidget) -> tuple[int, int]:
        at = one.mapTo(window, QPoint(0, 0))
        return at.y(), at.x()

    return sorted(found, key=place)


def go(hands: Hands, way: tuple[Key | str | int, ...]) -> None:
    for step in way:
        if isinstance(step, Key):
            hands.press(step)
        elif isinstance(step, int):
            hands.scan(barcode_of(step))
        else:
            hands.type(step)


def test_every_screen_has_its_fields_typed() -> None:
    booked = {case.screen for case in BOOKED.values()}
    known = {*WAYS, *booked, *NO_FIELD, "SignInScreen"}
    assert screens() - known == set(), "say how the new screen is reached, and which fields it has"
    assert known - screens() == set()
    assert screens() - FIND == booked, "say what is typed on the new screen, and what is booked then"


@pytest.mark.parametrize("name", sorted(WAYS))
def test_what_is_typed_is_what_stands_there(
    window: MainWindow, storing: Hands, till: Till, name: str
) -> None:
    way, names = WAYS[name]
    add_people(till)
    go(storing, way)
    assert type(window.current()).__name__ == name
    found = fields_of(window)
    assert tuple(one.objectName() or one.accessibleName() for one in found) == names
    for one in found:
        if isinstance(one, ChoiceRow):
            one.take_keyboard()
            before = one.value()
            storing.type("²1250")
            assert one.value() == before
            one.take_keyboard()
            storing.type("1" if one.tiles[1].isChecked() else "2")
            assert one.value() != before
            assert one.has_keyboard(), "a figure chooses and does not go on"
            one.choose(before)
        elif isinstance(one, AmountField):
            one.setFocus(Qt.FocusReason.TabFocusReason)
            storing.type("1250")
            assert one.text() == "1,250"
            storing.press(Key.Key_F1)
            storing.press(Key.Key_Escape)
            assert one.hasFocus()
        else:
            one.setFocus(Qt.FocusReason.TabFocusReason)
            storing.type("7 bags")
            assert one.text() == "7 bags"
            storing.press(Key.Key_F1)
            storing.press(Key.Key_Escape)
            storing.type(" more")
            assert one.text() == "7 bags more"
            one.clear()
