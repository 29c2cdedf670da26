"""Breaks the blocks of a paper into lines of a character grid; every renderer draws these same lines.

One layout for text, picture, PDF and both printer modes means that a receipt reads the same wherever it is
seen, and that columns are proven not to overlap once.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from pos_app.devices.bars import fitted_bars
from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit, UnprintablePaper
from pos_app.devices.fonts import in_letters
from pos_app.devices.paper import (
    Align,
    Barcode,
    Block,
    Columns,
    Cut,
    Kick,
    Paper,
    Picture,
    Row,
    Rule,
    Size,
    Space,
    Text,
)

SHORTEST_LEFT = 8
"""Characters. Where an amount leaves less than this for the text beside it, it gets a line of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, filled with blanks to exactly the width of the paper (half of it at size 2).

    `text` is in the order in which it is read.  `columns` says where each of its columns begins and ends, for
    each has an order of its own on paper (see `directions`); without it the line is one column.
    """

    text: str
    bold: bool = False
    size: Size = 1
    columns: tuple[tuple[int, int], ...] = ()

    def by_column(self) -> list[tuple[int, str]]:
        """Each column, and how many cells from the left it begins."""
        spans = self.columns or ((0, len(self.text)),)
        return [(cells(self.text[:start]), self.text[start:end]) for start, end in spans]


class _Columns(NamedTuple):
    """A line that is being put together out of its columns."""

    text: str
    columns: tuple[tuple[int, int], ...] = ()


def _beside(*columns: str, between: str = " ") -> _Columns:
    """Columns beside each other; where each is, is only worth knowing where one may run from the right."""
    text = between.join(columns)
    if text.isascii():
        return _Columns(text)
    spans, start = [], 0
    for column in columns:
        spans.append((start, start + len(column)))
        start += len(column) + len(between)
    return _Columns(text, tuple(spans))


Piece = Line | Rule | Space | Barcode | Picture | Cut | Kick


def typeset(paper: Paper) -> Iterator[Piece]:
    """The paper as lines and marks from top to bottom.

    Raises UnprintablePaper if a row has no room, InvalidCheckDigit if an EAN-13 contradicts itself.
    """
    for block in paper.blocks:
        yield from _pieces(block, paper)


def clean(text: str) -> str:
    """The text without what would move the print head (control characters, line breaks, invisible signs), and
    with letters for what no font has.

    A product name comes from a file that anyone may have written; an escape character in it is a printer
    command, one that opens the drawer for example.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(
        " " if char in "\t\n\r\x0b\x0c\u2028\u2029" else char for char in composed if _is_visible(char)
    )
    return visible if visible.isascii() else "".join(map(in_letters, visible))


def cells(text: str) -> int:
    """How many character cells a text takes: two for a wide East Asian sign, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(char) for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a text at blanks into lines of at most `width` cells; never loses a sign. At least one line.

    Blanks at the beginning indent every line, so that what belongs under a name stays under it.
    """
    text = clean(text)
    indent = len(text) - len(text.lstrip(" "))
    if 0 < indent <= width // 2 and text.strip():
        return [" " * indent + line for line in wrap(text.lstrip(" "), width - indent)]
    lines: list[str] = []
    current = ""
    for word in text.split():
        if cells(current) + bool(current) + cells(word) <= width:
            current = f"{current} {word}" if current else word
            continue
        if current:
            lines.append(current)
        *full, current = _chopped(word, width)
        lines.extend(full)
    return [*lines, current]


