"""Owns the steps: where in a task of a few screens one stands."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.paint import CENTRE, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Size, Space, Weight

_DISC = 26
_GAP = 26


class Steps(QWidget):
    """Numbered steps: done ones bear a tick, the current one is filled."""

    accessible_role = Role.StaticText

    def __init__(self, texts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._current = list(texts), 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_current(0)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Name the steps anew; the first is the current one."""
        self._texts = list(texts)
        self.set_current(0)
        self.updateGeometry()

    def set_current(self, number: int) -> None:
        """Stand at this step, counted from 0."""
        self._current = number
        words = self._texts[number] if number < len(self._texts) else ""
        self.setAccessibleName(f"{number + 1}/{len(self._texts)} {words}")
        self.update()

    def _width(self, text: str) -> float:
        return px(_DISC) + Space.S + text_width(text, font(Size.BODY, Weight.SEMIBOLD)) + 1

    def sizeHint(self) -> QSize:
        width = sum(self._width(text) for text in self._texts) + px(_GAP) * (len(self._texts) - 1)
        return QSize(int(width) + 2, px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self._texts) * (px(_DISC) + Space.S), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        natural = self.sizeHint().width()
        # Where room is short only the current step keeps its words.
        short = self.width() < natural
        left, middle = 0.0, self.height() / 2
        for number, text in enumerate(self._texts):
            current, done = number == self._current, number < self._current
            disc = QRectF(left, middle - px(_DISC) / 2, px(_DISC), px(_DISC))
            fill = palette.accent if current else palette.accent_soft if done else palette.key_cap
            ink = palette.on_accent if current else palette.accent if done else palette.muted
            rounded_box(painter, disc, px(_DISC) / 2, fill)
            if done:
                inset = (px(_DISC) - IconSize.SMALL) / 2
                draw_icon(
                    painter, "check", disc.left() + inset, disc.top() + inset, IconSize.SMALL, colour=ink
                )
            else:
                lettering = font(Size.CAPTION, Weight.SEMIBOLD)
                draw_line(painter, disc, str(number + 1), lettering, ink, align=CENTRE)
            left += px(_DISC) + Space.S
            if short and not current:
                continue
            lettering = font(Size.BODY, Weight.SEMIBOLD if current else Weight.MEDIUM)
            width = min(text_width(text, lettering) + 1, self.width() - left)
            words = QRectF(left, 0, width, self.height())
            draw_line(painter, words, text, lettering, palette.text if current else palette.muted)
            left += width + (px(_GAP) if not short else Space.S)
        painter.end()
