"""Quantities: thousandths in, thousandths out, and a sentence for what cannot be."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.quantity import MOST_ON_A_LINE, extend, parse_quantity, quantity_text
from tests.support.refused import refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-a-number"),
        ("0", "quantity-zero-of"),
        ("0.000", "quantity-zero-of"),
        ("-0", "quantity-zero-of"),
        ("0.0001", "quantity-too-fine"),
        ("1.2345", "quantity-too-fine"),
        ("1e3", "not-a-number"),
        ("NaN", "not-a-number"),
        ("１２", "not-a-number"),
        ("--5", "not-a-number"),
        ("1,2,3", "not-a-number"),
        ("1000001", "quantity-implausible-text"),
        ("6161100000018", "quantity-implausible-text"),
    ],
)
def test_what_cannot_be_a_quantity_is_refused(text: str, code: str) -> None:
    with refused(code, what="The quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [("2", 2000), ("1.25", 1250), ("-3", -3000), ("\u22120.5", -500), ("1,000", 1_000_000), ("0.001", 1)],
)
def test_what_people_write(text: str, thousandths: int) -> None:
    assert parse_quantity(text) == thousandths


@given(st.integers(-MOST_ON_A_LINE, MOST_ON_A_LINE).filter(bool))
def test_written_and_read_again_is_the_same(thousandths: int) -> None:
    assert parse_quantity(quantity_text(thousandths)) == thousandths


@given(st.integers(0, 10**11), st.integers(-MOST_ON_A_LINE, MOST_ON_A_LINE))
def test_price_times_quantity_is_rounded_once(price: int, quantity: int) -> None:
    exact = Fraction(price * quantity, 1000)
    assert abs(extend(price, quantity) - exact) * 2 <= 1
    assert extend(price, -quantity) == -extend(price, quantity)


def test_how_quantities_look() -> None:
    assert [quantity_text(n) for n in (3000, 1250, -500, 1, 1_000_000)] == [
        "3",
        "1.25",
        "\u22120.5",
        "0.001",
        "1,000",
    ]
