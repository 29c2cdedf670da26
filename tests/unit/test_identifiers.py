"""K5: identifiers that a spreadsheet destroyed are refused with their row, or mended and said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.files.barcodes import read_barcodes
from pos_app.files.csv_file import CsvFile, open_csv
from pos_app.files.identifiers import Kind, unspoilt
from pos_app.ledger.errors import Refused
from tests.support.refused import refused

#: Each with what is left of it where a spreadsheet has been.
EVERY = (Kind.CODE, Kind.BARCODES, Kind.PHONE, Kind.NUMBER)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize(
    "text",
    [
        "6.16E+12", "6,16E+12", "6.16e+12", "2.54712E+11", "4.00638E+12", "6E+12", "1.00E+05", "6.16E12",
        "1.2E-05", "+2.54712E+11", '="6.16E+12"', "-6.16E+02",
    ],
)  # fmt: skip
def test_k5_digits_that_are_gone_are_refused(text: str, kind: Kind) -> None:
    with refused("identifier-lost-digits", text=text):
        unspoilt(text, kind)


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.BARCODES])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12-Mar", "identifier-became-day"),
        ("Mar-12", "identifier-became-day"),
        ("12-Mar-26", "identifier-became-day"),
        ("3/12/2026", "identifier-became-day"),
        ("03/12/26", "identifier-became-day"),
        ("12.03.2026", "identifier-became-day"),
        ("2026-03-12", "identifier-became-day"),
        ("2026-03-12 00:00:00", "identifier-became-day"),
        ("TRUE", "identifier-became-word"),
        ("False", "identifier-became-word"),
        ("#REF!", "identifier-became-word"),
        ("#N/A", "identifier-became-word"),
        ("########", "identifier-became-word"),
        # Of eighteen digits a spreadsheet keeps fifteen.
        ("340123451234567000", "identifier-lost-digits"),
    ],
)
def test_k5_what_became_a_day_or_a_word_is_refused(text: str, code: str, kind: Kind) -> None:
    with refused(code, text=text):
        unspoilt(text, kind)


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("4006381333931.0", Kind.BARCODES, "4006381333931"),
        ("4006381333931,0", Kind.BARCODES, "4006381333931"),
        ("4.006381333931E+12", Kind.BARCODES, "4006381333931"),
        ("4.006381333931E12", Kind.BARCODES, "4006381333931"),
        ("254712555418.0", Kind.PHONE, "254712555418"),
        ("2.54712555418E+11", Kind.PHONE, "254712555418"),
        ("4530.0", Kind.CODE, "4530"),
        ("'0012", Kind.CODE, "0012"),
        ("'0012'", Kind.CODE, "0012"),
        ("\u20190712 555 418", Kind.PHONE, "0712 555 418"),
        ('="00123"', Kind.CODE, "00123"),
        ("=00123", Kind.CODE, "00123"),
        ("\u200e4006381333931\u200b", Kind.BARCODES, "4006381333931"),
        ("\uff14\uff10\uff10\uff16", Kind.CODE, "4006"),
        ("4006381333931.0|'0012", Kind.BARCODES, "4006381333931|0012"),
    ],
)
def test_k5_what_is_still_there_is_mended(text: str, kind: Kind, wanted: str) -> None:
    assert unspoilt(text, kind) == (wanted, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GAS13",
        "1E5",
        "12E4",
        "5E-10",
        "12-MAR",
        "1.0",
        "1.5",
        "10/20",
        "A.1",
        "TRUE-GRIT",
        "-",
        "N/A",
        "3-12",
    ],
)
def test_k5_a_code_that_somebody_gave_stays(text: str) -> None:
    assert unspoilt(text, Kind.CODE) == (text, False)


@given(st.text("ABCDEF0123456789-_/", max_size=12).filter(lambda text: "/" not in text))
def test_k5_no_code_changes_in_silence(text: str) -> None:
    """Whatever a code is, it comes out as it is, is said to be mended, or is refused."""
    try:
        plain, mended = unspoilt(text, Kind.CODE)
    except Refused:
        return
    assert mended is (plain != text)


def opened(folder: Path, content: str) -> CsvFile:
    path = folder / "codes.csv"
    path.write_text(content, encoding="utf-8")
    return open_csv(path, ("sku",), ("barcode", "phone", "number"))


def test_k5_every_file_is_read_so_and_says_what_was_mended(tmp_path: Path) -> None:
    source = opened(
        tmp_path,
        "sku,barcode,phone,number\nA,6.16E+12,,1\n"
        "B\u00a0 ,4006381333931.0,0712,1\n"
        '"=""00123""",,,1\nC,,2.54712E+11,1\n12-Mar,,,1\nD,,,2.02E+11\n',
    )
    rows = list(source.rows())
    assert [bool(row.reason) for row in rows] == [True, False, False, True, True, True]
    assert [row.values["sku"] for row in rows[1:3]] == ["B", "00123"]
    assert rows[1].values["barcode"] == "4006381333931"
    said = "\n".join(source.notes)
    assert "“4006381333931.0” in row 3 was taken as “4006381333931”" in said
    assert "in row 4 was taken as “00123”" in said
    assert len(source.notes) == len(list(source.rows()) and source.notes), "said once"


