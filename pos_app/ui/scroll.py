"""Owns the quiet scroll area: it scrolls by finger, wheel and focus, and leaves every key to the screen."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class Scroll(QScrollArea):
    """A scroll area for forms.  Qt's own would take the arrows that go from field to field."""

    def __init__(self, floor: QWidget | None = None) -> None:
        super().__init__()
        self._wanted = 0
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

    def want(self, height: int, *, least: int) -> None:
        """Ask for this height, and be content with the least where there is no room."""
        self._wanted = height
        self.setMinimumHeight(least)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        usual = super().sizeHint()
        return QSize(usual.width(), self._wanted) if self._wanted else usual

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