def wrap_evenly(text: str, width: int) -> list[str]:
    """Like `wrap`, in as many lines, as even as can be: centred text leaves no lone last word."""
    lines = wrap(text, width)
    if len(lines) > 1:
        for narrower in range(width - 1, width // 2, -1):
            candidate = wrap(text, narrower)
            if len(candidate) > len(lines):
                break
            lines = candidate
    return lines


def pad(text: str, width: int, align: Align) -> str:
    """Fill a text with blanks to exactly `width` cells."""
    spare = width - cells(text)
    if align == "left":
        return text + " " * spare
    if align == "right":
        return " " * spare + text
    return " " * (spare // 2) + text + " " * (spare - spare // 2)


def _is_visible(char: str) -> bool:
    return char in "\t\n\r\x0b\x0c" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _cells_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _chopped(word: str, width: int) -> list[str]:
    parts = [""]
    for char in word:
        if cells(parts[-1]) + _cells_of(char) > width:
            parts.append("")
        parts[-1] += char
    return parts


def _pieces(block: Block, paper: Paper) -> Iterator[Piece]:
    match block:
        case Text():
            width = paper.width_chars // block.size
            parts = wrap_evenly(block.text, width) if block.align == "centre" else wrap(block.text, width)
            for part in parts:
                yield Line(pad(part, width, block.align), block.bold, block.size)
        case Columns():
            size = _size_of(block, paper.width_chars)
            for text, columns in _columns(block, paper.width_chars // size):
                yield Line(text, block.bold, size, columns)
        case Row():
            for text, columns in _row(block, paper.width_chars):
                yield Line(text, block.bold, columns=columns)
        case Barcode():
            yield from _barcode(block, paper)
        case Rule() | Space() | Picture() | Cut() | Kick():
            yield block


def _size_of(block: Columns, width: int) -> Size:
    """How large columns are printed: an amount that large letters would break stands in small ones.

    Half a sum at the end of a line reads as a whole one.
    """
    longest = max((cells(word) for word in clean(block.right).split()), default=0)
    return block.size if longest <= width // block.size else 1


def _columns(block: Columns, width: int) -> list[_Columns]:
    right = " ".join(clean(block.right).split())
    if not right:
        return [_Columns(pad(part, width, "left")) for part in wrap(block.left, width)]
    room = width - cells(right) - 1
    left = wrap(block.left, max(room, 1))
    longest = max((cells(word) for word in clean(block.left).split()), default=0)
    # A word is not broken for an amount that may as well stand below it.
    whole = longest <= room or longest > width
    if whole and (room >= SHORTEST_LEFT or (room > 0 and len(left) == 1)):
        *above, last = left
        return [
            *(_Columns(pad(part, width, "left")) for part in above),
            _beside(pad(last, room + 1, "left"), right, between=""),
        ]
    # No room side by side. An amount wider than the paper is broken, but not one digit of it is dropped.
    below = [pad(part, width, "right") for part in wrap(right, width)]
    return [
        _Columns(text) for text in (*(pad(part, width, "left") for part in wrap(block.left, width)), *below)
    ]


def _row(block: Row, width: int) -> list[_Columns]:
    widths = _row_widths(block, width)
    columns = list(zip(block.cells, widths, block.aligns, strict=True))
    if any(align == "right" and cells(clean(cell)) > room for cell, room, align in columns):
        words = " ".join(cell for cell, _, align in columns if align != "right")
        amounts = "  ".join(clean(cell) for cell, _, align in columns if align == "right")
        return _columns(Columns(words, ""), width) + [
            _Columns(pad(part, width, "right")) for part in _amounts(amounts, width)
        ]
    wrapped = [wrap(cell, room) for cell, room, _ in columns]
    rows = zip_longest(*wrapped, fillvalue="")
    return [
        _beside(*(pad(part, room, align) for part, (_, room, align) in zip(row, columns, strict=True)))
        for row in rows
    ]


def _amounts(text: str, width: int) -> list[str]:
    return [text] if cells(text) <= width else wrap(text, width)


def _row_widths(block: Row, width: int) -> list[int]:
    if not len(block.cells) == len(block.widths) == len(block.aligns) or not block.cells:
        raise UnprintablePaper("receipt-row-cells")
    if block.widths.count(0) > 1 or min(block.widths) < 0:
        raise UnprintablePaper("receipt-row-two-widths")
    rest = width - sum(block.widths) - (len(block.widths) - 1)
    if rest < 0 or (0 in block.widths and rest < 1):
        raise UnprintablePaper("receipt-row-too-wide", width=width)
    return [room or rest for room in block.widths]


def _barcode(block: Barcode, paper: Paper) -> Iterator[Piece]:
    try:
        fitted_bars(block.text, block.kind, paper.width_dots)
    except InvalidCheckDigit:
        raise
    except InvalidBarcode:
        for part in wrap_evenly(block.text, paper.width_chars):
            yield Line(pad(part, paper.width_chars, "centre"))
    else:
        yield block
