"""Owns the head of the basket: who buys, what they owe, and the way to another customer."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from pos_app.ui.kit.avatar import draw_avatar
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import LEAST_SIZE, font, text_width
from pos_app.ui.kit.paint import draw_line, draw_lines, focus_ring, mixed, rounded_box, smooth_painter
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Radius, Size, Space, Weight

_HEIGHT = 68
_DIAMETER = 36


class CustomerHead(Pressable):
    """Name and state of the customer; a tap or its key leads to the customers."""

    def __init__(self, *, leads_on: bool = True) -> None:
        super().__init__("")
        self._leads_on = leads_on
        self._name, self._detail, self._known, self._initials_of = "", "", False, ""
        self.setEnabled(leads_on)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, name: str, detail: str, *, known: bool, initials_of: str = "") -> None:
        """Show a customer; `known` false is nobody in particular."""
        self._name, self._detail, self._known = name, detail, known
        self._initials_of = initials_of or name
        self.setAccessibleName(", ".join(part for part in (name, detail) if part))
        self.setToolTip(detail)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        if self.isDown() or self.hovered():
            painter.fillRect(
                self.box(), mixed(palette.surface, palette.text, 0.06 if self.isDown() else 0.03)
            )
        left, top = float(Space.L), (self.height() - px(_DIAMETER)) / 2
        if self._known:
            draw_avatar(painter, left, top, px(_DIAMETER), self._initials_of)
        else:
            rounded_box(
                painter, QRectF(left, top, px(_DIAMETER), px(_DIAMETER)), px(_DIAMETER) / 2, palette.key_cap
            )
            inset = (px(_DIAMETER) - IconSize.LARGE) / 2
            draw_icon(painter, "user", left + inset, top + inset, IconSize.LARGE, colour=palette.muted)
        left += px(_DIAMETER) + Space.M
        right = self.width() - Space.L - (IconSize.LARGE + Space.S if self._leads_on else 0)
        room = right - left
        name_font = font(Size.BODY, Weight.SEMIBOLD)
        detail_font = font(Size.CAPTION, tabular=True)
        if text_width(self._detail, detail_font) > 1.8 * room:
            detail_font = font(LEAST_SIZE, tabular=True)
        if not self._detail:
            words = QRectF(left, 0, room, self.height())
            draw_line(painter, words, self._name, name_font, palette.text)
        else:
            # Two lines of detail where one is too short: what a customer owes is never cut.
            high = float(px(8)) if text_width(self._detail, detail_font) > room else float(px(14))
            draw_line(painter, QRectF(left, high, room, px(22)), self._name, name_font, palette.text)
            below = QRectF(left, high + px(22), room, px(34))
            draw_lines(painter, below, self._detail, detail_font, palette.muted, most=2)
        if self._leads_on:
            middle = (self.height() - IconSize.LARGE) / 2
            draw_icon(painter, "chevron-right", right + Space.S, middle, IconSize.LARGE, colour=palette.muted)
        if self.hasFocus():
            focus_ring(painter, self.box(), Radius.FIELD, palette.accent)
        painter.end()
