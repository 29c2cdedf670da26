"""Owns the column: the surface at the left of a screen that holds what the customer pays."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_app.ui.kit.paint import smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette

_NARROW, _WIDE = 404, 560


class Line(QWidget):
    """A hairline between parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        smooth_painter(self).fillRect(QRectF(self.rect()), current_palette().line)


class SideColumn(QWidget):
    """A surface with a line at its right edge: 404 px in a window of 1024, up to 560 in a wide one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 1, 0)
        self.body.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget below what is there."""
        self.body.addWidget(widget, stretch)

    def add_layout(self, layout: QLayout, stretch: int = 0) -> None:
        """Put a layout below what is there."""
        self.body.addLayout(layout, stretch)

    def add_line(self) -> None:
        """Put a hairline below what is there."""
        self.body.addWidget(Line())

    def sizeHint(self) -> QSize:
        parent = self.parentWidget()
        wanted = round(parent.width() * 0.3) if parent is not None else px(_NARROW)
        return QSize(max(px(_NARROW), min(px(_WIDE), wanted)), px(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The share depends on the window, so its layout has to ask again.
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        painter.fillRect(QRectF(self.rect()), palette.surface)
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), palette.line)
        painter.end()
