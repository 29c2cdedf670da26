"""Owns the field for a sum or a count: figures typed, tapped or pasted, shown grouped; no float anywhere."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.figure import steps_from
from pos_app.ui.kit.lettering import fitting_font, font, line_height, text_width
from pos_app.ui.kit.paint import RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Space, Weight


class AmountField(QWidget):
    """A sum in minor units, or a count with `places=0`.

    What was set from outside is replaced by the first figure typed, as marked text is: a cashier who
    sees the amount due and types another must not get both.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(
        self,
        accessible_name: str,
        places: int = 2,
        size: float = Size.BODY,
        parent: QWidget | None = None,
        *,
        framed: bool = True,
        most_digits: int = 12,
        group: str = ",",
        point: str = ".",
        placeholder: str = "",
    ) -> None:
        super().__init__(parent)
        self._places, self._size, self._framed = places, size, framed
        self._most_digits, self._group, self._point = most_digits, group, point
        self._placeholder = placeholder
        self._typed = ""
        self._marked = False
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # -- what it holds ---------------------------------------------------------------------------

    def minor(self) -> int | None:
        """The sum in minor units (cents, or pieces with `places=0`); None while empty."""
        if self._typed in ("", "."):
            return None
        whole, _, rest = self._typed.partition(".")
        return int((whole or "0") + rest.ljust(self._places, "0"))

    def set_minor(self, minor: int | None) -> None:
        """Fill in a sum, marked so that the next figure replaces it; None empties the field."""
        if minor is not None and minor < 0:
            raise ValueError("an amount field holds no negative sum")
        typed = ""
        if minor is not None:
            digits = str(minor).rjust(self._places + 1, "0")
            typed = digits if not self._places else f"{digits[: -self._places]}.{digits[-self._places :]}"
        self._put(typed, marked=bool(typed))

    def set_places(self, places: int) -> None:
        """Hold sums of another currency from now on; what was there goes."""
        if places != self._places:
            self._places = places
            self._put("")

    def set_marked(self) -> None:
        """Mark what is there, so that the next figure replaces it."""
        self._marked = bool(self._typed)
        self.update()

    def text(self) -> str:
        """What is shown: grouped, with the point where it was typed."""
        if not self._typed:
            return ""
        whole, point, rest = self._typed.partition(".")
        grouped = f"{int(whole or '0'):,}".replace(",", self._group)
        return grouped + (self._point + rest if point else "")

    # -- how it is typed -------------------------------------------------------------------------

    def type_digits(self, digits: str) -> None:
        """Type figures or a point, as the key pad's `digit` sends them; what cannot stand is ignored."""
        typed = "" if self._marked else self._typed
        for letter in digits:
            typed = self._with(typed, letter)
        if typed != self._typed or self._marked:
            self._put(typed)

    def backspace(self) -> None:
        """Take back the last figure, or all of a marked sum."""
        self._put("" if self._marked else self._typed[:-1])

    def clear(self) -> None:
        """Empty the field."""
        self._put("")

    def _with(self, typed: str, letter: str) -> str:
        if letter == ".":
            return typed + "." if self._places and "." not in typed else typed
        if not ("0" <= letter <= "9"):
            return typed
        _, point, rest = typed.partition(".")
        full = len(rest) >= self._places if point else len(typed) >= self._most_digits - self._places
        if full:
            return typed
        return letter if typed == "0" else typed + letter

    def _put(self, typed: str, *, marked: bool = False) -> None:
        changed = typed != self._typed
        self._typed, self._marked = typed, marked
        self.setAccessibleDescription(self.text())
        self.update()
        if changed:
            self.changed.emit()

    # -- events ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
            # Left for whoever stands around it: a sheet takes Enter as its primary action.
            event.ignore()
        elif key == Qt.Key.Key_Backspace:
            self.backspace()
        elif key == Qt.Key.Key_Delete and self._typed:
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.clear()
            self.type_digits(QGuiApplication.clipboard().text().replace(self._group, ""))
        elif text and (text in ".," or "0" <= text <= "9"):
            # The number block sends a comma on many keyboards; the cashier means the point.
            self.type_digits(text.replace(",", "."))
        else:
            # Del in an empty field too: the screen may have something to remove.
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Coming by Tab marks what is there, as every form does.
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._marked = bool(self._typed)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._marked = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._marked = bool(self._typed)
        self.update()

    # -- looks -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        lettering = font(self._size, Weight.BOLD, tabular=True)
        height = line_height(lettering) + (14 if self._framed else 4)
        return QSize(round(text_width("0", lettering) * 8) + 2 * Space.M, round(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        box = QRectF(self.rect())
        focused = self.hasFocus()
        if self._framed:
            edge = palette.accent if focused else palette.line
            fill = palette.surface if focused else palette.background
            rounded_box(painter, box, Radius.FIELD, fill, edge, width=2.0 if focused else 1.0)
        elif focused:
            rounded_box(painter, QRectF(4, box.height() - 2, box.width() - 8, 2), 1, palette.accent)
        inset = Space.M if self._framed else 4
        inner = box.adjusted(inset, 0, -inset, 0)
        words = self.text()
        weight = Weight.MEDIUM if self._size <= Size.LEAD else Weight.BOLD
        lettering = fitting_font(words or self._placeholder, steps_from(self._size), inner.width(), weight)
        width = text_width(words, lettering)
        if words and self._marked and focused:
            height = line_height(lettering)
            mark = QRectF(inner.right() - width - 3, (box.height() - height) / 2, width + 6, height)
            rounded_box(painter, mark, 3, palette.accent_soft)
        ink = palette.text if self.isEnabled() else palette.muted
        draw_line(
            painter,
            inner,
            words or self._placeholder,
            lettering,
            ink if words else palette.muted,
            align=RIGHT,
        )
        if focused and not self._marked and not (self._placeholder and not words):
            height = line_height(lettering) * 0.72
            caret = QRectF(inner.right() + 1.5, (box.height() - height) / 2, 1.5, height)
            rounded_box(painter, caret, 0.5, palette.accent)
        painter.end()
