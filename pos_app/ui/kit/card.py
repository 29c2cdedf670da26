"""Owns the card: a rounded surface that holds what belongs together, with a title where it needs one."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from pos_app.ui.kit.label import Label
from pos_app.ui.kit.paint import rounded_box, smooth_painter
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Space, Weight


class Card(QWidget):
    """A rounded surface. Put things in with `add`, `add_layout`, `add_stretch`."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, padding: int | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        room = Space.XL if padding is None else padding
        self.body.setContentsMargins(room, room, room, room)
        self.body.setSpacing(Space.M)
        self._title = Label(title, Size.LEAD, "text", Weight.SEMIBOLD)
        self.body.addWidget(self._title)
        self._title.setVisible(bool(title))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget below what is there."""
        self.body.addWidget(widget, stretch)

    def add_layout(self, layout: QLayout, stretch: int = 0) -> None:
        """Put a layout below what is there."""
        self.body.addLayout(layout, stretch)

    def add_stretch(self) -> None:
        """Push what follows to the bottom."""
        self.body.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        rounded_box(smooth_painter(self), QRectF(self.rect()), Radius.CARD, palette.surface, palette.line)
