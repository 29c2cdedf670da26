"""A person may say what the columns, numbers, days and the sheet of a file are; nothing else is believed."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pos_app.files.csv_file import Chosen, look_at, open_csv
from pos_app.files.day_notation import DayOrder
from pos_app.files.number_notation import Mark
from tests.support.refused import refused

FIELDS = ("sku", "name", "price", "date")


def written(folder: Path, text: str | bytes, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_columns_are_what_they_are_said_to_be(tmp_path: Path) -> None:
    path = written(tmp_path, "Artikel;Was;Betrag;Wann\nA;Eins;1.250;03/04/2026\n")
    seen = look_at(path)
    assert (seen.separator, seen.headings) == (";", ("Artikel", "Was", "Betrag", "Wann"))
    source = open_csv(path, ("sku",), FIELDS[1:], chosen=Chosen(FIELDS))
    assert [row.reason.code for row in source.rows()] == ["number-ambiguous"]  # type: ignore[attr-defined]
    chosen = Chosen(FIELDS, Mark.COMMA, DayOrder.MONTH)
    source = open_csv(path, ("sku",), FIELDS[1:], chosen=chosen)
    assert [row.values for row in source.rows()] == [
        {"sku": "A", "name": "Eins", "price": "1250", "date": "2026-03-04"}
    ]
    left_out = open_csv(path, ("sku",), FIELDS[1:], chosen=Chosen(("sku", "", "", "")))
    assert any("Was, Betrag, Wann" in note for note in left_out.notes)
    with refused("csv-columns-changed"):
        open_csv(path, ("sku",), chosen=Chosen(("sku",)))
    with refused("csv-column-missing"):
        open_csv(path, ("sku",), FIELDS[1:], chosen=Chosen(("", "name", "", "")))
    with refused("csv-column-twice"):
        open_csv(path, ("sku",), FIELDS[1:], chosen=Chosen(("sku", "name", "name", "")))


def test_a_workbook_of_several_sheets(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for title, hidden in (("Values", True), ("Goods", False), ("More", False)):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["sku", "name"])
            sheet.write_row(1, 0, [title, title])
            sheet.write_formula(2, 0, '="X"', None, "X")
            if hidden:
                sheet.hide()
            if title == "Goods":
                sheet.activate()
                sheet.set_first_sheet()
    source = open_csv(path, ("sku", "name"))
    assert [row.values["sku"] for row in source.rows()] == ["Goods", "X"]
    assert {getattr(note, "code", "") for note in source.notes} >= {"xlsx-sheets", "xlsx-formulas-taken"}
    source = open_csv(path, ("sku", "name"), chosen=Chosen(sheet="Values"))
    assert [row.values["sku"] for row in source.rows()] == ["Values", "X"]
    with refused("xlsx-sheet-unknown"):
        open_csv(path, ("sku", "name"), chosen=Chosen(sheet="None"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"<HTML><table>", "HTML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        (b"{\\rtf1", "RTF"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, content: bytes, what: str) -> None:
    with refused("csv-is-other") as error:
        open_csv(written(tmp_path, content), ("sku",))
    assert error.value.facts["what"] == what


def test_other_books_and_bombs(tmp_path: Path) -> None:
    for name, content, what in (
        ("xl/workbook.bin", b"x", "XLSB"),
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "ODS"),
        ("word/document.xml", b"<x/>", "DOCX"),
    ):
        path = tmp_path / "in.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(name, content)
        with refused("csv-is-other") as error:
            open_csv(path, ("sku",))
        assert error.value.facts["what"] == what
    path = tmp_path / "bomb.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["sku"])
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        for name, part in parts.items():
            more = b" " * (64 << 20) if name.endswith("sheet1.xml") else b""
            bomb.writestr(name, part.replace(b"<sheetData>", b"<sheetData>" + more))
    assert path.stat().st_size < 100_000
    with refused("xlsx-too-large"):
        open_csv(path, ("sku",))
