"""Owns the key pad: figures for a finger, beside the keyboard and never instead of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.paint import CENTRE, draw_line, mixed, rounded_box, smooth_painter
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Radius, Size, Space, Touch, Weight

BACKSPACE = "backspace"
ENTER = "enter"
_ICONS = {BACKSPACE: "delete", ENTER: "check"}

Keys = Sequence[Sequence[str]]
#: The figures lie as on the number block of a keyboard, below every field alike, 0 and what takes back at the
#: same places: a hand learns one layout.  For a PIN, with its own enter.
PIN: Keys = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), (ENTER, "0", BACKSPACE))
#: For money.
CALCULATOR: Keys = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("00", "0", BACKSPACE))
#: For money with cents, or a meter reading.
DECIMAL: Keys = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), (".", "0", BACKSPACE))


class PadKey(Pressable):
    """One key of the pad."""

    def __init__(self, key: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(accessible_name, parent)
        self.key = key
        # Who has a keyboard has these keys on it: Tab leads past them to the next field.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if key not in _ICONS:
            self.setText(key)
        else:
            self.setToolTip(accessible_name)
        self.setAutoRepeat(key == BACKSPACE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(px(94), Touch.TILE)

    def minimumSizeHint(self) -> QSize:
        return QSize(Touch.TILE, Touch.TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        fill = palette.key_cap
        if self.isDown():
            fill = mixed(palette.key_cap, palette.accent, 0.25)
        elif self.hovered():
            fill = mixed(palette.key_cap, palette.text, 0.04)
        rounded_box(painter, self.box(), Radius.TILE, fill)
        ink = palette.text if self.isEnabled() else palette.muted
        if self.key in _ICONS:
            side = IconSize.TOUCH
            left, top = (self.width() - side) / 2, (self.height() - side) / 2
            draw_icon(painter, _ICONS[self.key], left, top, side, colour=ink)
        else:
            # On a large screen the keys are large, and so are their figures.
            size = Size.TITLE if self.height() < px(104) else 28.0
            draw_line(painter, self.box(), self.key, font(size, Weight.BOLD), ink, align=CENTRE)
        painter.end()


class Keypad(QWidget):
    """A grid of figures. It never takes the keyboard, so the field beside it keeps it."""

    accessible_role = Role.Grouping

    digit = Signal(str)
    backspace = Signal()
    enter = Signal()

    def __init__(
        self,
        keys: Keys = CALCULATOR,
        *,
        backspace_name: str,
        enter_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        names = {BACKSPACE: backspace_name, ENTER: enter_name}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.M)
        self._keys: dict[str, PadKey] = {}
        for row, line in enumerate(keys):
            for column, key in enumerate(line):
                pad_key = PadKey(key, names.get(key, key), self)
                pad_key.clicked.connect(self._pressed)
                grid.addWidget(pad_key, row, column)
                self._keys[key] = pad_key
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def pad_key(self, key: str) -> PadKey:
        """The button of a key: a figure, `BACKSPACE` or `ENTER`."""
        return self._keys[key]

    def _pressed(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, PadKey):
            return
        if pressed.key == BACKSPACE:
            self.backspace.emit()
        elif pressed.key == ENTER:
            self.enter.emit()
        else:
            self.digit.emit(pressed.key)
