"""Tab leads through the fields of every dialog and of every screen of goods, and each keeps what is typed.

A person who goes by the labels types, presses Tab and types on: nothing lands in the field before or after,
and Shift+Tab leads back the same way.
"""

from collections.abc import Sequence
from typing import Final

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.entry.set_lines import SetLinesScreen
from pos_app.ui.goods.half_return import HalfReturnScreen
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import REGULATOR
from tests.support.worlds.till_builder import barcode_of
from tests.ui.pressed_states import STATES
from tests.ui.test_every_field import Field, fields_of, screens
from tests.ui.test_every_key import ASKING, arrive, key_of
from tests.ui.test_every_menu import MENUS, call

Key = Qt.Key
#: A dialog that several states of a screen open is opened in the first of them.
ASKED: Final = {
    (STATES[name].screen, one.cap, one.seen): (name, one.cap)
    for name in reversed(ASKING)
    for one in ASKING[name]
}
#: The rows of menus that ask for more.
CHOSEN: Final = [
    (title, row) for title, menu in MENUS.items() for row, seen in menu.rows.items() if "sheet: " in seen
]
#: How often Tab is pressed from a field to the next: tiles stand above the note, three at most, and a notice.
BETWEEN: Final = 5


def below(kind: type) -> set[str]:
    """The names of all that are made of a class."""
    made: list[type] = kind.__subclasses__()
    return {one.__name__ for one in made}.union(*map(below, made))


SCREENS: Final = screens() & below(EntryScreen)
#: Every screen of goods with lines on it; "counted" shows the differences, and no line to fill.
GOODS: Final = [name for name, state in STATES.items() if state.screen in SCREENS and name != "counted"]


def has_keyboard(one: Field) -> bool:
    return one.has_keyboard() if isinstance(one, ChoiceRow) else one.hasFocus()


def in_sheet(window: MainWindow) -> list[Field]:
    """The fields of the sheet in front, from top to bottom."""
    sheet = window.session.sheet
    assert sheet is not None
    kinds = (AmountField, QLineEdit, ChoiceRow)
    found = [one for one in sheet.findChildren(QWidget) if isinstance(one, kinds) and one.isVisible()]

    def place(one: QWidget) -> tuple[int, int]:
        at = one.mapTo(window, QPoint(0, 0))
        return at.y(), at.x()

    return sorted(found, key=place)


def typed_into(hands: Hands, one: Field, number: int) -> str:
    """What a person types into it, and what must stand there then; a choice takes a figure and stays."""
    if isinstance(one, ChoiceRow):
        hands.type("2" if one.tiles[0].isChecked() and len(one.tiles) > 1 else "1")
        return str(one.value())
    text = f"{number + 1}" if isinstance(one, AmountField) else f"{number + 1} of 15"
    hands.type(text)
    return text


def stands(one: Field) -> str:
    return str(one.value()) if isinstance(one, ChoiceRow) else one.text()


def step(hands: Hands, fields: Sequence[Field], key: Key) -> int:
    """Press Tab, or Shift+Tab, until another field has the keyboard; says which."""
    for _past in range(BETWEEN):
        hands.press(key)
        found = [place for place, one in enumerate(fields) if has_keyboard(one)]
        if found:
            return found[0]
    focused = QApplication.focusWidget()
    raise AssertionError(f"no field has the keyboard, but {focused and focused.accessibleName()}")


def in_view(one: QWidget) -> bool:
    """Whether no scroll area hides any of it."""
    above = one.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is None:
        return True
    view = above.viewport()
    return view.rect().contains(one.rect().translated(one.mapTo(view, QPoint(0, 0))))


def lead(hands: Hands, fields: Sequence[Field]) -> None:
    """Type into each field from the first on, go on by Tab, and back by Shift+Tab."""
    typed = []
    for number, field in enumerate(fields):
        assert has_keyboard(field), f"field {number} of {len(fields)} has not the keyboard"
        assert in_view(field)
        typed.append(typed_into(hands, field, number))
        if number + 1 < len(fields):
            assert step(hands, fields, Key.Key_Tab) == number + 1
    assert [stands(field) for field in fields] == typed
    for number in reversed(range(len(fields) - 1)):
        assert step(hands, fields, Key.Key_Backtab) == number
    assert [stands(field) for field in fields] == typed


@pytest.mark.parametrize(("name", "cap"), ASKED.values())
def test_tab_leads_through_a_dialog(
    window: MainWindow, storing: Hands, till: Till, name: str, cap: str
) -> None:
    arrive(window, storing, till, name)
    QTest.keyClick(QApplication.focusWidget() or window, key_of(cap))
    storing.settle()
    fields = in_sheet(window)
    if fields:
        lead(storing, fields)


@pytest.mark.parametrize(("title", "row"), CHOSEN)
def test_tab_leads_through_a_dialog_of_a_menu(
    window: MainWindow, storing: Hands, till: Till, title: str, row: str
) -> None:
    sheet, _before = call(window, storing, till, title)
    rows, marked = [one.title for one in sheet.list.rows()], sheet.list.selected()
    assert marked is not None
    by = rows.index(row) - rows.index(marked.title)
    for _step in range(abs(by)):
        storing.press(Key.Key_Down if by > 0 else Key.Key_Up)
    storing.press(Key.Key_Return)
    storing.settle()
    assert window.session.sheet is not sheet
    fields = in_sheet(window)
    if fields:
        lead(storing, fields)


def test_every_screen_of_goods_is_among_them() -> None:
    assert {STATES[name].screen for name in GOODS} == SCREENS


@pytest.mark.parametrize("name", GOODS)
def test_tab_leads_through_a_screen_of_goods(
    window: MainWindow, storing: Hands, till: Till, name: str
) -> None:
    """Search, the figures of every line as they stand, what is beside them."""
    arrive(window, storing, till, name)
    screen = window.current()
    assert isinstance(screen, EntryScreen)
    # An order and a transfer bring their own lines; a half return asks for a cylinder before it has another.
    if not isinstance(screen, SetLinesScreen | HalfReturnScreen):
        storing.scan(barcode_of(REGULATOR))
    fields = [one for one in fields_of(window) if one is not screen.search]
    figures = [one for one in fields if screen.lines.isAncestorOf(one)]
    beside = [one for one in fields if one not in figures]
    screen.search.take_keyboard()
    lead(storing, [screen.search, *figures, *beside])
