"""Owns the PIN field: dots for figures typed or tapped; the figures are never drawn."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.paint import rounded_box, smooth_painter
from pos_app.ui.kit.room import Room, say_full
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Touch
from pos_app.ui.kit.typed import figure_of, figures_of, typed_text

_DOT = 16
_GAP = 14


class PinField(QWidget):
    """Up to `most` figures. `submitted` on Enter, or by itself at the last figure with `auto=True`."""

    accessible_role = Role.EditableText

    changed = Signal()
    submitted = Signal()

    def __init__(
        self,
        accessible_name: str,
        most: int = 6,
        parent: QWidget | None = None,
        *,
        auto: bool = False,
        shown: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._most, self._auto, self._pin = most, auto, ""
        # A PIN of unknown length shows fewer dots than it may have, and more as they are typed.
        self._shown = most if shown is None else shown
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def pin(self) -> str:
        """The figures typed so far."""
        return self._pin

    def type_digits(self, digits: str) -> None:
        """Type figures, as the key pad's `digit` sends them."""
        for digit in digits:
            figure = figure_of(digit)
            if figure and len(self._pin) < self._most:
                self._put(self._pin + figure)
            elif figure:
                say_full(self, Room.FIGURES, self._most)

    def backspace(self) -> None:
        """Take back the last figure."""
        self._put(self._pin[:-1])

    def clear(self) -> None:
        """Forget what was typed."""
        self._put("")

    def _put(self, pin: str) -> None:
        if pin == self._pin:
            return
        self._pin = pin
        self.update()
        self.changed.emit()
        if self._auto and len(pin) == self._most:
            self.submitted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = typed_text(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
            event.ignore()
        elif event.key() == Qt.Key.Key_Backspace:
            self.backspace()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif figures_of(text):
            self.type_digits(text)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def accessible_value(self) -> str:
        """What a screen reader says stands here: how many figures, never which."""
        return "•" * len(self._pin)

    def sizeHint(self) -> QSize:
        return QSize(self._most * (px(_DOT) + px(_GAP)) + 2 * px(_GAP), Touch.LEAST)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        if self.hasFocus():
            rounded_box(painter, QRectF(self.rect()), Radius.FIELD, None, palette.accent, width=2.0)
        dots = max(self._shown, len(self._pin))
        left = (self.width() - dots * px(_DOT) - (dots - 1) * px(_GAP)) / 2
        for number in range(dots):
            dot = QRectF(
                left + number * (px(_DOT) + px(_GAP)), (self.height() - px(_DOT)) / 2, px(_DOT), px(_DOT)
            )
            filled = number < len(self._pin)
            rounded_box(
                painter,
                dot,
                px(_DOT) / 2,
                palette.accent if filled else None,
                palette.accent if filled else palette.line,
                width=2.0,
            )
        painter.end()
