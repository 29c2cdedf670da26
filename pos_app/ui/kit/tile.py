"""Owns the product tile: what a cashier taps to add a thing to the basket."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import fitting_font, font, line_height, text_width
from pos_app.ui.kit.paint import (
    LEFT,
    RIGHT,
    draw_line,
    draw_lines,
    focus_ring,
    mixed,
    rounded_box,
    smooth_painter,
)
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tile_mark import draw_mark
from pos_app.ui.kit.tokens import Radius, Size, Space, Tone, Touch, Weight

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_MARK = 13
#: The longer side of a picture, and how high a mark is.
_MARK_SIDE = 36


class ProductTile(Pressable):
    """Name on up to two lines (three where there is room), price, and a hint of the stock."""

    def __init__(
        self,
        name: str,
        price: str,
        stock: str = "",
        stock_tone: Tone = "muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture: QPixmap | None = None
        self._colour = ""
        self.set_product(name, price, stock, stock_tone)

    def set_look(self, picture: QPixmap | None, colour: str) -> None:
        """What helps to find it at a glance: its picture, and the colour (#rrggbb) of its category."""
        self._picture, self._colour = picture, colour
        self.update()

    def set_product(self, name: str, price: str, stock: str = "", stock_tone: Tone = "muted") -> None:
        """Offer another product, or the same with another price or stock."""
        self._name, self._price, self._stock, self._stock_tone = name, price, stock, stock_tone
        self.setText(name)
        self.setAccessibleName(", ".join(part for part in (name, price, stock) if part))
        self.setToolTip(name)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            # Where an arrow leads is known to the shelf, which knows the rows and columns.
            event.ignore()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(px(140), px(120))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(96), Touch.TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        fill = palette.raised
        if self.isDown():
            fill = palette.accent_soft
        elif self.hovered():
            fill = mixed(palette.raised, palette.text, 0.03)
        # One pixel of a darker line below is all the shadow a calm shelf needs.
        rounded_box(painter, self.box(), Radius.TILE, mixed(palette.line, palette.text, 0.06))
        rounded_box(painter, self.box().adjusted(0, 0, 0, -1), Radius.TILE, fill, palette.line)
        inner = self.box().adjusted(Space.M + 1, Space.M, -Space.M - 1, -Space.S)
        ink = palette.text if self.isEnabled() else palette.muted
        lettering = font(Size.SMALL, Weight.SEMIBOLD)
        foot = line_height(font(Size.BODY)) + 2
        words = QRectF(inner)
        if self._picture is not None or self._colour:
            # Above the name or, in a low tile, beside it, never over it: all of it can be read.
            mark = self._paint_mark(painter, inner)
            if inner.bottom() - mark.bottom() - Space.XS - foot >= 2 * line_height(lettering):
                words.setTop(mark.bottom() + Space.XS)
            else:
                words.setLeft(mark.right() + Space.S)
        lines = int((words.height() - foot) // line_height(lettering))
        draw_lines(painter, words, self._name, lettering, ink, most=max(1, min(3, lines)))
        self._paint_foot(painter, inner, ink)
        if self.hasFocus():
            focus_ring(painter, self.box(), Radius.TILE, palette.accent)
        painter.end()

    def _paint_mark(self, painter: QPainter, inner: QRectF) -> QRectF:
        """The picture, or the initials on the colour of the category, at the upper left; gives its place."""
        side = round(min(px(_MARK_SIDE), inner.width() / 3, inner.height() / 2))
        place = QRectF(inner.left(), inner.top(), side, side)
        if self._picture is None:
            place.setWidth(round(side * 1.25))
            draw_mark(painter, place, self._name, self._colour)
            return place
        size = self._picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(QRectF(place.topLeft(), size).toRect(), self._picture)
        return place

    def _paint_foot(self, painter: QPainter, inner: QRectF, ink: str) -> None:
        palette = current_palette()
        weight = Weight.REGULAR if self._stock_tone == "muted" else Weight.SEMIBOLD
        hint = font(Size.CAPTION, weight, tabular=True)
        sizes = (Size.BODY, Size.SMALL, Size.CAPTION, Size.KEY)
        price_font = fitting_font(self._price, sizes, inner.width(), Weight.BOLD)
        foot = QRectF(inner.left(), inner.bottom() - px(20), inner.width(), px(20))
        draw_line(painter, foot, self._price, price_font, ink, align=LEFT)
        if not self._stock:
            return
        room = foot.width() - text_width(self._price, price_font) - Space.S
        wanted = text_width(self._stock, hint) + 1
        if wanted > room and inner.height() > px(76):
            # A long price leaves no room beside it: the hint goes above rather than away.
            foot.moveTop(foot.top() - px(18))
            room = foot.width()
            wanted = min(wanted, room)
        if room < px(16):
            return
        colour = palette.ink(self._stock_tone)
        # The price is never cut for the hint; a hint that warns also has a shape where there is room for it.
        marked = self._stock_tone in ("warn", "bad") and wanted + px(_MARK) + Space.XS <= room
        width = min(wanted, room)
        words = QRectF(foot.right() - width, foot.top() + 1, width, px(20))
        if foot.bottom() < inner.bottom():
            words.moveLeft(foot.left() + (px(_MARK) + Space.XS if marked else 0))
        draw_line(painter, words, self._stock, hint, colour, align=RIGHT)
        if marked:
            left = words.left() - px(_MARK) - Space.XS
            draw_icon(painter, "triangle-alert", left, foot.top() + px(4), px(_MARK), colour=colour)
