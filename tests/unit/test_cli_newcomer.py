"""What somebody who sets a shop up stumbles over: each says what there is, what lacks, and by which clock."""

import re
from pathlib import Path

import pytest

from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def said(line: Line, *words: str | Path, code: int = 1) -> str:
    ran = line.say(*words)
    assert ran.code == code, ran
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["enrol-code", "--depot", "MIAN"], "there are MAIN, WEST"),
        (["person", "add", "K1", "--name", "Kim", "--role", "cashir"], "cashier"),
        (["product", "show", "REFIL"], "the nearest is REFILL"),
        (["product", "show", "XYZ"], "bohari product list --words"),
        (["product", "add", "SOAP", "--name", "Soap", "--business", "MAIN"], "say --price 420.00"),
        (["product", "add", "SOAP", "--price", "50", "--business", "MAIN"], "say --name"),
    ],
)
def test_what_is_missing_is_named(line: Line, words: list[str], named: str) -> None:
    assert named in said(line, *words)


def test_a_file_brought_in_twice_says_what_it_changed(line: Line, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("sku,barcode,name,price,business\nTEA,5012345678900,Tea,90,MAIN\nMILK,,Milk,60,MAIN\n")
    assert "2 imported, 0 refused" in said(line, "import", "products", goods, code=0)
    assert "0 imported, 2 unchanged, 0 refused" in said(line, "import", "products", goods, code=0)
    goods.write_text("sku,barcode,name,price,business\nTEA,,Tea,90,MAIN\nMILK,,Milk,60,MAIN\n")
    # A barcode that is taken off is a change of its product.
    assert "1 imported, 1 unchanged" in said(line, "import", "products", goods, code=0)
    people = tmp_path / "customers.csv"
    people.write_text("code,name,phone\nC7,Asha,0722 1\n")
    assert "1 imported, 0 refused" in said(line, "import", "customers", people, code=0)
    again = line.ok("import", "customers", people, by="OWN")
    assert (again["imported"], again["unchanged"]) == (1, 1)


def test_a_file_of_a_heading_alone_is_told_so(line: Line, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("sku,name,price\n")
    assert "goods.csv has a heading and no rows" in said(line, "import", "products", goods, code=0)


def test_numbers_that_a_template_left_are_named_until_they_are_written_in(line: Line) -> None:
    line.ok("business", "edit", "WATER", "--mpesa-till", "000000", "--tax-number", "A000000000A", by="OWN")
    for look in ("status", "doctor"):
        told = said(line, look, code=0)
        assert "--mpesa-till" in told, told
        assert "“A000000000A”" in told
    assert {one["code"] for one in line.ok("status", by="")["to_fill_in"]} == {
        "fill-in-mpesa-till",
        "fill-in-tax-number",
    }
    line.ok("business", "edit", "WATER", "--mpesa-till", "832909", "--tax-number", "P051123456Z", by="OWN")
    assert line.ok("status", by="")["to_fill_in"] == []
    # What nobody said at all is a note of the doctor's: not every business has one.
    assert "MAIN has no tax number" in said(line, "doctor", code=0)


def test_moments_are_told_by_the_shops_clock(line: Line) -> None:
    assert " EAT" in said(line, "whoami", code=0) + said(line, "status", code=0)
    for words in (["status"], ["terminal", "list"], ["whoami"]):
        assert " UTC" not in said(line, *words, code=0)
    told = said(line, "audit", "list", "--since", "2026-11-01 06:00", code=0)
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", told)
    assert line.refused("audit", "list", "--since", "yesterday").endswith("2026-11-20T14:05.")


def test_dates_are_shown_as_they_are_written(line: Line) -> None:
    for words in (["invoices", "issue"], ["report"], ["year-end"], ["orders", "issue"]):
        told = line.as_told(*words, "--help").stdout
        for option in re.findall(r"DATE +(.*?)\n(?= +-|\S|$)", told, re.DOTALL):
            assert re.search(r"20\d\d-\d\d-\d\d", option), (words, option)


def test_who_cannot_be_asked_is_told_every_way_and_named_nowhere(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    told = line.as_told("login", "--by", "ACC")
    assert "--pin-file" in told.stderr
    assert "BOHARI_PIN" in told.stderr
    assert "Acc" not in told.stderr
