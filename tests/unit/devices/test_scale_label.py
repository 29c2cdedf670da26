"""The labels of scales: by a layout of the shop, by the rules of a country, or none."""

from decimal import Decimal

import pytest

from pos_app.devices.barcode import check_digit, classify
from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit
from pos_app.devices.scale_label import Layout, Measure, ScaleLabels
from pos_app.ledger.errors import Refused

LABELS = ScaleLabels("21IIIIIWWWWWC/3 20IIIIIVPPPPC/2 25iiiiinnnnnc/0")


def whole(digits: str) -> str:
    return digits + str(check_digit(digits))


@pytest.mark.parametrize(
    ("digits", "plain", "item", "measure"),
    [
        ("211234501250", "211234500000", "12345", Measure("kg", Decimal("1.250"))),
        ("201234571999", "201234500000", "12345", Measure("money", Decimal("19.99"))),
        ("250004200012", "250004200000", "00042", Measure("pc", Decimal(12))),
    ],
)
def test_a_layout_of_the_shop(digits: str, plain: str, item: str, measure: Measure) -> None:
    barcode = classify(whole(digits), LABELS)
    assert (barcode.gtins, barcode.item, barcode.measures) == ((whole(plain),), item, (measure,))


def test_a_number_that_no_layout_has_is_a_number() -> None:
    digits = whole("221234501250")
    assert classify(digits, LABELS).measures == ()
    assert classify(digits).gtins == (digits,)


def test_the_rules_of_a_country() -> None:
    """Sweden: 20 is a price with two decimals, 23 a weight in grams, the last four digits."""
    price = classify(whole("209999990437"), ScaleLabels("se"))
    weight = classify(whole("239999991255"), ScaleLabels("SE"))
    assert price.measures == (Measure("money", Decimal("4.37")),)
    assert weight.measures == (Measure("kg", Decimal("1.255")),)
    assert weight.gtins == (whole("239999990000"),)
    assert classify(whole("289999991255"), ScaleLabels("se")).measures == ()


def test_a_verifier_of_a_country_that_does_not_hold() -> None:
    labels = [whole(f"2012345{verifier}1255") for verifier in range(10)]
    (right,) = [one for one in labels if _holds(one)]
    assert classify(right, ScaleLabels("gb")).measures == (Measure("money", Decimal("12.55")),)
    wrong = whole(right[:7] + str((int(right[7]) + 1) % 10) + right[8:12])
    with pytest.raises(InvalidBarcode):
        classify(wrong, ScaleLabels("gb"))


def _holds(digits: str) -> bool:
    try:
        classify(digits, ScaleLabels("gb"))
    except InvalidBarcode:
        return False
    return True


def test_a_label_with_a_wrong_check_digit() -> None:
    with pytest.raises(InvalidCheckDigit):
        classify("2112345012500", LABELS)


@pytest.mark.parametrize(
    ("pattern", "decimals"),
    [("21IIIIIWWWWW", 3), ("30IIIIIWWWWWC", 3), ("21IIIIIWWWWWC", 6), ("21IIWIIWWWWWC", 1)],
)
def test_a_layout_that_makes_no_sense_is_refused(pattern: str, decimals: int) -> None:
    with pytest.raises(InvalidBarcode):
        Layout(pattern, decimals)


@pytest.mark.parametrize("setting", ["xx", "21IIIIIWWWWWC", "se no", "21IIIIIWWWWWC/x"])
def test_a_setting_that_cannot_be_read_is_refused(setting: str) -> None:
    with pytest.raises(Refused):
        ScaleLabels(setting)
