"""Buttons and tiles: finger, mouse and key do the same, once, and a tap leaves the keyboard where it is."""

# pytest-qt leaves its key and mouse calls untyped.
# mypy: disable-error-code="no-untyped-call"

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.button import OptionTile, PrimaryButton, QuietButton
from pos_app.ui.kit.chip import ChipRow
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.keypad import BACKSPACE, ENTER, PIN, Keypad
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.tile import ProductTile
from pos_app.ui.kit.tile_grid import Product, TileGrid

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LEFT_BUTTON = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> QWidget:
    apply_theme(qapp, "light")
    made = QWidget()
    QVBoxLayout(made)
    made.resize(1024, 768)
    qtbot.addWidget(made)
    return made


def shown(qtbot: QtBot, window: QWidget, *parts: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for part in parts:
        layout.addWidget(part)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_mouse_space_enter_and_its_own_key_press_the_primary_button(qtbot: QtBot, window: QWidget) -> None:
    button = PrimaryButton("Pay", "F12")
    shown(qtbot, window, button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.mouseClick(button, LEFT_BUTTON)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert len(pressed) == 4
    button.setEnabled(False)
    qtbot.mouseClick(button, LEFT_BUTTON)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert len(pressed) == 4


def test_button_and_strip_with_the_same_key_act_once_per_press(qtbot: QtBot, window: QWidget) -> None:
    acts: list[str] = []
    button = PrimaryButton("Finish", "Enter")
    button.clicked.connect(lambda: acts.append("button"))
    strip = KeyStrip([KeyAction("Enter", "Finish", lambda: acts.append("strip"))])
    shown(qtbot, window, button, strip)
    for presses in (1, 2, 3):
        qtbot.keyClick(window, Qt.Key.Key_Return)
        assert len(acts) == presses


def test_a_tap_leaves_the_keyboard_with_the_scanner_field(qtbot: QtBot, window: QWidget) -> None:
    field = QLineEdit()
    buttons = [QuietButton("Back", "Esc"), OptionTile("Cash", "banknote", "F2"), ProductTile("Gas", "1,420")]
    pad = Keypad(backspace_name="Take back")
    shown(qtbot, window, field, *buttons, pad)
    field.setFocus()
    for button in [*buttons, pad.pad_key("7")]:
        qtbot.mouseClick(button, LEFT_BUTTON)
        assert QApplication.focusWidget() is field


def test_every_button_can_be_reached_by_tab_and_shows_it(qtbot: QtBot, window: QWidget) -> None:
    buttons: list[Pressable] = [
        PrimaryButton("Pay", "F12"),
        QuietButton("Back"),
        OptionTile("Cash", "banknote"),
        ProductTile("Gas", "1"),
    ]
    shown(qtbot, window, *buttons)
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    for button in buttons:
        assert QApplication.focusWidget() is button
        with_ring = button.grab().toImage()
        qtbot.keyClick(button, Qt.Key.Key_Tab)
        assert button.grab().toImage() != with_ring


def test_an_option_tile_keeps_its_choice_and_shows_it(qtbot: QtBot, window: QWidget) -> None:
    tile = OptionTile("M-Pesa", "smartphone", "F3")
    shown(qtbot, window, tile)
    before = tile.grab().toImage()
    with qtbot.waitSignal(tile.toggled):
        qtbot.mouseClick(tile, LEFT_BUTTON)
    assert tile.isChecked()
    assert tile.grab().toImage() != before
    assert tile.sizeHint().height() >= 64


def test_the_key_pad_says_what_was_tapped(qtbot: QtBot, window: QWidget) -> None:
    pad = Keypad(PIN, backspace_name="Take back", enter_name="Go on")
    shown(qtbot, window, pad)
    said: list[str] = []
    pad.digit.connect(said.append)
    pad.backspace.connect(lambda: said.append("back"))
    pad.enter.connect(lambda: said.append("enter"))
    for key in ("1", "0", BACKSPACE, ENTER):
        qtbot.mouseClick(pad.pad_key(key), LEFT_BUTTON)
    assert said == ["1", "0", "back", "enter"]
    assert pad.pad_key(BACKSPACE).accessibleName() == "Take back"
    assert min(pad.pad_key("5").width(), pad.pad_key("5").height()) >= 64


def test_a_tile_tells_name_price_and_stock_to_a_screen_reader(qtbot: QtBot, window: QWidget) -> None:
    tile = ProductTile("LPG refill 50 kg", "11,900", "3 full", "bad")
    shown(qtbot, window, tile)
    assert tile.accessibleName() == "LPG refill 50 kg, 11,900, 3 full"
    assert tile.toolTip() == "LPG refill 50 kg"


def test_the_shelf_fills_its_width_and_gives_the_key_of_the_tile(qtbot: QtBot, window: QWidget) -> None:
    shelf = TileGrid("Shelf")
    shown(qtbot, window, shelf)
    shelf.set_products([Product(("sku", number), f"Thing {number}", "10") for number in range(300)])
    assert shelf.columns() >= 6
    with qtbot.waitSignal(shelf.chosen) as chosen:
        qtbot.mouseClick(shelf.tile(3), LEFT_BUTTON)
    assert chosen.args == [("sku", 3)]
    shelf.set_products([Product(1, "Only", "10", enabled=False)])
    assert shelf.tile(0).isVisible()
    assert not shelf.tile(0).isEnabled()
    assert not shelf.tile(1).isVisible()


def test_one_chip_holds(qtbot: QtBot, window: QWidget) -> None:
    chips = ChipRow(["All", "Gas", "Water"])
    shown(qtbot, window, chips)
    with qtbot.waitSignal(chips.chosen) as chosen:
        chips.choose(2)
    assert chosen.args == [2]
    assert chips.current() == 2


def test_the_key_of_the_search_field_brings_the_keyboard_back(qtbot: QtBot, window: QWidget) -> None:
    search, other = SearchField("Scan, code or name", "F2"), QLineEdit()
    shown(qtbot, window, search, other)
    search.setText("616")
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_F2)
    assert QApplication.focusWidget() is search
    qtbot.keyClicks(search, "42")
    assert search.text() == "42"
