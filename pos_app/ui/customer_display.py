"""Owns the second window: what the customer sees of their own sale, on a screen that stands towards them.

Decisions
---------
2026-12-01  The window looks at the sale a few times a second, and paints only when something is another: no
screen has to tell it, so none can forget to.  It is painted as a whole at sizes of its own, for it stands on
another screen than the till's window.
2026-12-01  The screen is chosen by its name, which Qt keeps over a restart.  When it is unplugged the window
hides, since on the till's own screen it would lie over the sale; it is back when the screen is.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QFont, QGuiApplication, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from pos_app.devices import bars
from pos_app.ledger.errors import BohariError
from pos_app.ui.customer_view import ANY_OTHER, IDLE, CustomerView, ShownLine
from pos_app.ui.kit.lettering import fitting_font, font
from pos_app.ui.kit.paint import CENTRE, LEFT, RIGHT, draw_line, rounded_box, smooth_painter
from pos_app.ui.kit.scale import scale
from pos_app.ui.kit.theme import current_palette, theme_notice
from pos_app.ui.kit.tokens import Size, Weight

_LOOK_MS: Final = 150
#: The part of the width that the sum and the QR have.
_SUMS: Final = 0.42
#: How high the large figure may be, as a share of the window; the first that has room.
_FIGURES: Final = (0.12, 0.1, 0.085, 0.07, 0.055, 0.04, 0.03, 0.02)


class CustomerDisplay(QWidget):
    """The window.  `look` gives what the customer may see now, `shop` what stands there while nobody buys."""

    def __init__(self, look: Callable[[], CustomerView], shop: Callable[[], tuple[str, str]]) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("customer-display")
        self.setWindowTitle("Bohari POS")
        # It must never take the keyboard from the till: the next scan would be lost in it.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._look, self._shop = look, shop
        self._view = IDLE
        self._code: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        theme_notice.theme_changed.connect(self.update)

    # -- where it stands -------------------------------------------------------------------------

    def stand_on(self, screen: QScreen | None) -> None:
        """Fill a screen; hide where there is none."""
        if screen is None:
            self._timer.stop()
            self.hide()
            return
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.refresh()
        self._timer.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        super().closeEvent(event)

    # -- what it shows ---------------------------------------------------------------------------

    def view(self) -> CustomerView:
        """What the customer sees."""
        return self._view

    def refresh(self) -> None:
        """Look at the sale, and paint when it is another."""
        try:
            view = self._look()
        except BohariError:
            # What is wrong is told at the till; the customer sees the shop's picture.
            view = IDLE
        if view == self._view:
            return
        self._view = view
        self._code = bars.bars(view.code, "qr") if view.code else []
        said = [f"{one.what} {one.how_many} {one.amount}" for one in view.lines]
        self.setAccessibleName(", ".join([*said, view.words, view.figure, view.detail]))
        self.update()

    def _font(self, share: float, weight: int = Weight.REGULAR) -> QFont:
        """Letters as high as a share of the window."""
        return font(max(Size.KEY, self.height() * share / scale()), weight, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        painter.fillRect(self.rect(), QColor(palette.background))
        if self._view == IDLE:
            self._paint_shop(painter)
        else:
            edge = self.height() * 0.05
            sums = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
            if self._view.lines:
                goods = QRectF(sums)
                if self.height() > self.width():
                    # A screen that stands upright: the lines above, the sum below.
                    goods.setBottom(self.height() * (1 - _SUMS) - edge / 2)
                    sums.setTop(self.height() * (1 - _SUMS) + edge / 2)
                else:
                    goods.setRight(self.width() * (1 - _SUMS) - edge / 2)
                    sums.setLeft(self.width() * (1 - _SUMS) + edge / 2)
                rounded_box(painter, goods, edge / 2, palette.surface, palette.line)
                inner = goods.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
                self._paint_lines(painter, inner, self._view.lines)
            self._paint_sums(painter, sums)
        painter.end()

    def _paint_shop(self, painter: QPainter) -> None:
        """Nobody buys: the name of the shop, and where it is."""
        palette = current_palette()
        name, place = self._shop()
        box = QRectF(self.rect()).adjusted(self.width() * 0.06, 0, -self.width() * 0.06, 0)
        middle, high = self.height() / 2, self.height() * 0.16
        sizes = [self.height() * share / scale() for share in (0.12, 0.09, 0.07, 0.05, 0.035)]
        lettering = fitting_font(name, sizes, box.width(), Weight.BOLD)
        line = QRectF(box.left(), middle - high, box.width(), high)
        draw_line(painter, line, name, lettering, palette.accent, align=CENTRE)
        below = QRectF(box.left(), middle, box.width(), high / 2)
        draw_line(painter, below, place, self._font(0.04), palette.muted, align=CENTRE)

    def _paint_lines(self, painter: QPainter, box: QRectF, lines: tuple[ShownLine, ...]) -> None:
        """The last lines that there is room for: what was added just now is always seen."""
        palette = current_palette()
        high = self.height() * 0.085
        room = max(1, int(box.height() // high))
        shown = lines[-room:] if len(lines) <= room else lines[-(room - 1) :]
        top = box.top()
        if len(shown) < len(lines):
            above = QRectF(box.left(), top, box.width(), high)
            draw_line(painter, above, f"↑ {len(lines) - len(shown)}", self._font(0.03), palette.muted)
            top += high
        for one in shown:
            amount = QRectF(box.left(), top, box.width(), high * 0.6)
            draw_line(
                painter, amount, one.amount, self._font(0.036, Weight.SEMIBOLD), palette.text, align=RIGHT
            )
            words = QRectF(box.left(), top, box.width() * 0.7, high * 0.6)
            draw_line(painter, words, one.what, self._font(0.034), palette.text, align=LEFT)
            below = QRectF(box.left(), top + high * 0.55, box.width(), high * 0.35)
            draw_line(painter, below, one.how_many, self._font(0.024), palette.muted, align=LEFT)
            top += high

    def _paint_sums(self, painter: QPainter, box: QRectF) -> None:
        """The figure below its words, what else is said, and the QR."""
        palette, view = current_palette(), self._view
        step = self.height() * 0.07
        words = QRectF(box.left(), box.top(), box.width(), step)
        draw_line(painter, words, view.words, self._font(0.04), palette.muted, align=CENTRE)
        sizes = [self.height() * share / scale() for share in _FIGURES]
        lettering = fitting_font(view.figure, sizes, box.width(), Weight.BOLD)
        figure = QRectF(box.left(), box.top() + step, box.width(), 2 * step)
        draw_line(painter, figure, view.figure, lettering, palette.text, align=CENTRE)
        detail = QRectF(box.left(), box.top() + 3 * step, box.width(), step)
        draw_line(painter, detail, view.detail, self._font(0.034), palette.muted, align=CENTRE)
        if self._code:
            self._paint_code(painter, box.adjusted(0, 4.3 * step, 0, 0))

    def _paint_code(self, painter: QPainter, box: QRectF) -> None:
        """The QR in whole pixels, black on white in every theme: that is what a telephone reads."""
        many = len(self._code)
        side = int(min(box.width(), box.height())) // many
        if side < 1:
            return
        left, top = round(box.center().x() - many * side / 2), round(box.top())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillRect(left, top, many * side, many * side, QColor("#FFFFFF"))
        for row, line in enumerate(self._code):
            for column, sign in enumerate(line):
                if sign == "1":
                    painter.fillRect(left + column * side, top + row * side, side, side, QColor("#000000"))


def screen_named(name: str, own: QScreen | None) -> QScreen | None:
    """The screen of a name, or the first beside the till's own for `ANY_OTHER`; None where it is not there.

    The till's own screen is nobody's second one, whatever is chosen: the sale would lie below.
    """
    others = [one for one in QGuiApplication.screens() if one is not own]
    if name == ANY_OTHER:
        return others[0] if others else None
    return next((one for one in others if one.name() == name), None)
