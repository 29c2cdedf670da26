"""A key pressed twice, or held down, is one answer; Esc all the way back is none."""

from typing import Final

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.window import MainWindow
from tests.support.window_face import face_of
from tests.support.worlds.goods_rows import all_of
from tests.support.worlds.money_people import add_people
from tests.ui.test_booked_as_typed import take
from tests.ui.test_every_key import ASKING, Pressed, arrive, key_of
from tests.ui.typed_screens import BOOKED

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
#: Each sheet of a screen once, whatever state of the screen leads to it.
SHEETS: Final = {
    (name.partition(",")[0], one.seen): (name, one) for name, keys in ASKING.items() for one in keys
}


def in_front(window: MainWindow) -> QWidget:
    return QApplication.focusWidget() or window


def hold(window: MainWindow, key: Key, times: int = 6) -> None:
    """The keyboard repeats a key on which a finger rests."""
    for _time in range(times):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            again = QKeyEvent(kind, key, NONE, "\r" if key == Key.Key_Return else "", True)
            QCoreApplication.sendEvent(in_front(window), again)


def typed(window: MainWindow, hands: Hands, till: Till, name: str) -> tuple[Key, int]:
    """All of a case but its last key; gives that key, and how many documents there are."""
    case = BOOKED[name]
    add_people(till)
    case.given(till)
    window.home()
    take(hands, window, case.way)
    take(hands, window, case.typed[:-1])
    last = case.typed[-1]
    assert isinstance(last, Key)
    return last, len(all_of(till))


@pytest.mark.parametrize("name", BOOKED)
def test_what_is_confirmed_twice_is_booked_once(
    window: MainWindow, storing: Hands, till: Till, name: str
) -> None:
    last, documents = typed(window, storing, till, name)
    QTest.keyClick(in_front(window), last)
    hold(window, last)
    QTest.keyClick(in_front(window), last)
    storing.settle()
    QApplication.processEvents()
    booked = all_of(till)
    assert len(booked) == documents + 1, window.banner().text()
    assert isinstance(booked[0], BOOKED[name].kind)


@pytest.mark.parametrize("name", BOOKED)
def test_esc_all_the_way_books_nothing(window: MainWindow, storing: Hands, till: Till, name: str) -> None:
    _last, documents = typed(window, storing, till, name)
    for _time in range(8):
        storing.press(Key.Key_Escape)
        if isinstance(window.current(), SellScreen) and window.session.sheet is None:
            break
    else:
        raise AssertionError("Esc does not lead back to the basket")
    assert len(all_of(till)) == documents


@pytest.mark.parametrize(("name", "one"), SHEETS.values(), ids=[f"{a}-{b[7:]}" for a, b in SHEETS])
def test_a_held_enter_does_not_run_through_two_sheets(
    window: MainWindow, storing: Hands, till: Till, name: str, one: Pressed
) -> None:
    arrive(window, storing, till, name)
    storing.press(key_of(one.cap))
    storing.press(Key.Key_Return)
    QApplication.processEvents()
    face, documents = face_of(window), len(all_of(till))
    hold(window, Key.Key_Return)
    storing.settle()
    QApplication.processEvents()
    assert face_of(window) == face
    assert len(all_of(till)) == documents
