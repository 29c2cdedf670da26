"""A table on A4 pages: how wide its columns are, how high its rows, and how a row is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pos_app.reports.draw.lettering import width_of
from pos_app.reports.draw.page import LANDSCAPE, LEADING, MARGIN, PORTRAIT, Drawing, Size, wrapped
from pos_app.reports.draw.table import clean
from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.report import Align, Row, RowKind, Section

GAP: Final = 10.0
#: A text column keeps at least this much, at the largest size of letters; its names are wrapped into it.
LEAST_TEXT: Final = 72.0
LEAST_HEAD: Final = 42.0
SIZES: Final = (8.5, 8.0, 7.5, 7.0)
SMALL_SIZES: Final = (6.5, 6.0, 5.5)
#: Above and below the text of a row.
PADDING: Final = 2.2


@dataclass(frozen=True)
class Line:
    """A row ready to be drawn: the lines of each cell, and what kind of row it is."""

    cells: tuple[tuple[str, ...], ...]
    kind: RowKind
    height: float


class Grid:
    """The rows of a section in letters of one size, `room` points wide from `left` on."""

    def __init__(self, section: Section, size: float, room: float, left: float = MARGIN) -> None:
        self.section = section
        self.left = left
        self.size = size
        self.room = room
        self.widths = fitted_widths(section, size, room) or natural_widths(section, size)

    @cached_property
    def head(self) -> Line:
        """The titles of the columns."""
        return self._line([title(column) for column in self.section.columns], RowKind.HEADING, bold=True)

    @cached_property
    def lines(self) -> list[Line]:
        """All rows."""
        return [
            self._across(row) if row.kind is RowKind.HEADING else self._row(row) for row in self.section.rows
        ]

    def _row(self, row: Row) -> Line:
        texts = [shown(cell, column) for cell, column in zip(row.cells, self.section.columns, strict=True)]
        return self._line(texts, row.kind, bold=row.kind is not RowKind.LINE)

    def _across(self, row: Row) -> Line:
        """A heading: it goes across all columns and makes none of them wider."""
        lines = tuple(wrapped(str(row.cells[0]), self.room, self.size, bold=True))
        empty = ((),) * (len(self.section.columns) - 1)
        return Line((lines, *empty), row.kind, len(lines) * self.size * LEADING + 2 * PADDING + 3.0)

    def _line(self, texts: Sequence[str], kind: RowKind, *, bold: bool) -> Line:
        cells = tuple(
            tuple(wrapped(text, width, self.size, bold=bold))
            if column.align is Align.LEFT or kind is RowKind.HEADING
            else (clean(text),)
            for text, width, column in zip(texts, self.widths, self.section.columns, strict=True)
        )
        most = max((len(cell) for cell in cells), default=1)
        above = 3.0 if kind in (RowKind.SUBTOTAL, RowKind.TOTAL, RowKind.HEADING) else 0.0
        return Line(cells, kind, most * self.size * LEADING + 2 * PADDING + above)

    def draw_head(self, drawing: Drawing, top: float) -> float:
        """Draw the titles; gives where the first row begins."""
        self._draw(drawing, self.head, top, bold=True, grey=True)
        below = top + self.head.height
        drawing.rule(self.left, self.left + self.room, below, thick=0.8, dark=True)
        return below

    def draw(self, drawing: Drawing, line: Line, top: float) -> float:
        """Draw a row; gives where the next one begins."""
        below = top + line.height
        if line.kind in (RowKind.SUBTOTAL, RowKind.TOTAL):
            self._rule_numbers(drawing, line, top + 1.5)
        elif line.kind is RowKind.LINE:
            drawing.rule(self.left, self.left + self.room, below, thick=0.3)
        self._draw(drawing, line, top, bold=line.kind is not RowKind.LINE, grey=False)
        if line.kind is RowKind.TOTAL:
            self._rule_numbers(drawing, line, below - 1.2)
            self._rule_numbers(drawing, line, below)
        return below

    def _draw(self, drawing: Drawing, line: Line, top: float, *, bold: bool, grey: bool) -> None:
        most = max((len(cell) for cell in line.cells), default=1)
        first = top + line.height - PADDING - most * self.size * LEADING
        left = self.left
        for cell, width, column in zip(line.cells, self.widths, self.section.columns, strict=True):
            right = column.align is Align.RIGHT
            for place, text in enumerate(cell):
                baseline = first + (place + 0.78) * self.size * LEADING
                drawing.text(
                    text,
                    left + width if right else left,
                    baseline,
                    self.size,
                    bold=bold,
                    right=right,
                    grey=grey,
                )
            left += width + GAP

    def _rule_numbers(self, drawing: Drawing, line: Line, down: float) -> None:
        left = self.left
        for cell, width, column in zip(line.cells, self.widths, self.section.columns, strict=True):
            if column.align is Align.RIGHT and any(cell):
                drawing.rule(left, left + width, down, thick=0.6, dark=True)
            left += width + GAP


def page_for(sections: Sequence[Section]) -> tuple[Size, float]:
    """The page and the size of letters with which every number of every section has room.

    Upright where that is possible, then on its side, then smaller, then a page as wide as it takes.
    """
    for page, sizes in ((PORTRAIT, SIZES), (LANDSCAPE, (*SIZES, *SMALL_SIZES))):
        for size in sizes:
            if all(fitted_widths(section, size, page.inner) for section in sections):
                return page, size
    smallest = SMALL_SIZES[-1]
    widest = max(sum(natural_widths(section, smallest)) + GAP * len(section.columns) for section in sections)
    return Size(widest + 2 * MARGIN, LANDSCAPE.height), smallest


def natural_widths(section: Section, size: float, *, whole_heads: bool = False) -> list[float]:
    """What each column would like to have: numbers all of it, texts no more than four times the least.

    A head is wrapped between its words, never inside one; with `whole_heads` not at all.
    """
    found = []
    for place, column in enumerate(section.columns):
        cells = [
            width_of(clean(shown(row.cells[place], column)), size, bold=row.kind is not RowKind.LINE)
            for row in section.rows
            if row.kind is not RowKind.HEADING
        ]
        head = width_of(title(column), size, bold=True)
        words = [width_of(word, size, bold=True) for word in title(column).split(" ")]
        # Nor is it a column of single words: that would be higher than the rows below it.
        words = [head] if whole_heads else [*words, min(head, LEAST_HEAD * size / SIZES[0])]
        widest = max([*cells, *words], default=0)
        most = LEAST_TEXT * 4 * size / SIZES[0]
        found.append(min(widest, most) if column.align is Align.LEFT and column.title else widest)
    return found


def fitted_widths(section: Section, size: float, room: float) -> list[float]:
    """The widths of the columns in the room; an empty list when the numbers do not fit."""
    roomy = _shared_out(section, natural_widths(section, size, whole_heads=True), size, room)
    return roomy or _shared_out(section, natural_widths(section, size), size, room)


def _shared_out(section: Section, natural: list[float], size: float, room: float) -> list[float]:
    texts = [place for place, column in enumerate(section.columns) if column.align is Align.LEFT]
    least = LEAST_TEXT * size / SIZES[0]
    spare = (
        room
        - GAP * (len(natural) - 1)
        - sum(width for place, width in enumerate(natural) if place not in texts)
    )
    if spare < sum(min(natural[place], least) for place in texts):
        return []
    widths = list(natural)
    floors = {place: min(_longest_word(section, place, size), natural[place]) for place in texts}
    if sum(floors.values()) > spare:
        # A word must be broken somewhere: then wherever the room runs out.
        floors = dict.fromkeys(texts, 0.0)
    spare -= sum(floors.values())
    # What is narrow gets what it wants, the others share the rest equally.
    waiting = sorted(texts, key=lambda place: natural[place] - floors[place])
    while waiting:
        share = spare / len(waiting)
        place = waiting.pop(0)
        more = min(natural[place] - floors[place], share)
        widths[place] = floors[place] + more
        spare -= more
    if texts:
        growing = [place for place in texts if section.columns[place].grows]
        widths[max(growing or texts, key=lambda place: natural[place])] += max(spare, 0)
        return widths
    return [width + spare / len(widths) for width in widths]


def _longest_word(section: Section, place: int, size: float) -> float:
    """The width below which a word of the column (the number of a document) would be broken."""
    column = section.columns[place]
    words = {
        (word, row.kind is not RowKind.LINE)
        for row in section.rows
        if row.kind is not RowKind.HEADING
        for word in clean(shown(row.cells[place], column)).split(" ")
    }
    return max((width_of(word, size, bold=bold) for word, bold in words), default=0)
