"""Charts of reports, drawn on the server: where bars, ticks and words of an SVG stand, in whole units.

A chart shows what the table below it says, for who would rather look than read; no figure is its own.
Shapes have classes and no style, so that the policy of the pages holds and the look follows the tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pos_app.language import web_text
from pos_app.ledger.money import grouped_text
from pos_app.reports.model.cell_text import shown
from pos_app.reports.model.report import CellKind, Column, Report, RowKind, Section


class Shape(Enum):
    """How figures are drawn: names below each other, or time from left to right."""

    NAMES = "names"
    TIME = "time"


@dataclass(frozen=True)
class Bar:
    """A bar; one below nothing is told apart by more than its colour: it lies on the other side."""

    x: int
    y: int
    width: int
    height: int
    is_below: bool


@dataclass(frozen=True)
class Word:
    """A text of a chart, and to which side of its place it goes: start, middle, end."""

    x: int
    y: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Stroke:
    """A line of the grid; the one at nothing is stronger."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_zero: bool


@dataclass(frozen=True)
class Chart:
    """What a page draws: `points` are those of a trend where there are too many bars."""

    title: str
    told: str
    width: int
    height: int
    shape: str
    bars: tuple[Bar, ...]
    words: tuple[Word, ...]
    strokes: tuple[Stroke, ...]
    points: str = ""


@dataclass(frozen=True)
class Figure:
    """A named value: minor units, thousandths or a number."""

    name: str
    value: int


#: The size in the chart's own units; a phone shows them smaller.
_WIDE: Final = 480
_HIGH: Final = 170
_LEFT: Final = 84
_NAMES: Final = 156
_ROW: Final = 26
_TOP: Final = 10
_BELOW: Final = 28
#: Where more would be read by nobody: the longest bars are drawn, and all of them stand in the table.
MOST_NAMES: Final = 15
MOST_BARS: Final = 62
MOST_POINTS: Final = 800
_MOST_TICKS: Final = 4
_NAME_LETTERS: Final = 21
_MOST_LABELS: Final = 7


def chart(section: Section, label: int, value: int, shape: Shape, title: str) -> Chart | None:
    """Of the lines of a section: the columns of names and of values.  None where two lines cannot be compared
    or nothing is counted.
    """
    column = section.columns[value]
    figures = [
        Figure(shown(row.cells[label], section.columns[label]), cell)
        for row in section.rows
        if row.kind is RowKind.LINE and isinstance(cell := row.cells[value], int)
    ]
    if len(figures) < 2 or not any(figure.value for figure in figures):
        return None
    drawn = _by_name(figures, column) if shape is Shape.NAMES else _over_time(figures, column)
    return Chart(title, _told(figures, column), *drawn)


_Drawn = tuple[int, int, str, tuple[Bar, ...], tuple[Word, ...], tuple[Stroke, ...], str]


def _told(figures: Sequence[Figure], column: Column) -> str:
    """What the chart shows, for who cannot see it."""
    most, least = max(figures, key=_value), min(figures, key=_value)
    return web_text(
        "{column}: the most {most} ({most_name}), the least {least} ({least_name}); all are in the table.",
        column=column.title,
        most=_text(most.value, column),
        most_name=most.name,
        least=_text(least.value, column),
        least_name=least.name,
    )


def _value(figure: Figure) -> int:
    return figure.value


def _text(value: int, column: Column) -> str:
    return f"{shown(value, column)} {column.currency.code if column.currency else ''}".strip()


def _by_name(figures: list[Figure], column: Column) -> _Drawn:
    """Names below each other: those that differ most from nothing, as the table has them in order."""
    longest = sorted(range(len(figures)), key=lambda at: -abs(figures[at].value))[:MOST_NAMES]
    chosen = [figures[at] for at in sorted(longest)]
    scale = _Scale(min(0, *map(_value, chosen)), max(0, *map(_value, chosen)), column)
    height = _TOP + _ROW * len(chosen)
    room = _WIDE - _NAMES - 10

    def across(value: int) -> int:
        return _NAMES + (value - scale.low) * room // scale.span

    bars, words = [], []
    for at, figure in enumerate(chosen):
        top, zero, end = _TOP + at * _ROW, across(0), across(figure.value)
        bars.append(Bar(min(zero, end), top + 4, max(1, abs(end - zero)), _ROW - 10, figure.value < 0))
        words.append(Word(_NAMES - 8, top + 17, _short(figure.name), "end"))
    strokes = [Stroke(across(one), _TOP, across(one), height, one == 0) for one in scale.ticks]
    words += [Word(across(one), height + 20, scale.words(one), "middle") for one in scale.ticks[:-1]]
    words.append(Word(across(scale.ticks[-1]), height + 20, scale.words(scale.ticks[-1]), "end"))
    return _WIDE, height + _BELOW, Shape.NAMES.value, tuple(bars), tuple(words), tuple(strokes), ""


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LETTERS else f"{name[: _NAME_LETTERS - 1].rstrip()}…"