# --- barcodes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    "0000000004530 000000004530 00000000004530 0000012345678 12345678 00012345 2012345678901"
    " 0412345678901".split(),
)
def test_k5_a_code_of_the_shops_own_is_kept_and_said(code: str) -> None:
    found = read_barcodes(code)
    assert found.codes == (code,)
    assert found.own == (code,)


@pytest.mark.parametrize("code", ["4006381333932", "036000291453", "9780306406158"])
def test_k5_a_wrong_digit_of_somebodys_gtin_is_a_typing_error(code: str) -> None:
    with pytest.raises(Refused):
        read_barcodes(code)


@pytest.mark.parametrize(
    ("cell", "gtin"),
    [
        # A UPC-A that lost its zero, and two of them.
        ("36000291452", "0036000291452"),
        ("7874211112", "0007874211112"),
        # As they are printed below the bars.
        ("4 006381 333931", "4006381333931"),
        ("978-0-306-40615-7", "9780306406157"),
        ("0 36000 29145 2", "0036000291452"),
    ],
)
def test_k5_a_gtin_that_lost_a_zero_or_has_gaps_is_mended_and_found_either_way(cell: str, gtin: str) -> None:
    found = read_barcodes(cell)
    assert found.codes == (gtin, cell)
    assert found.mended == ((cell, gtin),)


@pytest.mark.parametrize(
    "cell",
    [
        "6161100100015;4006381333931",
        "6161100100015 4006381333931",
        "6161100100015, 4006381333931",
        "6161100100015 / 4006381333931",
        "6161100100015\n4006381333931",
    ],
)
def test_k5_two_barcodes_of_a_cell_are_two_whatever_keeps_them_apart(cell: str) -> None:
    found = read_barcodes(cell)
    assert found.codes == ("6161100100015", "4006381333931")
    assert found.mended == ((cell, "6161100100015|4006381333931"),)


@pytest.mark.parametrize("cell", ["6161100100015;4006381333932", "12;34", "A1 B2", "12345678;ABC"])
def test_k5_what_is_not_two_gtins_is_one_text(cell: str) -> None:
    assert read_barcodes(cell).codes == (cell,)


def test_k5_eight_digits_that_lost_their_zero_are_found_as_an_ean_8_and_as_a_upc_e() -> None:
    found = read_barcodes("1234565")
    assert found.codes == ("01234565", "0012345000065", "1234565")
    assert found.mended == (("1234565", "01234565"),)


@pytest.mark.parametrize("cell", ["WATER-20", "4530", "1234567", "123456789", "12-34", "A|", "x" * 20])
def test_k5_what_is_no_gtin_is_left_alone(cell: str) -> None:
    found = read_barcodes(cell)
    assert found.codes == (cell.strip("|"),)
    assert (found.mended, found.own) == ((), ())
