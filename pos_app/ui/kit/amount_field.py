"""Owns the field for a sum or a count: figures typed, tapped or pasted, shown grouped; no float anywhere."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.figure import steps_from
from pos_app.ui.kit.lettering import fitting_font, font, line_height, text_width
from pos_app.ui.kit.paint import RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.room import Room, say_full
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Space, Touch, Weight
from pos_app.ui.kit.typed import BLANKS, figure_of, is_like_a_figure, typed_text

#: With what stands behind the point: what the ledger can hold, and no more than a person reads.
MOST_FIGURES = 15


class AmountField(QWidget):
    """A sum in minor units, or a count with `places=0`.

    What was set from outside is replaced by the first figure typed, as marked text is: a cashier who
    sees the amount due and types another must not get both, wherever the keyboard was in between.

    A word is no sum: see `kit.typed`.  Where nobody takes the word, the field keeps what it had, shows that
    it was not understood, and listens to no figure and no Enter until another key says that the word is over.
    So too where more figures are typed than it has room for (see `kit.room`).
    """

    accessible_role = Role.EditableText

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
        fine: int = 0,
        most_digits: int = MOST_FIGURES,
        group: str = ",",
        point: str = ".",
        placeholder: str = "",
    ) -> None:
        super().__init__(parent)
        #: A price may have more decimals than its currency: so many more, shown where they are not nothing.
        self._fine = fine
        self._places, self._size, self._framed = places + fine, size, framed
        self._most_digits, self._group, self._point = most_digits + fine, group, point
        self._placeholder = placeholder
        self._typed = ""
        self._marked = False
        #: Whether a person put the figures in, not the screen.
        self._by_hand = False
        #: What is being typed, and what the field held before it: a letter would make a word of it.
        self._run = ""
        self._before: tuple[str, bool, bool] = ("", False, False)
        #: A word was typed that has no place here.
        self._puzzled = False
        #: The point was typed as a comma, which may yet turn out to part thousands.
        self._by_comma = False
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
            typed = self._without_needless(typed)
        self._put(typed, marked=bool(typed))

    def _without_needless(self, typed: str) -> str:
        """A sum without the noughts beyond the decimals of its currency."""
        for _ in range(self._fine):
            typed = typed.removesuffix("0")
        return typed.removesuffix(".")

    def by_hand(self) -> bool:
        """Whether a person typed what stands here, and it was not filled in."""
        return self._by_hand and bool(self._typed)

    def puzzled(self) -> bool:
        """Whether a word was typed here that nobody could take."""
        return self._puzzled

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
        """Type figures or a point, as the key pad's `digit` sends them; says where there is no more room."""
        typed = "" if self._marked else self._typed
        full: Room | None = None
        for letter in digits:
            before, typed = typed, self._with(typed, letter)
            # A comma may part thousands; a point behind a point, a nought before a nought change nothing.
            needless = letter == "," or before == "0" or (letter == "." and before.endswith("."))
            if typed == before and not needless:
                full = Room.DECIMALS if "." in before + letter else Room.FIGURES
                break
        if typed != self._typed or self._marked:
            self._put(typed, by_hand=True)
        if full is not None:
            self._puzzled = True
            self.update()
            say_full(self, full, self._places if full is Room.DECIMALS else self._most_digits - self._places)

    def type_on(self, text: str) -> None:
        """Type figures as the keyboard does: a letter behind them makes a word of them."""
        if not self._run:
            self._before = self._typed, self._marked, self._by_hand
        self._run += text
        self.type_digits(text)

    def takes(self, text: str) -> bool:
        """Whether a text can be typed here: figures of any script, points and commas between them."""
        return bool(text) and all(figure_of(sign) or sign in ".," for sign in text)

    def backspace(self) -> None:
        """Take back the last figure, or all of a marked sum."""
        self._put("" if self._marked else self._typed[:-1], by_hand=True)

    def clear(self) -> None:
        """Empty the field."""
        self._put("")

    def _with(self, typed: str, letter: str) -> str:
        if letter in (".", ","):
            if not self._places or "." in typed:
                return typed
            self._by_comma = letter == ","
            return typed + "."
        figure = figure_of(letter)
        if not figure:
            return typed
        whole, point, rest = typed.partition(".")
        if point and self._by_comma and len(rest) == self._places - self._fine == 2:
            # "1,500" in a sum of cents: a third figure says that the comma parted thousands.
            whole, point, typed = whole + rest, "", whole + rest
        full = len(rest) >= self._places if point else len(typed) >= self._most_digits - self._places
        if full:
            return typed
        return figure if typed == "0" else typed + figure

    def _put(self, typed: str, *, marked: bool = False, by_hand: bool = False) -> None:
        changed = typed != self._typed
        self._typed, self._marked, self._by_hand = typed, marked, by_hand
        self._puzzled = False
        if not by_hand:
            self._run = ""
        self.setAccessibleDescription(self.text())
        self.update()
        if changed:
            self.changed.emit()

    # -- events ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), typed_text(event)
        if event.matches(QKeySequence.StandardKey.Paste):
            self._run = ""
            self._paste(QGuiApplication.clipboard().text())
        elif text:
            self._type(event, text)
        elif self._puzzled and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter behind a word that was not understood must not book what stood here before it.
            self._calm()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run = ""
            self.submitted.emit()
            # Left for whoever stands around it: a sheet takes Enter as its primary action.
            event.ignore()
        elif key == Qt.Key.Key_Backspace:
            self._run = ""
            self.backspace()
            self._calm()
        elif key == Qt.Key.Key_Delete and self._typed:
            self.clear()
        else:
            # Del in an empty field too: the screen may have something to remove.
            self._run = ""
            self._calm()
            super().keyPressEvent(event)

    def _type(self, event: QKeyEvent, text: str) -> None:
        """Figures stand here; a word goes on, with the figures that were typed as its beginning."""
        if self.takes(text) and not self._puzzled:
            self.type_on(text)
            return
        if text in BLANKS and not self._run and not self._puzzled:
            event.ignore()  # alone, it is the screen's
            return
        if text in BLANKS or all(is_like_a_figure(sign) for sign in text) or self._puzzled:
            return
        word, self._run = self._run + text, ""
        if len(word) > len(text):
            typed, marked, by_hand = self._before
            self._put(typed, marked=marked, by_hand=by_hand)
        handed = QKeyEvent(event.type(), event.key(), event.modifiers(), word)
        handed.ignore()
        above = self.parentWidget()
        if above is not None:
            QCoreApplication.sendEvent(above, handed)
        if self.hasFocus():
            self._puzzled = True
            self.update()

    def _paste(self, text: str) -> None:
        """Take a sum as it is written elsewhere; anything else is not understood, and changes nothing."""
        words = text.split()
        # A sum is often copied with its currency: "1,234.50 KES".
        written = [word for word in words if not (len(word) == 3 and word.isalpha())]
        plain = "".join(sign for sign in "".join(written) if sign not in BLANKS + self._group)
        if not self.takes(plain) or plain.count(".") > 1:
            self._puzzled = True
            self.update()
            return
        self.clear()
        self.type_digits(plain)

    def _calm(self) -> None:
        if self._puzzled:
            self._puzzled = False
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._run = ""
        # Coming by Tab marks what is there, as every form does.
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._marked = bool(self._typed)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # What is marked stays so: a sheet may lie over the field for a moment.
        self._run = ""
        self._puzzled = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._run = ""
        self._marked = bool(self._typed)
        self.update()

    def accessible_value(self) -> str:
        """What a screen reader says stands here."""
        return self.text()

    # -- looks -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        lettering = font(self._size, Weight.BOLD, tabular=True)
        height = line_height(lettering) + px(14 if self._framed else 4)
        return QSize(round(text_width("0", lettering) * 8) + 2 * Space.M, max(Touch.LEAST, round(height)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(64), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        box = QRectF(self.rect())
        focused = self.hasFocus()
        if self._framed:
            edge = palette.accent if focused else palette.line
            edge = palette.ink("bad") if self._puzzled else edge
            fill = palette.surface if focused else palette.background
            rounded_box(painter, box, Radius.FIELD, fill, edge, width=2.0 if focused else 1.0)
        elif focused:
            edge = palette.ink("bad") if self._puzzled else palette.accent
            rounded_box(painter, QRectF(px(4), box.height() - px(2), box.width() - px(8), px(2)), 1, edge)
        inset = Space.M if self._framed else px(4)
        inner = box.adjusted(inset, 0, -inset, 0)
        words = self.text()
        weight = Weight.MEDIUM if self._size <= Size.LEAD else Weight.BOLD
        lettering = fitting_font(words or self._placeholder, steps_from(self._size), inner.width(), weight)
        width = text_width(words, lettering)
        if words and self._marked and focused:
            height = line_height(lettering)
            mark = QRectF(inner.right() - width - px(3), (box.height() - height) / 2, width + px(6), height)
            rounded_box(painter, mark, px(3), palette.accent_soft)
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
