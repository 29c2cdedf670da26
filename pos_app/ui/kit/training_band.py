"""Owns the band of a till at which people learn: it is seen from across the room."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.paint import CENTRE, draw_line
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Weight

_HEIGHT = 26
#: The same in every theme: black on the yellow of a building site, 14 : 1.
_YELLOW, _BLACK = "#FFD500", "#14140A"


class TrainingBand(QWidget):
    """Words over the whole width, in a colour that the till has nowhere else."""

    accessible_role = Role.StaticText

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setAccessibleName(words)
        self.fit()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fit(self) -> None:
        """Be as high as the scale in force wants it."""
        self.setFixedHeight(px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_YELLOW))
        lettering = font(Size.BODY, Weight.BOLD)
        draw_line(painter, QRectF(self.rect()), self._words, lettering, _BLACK, align=CENTRE)
