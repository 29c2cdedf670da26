"""A4 pages in PDF: text wrapped and drawn (letters: `lettering`), a head and a foot on every page.

Decisions
---------
2026-11-21  reportlab reads no PostScript outlines, which is what the window's Inter (.otf) has, so
Inter travels a second time as TrueType, made by `packaging/outline_fonts.py`; in it the figures of a
table ("tnum") are the ordinary ones, so that amounts stand under each other.

2026-11-21  Pages are laid out first and drawn when their number is known ("Page 2 of 7"), by
measuring each cell once; nothing is ever cut: a number that has no room makes the letters smaller,
then the page lie on its side, then the page wider.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pos_app.language import printed
from pos_app.reports.draw.lettering import draw, register_fonts, width_of
from pos_app.reports.draw.table import clean

POINTS_PER_MILLIMETRE: Final = 72 / 25.4
MARGIN: Final = 15 * POINTS_PER_MILLIMETRE
#: Width and height of A4 in points.
A4: Final = (210 * POINTS_PER_MILLIMETRE, 297 * POINTS_PER_MILLIMETRE)
#: From one line of text to the next, as a multiple of its size.
LEADING: Final = 1.35
FOOT_HEIGHT: Final = 22.0
GREY: Final = (0.42, 0.45, 0.5)
HAIR: Final = (0.8, 0.82, 0.85)


@dataclass(frozen=True)
class Size:
    """A page in points."""

    width: float
    height: float

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - 2 * MARGIN


PORTRAIT: Final = Size(*A4)
LANDSCAPE: Final = Size(A4[1], A4[0])


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines no wider than `width`, broken at blanks; a word that is wider is broken where it must be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in clean(paragraph).split(" "):
            rest = word
            joined = f"{line} {rest}" if line else rest
            if width_of(joined, size, bold=bold) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            while len(rest) > 1 and width_of(rest, size, bold=bold) > width:
                end = _fitting(rest, width, size, bold)
                lines.append(rest[:end])
                rest = rest[end:]
            line = rest
        lines.append(line)
    return lines


def _fitting(text: str, width: float, size: float, bold: bool) -> int:
    """How many letters fit, at least one; by halving, for a word may be very long."""
    least, most = 1, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if width_of(text[:middle], size, bold=bold) <= width:
            least = middle
        else:
            most = middle - 1
    return least


class Drawing:
    """A page that is being drawn; places in points from the left and from the top."""

    def __init__(self, canvas: Any, size: Size) -> None:
        self._canvas = canvas
        self.size = size

    def text(
        self,
        text: str,
        left: float,
        baseline: float,
        size: float,
        *,
        bold: bool = False,
        right: bool = False,
        grey: bool = False,
    ) -> None:
        """One line; with `right`, `left` is where it ends."""
        self._canvas.setFillColorRGB(*(GREY if grey else (0, 0, 0)))
        begin = left - width_of(text, size, bold=bold) if right else left
        draw(self._canvas, text, (begin, self.size.height - baseline), size, bold=bold)

    def picture(self, png: bytes, left: float, top: float, most: tuple[float, float]) -> None:
        """A picture from its upper left corner, as large as there is room (width, height) for."""
        from reportlab.lib.utils import ImageReader

        width, height = picture_size(png, most)
        self._canvas.drawImage(
            ImageReader(BytesIO(png)), left, self.size.height - top - height, width, height
        )

    def rule(self, left: float, right: float, down: float, *, thick: float = 0.5, dark: bool = False) -> None:
        """A horizontal line."""
        self._canvas.setStrokeColorRGB(*((0, 0, 0) if dark else HAIR))
        self._canvas.setLineWidth(thick)
        self._canvas.line(left, self.size.height - down, right, self.size.height - down)


def picture_size(png: bytes, most: tuple[float, float]) -> tuple[float, float]:
    """How large a picture is drawn where there is so much room, in points."""
    from reportlab.lib.utils import ImageReader

    wide, high = ImageReader(BytesIO(png)).getSize()
    scale = min(most[0] / wide, most[1] / high)
    return wide * scale, high * scale


#: Draws what stands on one page.
Painter = Callable[[Drawing], None]


def to_pdf(pages: list[Painter], size: Size, *, title: str, author: str, foot: str) -> bytes:
    """The pages as a PDF; each gets a foot with what it is of and "Page x of y"."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    stream = BytesIO()
    # Without `invariant` the file carries the moment of its making, and two copies of one report differ.
    canvas = Canvas(stream, pagesize=(size.width, size.height), invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for place, painter in enumerate(pages, 1):
        drawing = Drawing(canvas, size)
        painter(drawing)
        line = size.height - MARGIN + 6
        drawing.rule(MARGIN, size.width - MARGIN, line - 11)
        count = printed("Page {number} of {count}", number=place, count=len(pages))
        room = size.inner - width_of(count, 7) - 12
        drawing.text(wrapped(foot, room, 7)[0], MARGIN, line, 7, grey=True)
        drawing.text(count, size.width - MARGIN, line, 7, right=True, grey=True)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
