"""CSV files as people send them: each case of bad input gets a sentence or a reason, never a crash."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.files.csv_file import MOST_LINE_CHARACTERS, CsvFile, open_csv
from pos_app.ledger.errors import Refused
from tests.support.refused import refused, unavailable

HEADER = "code,name,phone\n"


def opened(folder: Path, content: str | bytes, required: tuple[str, ...] = ("code", "name")) -> CsvFile:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_csv(path, required, ("phone",))


def names(source: CsvFile) -> list[str]:
    return [row.values.get("name") or f"!{row.line_no}" for row in source.rows()]


@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf", b"\xff\xfe", "  \r\n"])
def test_empty(tmp_path: Path, content: str | bytes) -> None:
    with refused("csv-empty"):
        opened(tmp_path, content)


def test_absent(tmp_path: Path) -> None:
    with unavailable("file-unreadable"):
        open_csv(tmp_path / "no.csv", ("code",))


def test_header_only(tmp_path: Path) -> None:
    assert names(opened(tmp_path, HEADER)) == []


def test_spreadsheet(tmp_path: Path) -> None:
    with refused("xlsx-damaged"):
        opened(tmp_path, b"PK\x03\x04rest of a zip")
    with refused("csv-is-spreadsheet"):
        opened(tmp_path, b"\xd0\xcf\x11\xe0rest of an old workbook")


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with refused("csv-column-missing"):
        opened(tmp_path, "code,phone\nA,1\n")


def test_doubled_column(tmp_path: Path) -> None:
    with refused("csv-column-twice"):
        opened(tmp_path, "code,name,code\nA,B,C\n")


def test_further_columns_are_ignored_and_said_so(tmp_path: Path) -> None:
    source = opened(tmp_path, "colour,NAME,code\nred,Hose,A\n")
    assert names(source) == ["Hose"]
    assert "Ignored columns: colour." in source.notes
    assert "Not in the file: phone." in source.notes


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_and_separators(tmp_path: Path, separator: str, ending: str, encoding: str) -> None:
    lines = [("code", "name", "phone"), ("A", "Café Señor", "1"), ("B", f'"Hot{separator} cold"', "2")]
    text = ending.join(separator.join(line) for line in lines) + ending
    source = opened(tmp_path, text.encode(encoding))
    assert names(source) == ["Café Señor", f"Hot{separator} cold"]


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf16_with_mark(tmp_path: Path, mark: bytes, encoding: str) -> None:
    assert names(opened(tmp_path, mark + (HEADER + "A,Maji,1\n").encode(encoding))) == ["Maji"]


def test_windows_1252_is_said(tmp_path: Path) -> None:
    assert any(
        "Windows-1252" in note for note in opened(tmp_path, (HEADER + "A,é,\n").encode("cp1252")).notes
    )


def test_half_rows_and_long_rows_and_nul(tmp_path: Path) -> None:
    source = opened(tmp_path, HEADER + "A,One,1\nB,Half\nC,Long,1,2\nD,Trail,1,,\nE,N\x00L,1\n\n,,\nF,Last,1")
    rows = list(source.rows())
    assert [row.line_no for row in rows if row.reason] == [3, 4, 6]
    assert "2 fields" in rows[1].reason
    assert "4 fields" in rows[2].reason
    assert "NUL" in rows[4].reason
    assert [row.values["name"] for row in rows if not row.reason] == ["One", "Trail", "Last"]


def test_quotes(tmp_path: Path) -> None:
    source = opened(
        tmp_path,
        HEADER + 'A,"Two\nlines",1\nB,Pipe 1/2" x 2 m,1\nC,"She said ""hi""",1\nD,"bad"x,1\nE,End,1\n',
    )
    rows = list(source.rows())
    assert [row.values.get("name") for row in rows] == [
        "Two\nlines",
        'Pipe 1/2" x 2 m',
        'She said "hi"',
        None,
        "End",
    ]
    assert [row.line_no for row in rows] == [2, 4, 5, 6, 7]


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    body = "".join(f"C{number},Name {number},1\n" for number in range(200))
    rows = list(opened(tmp_path, HEADER + 'X,"open,1\n' + body).rows())
    assert [row.line_no for row in rows if row.reason] == [2]
    assert len(rows) == 201
    assert rows[-1].line_no == 202


def test_one_endless_line_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as handle:
        handle.write(HEADER.encode())
        for _ in range(64):
            handle.write(b"x" * 1_000_000)
        handle.write(b"\nB,After,1\n")
    source = open_csv(path, ("code", "name"), ("phone",))
    tracemalloc.start()
    rows = list(source.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(row.line_no, bool(row.reason)) for row in rows] == [(2, True), (3, False)]
    assert peak < 40 * MOST_LINE_CHARACTERS


_cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=12
).map(str.strip)


@given(
    rows=st.lists(st.tuples(_cells, _cells, _cells), max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_csv_wrote_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str, encoding: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    # What is an identifier is read as one, see test_identifiers.
    columns = ("title", "name", "note")
    writer.writerow(columns)
    writer.writerows(rows)
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    found = [row.values for row in open_csv(path, columns).rows()]
    # A space that does not break is a space: nobody types the other one.
    plain = [
        [cell.translate(dict.fromkeys((0xA0, 0x202F, 0x2007), " ")).strip() for cell in row] for row in rows
    ]
    assert found == [dict(zip(columns, row, strict=True)) for row in plain]


@given(content=st.binary(max_size=400))
def test_rubbish_is_refused_or_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        source = opened(folder, content)
    except Refused:
        return
    list(source.rows())


@given(content=st.binary(max_size=400))
def test_rubbish_below_a_header_loses_no_line_after_it(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    end = b"".join(b"\nZ%d,Last,1" % number for number in range(60))
    source = opened(folder, b"code,name,phone\n" + content + end)
    if source.encoding.startswith("utf-16"):
        return
    assert [row.values.get("code") for row in source.rows()][-1] == "Z59"
