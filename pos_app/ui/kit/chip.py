"""Owns the chips: a row of short filters of which one holds."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.paint import CENTRE, draw_line, focus_ring, mixed, rounded_box, smooth_painter
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Space, Touch, Weight

_DRAWN_HEIGHT = 36


class Chip(Pressable):
    """One filter: drawn 36 px high in a touch area of 48."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setText(text)
        self.setToolTip(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @staticmethod
    def width_for(text: str) -> int:
        """How wide a chip with these words is, for who must know how many fit."""
        return int(text_width(text, font(Size.SMALL, Weight.SEMIBOLD))) + 2 + 2 * Space.L

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(self.text()), Touch.LEAST)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), px(56)), Touch.LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        box = self.box().adjusted(0, px(6), 0, -px(6))
        fill = palette.text if self.isChecked() else palette.surface
        ink = palette.surface if self.isChecked() else palette.muted
        if self.isDown() or self.hovered():
            fill = mixed(fill, palette.muted, 0.12)
        border = None if self.isChecked() else palette.line
        rounded_box(painter, box, px(_DRAWN_HEIGHT) / 2, fill, border)
        inner = box.adjusted(Space.M, 0, -Space.M, 0)
        draw_line(painter, inner, self.text(), font(Size.SMALL, Weight.SEMIBOLD), ink, align=CENTRE)
        if self.hasFocus():
            focus_ring(painter, box.adjusted(-1, -1, 1, 1), px(_DRAWN_HEIGHT) / 2, palette.accent)
        painter.end()


class ChipRow(QWidget):
    """The row. `chosen` gives the number of the filter that now holds."""

    accessible_role = Role.Grouping

    chosen = Signal(int)

    def __init__(self, texts: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.set_chips(texts)

    def set_chips(self, texts: Sequence[str]) -> None:
        """Offer these filters; the first holds."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        for number, text in enumerate(texts):
            chip = Chip(text, self)
            chip.setChecked(number == 0)
            self._group.addButton(chip, number)
            self._row.addWidget(chip)
        self._row.addStretch(1)

    def choose(self, number: int) -> None:
        """Let another filter hold, and say so."""
        self._group.button(number).setChecked(True)
        self.chosen.emit(number)

    def mark(self, number: int) -> None:
        """Show that this filter holds, without saying so."""
        self._group.button(number).setChecked(True)

    def current(self) -> int:
        """The number of the filter that holds; -1 without filters."""
        return self._group.checkedId()
