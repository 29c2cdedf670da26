"""Reading barcodes: check digits, normal forms, symbologies, GS1 element strings and links."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.devices.barcode import Barcode, check_digit, classify, has_valid_check_digit
from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit
from pos_app.devices.scale_label import Measure
from pos_app.ledger.errors import Refused
from tests.support.refused import raises


@pytest.mark.parametrize(
    ("text", "gtins"),
    [
        ("5449000000996", ("5449000000996",)),
        ("96385074", ("0000096385074",)),
        ("036000291452", ("0036000291452",)),
        ("10614141000415", ("10614141000415",)),
        ("05449000000996", ("5449000000996",)),
        (" 5449000000996\r\n", ("5449000000996",)),
        ("2112345012346", ("2112345012346",)),
        # UPC-E: what stands for 042100005264, and one that is an EAN-8 as well.
        ("04252614", ("0042100005264",)),
        ("12345670", ("0000012345670", "0123456000070")),
    ],
)
def test_gtins_are_normalised(text: str, gtins: tuple[str, ...]) -> None:
    barcode = classify(text)
    assert (barcode.gtins, barcode.text, barcode.measures) == (gtins, text.strip(), ())


@pytest.mark.parametrize(
    ("scan", "text", "gtins"),
    [
        ("]E05449000000996", "5449000000996", ("5449000000996",)),
        ("]E496385074", "96385074", ("0000096385074",)),
        # The scanner says that it is no EAN-8, or that it is one.
        ("]E012345670", "12345670", ("0123456000070",)),
        ("]E412345670", "12345670", ("0000012345670",)),
        ("]E0425261", "425261", ("0042100005264",)),
        ("]C0CYL-13-000042", "CYL-13-000042", ()),
        ("]A0LPG-13", "LPG-13", ()),
        ("]C10109501101530003", "0109501101530003", ("9501101530003",)),
    ],
)
def test_the_symbology_travels_with_the_scan(scan: str, text: str, gtins: tuple[str, ...]) -> None:
    assert (classify(scan).text, classify(scan).gtins) == (text, gtins)


@pytest.mark.parametrize("text", ["0000000004530", "00004530", "000000004531", "00000009999999"])
def test_padded_codes_of_the_shop_are_kept(text: str) -> None:
    assert (classify(text).text, classify(text).gtins) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "CYL-13-000042",
        "4711",
        "hose 2m",
        "123456789",
        "١٢٣٤٥٦٧٨",
        "²²²²²²²²",
        "425261",
        "https://bohari.example/p/7",
    ],
)
def test_anything_else_is_a_code_of_the_shop(text: str) -> None:
    assert classify(text) == Barcode(text)


@pytest.mark.parametrize("text", ["5449000000997", "96385075", "036000291453", "10614141000416"])
def test_wrong_check_digit_gets_a_sentence(text: str) -> None:
    with raises(InvalidCheckDigit, "check-digit-wrong") as caught:
        classify(text)
    assert isinstance(caught.value, Refused)
    assert caught.value.text == text
    assert text in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "barcode-empty"),
        ("   ", "barcode-empty"),
        ("\r\n", "barcode-empty"),
        ("9" * 401, "barcode-too-long"),
        ("ab\x07cd", "barcode-control-characters"),
    ],
)
def test_rubbish_is_refused(text: str, code: str) -> None:
    with raises(InvalidBarcode, code):
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
        "]d20109501101530003310300125017260131",
        "https://id.gs1.org/01/09501101530003?3103=001250&17=260131",
    ],
)
def test_gs1_weight_and_date(text: str) -> None:
    barcode = classify(text)
    assert barcode.gtin == "9501101530003"
    assert barcode.measures == (Measure("kg", Decimal("1.250")),)
    assert barcode.expires == date(2026, 1, 31)


def test_gs1_price_batch_and_serial() -> None:
    barcode = classify("010950110153000339324040012550\x1d10AB-1\x1d21S77")
    assert barcode.measures == (Measure("money", Decimal("125.50"), "404"),)
    assert (barcode.batch, barcode.serial) == ("AB-1", "S77")


@pytest.mark.parametrize(
    ("element", "measure"),
    [
        ("3152000150", Measure("l", Decimal("1.50"))),
        ("3111000125", Measure("m", Decimal("12.5"))),
        ("3201000125", Measure("", Decimal("12.5"))),
        ("3012", Measure("pc", Decimal(12))),
        ("3920437", Measure("money", Decimal(437))),
    ],
)
def test_gs1_measures(element: str, measure: Measure) -> None:
    assert classify(f"0109501101530003{element}").measures == (measure,)


def test_gs1_content_of_a_pallet_says_how_many() -> None:
    barcode = classify("]C1020950110153000337144")
    assert (barcode.gtin, barcode.measures) == ("9501101530003", (Measure("pc", Decimal(144)),))


def test_a_batch_typed_in_brackets_is_read_whole() -> None:
    """Marks are allowed in a batch number (GS1 General Specifications 7.11); cut at one, it is another."""
    assert classify("(01)09501101530003(10)AB-12/7(17)260131").batch == "AB-12/7"


def test_gs1_by_symbology_alone() -> None:
    assert classify("]C110LOT7").batch == "LOT7"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(01)0950", "gs1-damaged"),
        ("(01)09501101530004", "gs1-check-digit-wrong"),
        ("(3103)0012507", "gs1-damaged"),
    ],
)
def test_damaged_gs1_is_refused(text: str, code: str) -> None:
    with raises(InvalidBarcode, code):
        classify(text)


def test_what_only_looks_like_gs1_is_a_code_of_the_shop() -> None:
    assert classify("(99x)") == Barcode("(99x)")


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        barcode = classify(text)
    except InvalidBarcode as error:
        assert error.sentence.endswith(".")  # noqa: PT017  # either outcome is right
    else:
        assert all(has_valid_check_digit(one) for one in barcode.gtins)


@given(st.text("0123456789()\x1d", max_size=40))
@example("30")
def test_no_element_string_crashes_the_reader(text: str) -> None:
    for symbology in ("", "]C1"):
        try:
            classify(symbology + text)
        except InvalidBarcode as error:
            assert error.sentence  # noqa: PT017  # either outcome is right
