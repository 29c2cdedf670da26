"""Owns the avatar: the initials of a person or customer in a soft circle."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.paint import CENTRE, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px, scale
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Weight

#: The diameter that is meant where none is said, in pixels of the design.
_DIAMETER = 36


def initials(name: str) -> str:
    """The first letters of the first two words that begin with a letter or figure."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def draw_avatar(painter: QPainter, left: float, top: float, diameter: float, name: str) -> None:
    """Paint the circle with the initials of `name`."""
    palette = current_palette()
    box = QRectF(left, top, diameter, diameter)
    rounded_box(painter, box, diameter / 2, palette.accent_soft)
    lettering = font(round(diameter / scale() * 0.4 * 2) / 2, Weight.SEMIBOLD)
    draw_line(painter, box, initials(name), lettering, palette.accent, align=CENTRE)


class Avatar(QWidget):
    """The circle as a widget."""

    accessible_role = Role.Graphic

    def __init__(self, name: str, diameter: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diameter = diameter or px(_DIAMETER)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show the initials of another name."""
        self._name = name
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._diameter, self._diameter)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_avatar(smooth_painter(self), 0, 0, self._diameter, self._name)
