"""A cashier's day in the real window, by keyboard and scanner alone, with a kill in the middle."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.store.balances import balances
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.till import Till
from pos_app.ui.app import application, build_window
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of, build_till

Key = Qt.Key


class Day:
    """A till, its window and a cashier; `begin` may be called again after a kill."""

    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self._path, self._qtbot = path, qtbot
        self.till: Till
        self.window: MainWindow
        self.hands: Hands

    def begin(self) -> None:
        """Start the program."""
        application()
        self.till = build_till(self._path)
        self.window = build_window(self.till)
        self._qtbot.addWidget(self.window)
        with self._qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)

    def press(self, *keys: Key) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.hands.press(key)

    def next_sale(self) -> None:
        """Read the change, then go on."""
        panel = self.window.current()
        assert isinstance(panel, DoneScreen)
        self.hands.until(panel.settled)
        self.press(Key.Key_Return)

    def kinds(self) -> list[str]:
        """What was recorded, oldest first."""
        return [entry.kind for entry in self.till.receipts.latest()][::-1]


def sell_mixed_and_on_account(day: Day) -> None:
    for number in (2, 5, 5, 7):
        day.hands.scan(barcode_of(number))
    day.press(Key.Key_F12, Key.Key_F3)
    day.hands.type("4000")
    day.press(Key.Key_Return)
    day.hands.type("SKJ4X8QP2M")
    day.press(Key.Key_Return)
    day.hands.type("500")
    day.press(Key.Key_Return)
    day.next_sale()
    day.hands.scan(barcode_of(1))
    day.press(Key.Key_F3)
    day.hands.type("mama")
    day.press(Key.Key_Return, Key.Key_F12, Key.Key_F4, Key.Key_Return)
    day.next_sale()


def take_back_and_receive(day: Day) -> None:
    day.hands.scan("K3-S000001")
    day.press(Key.Key_Down, Key.Key_Down)
    day.hands.type("1")
    # Most of it was paid by M-Pesa, and goes back so.
    day.press(Key.Key_F12)
    day.hands.type("REV4AB9Z02")
    day.press(Key.Key_Return)
    day.hands.type("leaks")
    day.press(Key.Key_F12)
    day.hands.approve("Joseph M.", "2222")
    day.next_sale()
    day.press(Key.Key_F3)
    day.hands.type("mama")
    day.press(Key.Key_F4, Key.Key_F3)
    day.hands.type("1000")
    day.press(Key.Key_Return, Key.Key_Return)
    day.next_sale()


def close(day: Day) -> None:
    day.press(Key.Key_F8, Key.Key_F12)
    for pieces in ("5", "2", "4", "2"):
        day.hands.type(pieces)
        day.press(Key.Key_Return)
    # The codes of the day's M-Pesa are on the telephone.
    day.press(Key.Key_F12, Key.Key_F4, Key.Key_F12)
    day.hands.approve("Joseph M.", "2222")
    day.hands.type("no coins")
    day.press(Key.Key_F12)
    assert not day.till.drawer.is_open()
    day.press(Key.Key_F12)


def test_a_cashiers_day_by_keyboard_and_scanner(tmp_path: Path, qtbot: QtBot) -> None:
    day = Day(tmp_path / "till.db", qtbot)
    day.begin()
    day.hands.sign_in("Amina W.", "1111")
    day.hands.type("5000")
    day.press(Key.Key_F12)
    sell_mixed_and_on_account(day)
    take_back_and_receive(day)
    day.hands.scan(barcode_of(3))
    day.begin()  # the first window is simply left, as a kill would leave it
    day.hands.sign_in("Amina W.", "1111")
    assert [line.sku for line in day.window.session.basket.lines] == ["LPG-R50"]
    day.press(Key.Key_F12, Key.Key_Return)
    day.next_sale()
    close(day)
    assert day.kinds() == ["sale", "sale", "refund", "payment", "sale"]
    assert day.till.person is None
    with day.till.database.read() as connection:
        assert [drift for one in PROJECTIONS for drift in balances.drifts(connection, one)] == []
