"""A report as an XLSX workbook: a sheet for each section, numbers as numbers, texts as nothing but text.

Decisions
---------
2026-11-21  XlsxWriter, not openpyxl: it only writes, which is all we need, is released several times a
year (3.3.1 now; openpyxl's last release is of 2024), and has a call for each kind of cell, so that a
name like "=1+1" cannot become a formula by its looks.  openpyxl reads the workbooks back in the tests.

2026-11-21  A spreadsheet holds IEEE doubles.  They are exact for 15 digits, which is ten times the
largest amount that a document may have in a currency of two decimals (`ledger.money.MOST_MINOR`).
"""

import re
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from pos_app.language import printed
from pos_app.reports.model.cell_text import number, shown, title
from pos_app.reports.model.report import Cell, CellKind, Column, Report, RowKind, Section

#: What Excel does not allow in the name of a sheet, and how long one may be.
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_NAME: Final = 31
#: The XML of a workbook cannot carry these.
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_TEXT: Final = 32_767
_WIDEST: Final = 60
#: Two workbooks of the same report are the same bytes.
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  the format knows no time zone


def workbook(report: Report) -> bytes:
    """The whole report as the bytes of an .xlsx file."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    names_of = {"title": _writable(report.title), "company": _writable(report.organisation)}
    book.set_properties(names_of | {"created": _MADE})
    styles = _Styles(book)
    names: set[str] = set()
    for section in report.sections:
        sheet = book.add_worksheet(_sheet_name(section.title or report.title, names))
        _Sheet(sheet, styles).fill(report, section)
    if not report.sections:
        book.add_worksheet(_sheet_name(report.title, names))
    book.close()
    return stream.getvalue()


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def _sheet_name(wished: str, taken: set[str]) -> str:
    plain = _FORBIDDEN.sub(" ", _writable(wished)).strip().strip("'")[:_MOST_NAME] or printed("Sheet")
    name, place = plain, 1
    while name.lower() in taken or name.lower() == "history":
        place += 1
        name = f"{plain[: _MOST_NAME - 4]} {place}"
    taken.add(name.lower())
    return name


class _Styles:
    """The formats of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def cell(self, column: Column, kind: RowKind, cell: Cell) -> Any:
        """The format of a cell under a column, in a row of a kind."""
        properties: dict[str, Any] = {"valign": "top"}
        match column.kind:
            case CellKind.MONEY:
                exponent = column.currency.exponent if column.currency else 2
                properties["num_format"] = "#,##0" + ("." + "0" * exponent if exponent else "")
            case CellKind.QUANTITY:
                # Excel shows 42 under "#,##0.###" as "42.", so each quantity has the decimals that it needs.
                decimals = len(shown(cell, column).partition(".")[2]) if cell is not None else 0
                properties["num_format"] = "#,##0" + ("." + "0" * decimals if decimals else "")
            case CellKind.NUMBER:
                properties["num_format"] = "#,##0"
            case CellKind.PERCENT:
                properties["num_format"] = "#,##0.0"
            case CellKind.DATE:
                properties |= {"num_format": "yyyy-mm-dd", "align": "left"}
            case CellKind.TEXT:
                properties["text_wrap"] = True
        if kind is not RowKind.LINE:
            properties["bold"] = True
        if kind in (RowKind.SUBTOTAL, RowKind.TOTAL):
            properties["top"] = 1 if kind is RowKind.SUBTOTAL else 6
        return self.of(**properties)


class _Sheet:
    """One section on one sheet: whose it is, the head, the rows."""

    def __init__(self, sheet: Any, styles: _Styles) -> None:
        self._sheet = sheet
        self._styles = styles

    def fill(self, report: Report, section: Section) -> None:
        bold = self._styles.of(bold=True)
        heads = (
            report.organisation,
            f"{report.title}, {report.period.words()}",
            report.scope,
            report.subject,
        )
        place = 0
        for line in (*heads, section.title, *report.findings, *report.notes):
            if line:
                self._text(place, 0, line, bold if place == 0 else self._styles.of())
                place += 1
        place += 1
        for across, column in enumerate(section.columns):
            align = {"align": column.align.value, "bottom": 1, "bold": True, "text_wrap": True}
            self._text(place, across, title(column), self._styles.of(**align))
        self._sheet.freeze_panes(place + 1, 0)
        self._sheet.repeat_rows(place)
        for down, row in enumerate(section.rows, place + 1):
            for across, (cell, column) in enumerate(zip(row.cells, section.columns, strict=True)):
                self._cell(down, across, cell, column, self._styles.cell(column, row.kind, cell))
        self._set_up(section)

    def _cell(self, down: int, across: int, cell: Cell, column: Column, style: Any) -> None:
        if cell is None:
            self._sheet.write_blank(down, across, None, style)
        elif isinstance(cell, str):
            self._text(down, across, cell, style)
        elif isinstance(cell, date):
            self._sheet.write_datetime(down, across, cell, style)
        else:
            self._sheet.write_number(down, across, number(cell, column), style)

    def _text(self, down: int, across: int, text: str, style: Any) -> None:
        """A text, whatever it begins with."""
        self._sheet.write_string(down, across, _writable(text)[:_MOST_TEXT], style)

    def _set_up(self, section: Section) -> None:
        for across, column in enumerate(section.columns):
            longest = max((len(shown(row.cells[across], column)) for row in section.rows), default=0)
            self._sheet.set_column(across, across, min(max(longest, len(title(column))) + 2, _WIDEST))
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        if len(section.columns) > 5:
            self._sheet.set_landscape()
