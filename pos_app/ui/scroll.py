"""Owns the quiet scroll area: it scrolls by finger, wheel and focus, and leaves every key to the screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class Scroll(QScrollArea):
    """A scroll area for forms.  Qt's own would take the arrows that go from field to field."""

    def __init__(self, floor: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        if floor is not None:
            self.set_floor(floor)

    def set_floor(self, floor: QWidget) -> None:
        """Scroll this."""
        floor.setAutoFillBackground(False)
        self.setWidget(floor)
        floor.setAutoFillBackground(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
