"""Owns what is seen of the texts of a window: each with its colour, its grounds, and whether it is cut.

The window is painted with every text left out, which shows the grounds, and what the texts would have been is
noted meanwhile.  So nobody says which colour stands on which: it is read from the picture.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from pos_app.ui.kit import paint

#: A ground that shows in fewer pixels below a text is an edge, not what it is read on.
_LEAST_SHARE = 0.12


class Seen(NamedTuple):
    """A text on the window: its colour (#rrggbb), the grounds below it, whether it shows whole, and where."""

    text: str
    colour: str
    grounds: tuple[str, ...]
    whole: bool
    box: QRectF


class _Noted(NamedTuple):
    text: str
    colour: str
    box: QRectF
    whole: bool


def texts_of(window: QWidget) -> list[Seen]:
    """Every text that the window shows now."""
    noted: list[_Noted] = []
    with pytest.MonkeyPatch.context() as patched:
        _note_painted(patched, noted)
        with _blank(window):
            picture = window.grab().toImage()
    noted += _own_texts(window)
    ratio = picture.devicePixelRatio()
    return [
        Seen(one.text, one.colour, _grounds(picture, one.box, ratio), one.whole, one.box)
        for one in noted
        if one.text.strip() and not one.box.isEmpty()
    ]


def _note_painted(patched: pytest.MonkeyPatch, noted: list[_Noted]) -> None:
    line, lines = paint.draw_line, paint.draw_lines

    def note_line(
        painter: QPainter,
        box: QRectF,
        text: str,
        of: QFont,
        colour: str,
        *,
        align: Qt.AlignmentFlag = paint.LEFT,
    ) -> None:
        metrics = QFontMetricsF(of)
        whole = metrics.horizontalAdvance(text) <= box.width() + 1.0
        # The ground is what lies below the letters, not below the whole box that they could fill.
        area = QRectF(0, 0, min(box.width(), metrics.horizontalAdvance(text)), metrics.xHeight())
        area.moveCenter(box.center())
        if align & Qt.AlignmentFlag.AlignLeft:
            area.moveLeft(box.left())
        elif align & Qt.AlignmentFlag.AlignRight:
            area.moveRight(box.right())
        if _is_shown(area):
            noted.append(_Noted(text, colour, painter.deviceTransform().mapRect(area), whole))

    def note_lines(painter: QPainter, box: QRectF, text: str, of: QFont, colour: str, *, most: int) -> bool:
        # Painted once for its answer: where the words break is known to nobody else.
        image = QImage(1, 1, QImage.Format.Format_RGB32)
        aside = QPainter(image)
        whole = lines(aside, box, text, of, colour, most=most)
        aside.end()
        area = QRectF(box)
        area.setHeight(min(box.height(), QFontMetricsF(of).height() * most))
        if _is_shown(area):
            noted.append(_Noted(text, colour, painter.deviceTransform().mapRect(area), whole))
        return whole

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("pos_app.ui"):
            if getattr(module, "draw_line", None) is line:
                patched.setattr(module, "draw_line", note_line)
            if getattr(module, "draw_lines", None) is lines:
                patched.setattr(module, "draw_lines", note_lines)


def _is_shown(area: QRectF) -> bool:
    """Whether what is painted here is seen: below the edge of a list that scrolls stands something else."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_name != "paintEvent":
        frame = frame.f_back
    widget = frame.f_locals.get("self")
    return not isinstance(widget, QWidget) or widget.visibleRegion().contains(area.center().toPoint())


@contextlib.contextmanager
def _blank(window: QWidget) -> Iterator[None]:
    """Let the texts that Qt paints itself stand in no colour for a moment: their grounds stay."""
    clear = "color: rgba(0, 0, 0, 0);"
    plain = [one for one in window.findChildren(QWidget) if isinstance(one, QLabel | QLineEdit)]
    before = [one.styleSheet() for one in plain]
    for one in plain:
        one.setStyleSheet(clear)
    try:
        yield
    finally:
        for one, sheet in zip(plain, before, strict=True):
            one.setStyleSheet(sheet)


def _own_texts(window: QWidget) -> list[_Noted]:
    """The texts that Qt paints: paragraphs, and lines to write in."""
    found = []
    for one in window.findChildren(QWidget):
        if not isinstance(one, QLabel | QLineEdit) or not one.isVisibleTo(window):
            continue
        box = QRectF(one.rect()).translated(one.mapTo(window, QPoint()))
        colour = one.palette().color(one.foregroundRole()).name()
        if isinstance(one, QLabel):
            metrics = QFontMetricsF(one.font())
            high = one.heightForWidth(one.width()) if one.wordWrap() else metrics.height()
            whole = high <= one.height() + 1
            found.append(_Noted(one.text(), colour, box.adjusted(2, 2, -2, -2), whole))
        else:
            shown = one.text() or one.placeholderText()
            found.append(_Noted(shown, colour, box.adjusted(6, 6, -6, -6), True))
    return found


def _grounds(picture: QImage, box: QRectF, ratio: float) -> tuple[str, ...]:
    """The colours that lie below a text, those of a thin edge left out."""
    counted: dict[int, int] = {}
    left, top = max(0, round(box.left() * ratio)), max(0, round(box.top() * ratio))
    right = min(picture.width(), round(box.right() * ratio))
    bottom = min(picture.height(), round(box.bottom() * ratio))
    step = 2 if (right - left) * (bottom - top) > 3_000 else 1
    for y in range(top, bottom, step):
        for x in range(left, right, step):
            pixel = picture.pixel(x, y)
            counted[pixel] = counted.get(pixel, 0) + 1
    all_of_them = sum(counted.values()) or 1
    return tuple(
        QColor(pixel).name() for pixel, many in counted.items() if many >= _LEAST_SHARE * all_of_them
    )
