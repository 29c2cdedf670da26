"""Draws a paper as a picture: for the screen, and dot for dot for the raster mode of a printer."""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL import features as pillow_features

from pos_app.devices.bars import caption, fitted_bars
from pos_app.devices.directions import in_shapes, parts_of
from pos_app.devices.fonts import BOLD, REGULAR, phrase_runs, runs
from pos_app.devices.paper import Barcode, Cut, Kick, Paper, Picture, Rule, Space
from pos_app.devices.typeset import Line, Piece, cells, typeset
from resources import resource

DOTS_PER_INCH = 203
"""Of practically every receipt printer; the layout is made for it and scaled from it."""

LINE_HEIGHT_CELLS = 2.2
"""Line pitch as a multiple of the width of a character cell."""

RULE_HEIGHT_CELLS = 1.4
BARS_HEIGHT_DOTS = 80
INK_BELOW = 160
"""Grey below this becomes a black dot. Above the middle: thin strokes stay whole on thermal paper."""

PHRASE_BASELINE: Final = 0.7
"""Where letters stand in the picture of a phrase, as a part of its height from the top."""

_PHRASE_HEIGHT: Final = 2.2
#: The size at which widths are measured, in dots: large enough for no rounding to count.
_MEASURED: Final = 100.0

ADVANCE_EM = 0.6
"""Advance width of the bundled monospaced font, as a part of its size."""


def to_png(paper: Paper, dpi: int = DOTS_PER_INCH, margin_dots: int = 0) -> bytes:
    """The paper as a PNG picture, grey, exactly as wide as its printable width (576 or 384 dots at 203 dpi).

    `margin_dots` adds white on all four sides, as the paper has it beside what can be printed on.
    """
    picture = draw_pieces(typeset(paper), paper, dpi)
    if margin_dots:
        picture = ImageOps.expand(picture, border=margin_dots, fill=255)
    stream = BytesIO()
    picture.save(stream, "PNG", dpi=(dpi, dpi))
    return stream.getvalue()


def draw_pieces(pieces: Iterable[Piece], paper: Paper, dpi: int = DOTS_PER_INCH) -> Image.Image:
    """Draw typeset pieces under each other; cuts and kicks leave no trace on the picture."""
    sheet = Sheet(paper, dpi)
    for piece in pieces:
        sheet.put(piece)
    return sheet.picture()


def to_dots(picture: Image.Image) -> Image.Image:
    """A grey picture as black and white dots, without dithering: letters keep their edges."""
    return picture.point(lambda grey: 0 if grey < INK_BELOW else 255).convert("1", dither=Image.Dither.NONE)


#: JetBrains Mono draws "!=", "<=" and "->" as one sign each where its contextual alternates are on.
_FEATURES: Final = ("-calt",)


@lru_cache(maxsize=64)
def font(name: str, size_dots: float, engine: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont:
    """A bundled font at a size in dots."""
    return ImageFont.truetype(resource("fonts", *name.split("/")), size_dots, layout_engine=engine)


def draw_word(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], word: str, cell: float, *, bold: bool
) -> None:
    """Draw a word from its left end on a baseline, in cells of a width in dots; every sign of it is drawn.

    A sign that the monospaced face has takes exactly its cells.  What another font draws is made smaller
    where it would not fit into the cells that the layout gave it.
    """
    left, baseline = at
    size = cell / ADVANCE_EM
    for name, part in runs(word):
        room = cells(part) * cell
        face = font(BOLD if bold and name == REGULAR else name, size)
        if name != REGULAR:
            width = face.getlength(part)
            face = face if width <= room else font(name, max(size * room / width, 1.0))
        features = list(_FEATURES) if features_work() else None
        draw.text((left, baseline), part, fill=0, font=face, anchor="ls", features=features)
        left += room


def draw_phrase(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, cell: float, *, loose: bool = False
) -> None:
    """Draw words that run from the right, given as they are read, from their left end on a baseline.

    They stand as close as their font has them; in the middle of their cells where they are `loose`.
    """
    left, baseline = at
    size = cell / ADVANCE_EM
    for name, part in reversed(phrase_runs(words)):
        room = cells(part) * cell
        width = phrase_width(name, part) * size
        if width > room:
            size, width = size * room / width, room
        begin = left + (room - width) / 2 if loose else left
        _draw_run(draw, (begin, baseline), name, part, size)
        left += room


def phrase_width(name: str, words: str, *, from_right: bool = True) -> float:
    """How wide words are that one font draws in one direction, as a multiple of their size."""
    shown, face, direction = _shaped(name, words, _MEASURED, from_right)
    return face.getlength(shown, direction=direction) / _MEASURED


def phrase_picture(name: str, words: str, size: float, *, from_right: bool = True) -> Image.Image:
    """Words that one font draws in one direction, black on white; `PHRASE_BASELINE` says where they stand."""
    width = phrase_width(name, words, from_right=from_right) * size
    picture = Image.new("L", (max(round(width), 1), max(round(_PHRASE_HEIGHT * size), 1)), 255)
    _draw_run(
        ImageDraw.Draw(picture),
        (0, picture.height * PHRASE_BASELINE),
        name,
        words,
        size,
        from_right=from_right,
    )
    return picture


def _draw_run(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    name: str,
    words: str,
    size: float,
    *,
    from_right: bool = True,
) -> None:
    shown, face, direction = _shaped(name, words, max(size, 1.0), from_right)
    draw.text(at, shown, fill=0, font=face, anchor="ls", direction=direction)