def _over_time(figures: list[Figure], column: Column) -> _Drawn:
    """From left to right; where there are many, a line through the last of them."""
    chosen = figures[-MOST_POINTS:]
    scale = _Scale(min(0, *map(_value, chosen)), max(0, *map(_value, chosen)), column)
    room, count = _WIDE - _LEFT, len(chosen)

    def up(value: int) -> int:
        return _TOP + (scale.high - value) * _HIGH // scale.span

    bars, points = [], []
    for at, figure in enumerate(chosen):
        left, right = _LEFT + at * room // count, _LEFT + (at + 1) * room // count
        zero, end = up(0), up(figure.value)
        gap = 1 if right - left < 8 else (right - left) // 6
        bars.append(
            Bar(
                left + gap,
                min(zero, end),
                max(1, right - left - 2 * gap),
                max(1, abs(end - zero)),
                end > zero,
            )
        )
        points.append(f"{(left + right) // 2},{end}")
    every = -(-count // _MOST_LABELS)
    words = [
        Word(
            (_LEFT * 2 + (2 * at + 1) * room // count) // 2,
            _TOP + _HIGH + 20,
            _when(chosen[at].name),
            "middle",
        )
        for at in range(every // 2, count, every)
    ]
    words += [Word(_LEFT - 8, up(one) + 5, scale.words(one), "end") for one in scale.ticks]
    strokes = tuple(Stroke(_LEFT, up(one), _WIDE, up(one), one == 0) for one in scale.ticks)
    is_trend = count > MOST_BARS
    return (
        _WIDE,
        _TOP + _HIGH + _BELOW,
        Shape.TIME.value,
        () if is_trend else tuple(bars),
        tuple(words),
        strokes,
        " ".join(points) if is_trend else "",
    )


def _when(name: str) -> str:
    """What is short enough to stand below a bar: 11-20 of a day, 14 of an hour."""
    if len(name) >= 10 and name[4:5] == "-" and name[7:8] == "-":
        return name[5:10]
    return name[:5]


class _Scale:
    """From a low to a high value, with ticks at round ones."""

    def __init__(self, low: int, high: int, column: Column) -> None:
        step = _step(max(1, high - low))
        self.low, self.high = low // step * step, -(-high // step) * step
        self.span = max(1, self.high - self.low)
        self.ticks = range(self.low, self.high + 1, step)
        self._column = column

    def words(self, value: int) -> str:
        """As short as it can be said: whole units where the ticks are whole."""
        column = self._column
        if column.kind is CellKind.MONEY and column.currency is not None:
            return _whole(grouped_text(value, column.currency))
        return _whole(shown(value, column))


def _step(span: int) -> int:
    """A 1, 2 or 5 with zeros that parts a span into a few."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if span <= digit * power * _MOST_TICKS:
                return digit * power
        power *= 10


def _whole(text: str) -> str:
    whole, point, part = text.partition(".")
    return whole if point and not part.strip("0") else text


@dataclass(frozen=True)
class Drawing:
    """What of a report is drawn: the section at a place, its columns, how."""

    label: int
    value: int
    shape: Shape
    section: int = 0


#: By report.  Of a report with a section a currency the same is drawn of each of them (see `drawings`).
DRAWN: Final = {
    "sales-by-hour": Drawing(0, 4, Shape.TIME),
    "sales-totals": Drawing(0, 4, Shape.TIME, section=1),
    "sales-by-product": Drawing(1, 7, Shape.NAMES),
    "sales-by-cashier": Drawing(1, 6, Shape.NAMES),
    "sales-by-till": Drawing(0, 9, Shape.NAMES),
    "cashiers": Drawing(1, 10, Shape.NAMES),
    "margins": Drawing(0, 3, Shape.NAMES),
    "meter-consumption": Drawing(1, 7, Shape.NAMES),
    "slow-stock": Drawing(1, 6, Shape.NAMES),
}
_DRAWER_SECTIONS: Final = 3


def charts(report: Report) -> dict[int, Chart]:
    """The charts of a report by the places of the sections that they stand in."""
    found = {}
    for place, drawing in _drawings(report):
        if place < len(report.sections):
            section = report.sections[place]
            title = f"{report.title}, {section.title}" if section.title else report.title
            made = chart(section, drawing.label, drawing.value, drawing.shape, title)
            if made is not None:
                found[place] = made
    return found


def _drawings(report: Report) -> list[tuple[int, Drawing]]:
    if report.name == "drawer-differences":
        # Till by till, and of one till close after close.
        found = []
        for place in range(0, len(report.sections), _DRAWER_SECTIONS):
            tills = [row for row in report.sections[place].rows if row.kind is RowKind.LINE]
            each = len(tills) == 1
            drawing = Drawing(0, 6, Shape.TIME) if each else Drawing(0, 5, Shape.NAMES)
            found.append((place + 2 if each else place, drawing))
        return found
    drawing_of = DRAWN.get(report.name)
    return [] if drawing_of is None else [(drawing_of.section, drawing_of)]
