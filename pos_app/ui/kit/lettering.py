"""Owns fonts: which bundled family, size, weight and figures a piece of text is set in, and what fits."""

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication

from pos_app.ui.kit.scale import scale
from pos_app.ui.kit.tokens import Weight

FAMILY = "Inter"
RECEIPT_FAMILY = "JetBrains Mono"


def font(size: float, weight: int = Weight.REGULAR, *, tabular: bool = False, family: str = FAMILY) -> QFont:
    """The font of a size of the design at the scale in force; `tabular` gives every figure the same width."""
    screen = QGuiApplication.primaryScreen()
    dots_per_inch = screen.logicalDotsPerInchY() if screen is not None else 96.0
    return QFont(_font(size * scale(), weight, tabular, family, dots_per_inch))


@lru_cache(maxsize=256)
def _font(size: float, weight: int, tabular: bool, family: str, dots_per_inch: float) -> QFont:
    made = QFont(family)
    # setPixelSize takes whole numbers only; points at the screen's density allow 12.5 and 13.5.
    made.setPointSizeF(size * 72.0 / dots_per_inch)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def text_width(text: str, of: QFont) -> float:
    """The advance of one line of text."""
    return QFontMetricsF(of).horizontalAdvance(text)


def line_height(of: QFont) -> float:
    """The height of one line of text."""
    return QFontMetricsF(of).height()


def elided(text: str, of: QFont, width: float) -> str:
    """Return the text, cut with an ellipsis where it is wider than `width`."""
    return QFontMetricsF(of).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


#: No words are smaller: below it nobody reads them at an arm's length.
LEAST_SIZE = 11.0


def shrunk(
    text: str, size: float, width: float, weight: int = Weight.REGULAR, *, tabular: bool = False
) -> QFont:
    """The font of a size, or a smaller one, down to three quarters, where the text would not fit."""
    sizes = [size, *(size - step for step in (1, 2, 3, 4) if size - step >= max(LEAST_SIZE, size * 0.75))]
    return fitting_font(text, sizes, width, weight, tabular=tabular)


def fitting_font(
    text: str, sizes: Iterable[float], width: float, weight: int = Weight.BOLD, *, tabular: bool = True
) -> QFont:
    """Return the first of the falling `sizes` in which the text fits, or the last when none does."""
    chosen: QFont | None = None
    for size in sizes:
        chosen = font(size, weight, tabular=tabular)
        if text_width(text, chosen) <= width:
            return chosen
    if chosen is None:
        raise ValueError("sizes is empty")
    return chosen
