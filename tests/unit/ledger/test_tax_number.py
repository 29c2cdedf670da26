"""The form of a tax number: what is kept of what people type, and what is refused."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.sg import uen as judge

from pos_app.files.csv_file import CsvRow
from pos_app.files.customer_sheet import customers
from pos_app.ledger.currency import currency
from pos_app.ledger.tax_number import is_uen, tax_number, uen, uen_letter
from tests.support.refused import refused

#: Of public registers: three forms of a UEN, and the tax office's own numbers.
UENS = ("00192200M", "197401143C", "196800306E", "S16FC0121D", "T01FC6132D")
GST = ("M90366795E", "MR8500135F", "M20191234A")


@pytest.mark.parametrize(
    ("typed", "currency", "kept"),
    [
        ("P051234567X", "KES", "P051234567X"),
        (" p051 234 567-x ", "KES", "P051234567X"),
        ("a004567890z", "KES", "A004567890Z"),
        ("UG:1001234567", "KES", "UG:1001234567"),
        ("ug: 1001-234 ", "KES", "UG:1001-234"),
        ("", "KES", ""),
        *((one, "SGD", one) for one in (*UENS, *GST)),
        ("M2-0191234-a", "SGD", "M20191234A"),
        ("1974 01143 c", "SGD", "197401143C"),
        ("MY:C1234567890", "SGD", "MY:C1234567890"),
        ("whatever 12", "EUR", "whatever 12"),
    ],
)
def test_a_number_is_kept_in_one_spelling(typed: str, currency: str, kept: str) -> None:
    assert tax_number(typed, currency) == kept
    assert tax_number(kept, currency) == kept


@pytest.mark.parametrize(
    ("typed", "currency", "code"),
    [
        ("P05123456X", "KES", "kra-pin-form"),
        ("P0512345678", "KES", "kra-pin-form"),
        ("B051234567X", "KES", "kra-pin-form"),
        ("P٠٥١٢٣٤٥٦٧X", "KES", "kra-pin-form"),
        ("KE:P051234567X", "KES", "kra-pin-form"),
        ("UG:", "KES", "kra-pin-form"),
        ("P051234567X" * 900, "KES", "kra-pin-form"),
        ("12345", "SGD", "gst-number-form"),
        ("M2-123456-8", "SGD", "gst-number-form"),
        ("T08OI0001A", "SGD", "gst-number-form"),
        ("SG:197401143C", "SGD", "gst-number-form"),
        ("197401143D", "SGD", "uen-letter"),
    ],
)
def test_what_has_no_such_form_is_refused_with_what_it_was(typed: str, currency: str, code: str) -> None:
    with refused(code):
        tax_number(typed, currency)


def test_a_business_of_ours_is_registered_at_home() -> None:
    with refused("kra-pin-form"):
        tax_number("UG:1001234567", "KES", own=True)
    with refused("gst-number-form"):
        tax_number("MY:C1234567890", "SGD", own=True)


def test_a_uen_by_itself() -> None:
    assert uen(" 1974-01143c ") == "197401143C"
    assert uen("  ") == ""
    assert [is_uen(one) for one in (*UENS, GST[0], "197401143D", "")] == [True] * len(UENS) + [False] * 3
    with refused("uen-form"):
        uen("M90366795E")
    with refused("uen-letter"):
        uen("00192200X")


_DIGITS = st.text("0123456789", min_size=8, max_size=8)
_YEARS = st.integers(1800, 2019).map(str)
_OTHERS = st.tuples(
    st.sampled_from("ST"),
    st.integers(0, 15).map("{:02d}".format),
    st.sampled_from(["LP", "LL", "FC", "PF", "RF", "MQ", "GB", "SS", "MC", "CL"]),
    st.integers(0, 9999).map("{:04d}".format),
).map("".join)


@given(
    st.one_of(_DIGITS, st.tuples(_YEARS, st.text("0123456789", min_size=5, max_size=5)).map("".join), _OTHERS)
)
def test_the_letter_is_the_one_that_another_program_computes(head: str) -> None:
    def right(letter: str) -> bool:
        try:
            return bool(judge.validate(head + letter))
        except ValidationError:
            return False

    assert [letter for letter in string.ascii_uppercase if right(letter)] == [uen_letter(head + "A")]


def test_a_row_of_a_file_says_so_too() -> None:
    sheet = customers(currency("KES"))
    row = CsvRow(7, {"code": "C1", "tax_number": "p051 234-567x"})
    assert sheet.read(row, row.values).tax_number == "P051234567X"
    with refused("kra-pin-form"):
        sheet.read(CsvRow(8, {"code": "C1", "tax_number": "P05"}), row.values)
