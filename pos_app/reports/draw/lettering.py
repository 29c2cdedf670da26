"""Draws a line of letters on an A4 page: in Inter what it has, else in the font and direction of its script.

A name is in whatever script its bearer writes.  What runs from the right stands in the order of
`pos_app.devices.directions`; letters that must be shaped together are a picture, with their text unseen
beneath it, for reportlab sets one sign after the other.  What no font has is written in letters.
"""

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pos_app.devices.directions import stretches_of
from pos_app.devices.fonts import in_letters, is_joined, phrase_runs
from pos_app.devices.picture import PHRASE_BASELINE, phrase_picture, phrase_width
from resources import resource

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

REGULAR: Final = "Inter-Regular"
BOLD: Final = "Inter-Bold"
#: Dots of a picture of letters for each point.
_FINER: Final = 6
#: PDF 32000-1, table 106: neither fill nor stroke.
_UNSEEN: Final = 3


class Stretch(NamedTuple):
    """Signs that one font draws in one direction, and how wide they are in points at size 1."""

    font: str
    text: str
    width: float
    from_right: bool = False
    shaped: bool = False


def register_fonts() -> None:
    """Make the bundled fonts known to reportlab."""
    for name in (REGULAR, BOLD):
        _registered(name)


def _registered(name: str) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if name not in pdfmetrics.getRegisteredFontNames():
        path = f"{name}.ttf" if name in (REGULAR, BOLD) else name
        pdfmetrics.registerFont(TTFont(name, str(resource("fonts", *path.split("/")))))
    return name


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in points."""
    return sum(stretch.width for stretch in _stretches(text, bold)) * size


def draw(canvas: "Canvas", text: str, at: tuple[float, float], size: float, *, bold: bool) -> None:
    """The text from its left end on a baseline, in points from the lower left corner."""
    left, baseline = at
    for stretch in _stretches(text, bold):
        if stretch.shaped:
            _drawn(canvas, stretch, (left, baseline), size)
        else:
            canvas.setFont(stretch.font, size)
            canvas.drawString(left, baseline, stretch.text)
        left += stretch.width * size


def _drawn(canvas: "Canvas", stretch: Stretch, at: tuple[float, float], size: float) -> None:
    """A stretch as a picture of its letters, and its text unseen beneath it, so that it can be searched."""
    from reportlab.lib.utils import ImageReader

    left, baseline = at
    picture = phrase_picture(stretch.font, stretch.text, size * _FINER, from_right=stretch.from_right)
    height = picture.height / _FINER
    foot = baseline - height * (1 - PHRASE_BASELINE)
    canvas.drawImage(ImageReader(picture), left, foot, picture.width / _FINER, height, mask=[255, 255])
    canvas.saveState()
    text = canvas.beginText(left, baseline)
    text.setFont(stretch.font, size)
    text.setTextRenderMode(_UNSEEN)
    # A PDF has its signs in the order of their places; who reads it turns them round.
    text.textOut(stretch.text[::-1] if stretch.from_right else stretch.text)
    canvas.drawText(text)
    canvas.restoreState()


@lru_cache(maxsize=4096)
def _stretches(text: str, bold: bool) -> tuple[Stretch, ...]:
    face = _registered(BOLD if bold else REGULAR)
    if _has(face, text):
        return (Stretch(face, text, _width(face, text)),)
    found: list[Stretch] = []
    for part, from_right in stretches_of("".join(map(in_letters, text))):
        for font, run in reversed(phrase_runs(part)) if from_right else _runs(face, part):
            name = _registered(font)
            if from_right or is_joined(run):
                width = phrase_width(name, run, from_right=from_right)
                found.append(Stretch(name, run, width, from_right, shaped=True))
            else:
                found.append(Stretch(name, run, _width(name, run)))
    return tuple(found)


def _runs(face: str, part: str) -> list[tuple[str, str]]:
    """What Inter has in Inter, the rest in the font of its script."""
    found: list[tuple[str, str]] = []
    for inside, signs in groupby(part, lambda sign: _has(face, sign)):
        run = "".join(signs)
        found += [(face, run)] if inside else phrase_runs(run)
    return found


def _has(face: str, text: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    if text.isascii():
        return True
    known: Any = pdfmetrics.getFont(face).face.charToGlyph
    return all(ord(sign) in known for sign in text)


def _width(font: str, text: str) -> float:
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(text, font, 1.0))
