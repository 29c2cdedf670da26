"""Owns the state pill: an icon and words on a soft surface, so that no state is colour alone."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.paint import draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Size, Space, Tone, Weight

_HEIGHT = 24
_GAP = 6


class Pill(QWidget):
    """A state in words, colour and shape."""

    accessible_role = Role.StaticText

    def __init__(
        self, text: str = "", tone: Tone = "neutral", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_state(text, tone, icon)

    def set_state(self, text: str, tone: Tone, icon: str = "") -> None:
        """Say another state."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words of the state."""
        return self._text

    def tone(self) -> Tone:
        """The tone of the state."""
        return self._tone

    def sizeHint(self) -> QSize:
        width = text_width(self._text, font(Size.CAPTION, Weight.SEMIBOLD, tabular=True))
        icon = IconSize.SMALL + px(_GAP) if self._icon else 0
        return QSize(int(width + icon) + 2 + 2 * Space.M, px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), px(96)), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        # A layout may grant more room than the words need; the pill stays as long as its words.
        box = QRectF(0, 0, min(self.width(), self.sizeHint().width()), self.height())
        rounded_box(painter, box, box.height() / 2, palette.soft(self._tone))
        ink = palette.ink(self._tone)
        left = float(Space.M)
        if self._icon:
            draw_icon(
                painter, self._icon, left, (box.height() - IconSize.SMALL) / 2, IconSize.SMALL, colour=ink
            )
            left += IconSize.SMALL + px(_GAP)
        words = QRectF(left, 0, box.width() - left - Space.M, box.height())
        draw_line(painter, words, self._text, font(Size.CAPTION, Weight.SEMIBOLD, tabular=True), ink)
        painter.end()
