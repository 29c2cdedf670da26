"""Reports as a terminal's table, as CSV and as JSON."""

import csv
import io
import json
from datetime import date

import pytest

from pos_app.cli.report import draw
from pos_app.reports.draw.table import MOST_TEXT, cells_wide, table
from pos_app.reports.model.report import Align, Column, Row, RowKind, Section, money, summed
from tests.unit.reports.sample_reports import COMMANDS, KES, LARGEST, LONG, WORD, currencies, ledger, report


def test_table_has_columns_of_equal_width_and_whole_numbers() -> None:
    lines = table(report((ledger(12),))).splitlines()
    rule = next(place for place, line in enumerate(lines) if line.startswith("---"))
    width = cells_wide(lines[rule])
    assert all(cells_wide(line) <= width for line in lines[rule:])
    assert f"{LARGEST // 100:,}.00" in lines[rule + 2]
    # The long name goes on below, and no line of it is wider than its column.
    words = " ".join(line.split("  ")[-1] for line in lines)
    assert "Refilling" in words
    assert "Ngong Road)" in words
    edge = lines[rule].rindex("  ")
    assert all(line[edge : edge + 2].strip() == "" for line in lines[rule + 2 :] if len(line) > edge)


def test_table_breaks_a_word_without_blanks() -> None:
    lines = table(report((ledger(1, WORD),))).splitlines()
    assert "".join(line.split("  ")[2] for line in lines if "Donau" in line or "schaft" in line)
    assert max(len(part) for line in lines for part in line.split()) <= max(MOST_TEXT, 30)


def test_table_is_not_steered_by_a_name() -> None:
    section = Section("", (Column("Name"),), (Row(("\x1b[2J\x07Njeri\u202e",)),))
    drawn = table(report((section,)))
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn


def test_wide_letters_keep_the_columns() -> None:
    columns = (Column("Name"), money("Amount", KES))
    section = Section("", columns, (Row(("瓦斯", 1)), Row(("Gas", 100))))
    lines = table(report((section,))).splitlines()[-2:]
    assert {cells_wide(line) for line in lines} == {cells_wide(lines[0])}


def test_findings_and_notes_stand_below() -> None:
    drawn = table(report((currencies(),), findings=("It is short.",), notes=("A till's own.",)))
    assert "DOES NOT AGREE: It is short." in drawn
    assert "Note: A till's own." in drawn


def test_exponents() -> None:
    drawn = table(report((currencies(),)))
    assert "1,234.56" in drawn
    assert "123,456" in drawn
    assert "−123.456" in drawn


def test_csv_is_one_table() -> None:
    """RFC 4180: CRLF, the same fields on every line; numbers plain, decimals of the currency."""
    drawn = draw(report((ledger(6), currencies())), "csv")
    text = drawn.decode("utf-8")
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    heads = rows[0]
    assert heads[:3] == ["section", "row", "Date"]
    one = dict(zip(heads, rows[1], strict=True))
    assert one["Date"] == "2026-11-01"
    assert one["Balance KES"] == f"{LARGEST // 100}.00"
    assert one["Party"] == LONG
    found = dict(zip(heads, rows[-2], strict=True))
    assert [found[name] for name in ("section", "KES KES", "UGX UGX", "KWD KWD")] == [
        "Currencies", "1234.56", "123456", "-123.456",
    ]  # fmt: skip
    assert {row[1] for row in rows[1:]} == {"line", "total"}


@pytest.mark.parametrize("text", [*COMMANDS, "\tx", "\rx", "\n=1"])
def test_csv_runs_nothing(text: str) -> None:
    section = Section(text, (Column("Name"),), (Row((text,)),))
    (row,) = list(csv.reader(io.StringIO(draw(report((section,)), "csv").decode(), newline="")))[1:]
    assert row[0] == row[2] == f"'{text}"


def test_json_has_no_floats() -> None:
    values = json.loads(
        draw(report((ledger(2), currencies()), findings=("Short.",)), "json"), parse_float=fail
    )
    assert values["agrees"] is False
    assert (values["from"], values["to"]) == ("2026-11-01", "2026-11-30")
    row = values["sections"][0]["rows"][2]
    assert row["kind"] == "line"
    assert row["cells"] == [
        "2026-11-02",
        "K3-S000001",
        "+254712000501",
        "1.250",
        1,
        None,
        f"{LARGEST // 100 - 1}.99",
    ]
    assert values["sections"][0]["columns"][5] == {
        "title": "Debit", "kind": "money", "align": "right", "currency": "KES",
    }  # fmt: skip


def fail(text: str) -> float:
    pytest.fail(f"a float: {text}")


def test_sums_are_of_lines_only() -> None:
    rows = [
        Row(("Opening", 100), RowKind.BALANCE),
        Row(("a", 1)),
        Row(("b", 2)),
        Row(("Sub", 3), RowKind.SUBTOTAL),
        Row(("c", None)),
    ]
    assert summed(rows, ("Total",)).cells == ("Total", 3)
    assert money("x", KES).align is Align.RIGHT
    assert summed([Row((date(2026, 1, 1), "a", "b"))], ("Total",)).cells == ("Total", None, None)


def test_a_row_that_is_too_short_is_a_bug() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        Section("", (Column("a"), Column("b")), (Row(("x",)),))
