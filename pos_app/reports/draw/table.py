"""A report as text for a terminal: columns side by side, numbers to the right, long names wrapped."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from pos_app.language import printed
from pos_app.reports.model.cell_text import shown, title
from pos_app.reports.model.report import Align, Column, Report, Row, RowKind, Section

#: Cells; a text column is never wider, what is longer goes on below.
MOST_TEXT: Final = 36
_GAP: Final = "  "


def table(report: Report) -> str:
    """The whole report; lines end with a line feed."""
    head = [report.organisation, f"{report.title}, {report.period.words()}", report.scope]
    lines = [line for line in (*head, *report.sender, report.subject) if line]
    for section in report.sections:
        lines += ["", *([section.title] if section.title else []), *_section(section)]
    lines += ["", *(printed("Note: {note}", note=note) for note in report.notes)] if report.notes else []
    lines += (
        ["", *(printed("DOES NOT AGREE: {finding}", finding=finding) for finding in report.findings)]
        if report.findings
        else []
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    heads = [_wrapped(title(column), _most(column)) for column in section.columns]
    bodies: list[list[list[str]]] = [
        # A heading goes across: it makes no column wider.
        [[""]] * len(section.columns)
        if row.kind is RowKind.HEADING
        else [
            _wrapped(clean(shown(cell, column)), _most(column))
            for cell, column in zip(row.cells, section.columns, strict=True)
        ]
        for row in section.rows
    ]
    widths = [
        max(cells_wide(line) for cell in (heads[place], *(body[place] for body in bodies)) for line in cell)
        for place in range(len(section.columns))
    ]
    rule = _GAP.join("-" * width for width in widths)
    yield from _lines(heads, widths, section.columns)
    yield rule
    for row, body in zip(section.rows, bodies, strict=True):
        if row.kind in (RowKind.SUBTOTAL, RowKind.TOTAL):
            yield _rule_above(row, section.columns, widths)
        if row.kind is RowKind.HEADING:
            yield clean(str(row.cells[0]))
        else:
            yield from _lines(body, widths, section.columns)
    if not section.rows:
        yield printed("(nothing)")


def _rule_above(row: Row, columns: Sequence[Column], widths: Sequence[int]) -> str:
    sign = "=" if row.kind is RowKind.TOTAL else "-"
    return _GAP.join(
        (sign if column.align is Align.RIGHT and cell is not None else " ") * width
        for cell, column, width in zip(row.cells, columns, widths, strict=True)
    )


def _lines(cells: Sequence[Sequence[str]], widths: Sequence[int], columns: Sequence[Column]) -> Iterator[str]:
    for parts in zip_longest(*cells, fillvalue=""):
        yield _GAP.join(
            _padded(part, width, column.align)
            for part, width, column in zip(parts, widths, columns, strict=True)
        )


def _padded(text: str, width: int, align: Align) -> str:
    blanks = " " * (width - cells_wide(text))
    return blanks + text if align is Align.RIGHT else text + blanks


def _most(column: Column) -> int:
    """Numbers are never broken."""
    return MOST_TEXT if column.align is Align.LEFT else 1_000


def _wrapped(text: str, most: int) -> list[str]:
    """Lines of at most so many cells, broken at blanks; a longer word is broken where it must be."""
    lines, line = [], ""
    for word in text.split(" "):
        rest = word
        if line and cells_wide(line) + 1 + cells_wide(rest) > most:
            lines.append(line)
            line = ""
        while cells_wide(rest) > most:
            head = _head(rest, most)
            lines.append(head)
            rest = rest[len(head) :]
        line = f"{line} {rest}" if line else rest
    return [*lines, line]


def _head(text: str, most: int) -> str:
    for end in range(len(text), 1, -1):
        if cells_wide(text[:end]) <= most:
            return text[:end]
    return text[:1]


def cells_wide(text: str) -> int:
    """How many cells of a terminal a text takes: wide signs two, combining ones none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def clean(text: str) -> str:
    """Without control characters: a customer's name must not steer the terminal of who reads it."""
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in text)
