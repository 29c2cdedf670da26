"""A report as it is looked at on a till's screen: texts ready to be drawn, and bars."""

from typing import Final, NamedTuple

from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.report import CellKind, Report, RowKind, Section

#: So many lines of a section are shown; all of them are in the office's files.
MOST_LINES: Final = 500
#: So many bars can be told apart.
MOST_BARS: Final = 12


class Line(NamedTuple):
    """A line as it is read; `strong` is a sum or a heading."""

    cells: tuple[str, ...]
    strong: bool


class Bar(NamedTuple):
    """A line's figure, as it is drawn (minor units, thousandths or a number) and as it is read."""

    name: str
    value: int
    text: str


class Part(NamedTuple):
    """A section: its heads, which of them are figures and which take the room that is left; its lines, and
    how many more there are.
    """

    title: str
    heads: tuple[str, ...]
    figures: tuple[bool, ...]
    grows: tuple[bool, ...]
    lines: tuple[Line, ...]
    more: int


class Page(NamedTuple):
    """A report as it is shown; `bars` are of the figure named `of`."""

    title: str
    scope: str
    days: str
    parts: tuple[Part, ...]
    bars: tuple[Bar, ...]
    of: str
    notes: tuple[str, ...]
    findings: tuple[str, ...]


def page_of(report: Report) -> Page:
    """A report as it is shown, in the language in force: not more of it than a person looks through."""
    bars, of = _bars(report)
    days = f"{report.period.last:%Y-%m-%d}"
    if report.period.first not in (None, report.period.last):
        days = f"{report.period.first:%Y-%m-%d} – {days}"
    parts = tuple(_part(section) for section in report.sections)
    return Page(report.title, report.scope, days, parts, bars, of, report.notes, report.findings)


def _part(section: Section) -> Part:
    lines = tuple(
        Line(
            tuple(shown(cell, column) for cell, column in zip(row.cells, section.columns, strict=True)),
            row.kind is not RowKind.LINE,
        )
        for row in section.rows[:MOST_LINES]
    )
    return Part(
        section.title,
        tuple(title(column) for column in section.columns),
        tuple(column.kind is not CellKind.TEXT for column in section.columns),
        tuple(column.grows for column in section.columns),
        lines,
        max(len(section.rows) - MOST_LINES, 0),
    )


def _bars(report: Report) -> tuple[tuple[Bar, ...], str]:
    """The last sums of money of the first section that has some, by name; the largest of too many."""
    for section in report.sections:
        places = [at for at, column in enumerate(section.columns) if column.kind is CellKind.MONEY]
        rows = [row.cells for row in section.rows if row.kind is RowKind.LINE]
        if not places or len(rows) < 2:
            continue
        place = places[-1]
        column = section.columns[place]
        found = [
            Bar(shown(cells[0], section.columns[0]), value, shown(value, column))
            for cells in rows
            if isinstance(value := cells[place], int)
        ]
        if len(found) > MOST_BARS:
            found = sorted(found, key=lambda bar: -abs(bar.value))[:MOST_BARS]
        return tuple(found), title(column)
    return (), ""
