"""Shares the rows of grids out among pages: heads repeated, totals not alone, nothing cut."""

from dataclasses import dataclass, field
from typing import Final

from pos_app.language import printed
from pos_app.reports.draw.grid import Grid, Line
from pos_app.reports.draw.page import LEADING, MARGIN, Drawing, wrapped
from pos_app.reports.model.report import RowKind

REMARK_SIZE: Final = 9.0
#: Three centimetres: a telephone reads it at arm's length.
PICTURE_SIDE: Final = 85.0
_SECTION: Final = 10.5
_SECTION_SPACE: Final = 14.0


@dataclass
class Part:
    """Rows of one section on one page."""

    grid: Grid
    title: str
    lines: list[Line] = field(default_factory=list)

    def height(self) -> float:
        """All of it, with its title and its head."""
        return self.title_height() + self.grid.head.height + sum(line.height for line in self.lines)

    def title_height(self) -> float:
        """The title and the space above it."""
        return _SECTION_SPACE + (_SECTION * LEADING if self.title else 0)

    def draw(self, drawing: Drawing, top: float) -> float:
        """Draw it; gives where the next one begins."""
        top += _SECTION_SPACE
        if self.title:
            drawing.text(self.title, self.grid.left, top + _SECTION, _SECTION, bold=True)
            top += _SECTION * LEADING
        top = self.grid.draw_head(drawing, top)
        for line in self.lines:
            top = self.grid.draw(drawing, line, top)
        return top


@dataclass
class Sheet:
    """What stands on one page: parts of sections, and remarks and pictures below them."""

    parts: list[Part] = field(default_factory=list)
    remarks: list[tuple[str, bool]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)

    def draw(self, drawing: Drawing, top: float) -> None:
        """Draw all of it below `top`."""
        for part in self.parts:
            top = part.draw(drawing, top)
        for text, bold in self.remarks:
            top += REMARK_SIZE * LEADING + (REMARK_SIZE if text.startswith("\n") else 0)
            drawing.text(text.lstrip("\n"), MARGIN, top, REMARK_SIZE, bold=bold)
        for png in self.pictures:
            drawing.picture(png, MARGIN, top + REMARK_SIZE, (PICTURE_SIDE, PICTURE_SIDE))
            top += REMARK_SIZE + PICTURE_SIDE


class Layout:
    """Pages with so much room each; the first may have less, below a letterhead.

    A row that is higher than a whole page stands on one of its own, and runs over its foot.
    """

    def __init__(self, first_room: float, room: float) -> None:
        self.pages = [Sheet()]
        self._room = room
        self._left = first_room

    def add(self, grid: Grid, title: str) -> None:
        """Add all rows of a section."""
        part = self._begin(grid, title)
        for line in grid.lines:
            part = self._add(part, line, title)

    def remark(self, text: str, width: float, *, bold: bool = False) -> None:
        """Add a paragraph below what stands there."""
        for place, words in enumerate(wrapped(text, width, REMARK_SIZE, bold=bold)):
            height = REMARK_SIZE * LEADING + (0 if place else REMARK_SIZE)
            if height > self._left:
                self._turn()
            self.pages[-1].remarks.append((words if place else f"\n{words}", bold))
            self._left -= height

    def picture(self, png: bytes) -> None:
        """Add a square picture below the paragraphs."""
        height = REMARK_SIZE + PICTURE_SIDE
        if height > self._left:
            self._turn()
        self.pages[-1].pictures.append(png)
        self._left -= height

    def _begin(self, grid: Grid, title: str) -> Part:
        part = Part(grid, title)
        # A head without at least two rows below it would stand alone at the foot of a page.
        needed = part.height() + sum(line.height for line in grid.lines[:2])
        if needed > self._left and self.pages[-1].parts:
            self._turn()
        self.pages[-1].parts.append(part)
        self._left -= part.height()
        return part

    def _add(self, part: Part, line: Line, title: str) -> Part:
        if line.height > self._left and part.lines:
            carried: list[Line] = []
            # A total does not stand alone on a page: what it sums comes with it.
            if line.kind in (RowKind.SUBTOTAL, RowKind.TOTAL) and len(part.lines) > 1:
                carried = [part.lines.pop()]
            self._turn()
            part = Part(part.grid, printed("{title} (continued)", title=title) if title else "", carried)
            self.pages[-1].parts.append(part)
            self._left -= part.height()
        part.lines.append(line)
        self._left -= line.height
        return part

    def _turn(self) -> None:
        self.pages.append(Sheet())
        self._left = self._room
