"""Owns the few strokes all widgets of the kit share: rounded boxes, rings, key caps, set lines of text."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from pos_app.ui.kit.lettering import elided, font, text_width
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Weight

KEY_CAP_HEIGHT = 20
_KEY_CAP_PADDING = 7

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def smooth_painter(widget: QWidget) -> QPainter:
    """A painter on the widget with soft edges switched on."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    return painter


@lru_cache(maxsize=256)
def mixed(first: str, second: str, share: float) -> str:
    """The colour that holds `share` (0 to 1) of the second colour and the rest of the first."""
    one, two = QColor(first), QColor(second)
    channels = [
        round(a + (b - a) * share)
        for a, b in ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    ]
    return QColor(*channels).name()


def rounded_box(
    painter: QPainter,
    box: QRectF,
    radius: float,
    fill: str | None,
    border: str | None = None,
    *,
    width: float = 1.0,
) -> None:
    """Paint a rounded box whose border lies wholly inside `box`."""
    inset = width / 2 if border is not None else 0.0
    painter.setPen(QPen(QColor(border), width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def focus_ring(painter: QPainter, box: QRectF, radius: float, colour: str) -> None:
    """Paint the ring that says where the keyboard is: 2 px, set a little inside the edge."""
    inside = px(3)
    ring = box.adjusted(inside, inside, -inside, -inside)
    rounded_box(painter, ring, max(2.0, radius - inside), None, colour, width=px(2))


def draw_line(
    painter: QPainter,
    box: QRectF,
    text: str,
    of: QFont,
    colour: str,
    *,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """Paint one line of text, cut with an ellipsis where the box is too narrow."""
    painter.setFont(of)
    painter.setPen(QColor(colour))
    painter.drawText(box, align | Qt.TextFlag.TextSingleLine, elided(text, of, box.width() + 0.5))


def draw_lines(painter: QPainter, box: QRectF, text: str, of: QFont, colour: str, *, most: int) -> bool:
    """Paint text wrapped on up to `most` lines from the top of the box; say whether all of it fitted."""
    painter.setFont(of)
    painter.setPen(QColor(colour))
    metrics = QFontMetricsF(of)
    layout = QTextLayout(text, of)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    top, complete = box.top(), True
    for number in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(box.width())
        start, end = line.textStart(), line.textStart() + line.textLength()
        piece = text[start:end].strip()
        if number == most - 1 and end < len(text):
            piece, complete = elided(text[start:], of, box.width()), False
        painter.drawText(QPointF(box.left(), top + metrics.ascent()), piece)
        top += metrics.height()
    layout.endLayout()
    return complete


def key_cap_font() -> QFont:
    """The lettering of a key cap."""
    return font(Size.KEY, Weight.SEMIBOLD)


def key_cap_width(key: str) -> float:
    """How wide the cap of this key is; 0 for no key."""
    if not key:
        return 0.0
    return max(float(px(28)), round(text_width(key, key_cap_font()) + 2 * px(_KEY_CAP_PADDING)))


def draw_key_cap(painter: QPainter, left: float, middle: float, key: str, *, on_accent: bool = False) -> None:
    """Paint a key cap with its left edge at `left`, standing on the line `middle`."""
    palette = current_palette()
    box = QRectF(round(left), round(middle - px(KEY_CAP_HEIGHT) / 2), key_cap_width(key), px(KEY_CAP_HEIGHT))
    if on_accent:
        edge = mixed(palette.accent, palette.on_accent, 0.7)
        rounded_box(painter, box, Radius.KEY, None, edge)
        draw_line(painter, box, key, key_cap_font(), palette.on_accent, align=CENTRE)
        return
    rounded_box(painter, box, Radius.KEY, palette.key_cap, palette.line)
    draw_line(painter, box, key, key_cap_font(), palette.muted, align=CENTRE)


def paint_band(widget: QWidget, *, line_below: bool) -> None:
    """Paint a surface over the whole widget with a line at its lower or upper edge."""
    palette = current_palette()
    painter = smooth_painter(widget)
    box = QRectF(widget.rect())
    edge = box.height() - 1 if line_below else 0
    painter.fillRect(box, palette.surface)
    painter.fillRect(QRectF(0, edge, box.width(), 1), palette.line)
    painter.end()


def share_room(wanted: list[float], room: float, least: float) -> list[float]:
    """Divide `room` among widths: the longest are cut first, to one common width, none below `least`.

    Returns zeros when even that is too much: then the caps stand alone and the tooltips tell the words.
    """
    if sum(wanted) <= room:
        return wanted
    if sum(min(width, least) for width in wanted) > room:
        return [0.0 for _ in wanted]
    ceiling, left, open_widths = 0.0, room, sorted(wanted)
    while open_widths:
        ceiling = left / len(open_widths)
        if open_widths[0] > ceiling:
            break
        left -= open_widths.pop(0)
    return [min(width, ceiling) for width in wanted]