def _shaped(
    name: str, words: str, size: float, from_right: bool
) -> tuple[str, ImageFont.FreeTypeFont, Literal["rtl"] | None]:
    """What is given to Pillow, its font, and the direction that it is told."""
    if not from_right:
        return words, font(name, size), None
    if shapes_work():
        return words, font(name, size), "rtl"
    # In its shapes already: Pillow must not turn them round again.
    return in_shapes(words), font(name, size, ImageFont.Layout.BASIC), None


@lru_cache(maxsize=1)
def features_work() -> bool:
    """Whether this Pillow can be told what to leave out of a font; without Raqm it draws no ligature."""
    return bool(pillow_features.check("raqm"))


@lru_cache(maxsize=1)
def shapes_work() -> bool:
    """Whether this Pillow shapes letters by their neighbours and knows which run from the right."""
    return features_work() and bool(pillow_features.check("fribidi"))


class Sheet:
    """A picture that grows downwards while pieces are put on it."""

    def __init__(self, paper: Paper, dpi: int = DOTS_PER_INCH) -> None:
        """An empty sheet as wide as the paper at this resolution."""
        self._paper = paper
        self._scale = dpi / DOTS_PER_INCH
        self.width = round(paper.width_dots * self._scale)
        self._cell = self.width / paper.width_chars
        self._strips: list[Image.Image] = []

    def put(self, piece: Piece) -> None:
        """Draw one piece below the last one."""
        match piece:
            case Line():
                self._strips.append(self._line(piece))
            case Rule():
                self._strips.append(self._rule())
            case Space():
                self._strips.append(self._blank(piece.lines * LINE_HEIGHT_CELLS))
            case Barcode():
                self._strips.append(self._barcode(piece))
            case Picture():
                self._strips.append(self._picture(piece))
            case Cut() | Kick():
                pass

    def picture(self) -> Image.Image:
        """All strips in one picture, at least one dot high."""
        height = sum(strip.height for strip in self._strips)
        whole = Image.new("L", (self.width, max(height, 1)), 255)
        top = 0
        for strip in self._strips:
            whole.paste(strip, (0, top))
            top += strip.height
        return whole

    def _blank(self, height_cells: float) -> Image.Image:
        return Image.new("L", (self.width, max(round(height_cells * self._cell), 1)), 255)

    def _line(self, line: Line) -> Image.Image:
        strip = self._blank(LINE_HEIGHT_CELLS * line.size)
        draw = ImageDraw.Draw(strip)
        cell = self._cell * line.size
        baseline = strip.height * 0.74
        # Words are placed by the grid, not one behind the other: the rounding of advances cannot add up, so
        # amounts stand exactly under each other.
        for begin, column in line.by_column():
            for part in parts_of(column):
                at = ((begin + part.place) * cell, baseline)
                if part.from_right:
                    draw_phrase(draw, at, part.text, cell, loose=part.loose)
                else:
                    draw_word(draw, at, part.text, cell, bold=line.bold)
        return strip

    def _rule(self) -> Image.Image:
        strip = self._blank(RULE_HEIGHT_CELLS)
        middle, thickness = strip.height // 2, max(round(2 * self._scale), 1)
        ImageDraw.Draw(strip).rectangle((0, middle, self.width, middle + thickness - 1), fill=0)
        return strip

    def _barcode(self, block: Barcode) -> Image.Image:
        rows, module = fitted_bars(block.text, block.kind, self._paper.width_dots)
        module = max(round(module * self._scale), 1)
        symbol = draw_symbol(rows, module, round(BARS_HEIGHT_DOTS * self._scale))
        below = self._caption(caption(block.text, block.kind)) if block.kind != "qr" else None
        gap = round(8 * self._scale)
        strip = Image.new("L", (self.width, symbol.height + 2 * gap + (below.height if below else 0)), 255)
        strip.paste(symbol, ((self.width - symbol.width) // 2, gap))
        if below:
            strip.paste(below, (0, gap + symbol.height))
        return strip

    def _picture(self, block: Picture) -> Image.Image:
        found = fitted_picture(block, self._paper.width_dots)
        if self._scale != 1:
            size = round(found.width * self._scale), round(found.height * self._scale)
            found = found.resize(size, Image.Resampling.LANCZOS)
        gap = round(8 * self._scale)
        strip = Image.new("L", (self.width, found.height + gap), 255)
        # As dots already: a shade of grey would become all black or all white.
        strip.paste(found.convert("1").convert("L"), ((self.width - found.width) // 2, 0))
        return strip

    def _caption(self, text: str) -> Image.Image:
        strip = self._blank(LINE_HEIGHT_CELLS)
        face = font(REGULAR, self._cell / ADVANCE_EM * 0.9)
        ImageDraw.Draw(strip).text(
            (self.width / 2, strip.height * 0.74), text, fill=0, font=face, anchor="ms"
        )
        return strip


def fitted_picture(block: Picture, most_dots: int) -> Image.Image:
    """A picture in grey, no wider than the paper, in dots of 203 dpi."""
    found = Image.open(BytesIO(block.png)).convert("L")
    found.thumbnail((most_dots, found.height))
    return found


def draw_symbol(rows: list[str], module_dots: int, bars_height_dots: int) -> Image.Image:
    """Bars of a height, or a square of modules, black on white, grown by whole dots."""
    symbol = Image.new("L", (len(rows[0]), len(rows)), 255)
    symbol.putdata([0 if sign == "1" else 255 for row in rows for sign in row])
    height = bars_height_dots if len(rows) == 1 else len(rows) * module_dots
    return symbol.resize((len(rows[0]) * module_dots, height), Image.Resampling.NEAREST)
