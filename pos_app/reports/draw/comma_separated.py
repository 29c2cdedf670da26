"""A report as CSV (RFC 4180, UTF-8): one table with one head, for programs and spreadsheets.

Decisions
---------
2026-11-21  RFC 4180 wants the same fields on every line, so sections do not follow each other with
heads of their own: the columns of all sections stand side by side, and the first two say of which
section a line is and whether it is a fact or a sum of the lines above ("line", "subtotal", "total").

2026-11-21  A text that begins with = + - @ or a control character gets an apostrophe in front
(OWASP, CSV Injection): a spreadsheet would run it, and names come from whoever typed them.  The
export of the journal is for programs and stays as it is.
"""

import csv
import io
from typing import Final

from pos_app.reports.model.cell_text import plain, title
from pos_app.reports.model.report import Cell, Column, Report, RowKind

_COMMANDS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def comma_separated(report: Report) -> str:
    """The whole report; lines end with carriage return and line feed."""
    columns = list(dict.fromkeys(title(column) for section in report.sections for column in section.columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["section", "row", *columns])
    for section in report.sections:
        heads = [title(column) for column in section.columns]
        for row in section.rows:
            if row.kind is RowKind.HEADING:
                continue
            cells = {
                head: _cell(cell, column)
                for head, cell, column in zip(heads, row.cells, section.columns, strict=True)
            }
            writer.writerow(
                [_harmless(section.title), row.kind.value, *(cells.get(name, "") for name in columns)]
            )
    return text.getvalue()


def _cell(cell: Cell, column: Column) -> str:
    return _harmless(cell) if isinstance(cell, str) else plain(cell, column)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_COMMANDS) else text
