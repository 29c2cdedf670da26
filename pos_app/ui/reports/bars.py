"""Owns the chart of a report: a bar a line with its name before and its figure behind it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.reports.model.page import Bar
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.paint import LEFT, RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Space

_ROW = 26
_NAME_SHARE = 0.28


class BarChart(QWidget):
    """Bars from the left; what is below nothing is drawn in the colour of trouble, and its sign says so."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar], of: str) -> None:
        """Draw other figures; none takes no room."""
        self._bars = tuple(bars)
        told = ", ".join(f"{bar.name} {bar.text}" for bar in self._bars)
        self.setAccessibleName(f"{of}: {told}" if told else of)
        self.setVisible(bool(self._bars))
        self.updateGeometry()
        self.update()

    def bars(self) -> tuple[Bar, ...]:
        """What is drawn."""
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(_ROW) * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, letters = current_palette(), font(Size.SMALL, tabular=True)
        painter = smooth_painter(self)
        name = self.width() * _NAME_SHARE
        figure = max((text_width(bar.text, letters) for bar in self._bars), default=0) + Space.M
        room = max(self.width() - name - figure - 2 * Space.M, 1)
        most = max((abs(bar.value) for bar in self._bars), default=0) or 1
        for row, bar in enumerate(self._bars):
            top, height = row * px(_ROW), px(_ROW)
            draw_line(painter, QRectF(0, top, name, height), bar.name, letters, palette.text, align=LEFT)
            length = room * abs(bar.value) / most
            colour = palette.accent if bar.value >= 0 else palette.bad
            box = QRectF(name + Space.M, top + height * 0.2, max(length, 1), height * 0.6)
            rounded_box(painter, box, px(3), colour)
            place = QRectF(self.width() - figure, top, figure, height)
            draw_line(painter, place, bar.text, letters, palette.text, align=RIGHT)
        painter.end()
