"""Writes a paper as a PDF: as wide as the paper roll, as long as its content; its text can be searched."""

from io import BytesIO
from typing import TYPE_CHECKING

from pos_app.devices.bars import caption, fitted_bars
from pos_app.devices.directions import Part, parts_of
from pos_app.devices.fonts import BOLD, REGULAR, is_joined, phrase_runs, runs
from pos_app.devices.paper import Barcode, Cut, Kick, Paper, Picture, Rule, Space
from pos_app.devices.picture import (
    ADVANCE_EM,
    BARS_HEIGHT_DOTS,
    DOTS_PER_INCH,
    LINE_HEIGHT_CELLS,
    RULE_HEIGHT_CELLS,
    draw_phrase,
    draw_word,
    fitted_picture,
)
from pos_app.devices.typeset import Line, Piece, cells, typeset
from resources import resource

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

POINTS_PER_DOT = 72 / DOTS_PER_INCH
POINTS_PER_MILLIMETRE = 72 / 25.4
MARGIN_POINTS = 4 * POINTS_PER_MILLIMETRE
_SYMBOL_GAP_POINTS = 8 * POINTS_PER_DOT
#: How much finer than a receipt printer a picture of letters is.
_FINER = 4
#: PDF 32000-1, table 106: neither fill nor stroke.
_UNSEEN = 3


