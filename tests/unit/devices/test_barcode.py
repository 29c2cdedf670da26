"""Reading barcodes: check digits, normal forms, GS1 element strings, scale labels."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.devices.barcode import (
    VariableLayout,
    VariableMeasure,
    check_digit,
    classify,
    has_valid_check_digit,
    parse_variable_measure,
)
from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit
from pos_app.ledger.errors import Refused


@pytest.mark.parametrize(
    ("text", "kind", "gtin"),
    [
        ("5449000000996", "ean13", "5449000000996"),
        ("96385074", "ean8", "0000096385074"),
        ("036000291452", "upca", "0036000291452"),
        ("10614141000415", "gtin14", "10614141000415"),
        ("05449000000996", "gtin14", "5449000000996"),
        (" 5449000000996\r\n", "ean13", "5449000000996"),
        ("2112345012346", "restricted", "2112345012346"),
    ],
)
def test_gtins_are_told_apart_and_normalised(text: str, kind: str, gtin: str) -> None:
    barcode = classify(text)
    assert (barcode.kind, barcode.gtin, barcode.text) == (kind, gtin, text.strip())


@pytest.mark.parametrize("text", ["CYL-13-000042", "4711", "hose 2m", "123456789", "١٢٣٤٥٦٧٨", "²²²²²²²²"])
def test_anything_else_is_a_code_of_the_shop(text: str) -> None:
    barcode = classify(text)
    assert (barcode.kind, barcode.gtin, barcode.text) == ("code", None, text)


@pytest.mark.parametrize("text", ["5449000000997", "96385075", "036000291453", "10614141000416"])
def test_wrong_check_digit_gets_a_sentence(text: str) -> None:
    with pytest.raises(InvalidCheckDigit, match="scan it again") as caught:
        classify(text)
    assert isinstance(caught.value, Refused)
    assert caught.value.text == text
    assert text in caught.value.sentence


@pytest.mark.parametrize("text", ["", "   ", "\r\n", "9" * 401, "ab\x07cd"])
def test_rubbish_gets_a_sentence(text: str) -> None:
    with pytest.raises(InvalidBarcode, match=r"\.$"):
        classify(text)


@given(st.text("0123456789", min_size=1, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_check_digit_finds_every_single_wrong_digit(digits: str, place: int, change: int) -> None:
    whole = digits + str(check_digit(digits))
    assert has_valid_check_digit(whole)
    place %= len(whole)
    wrong = whole[:place] + str((int(whole[place]) + change) % 10) + whole[place + 1 :]
    assert not has_valid_check_digit(wrong)


def test_check_digit_of_letters_is_refused() -> None:
    with pytest.raises(InvalidBarcode):
        check_digit("12a")


@pytest.mark.parametrize(
    "text",
    [
        "0109501101530003310300125017260131",
        "(01)09501101530003(3103)001250(17)260131",
        "\x1d0109501101530003310300125017260131",
    ],
)
def test_gs1_weight_and_date(text: str) -> None:
    barcode = classify(text)
    assert barcode.kind == "gs1"
    assert barcode.gtin == "9501101530003"
    assert barcode.weight_kg == Decimal("1.250")
    assert barcode.expires == date(2026, 1, 31)


def test_gs1_price_batch_and_serial() -> None:
    barcode = classify("010950110153000339324040012550\x1d10AB-1\x1d21S77")
    assert (barcode.price, barcode.currency_number) == (Decimal("125.50"), "404")
    assert (barcode.batch, barcode.serial) == ("AB-1", "S77")


def test_a_batch_typed_in_brackets_is_read_whole() -> None:
    """Marks are allowed in a batch number (GS1 General Specifications 7.11); cut at one, it is another."""
    assert classify("(01)09501101530003(10)AB-12/7(17)260131").batch == "AB-12/7"


def test_gs1_by_symbology_alone() -> None:
    assert classify("10LOT7", "]C1").batch == "LOT7"


@pytest.mark.parametrize("text", ["(01)0950", "(01)09501101530004", "(3103)0012507", "(99x)"])
def test_damaged_gs1_gets_a_sentence(text: str) -> None:
    if text == "(99x)":
        assert classify(text).kind == "code"
        return
    with pytest.raises(InvalidBarcode, match="again"):
        classify(text)


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        barcode = classify(text)
    except InvalidBarcode as error:
        assert error.sentence.endswith(".")  # noqa: PT017  # either outcome is right
    else:
        assert barcode.gtin is None or has_valid_check_digit(barcode.gtin)


@given(st.text("0123456789()\x1d", max_size=40))
def test_no_element_string_crashes_the_reader(text: str) -> None:
    for symbology in ("", "]C1"):
        try:
            classify(text, symbology)
        except InvalidBarcode as error:
            assert error.sentence  # noqa: PT017  # either outcome is right


def with_check_digit(digits: str) -> str:
    return digits + str(check_digit(digits))


def test_scale_label_with_weight_and_with_price() -> None:
    weight = VariableLayout("21IIIIIWWWWWC", decimals=3)
    assert parse_variable_measure(with_check_digit("211234501250"), weight) == VariableMeasure(
        "12345", weight_kg=Decimal("1.250")
    )
    price = VariableLayout("20IIIIIVPPPPC", decimals=2)
    assert parse_variable_measure(with_check_digit("201234571999"), price) == VariableMeasure(
        "12345", price=Decimal("19.99")
    )
    assert parse_variable_measure(with_check_digit("221234501250"), weight) is None


def test_scale_label_that_is_wrong_is_refused() -> None:
    layout = VariableLayout("21IIIIIWWWWWC", decimals=3)
    with pytest.raises(InvalidCheckDigit):
        parse_variable_measure("2112345012500", layout)
    with pytest.raises(InvalidBarcode):
        parse_variable_measure("21x", layout)


@pytest.mark.parametrize(
    ("pattern", "decimals"),
    [("21IIIIIWWWWW", 3), ("30IIIIIWWWWWC", 3), ("21IIIIIWWWWWC", 6), ("21IIWIIWWWWWC", 1)],
)
def test_scale_layout_that_makes_no_sense_is_refused(pattern: str, decimals: int) -> None:
    with pytest.raises(InvalidBarcode):
        VariableLayout(pattern, decimals)
