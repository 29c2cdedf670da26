"""Reports as XLSX, read back by another library than the one that wrote them."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from pos_app.reports.draw.workbook import workbook
from pos_app.reports.model.report import CellKind, Column, Row, Section
from tests.unit.reports.sample_reports import COMMANDS, LARGEST, currencies, ledger, report


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    book = opened(workbook(report((ledger(3),))))
    rows = list(book.active.iter_rows())
    head = next(place for place, row in enumerate(rows) if row[0].value == "Date")
    first, second = rows[head + 2], rows[head + 3]
    assert first[0].value == datetime(2026, 11, 1)  # noqa: DTZ001
    assert first[0].is_date
    assert [cell.data_type for cell in second[3:]] == ["n", "n", "n", "n"]
    assert second[3].value == 1.25
    assert first[6].value == LARGEST // 100
    assert first[6].number_format == "#,##0.00"
    assert second[5].value is None
    assert rows[-1][6].value == (3 * LARGEST - 3) / 100
    assert rows[-1][6].font.bold


def test_each_section_has_its_sheet_and_its_decimals() -> None:
    book = opened(workbook(report((ledger(1), currencies(), currencies()))))
    assert book.sheetnames == ["Sample", "Currencies", "Currencies 2"]
    row = next(row for row in book["Currencies"].iter_rows() if row[0].value == "One")
    assert [cell.value for cell in row[1:4]] == [1234.56, 123456, -123.456]
    assert [cell.number_format for cell in row[1:4]] == ["#,##0.00", "#,##0", "#,##0.000"]


@pytest.mark.parametrize(
    ("thousandths", "value", "form"),
    [
        (42_000, 42, "#,##0"),
        (1_250, 1.25, "#,##0.00"),
        (-500, -0.5, "#,##0.0"),
        (12_345_678, 12345.678, "#,##0.000"),
        (0, 0, "#,##0"),
    ],
)
def test_a_quantity_shows_the_decimals_that_it_has(thousandths: int, value: float, form: str) -> None:
    """Under one format for all, Excel writes 42 pieces as "42."."""
    section = Section("Goods", (Column("Quantity", CellKind.QUANTITY),), (Row((thousandths,)),))
    cell = list(opened(workbook(report((section,)))).active.iter_rows())[-1][0]
    assert (cell.value, cell.number_format) == (value, form)


@pytest.mark.parametrize(
    "text", [*COMMANDS, "{=1+1}", "http://example.org", "1234", "#N/A", "\x01\ufffe", ""]
)
def test_texts_stay_texts(text: str) -> None:
    section = Section(text or "x", (Column(text or "x"),), (Row((text,)),))
    book = opened(workbook(report((section,), organisation=text or "x", findings=(text or "x",))))
    for row in book.active.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert cell.data_type == "s" or cell.value is None
            assert cell.hyperlink is None
    last = list(book.active.iter_rows())[-1][0].value
    assert (last or "") == text.replace("\x01", " ").replace("\ufffe", " ")


@pytest.mark.parametrize("title", ["a/b:c*d?e[f]", "'quoted'", "History", "x" * 60, ":", "Currencies"])
def test_every_title_makes_a_sheet(title: str) -> None:
    section = Section(title, (Column("a"),), (Row(("b",)),))
    assert len(opened(workbook(report((section, section, section)))).sheetnames) == 3


def test_a_report_without_sections_is_a_workbook() -> None:
    assert opened(workbook(report(()))).sheetnames == ["Sample"]


def test_the_same_report_is_the_same_bytes() -> None:
    one = report((ledger(4),))
    assert workbook(one) == workbook(one)
    assert date(2026, 11, 1) in one.sections[0].rows[1].cells