def to_pdf(paper: Paper, title: str = "") -> bytes:
    """One page with the whole paper. The same paper gives the same bytes, on any day.

    Raises UnprintablePaper or InvalidCheckDigit, as `typeset` does.
    """
    from reportlab.pdfgen.canvas import Canvas

    for name in (REGULAR, BOLD):
        _registered(name)
    page = _Page(paper)
    pieces = list(typeset(paper))
    height = sum(page.height_of(piece) for piece in pieces) + 2 * MARGIN_POINTS
    stream = BytesIO()
    # Without `invariant` the file carries the moment of its making, and two copies of one receipt differ.
    canvas = Canvas(stream, pagesize=(page.width + 2 * MARGIN_POINTS, height), invariant=True)
    canvas.setTitle(title)
    top = height - MARGIN_POINTS
    for piece in pieces:
        page.draw(canvas, piece, top)
        top -= page.height_of(piece)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _registered(name: str) -> str:
    """The name of a bundled font, made known to reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(resource("fonts", *name.split("/")))))
    return name


def _drawn(canvas: "Canvas", part: Part, at: tuple[float, float], cell: float) -> None:
    """A part as a picture of letters, and its text unseen beneath it, so that it can be searched."""
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader

    dots = cell / POINTS_PER_DOT * _FINER
    wide = cells(part.text)
    picture = Image.new("L", (max(round(wide * dots), 1), round(LINE_HEIGHT_CELLS * dots)), 255)
    pen, foot = ImageDraw.Draw(picture), (0, picture.height * 0.74)
    if part.from_right:
        draw_phrase(pen, foot, part.text, dots, loose=part.loose)
    else:
        draw_word(pen, foot, part.text, dots, bold=False)
    left, baseline = at
    height = LINE_HEIGHT_CELLS * cell
    canvas.drawImage(
        ImageReader(picture), left, baseline - height * 0.26, wide * cell, height, mask=[255, 255]
    )
    canvas.saveState()
    for name, run in phrase_runs(part.text):
        text = canvas.beginText(left, baseline)
        text.setFont(_registered(name), cell)
        text.setTextRenderMode(_UNSEEN)
        # A PDF has its signs in the order of their places; who reads it turns them round.
        text.textOut(run[::-1] if part.from_right else run)
        canvas.drawText(text)
    canvas.restoreState()


class _Page:
    """Measures and draws pieces in points, on the same grid as the picture."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.width = paper.width_dots * POINTS_PER_DOT
        self._cell = self.width / paper.width_chars

    def height_of(self, piece: Piece) -> float:
        match piece:
            case Line():
                return self._cell * LINE_HEIGHT_CELLS * piece.size
            case Rule():
                return self._cell * RULE_HEIGHT_CELLS
            case Space():
                return self._cell * LINE_HEIGHT_CELLS * piece.lines
            case Barcode():
                rows, module = self._symbol(piece)
                below = 0.0 if piece.kind == "qr" else self._cell * LINE_HEIGHT_CELLS
                return self._symbol_height(rows, module) + 2 * _SYMBOL_GAP_POINTS + below
            case Picture():
                dots = fitted_picture(piece, self._paper.width_dots).height
                return dots * POINTS_PER_DOT + _SYMBOL_GAP_POINTS
            case Cut() | Kick():
                return 0.0

    def draw(self, canvas: "Canvas", piece: Piece, top: float) -> None:
        match piece:
            case Line():
                self._line(canvas, piece, top)
            case Rule():
                middle = top - self.height_of(piece) / 2
                canvas.rect(MARGIN_POINTS, middle, self.width, 2 * POINTS_PER_DOT, stroke=0, fill=1)
            case Barcode():
                self._barcode(canvas, piece, top)
            case Picture():
                self._picture(canvas, piece, top)
            case Space() | Cut() | Kick():
                pass

    def _picture(self, canvas: "Canvas", block: Picture, top: float) -> None:
        from reportlab.lib.utils import ImageReader

        found = fitted_picture(block, self._paper.width_dots)
        width, height = found.width * POINTS_PER_DOT, found.height * POINTS_PER_DOT
        left = MARGIN_POINTS + (self.width - width) / 2
        canvas.drawImage(ImageReader(found), left, top - height, width, height)

    def _line(self, canvas: "Canvas", line: Line, top: float) -> None:
        cell = self._cell * line.size
        baseline = top - self.height_of(line) * 0.74
        for begin, column in line.by_column():
            for part in parts_of(column):
                at = MARGIN_POINTS + (begin + part.place) * cell, baseline
                if part.from_right:
                    _drawn(canvas, part, at, cell)
                else:
                    self._word(canvas, part.text, at, cell, bold=line.bold)

    def _word(self, canvas: "Canvas", word: str, at: tuple[float, float], cell: float, *, bold: bool) -> None:
        """As `picture.draw_word`, in points.  A script whose letters change beside each other is a picture:
        reportlab sets one sign after the other.
        """
        left, baseline = at
        size = cell / ADVANCE_EM
        for name, part in runs(word):
            room = cells(part) * cell
            if is_joined(part):
                _drawn(canvas, Part(0, part), (left, baseline), cell)
            else:
                face = _registered(BOLD if bold and name == REGULAR else name)
                width = canvas.stringWidth(part, face, size) if name != REGULAR else room
                canvas.setFont(face, size if width <= room else size * room / width)
                canvas.drawString(left, baseline, part)
            left += room

    def _barcode(self, canvas: "Canvas", block: Barcode, top: float) -> None:
        rows, module = self._symbol(block)
        left = MARGIN_POINTS + (self.width - len(rows[0]) * module) / 2
        row_height = self._symbol_height(rows, module) / len(rows)
        for number, row in enumerate(rows):
            bottom = top - _SYMBOL_GAP_POINTS - (number + 1) * row_height
            for start, length in _runs(row):
                canvas.rect(left + start * module, bottom, length * module, row_height, stroke=0, fill=1)
        if block.kind != "qr":
            canvas.setFont(REGULAR, self._cell / ADVANCE_EM * 0.9)
            baseline = top - self.height_of(block) + self._cell * LINE_HEIGHT_CELLS * 0.5
            shown = caption(block.text, block.kind)
            canvas.drawCentredString(MARGIN_POINTS + self.width / 2, baseline, shown)

    def _symbol(self, block: Barcode) -> tuple[list[str], float]:
        """The modules, and the width of one in points."""
        rows, dots = fitted_bars(block.text, block.kind, self._paper.width_dots)
        return rows, dots * POINTS_PER_DOT

    def _symbol_height(self, rows: list[str], module: float) -> float:
        return len(rows) * module if len(rows) > 1 else BARS_HEIGHT_DOTS * POINTS_PER_DOT


def _runs(row: str) -> list[tuple[int, int]]:
    """Where dark runs begin and how long they are; one rectangle each leaves no hairlines between modules."""
    runs: list[tuple[int, int]] = []
    for place, sign in enumerate(row):
        if sign != "1":
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
