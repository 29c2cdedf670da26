"""Owns the mark by which a tile without a picture is found: initials on the colour of its category."""

import re
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from pos_app.ui.kit.lettering import fitting_font
from pos_app.ui.kit.paint import CENTRE, draw_line, rounded_box
from pos_app.ui.kit.tokens import Radius, Size, Weight

#: Colours that are told apart at a glance, for categories that nobody gave one.
_COLOURS: Final = (
    "#B45309", "#0E7490", "#4D7C0F", "#7E22CE", "#BE123C", "#1D4ED8",
    "#A16207", "#0F766E", "#C2410C", "#4338CA", "#15803D", "#A21CAF",
)  # fmt: skip
_FIGURES: Final = re.compile(r"\d+(?:[.,]\d+)?")


def colours_of(categories: Iterable[str]) -> dict[str, str]:
    """The colours of categories by their names: the same at every till and on every day.

    Two have the same one only where there are more of them than colours.
    """
    found: dict[str, str] = {}
    free = list(_COLOURS)
    for name in sorted(set(categories)):
        if not free:
            free = list(_COLOURS)
        wanted = crc32(name.encode())
        found[name] = free.pop(wanted % len(free))
    return found


def mark_of(name: str) -> str:
    """What stands for a name: its first letter and first figures (sizes differ in them), or two letters."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [word for word in words if word[0].isalpha()]
    figures = _FIGURES.search(name)
    first = letters[0][0].upper() if letters else ""
    if figures is not None and len(figures[0]) <= 4:
        return first + figures[0]
    return first + (letters[1][0].upper() if len(letters) > 1 else "")


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour: always at least 4.5 : 1 (WCAG 2.2, 1.4.3)."""
    # Where both stand out equally the luminance is 0.179; either is 4.58 : 1 there.
    return "#000000" if _luminance(colour) > 0.179 else "#FFFFFF"


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    seen = QColor(colour)
    return 0.2126 * linear(seen.redF()) + 0.7152 * linear(seen.greenF()) + 0.0722 * linear(seen.blueF())


def draw_mark(painter: QPainter, box: QRectF, name: str, colour: str) -> None:
    """Paint the mark of a name into a box."""
    rounded_box(painter, box, Radius.FIELD, colour)
    words, sizes = mark_of(name), (Size.BODY, Size.SMALL, Size.CAPTION, Size.KEY)
    lettering = fitting_font(words, sizes, box.width() - 4, Weight.BOLD)
    draw_line(painter, box, words, lettering, ink_on(colour), align=CENTRE)
