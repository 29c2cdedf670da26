"""Files of master data, out and in again: CSV and XLSX say the same, and what comes back changes nothing."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.files.csv_file import open_csv
from tests.support.refused import refused
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

HEAD = (
    "sku",
    "name",
    "price",
    "barcode",
    "category",
    "unit",
    "business",
    "type",
    "on_shelf",
    "shelf_place",
    "cost",
)
#: Names that files, spreadsheets or we could take for something else.
ODD = (
    "=1+1",
    "'=x",
    "+254",
    "-",
    "'-",
    "@home",
    "a,b;c",
    'say "so"',
    "Ähre ©",
    "_x0041_",
    "TRUE",
    "0012",
    "1E5",
)
names = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20),
)
rows = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda number: f"{number:05d}"),
        names,
        st.decimals("0", "99999", places=4).map(str),
        st.sampled_from(("", "4006381333931", "5901234123457|OWN-1", "29000000000", "96385074")),
        st.one_of(st.just(""), names),
        st.sampled_from(("", "kg", "l", "m")),
        st.just("MAIN"),
        st.sampled_from(("", "goods", "service", "deposit", "voucher", "metered", "laundry")),
        st.sampled_from(("", "yes", "no")),
        st.sampled_from(("", "1", "17")),
        st.sampled_from(("", "12.50")),
    ),
    min_size=1,
    max_size=25,
)


def written(path: Path, cells: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(cells)
    return path


def state(line: Line) -> list[Any]:
    """Every row that the imports write, with the stamp of who wrote it last, and how long the log is."""
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        found: list[Any] = []
        for table in (
            "product",
            "product_barcode",
            "product_supply",
            "returnable_pair",
            "reorder_level",
            "party",
            "party_role",
        ):
            found += sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")).all()))
        log = "SELECT count(*) FROM audit_log WHERE action <> 'import' AND action <> 'export'"
        return [*found, connection.scalar(text(log))]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=rows)
def test_what_is_exported_and_imported_again_changes_nothing(
    line: Line, tmp_path: Path, found: list[tuple[str, ...]]
) -> None:
    line.run("import", "products", written(tmp_path / "in.csv", [HEAD, *found]))
    before = state(line)
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"out.{ending}"
        exported = line.ok("export", "products", path, by="")["exported"]
        done = line.ok("import", "products", path, by="")
        assert (done["imported"], done["refused"]) == (exported, 0), done
        assert state(line) == before


def test_customers_go_out_and_come_in_again(line: Line, tmp_path: Path) -> None:
    line.ok(
        "parties", "add", "OUT1", "--name", "=Hotel", "--role", "customer:30:20000.00", "--phone", "+254 722",
        "--address", "Moi Avenue", "--tax-number", "P051234567X",
    )  # fmt: skip
    line.ok("parties", "edit", "OUT1", "--inactive")
    before = state(line)
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"customers.{ending}"
        line.ok("export", "customers", path, by="")
        assert line.ok("import", "customers", path, by="")["refused"] == 0
        assert state(line) == before
    assert "may not" in line.refused("export", "customers", tmp_path / "stolen.csv", by="AUD")
    assert "ends in .csv or .xlsx" in line.refused("export", "customers", tmp_path / "list.ods", by="")


# --- workbooks of others -------------------------------------------------------------------------------


def book(path: Path, cells: Sequence[Sequence[Any]], merged: str = "") -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in cells:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    made.save(path)
    return path


def read(path: Path) -> list[tuple[int, dict[str, str], str]]:
    return [
        (row.line_no, row.values, getattr(row.reason, "code", ""))
        for row in open_csv(path, ("sku",), ("name", "price")).rows()
    ]


def test_a_workbook_says_what_its_cells_say(tmp_path: Path) -> None:
    import datetime

    path = book(
        tmp_path / "list.xlsx",
        [("SKU", "Name", "Price"), (4006381333931, "Pen", 2.125), (), ("0012", 7.5, "1250")],
    )
    assert read(path) == [
        (2, {"sku": "4006381333931", "name": "Pen", "price": "2.1250"}, ""),
        (4, {"sku": "0012", "name": "7.5", "price": "1250"}, ""),
    ]
    day = book(tmp_path / "day.xlsx", [("sku", "name"), (datetime.date(2026, 3, 12), "x")])
    assert read(day)[0][2] == "identifier-became-day"


def test_a_formula_that_nobody_reckoned_and_merged_cells_are_told(tmp_path: Path) -> None:
    path = book(
        tmp_path / "formulas.xlsx",
        [("sku", "name", "price"), ("A", "Pen", "=1+1"), ("B", "Two", 1), ("C", None, 2), ("D", "Last", 3)],
        merged="B3:B4",
    )
    assert [(row, code) for row, _, code in read(path)] == [
        (2, "xlsx-formula"), (3, "xlsx-merged"), (4, "xlsx-merged"), (5, ""),
    ]  # fmt: skip


def test_a_formula_is_what_it_came_to(tmp_path: Path) -> None:
    path = reworked(
        book(tmp_path / "list.xlsx", [("sku", "price"), ("A", "=1+1")]),
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b"<v></v>", b"<v>2.5</v>")
            .replace(b"<v />", b"<v>2.5</v>")
            .replace(b"<v/>", b"<v>2.5</v>")
        ),
    )
    assert [values["price"] for _, values, _ in read(path)] == ["2.5"]


def reworked(path: Path, part: str, change: Any) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    path.write_bytes(out.getvalue())
    return path


def test_a_million_empty_rows_are_none(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_048_577))
    path = reworked(
        book(tmp_path / "list.xlsx", [("sku", "name"), ("A", "Pen")]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    assert [row for row, _, _ in read(path)] == [2]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/workbook.xml", b"not XML"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
    ],
)
def test_a_workbook_that_is_none_is_a_sentence(tmp_path: Path, part: str, content: bytes) -> None:
    path = reworked(book(tmp_path / "list.xlsx", [("sku",), ("A",)]), part, lambda _: content)
    with refused("xlsx-damaged"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_grows_within_is_refused_wherever_it_is_declared(tmp_path: Path, encoding: str) -> None:
    """Ten letters that come to thousands, behind more of a comment than anybody looks at."""

    def grown(xml: bytes) -> bytes:
        head, _, rest = xml.decode().partition("<worksheet")
        head = head.replace("UTF-8", encoding)
        inside = f'<!DOCTYPE worksheet [<!ENTITY a "{"x" * 9_000}">]>'
        return f"{head}<!--{'-x' * 20_000}-->{inside}<worksheet{rest}".encode(encoding)

    path = book(tmp_path / "list.xlsx", [("sku", "name"), ("A", "Pen")])
    with refused("xlsx-damaged"):
        read(reworked(path, "xl/worksheets/sheet1.xml", grown))


def test_one_mistake_in_a_hundred_thousand_rows_is_told_once(line: Line, tmp_path: Path) -> None:
    many = [(f"M{number}", "Many", "dear") for number in range(20_000)]
    path = written(tmp_path / "many.csv", [("sku", "name", "price"), *many])
    done = line.run("import", "products", path)
    assert done.code == 1
    (cause,) = done.values["reasons"]
    assert (cause["count"], len(cause["rows"])) == (20_000, 20)
