"""`bohari label`: sheets, rolls and receipt printers, codes for what has none, and what cannot be printed."""

import json
from pathlib import Path
from typing import Final

import pytest
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no stubs
from pyzbar import pyzbar

from pos_app.devices.preview import picture
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

CASE: Final = "16001234567896"
GTIN: Final = "4006381333931"


def scanned(pdf: Path) -> set[str]:
    document = PdfDocument(pdf)
    pages = [page.render(scale=300 / 72, grayscale=True).to_pil() for page in document]
    return {one.data.decode() for page in pages for one in pyzbar.decode(page)}


@pytest.fixture
def soda(line: Line, tmp_path: Path) -> Line:
    file = tmp_path / "at-first.csv"
    file.write_text(
        "sku,name,price,business,unit,active,barcode,packs\n"
        f"SODA,Thing SODA,25,MAIN,pc,yes,{GTIN},\nBREAD,Thing BREAD,25,MAIN,pc,yes,-,\n"
    )
    line.ok("import", "products", file)
    return line


def test_labels_of_goods_and_their_cases_are_read_by_another_reader(soda: Line, tmp_path: Path) -> None:
    soda.ok("pack", "add", "SODA", "case", "--pieces", "12", "--price", "250")
    bare = soda.run("label", "print", "--words", "SODA", "--packs", "--output", tmp_path / "no.pdf")
    # With the code of the piece on it, a case would be rung up as one.
    assert json.loads(bare.stdout)["code"] == "label-case-without-code"
    soda.ok("pack", "edit", "SODA", "case", "--barcode", CASE)
    sheet, roll = tmp_path / "sheet.pdf", tmp_path / "roll.pdf"
    wanted = "--words", "SODA", "--packs"
    soda.ok("label", "print", *wanted, "--output", sheet, "--sheet", "a4-3x8", "--copies", "2", by="")
    assert len(PdfDocument(sheet)) == 1
    assert scanned(sheet) == {GTIN, CASE}
    soda.ok("label", "print", *wanted, "--output", roll, "--sheet", "roll-80x50", "--kind", "qr", by="")
    assert len(PdfDocument(roll)) == 2
    assert scanned(roll) == {GTIN, CASE}


def test_codes_are_given_once(soda: Line) -> None:
    given = soda.ok("label", "codes", "--words", "BREAD")["products"]
    assert [one["sku"] for one in given] == ["BREAD"]
    assert given[0]["barcodes"][-1].startswith("29")
    assert soda.ok("label", "codes", "--words", "BREAD")["products"] == []
    soda.ok("product", "edit", "BREAD", "--barcode", "-")
    soda.ok("rule", "set", "in_store_prefix", "27", by="OWN")
    again = soda.ok("label", "codes", "--words", "BREAD")["products"][0]["barcodes"]
    assert again[-1].startswith("27")
    soda.ok("rule", "set", "in_store_prefix", "29", by="OWN")
    soda.ok("product", "edit", "BREAD", "--barcode", "-")
    third = soda.ok("label", "codes", "--words", "BREAD")["products"][0]["barcodes"]
    assert not {*third} & {*again, *given[0]["barcodes"]}


def test_a_roll_of_the_receipt_printer(soda: Line, tmp_path: Path) -> None:
    folder = tmp_path / "roll"
    folder.mkdir()
    answer = soda.ok(
        "label", "print", "--words", "SODA", "--printer", f"folder://{folder}", "--copies", "3", by=""
    )
    assert answer["printed"] == 3
    jobs = sorted(folder.iterdir())
    assert len(jobs) == 3
    assert [one.data.decode() for one in pyzbar.decode(picture(jobs[0].read_bytes()))] == [GTIN]


def test_what_cannot_be_printed_says_what_to_do(soda: Line, tmp_path: Path) -> None:
    file, gone = str(tmp_path / "x.pdf"), f"folder://{tmp_path}/x.pdf/no"
    (tmp_path / "x.pdf").write_text("a file, and no folder")
    for told, code in (
        (["--output", file, "--copies", "100000"], "labels-copies"),
        (["--output", file, "--sheet", "a4-99x99"], "labels-sheet-unknown"),
        (["--output", file, "--kind", "runes"], "label-kind-unknown"),
        (["--output", file, "--words", "SODA", "--kind", "ean8"], "label-code-unfit"),
        (["--output", file, "--words", "nothing of that name"], "labels-none"),
        ([], "label-file-or-printer"),
        (["--output", file, "--printer", "memory://"], "label-file-or-printer"),
        (["--printer", "memory://", "--roll", "70", "--words", "SODA"], "label-roll-width"),
        (["--printer", gone, "--words", "SODA"], "label-roll-ended"),
    ):
        assert json.loads(soda.run("label", "print", *told).stdout)["code"] == code, told
