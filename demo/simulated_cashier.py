"""Owns hands for the window: a cashier who presses, types, taps and scans, for the demonstration and tests.

The keys are real events that go the way of a keyboard's, the scanner filter first.  Each carries the time
at which it was pressed, so that typing is told from scanning without anybody having to wait.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow

Key = Qt.Key
_PERSON_MS: Final = 140
_SCANNER_MS: Final = 4
_PATIENCE_S: Final = 10.0


class Hands:
    """A person at the till, or a program in their place."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._now_ms = 10_000

    # -- keyboard --------------------------------------------------------------------------------

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key; shortcuts of the window act as they would."""
        self.settle()
        QTest.keyClick(self._focused(), key, modifiers)
        self.until(lambda: not self._checking())

    def type(self, text: str, *, every_ms: int = _PERSON_MS) -> None:
        """Type characters at a person's speed."""
        self._strokes(text, every_ms)
        self.settle()

    def scan(self, code: str, *, every_ms: int = _SCANNER_MS, enter: bool = True) -> None:
        """Let the scanner read a label: characters in a burst and Enter."""
        self._strokes(code + ("\r" if enter else ""), every_ms)
        self.settle()

    def settle(self) -> None:
        """Wait until no key is held back any more."""
        self.until(lambda: not self._window.scans.holding())

    def until(self, true: Callable[[], bool], patience_s: float = _PATIENCE_S) -> None:
        """Let the window work until this is so.  Raises `TimeoutError` when it never is."""
        end = monotonic() + patience_s
        QCoreApplication.processEvents()
        while not true():
            if monotonic() > end:
                raise TimeoutError("the window did not come to what was awaited")
            QTest.qWait(2)

    def _checking(self) -> bool:
        """Whether the window looks whose PIN it was given."""
        sheet = self._window.session.sheet
        return isinstance(sheet, ApprovalSheet) and sheet.checking()

    def _strokes(self, text: str, every_ms: int) -> None:
        self._now_ms += 1000
        for letter in text:
            self._now_ms += every_ms
            enter = letter in "\r\n"
            key = int(Key.Key_Return) if enter else ord(letter.upper())
            shift = letter.isupper()
            modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, modifiers, "\r" if enter else letter)
                event.setTimestamp(self._now_ms)
                QCoreApplication.sendEvent(self._focused(), event)

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self._window

    # -- finger and mouse ------------------------------------------------------------------------

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Tap a widget in its middle, or at a point of it."""
        self.settle()
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center()
        )
        QCoreApplication.processEvents()

    def find(self, name: str) -> QWidget:
        """The visible widget with this object name.  Raises `LookupError` when there is none."""
        for widget in self._window.findChildren(QWidget, name):
            if widget.isVisible():
                return widget
        raise LookupError(f"nothing visible is called {name}")

    # -- what a cashier does ---------------------------------------------------------------------

    def sign_in(self, name: str, pin: str) -> None:
        """Choose a name, type the PIN, Enter."""
        for tile in self._window.findChildren(QWidget):
            if tile.isVisible() and tile.objectName().startswith("person-") and tile.accessibleName() == name:
                self.tap(tile)
                self.type(pin)
                self.press(Key.Key_Return)
                return
        raise LookupError(f"nobody called {name} can sign in here")

    def approve(self, name: str, pin: str) -> None:
        """Answer the sheet that asks for an approval as this person: their PIN says who they are."""
        sheet = self._window.session.sheet
        if not isinstance(sheet, ApprovalSheet):
            raise LookupError(f"nobody asks {name} to approve")
        self.type(pin)
        self.press(Key.Key_Return)
