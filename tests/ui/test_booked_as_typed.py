"""Every screen that books: its fields typed in the order of their labels, the document read back as typed.

`test_every_field` holds that a field keeps what was typed; this holds that each of them arrives in its own
place of the document.
"""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from demo.simulated_cashier import Hands
from pos_app.ledger.document import DrawerOpen
from pos_app.till.till import Till
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import all_of
from tests.support.worlds.money_people import add_people
from tests.support.worlds.till_builder import barcode_of
from tests.ui.test_every_field import fields_of
from tests.ui.typed_screens import BOOKED, MONEY, Step

Key = Qt.Key
#: Fields that find and are no part of the document.
FINDS = {"goods-search", "account-search", "receipt-number", "listing-search"}


def said_of(document: Any, path: str) -> object:
    """What stands at a path of names and numbers."""
    found = document
    for name in path.split("."):
        found = found[int(name)] if name.isdecimal() else getattr(found, name)
    return found


def compare(document: object, booked: dict[str, Any]) -> None:
    """Every field of the document is what was typed; lines are compared as a set of their fields."""
    for path, wanted in booked.items():
        found: Any = said_of(document, path)
        if isinstance(wanted, list):
            names, *rows = wanted
            assert sorted(tuple(getattr(one, name) for name in names) for one in found) == sorted(rows), path
        else:
            assert found == wanted, path


def in_hand(window: MainWindow) -> QWidget | None:
    """The field of the screen that has the keyboard."""
    for one in fields_of(window):
        if one.has_keyboard() if isinstance(one, ChoiceRow) else one.hasFocus():
            return one
    return None


def take(hands: Hands, window: MainWindow, steps: tuple[Step, ...]) -> list[QWidget]:
    """Press, type and scan; what is searched in a sheet is looked up as after a pause.

    Gives back the fields of the screen that had the keyboard on the way, in this order.
    """
    passed: list[QWidget] = []
    for step in steps:
        screen = window.current()
        if isinstance(screen, DoneScreen):
            hands.until(screen.settled)
        if isinstance(step, Key):
            hands.press(step)
        elif isinstance(step, int):
            hands.scan(barcode_of(step))
        else:
            hands.type(step)
            sheet: Any = window.session.sheet
            if hasattr(sheet, "look_up"):
                sheet.look_up()
        QApplication.processEvents()
        field = in_hand(window)
        if field is not None and field not in passed:
            passed.append(field)
    return passed


@pytest.mark.parametrize("name", BOOKED)
def test_what_is_booked_is_what_was_typed(window: MainWindow, storing: Hands, till: Till, name: str) -> None:
    case = BOOKED[name]
    add_people(till)
    case.given(till)
    window.home()
    take(storing, window, case.way)
    before = len(all_of(till))
    assert type(window.current()).__name__ == case.screen
    begun = in_hand(window)
    passed = take(storing, window, case.typed[:-1])
    here = [one for one in fields_of(window) if one.objectName() not in FINDS]
    assert [one.objectName() for one in here if one not in (begun, *passed)] == [], "a field was not typed"
    if name in MONEY:
        order = [one for one in dict.fromkeys((begun, *passed)) if one in here]
        assert order == here, "the fields do not follow one another as their labels do"
    assert len(all_of(till)) == before
    take(storing, window, case.typed[-1:])
    booked = all_of(till)
    assert len(booked) == before + 1, window.banner().text()
    assert isinstance(booked[0], case.kind)
    compare(booked[0], case.booked)


def test_a_pin_and_a_float_are_what_was_typed(window: MainWindow, hands: Hands, till: Till) -> None:
    hands.sign_in("Joseph M.", "2222")
    hands.until(lambda: not isinstance(window.current(), SignInScreen))
    hands.press(Key.Key_F8)
    hands.type("1250.50")
    hands.press(Key.Key_F12)
    (opened,) = all_of(till)
    assert isinstance(opened, DrawerOpen)
    assert (opened.person_id, opened.float_amount) == (2, 125_050)
