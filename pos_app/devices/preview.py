"""The preview printer: shows what a printer would have put on paper, from nothing but its bytes."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from pos_app.devices.bars import bars, caption
from pos_app.devices.escpos_reader import (
    CutMark,
    Dots,
    Feed,
    KickMark,
    Letters,
    Printed,
    Symbol,
    UnknownCommand,
    read_back,
)
from pos_app.devices.paper import Align
from pos_app.devices.picture import draw_symbol, draw_word
from pos_app.devices.printer_file import FilePrinter
from pos_app.devices.typeset import cells

CELL_DOTS = 12
"""Width of a character of font A; its height is 24 dots on a line of 30."""

LETTER_DOTS = 24
LINE_DOTS = 30
MARGIN_DOTS = 24


class PreviewPrinter:
    """Writes each job into a folder twice: `NUMBER.bin` as received, `NUMBER.png` as it would look."""

    def __init__(self, folder: Path, columns: int = 42) -> None:
        """Remember the folder; `columns` is how many characters of font A fit the paper, 42 or 32."""
        self._files = FilePrinter(folder)
        self._columns = columns

    def send(self, job: bytes) -> None:
        """Store the job and its picture; a job that leaves the paper blank, as a drawer kick does, has none.

        Raises PrinterUnavailable if the folder cannot take them. Raises UnknownCommand if the job holds what
        a printer would not understand: that is a bug of ours, and the bytes are kept as its evidence.
        """
        try:
            is_blank = all(isinstance(item, KickMark) for item in read_back(job))
            shown = {} if is_blank else {".png": picture_png(job, self._columns)}
        except UnknownCommand:
            self._files.store({".bin": job})
            raise
        self._files.store({**shown, ".bin": job})

    def close(self) -> None:
        """Nothing is held open."""


def picture_png(job: bytes, columns: int = 42) -> bytes:
    """The printed paper of one job as a PNG, with the white edge that paper has."""
    stream = BytesIO()
    picture(job, columns).save(stream, "PNG", dpi=(203, 203))
    return stream.getvalue()


def picture(job: bytes, columns: int = 42) -> Image.Image:
    """The printed paper of one job, grey. A cut is a dashed line; a kick of the drawer leaves no mark."""
    printed = read_back(job)
    width = max([columns * CELL_DOTS, *(item.width_dots for item in printed if isinstance(item, Dots))])
    strips = [strip for item in printed if (strip := _strip(item, width)) is not None]
    whole = Image.new("L", (width, max(sum(strip.height for strip in strips), 1)), 255)
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return ImageOps.expand(whole, border=MARGIN_DOTS, fill=255)


def _strip(item: Printed, width: int) -> Image.Image | None:
    match item:
        case Letters():
            return _letters(item, width)
        case Dots():
            rows = Image.frombytes("1", (item.width_dots, item.height_dots), item.rows)
            return _aligned(ImageOps.invert(rows.convert("L")), width, item.align)
        case Symbol():
            return _symbol(item, width)
        case Feed():
            return Image.new("L", (width, max(item.lines, 1) * LINE_DOTS), 255)
        case CutMark():
            return _cut(width)
        case KickMark():
            return None


def _letters(item: Letters, width: int) -> Image.Image:
    """Every character in its own cell, as a print head does it; what is too wide goes on below."""
    cell = CELL_DOTS * item.wide
    per_line = max(width // cell, 1)
    rows = [item.text[start : start + per_line] for start in range(0, len(item.text), per_line)]
    return _stack([_letter_row(row, item, cell, width) for row in rows], width)


def _letter_row(text: str, item: Letters, cell: int, width: int) -> Image.Image:
    normal = Image.new("L", (max(cells(text), 1) * CELL_DOTS, LETTER_DOTS), 255)
    draw = ImageDraw.Draw(normal)
    place = 0
    for char in text:
        draw_word(draw, (place * CELL_DOTS, LETTER_DOTS * 0.8), char, CELL_DOTS, bold=item.bold)
        place += cells(char)
    size = (normal.width * item.wide, normal.height * item.high)
    line = Image.new("L", (size[0], size[1] + LINE_DOTS - LETTER_DOTS), 255)
    line.paste(normal.resize(size, Image.Resampling.NEAREST), (0, 0))
    return _aligned(line, width, item.align)


def _symbol(item: Symbol, width: int) -> Image.Image:
    symbol = draw_symbol(bars(item.text, item.kind), item.module_dots, item.height_dots)
    strips = [_aligned(symbol, width, item.align)]
    if item.has_text_below:
        strips.append(_letters(Letters(caption(item.text, item.kind), align=item.align), width))
    return _stack(strips, width)


def _cut(width: int) -> Image.Image:
    strip = Image.new("L", (width, LINE_DOTS), 255)
    draw = ImageDraw.Draw(strip)
    for left in range(0, width, 16):
        draw.line((left, LINE_DOTS // 2, left + 8, LINE_DOTS // 2), fill=170)
    return strip


def _aligned(content: Image.Image, width: int, align: Align) -> Image.Image:
    strip = Image.new("L", (width, content.height), 255)
    spare = width - content.width
    strip.paste(content, ({"left": 0, "centre": spare // 2, "right": spare}[align], 0))
    return strip


def _stack(strips: Iterable[Image.Image], width: int) -> Image.Image:
    parts = list(strips)
    whole = Image.new("L", (width, sum(part.height for part in parts)), 255)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole
