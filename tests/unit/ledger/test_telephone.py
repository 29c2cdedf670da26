"""Telephones as they are dialled from anywhere, of those that people wrote as they dial them at home."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pos_app.ledger.telephone import international

KENYA, SINGAPORE = 254, 65


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("0712 345 678", KENYA, "+254712345678"),
        ("712345678", KENYA, "+254712345678"),
        ("254712345678", KENYA, "+254712345678"),
        ("00254 712 345 678", KENYA, "+254712345678"),
        ("+254 (0)712", KENYA, "+2540712"),
        ("9123-4567", SINGAPORE, "+6591234567"),
        ("65123456", SINGAPORE, "+6565123456"),
        ("6591234567", SINGAPORE, "+6591234567"),
        ("+65 9123 4567", KENYA, "+6591234567"),
        ("0712 345 678", 0, "0712345678"),
        ("12", KENYA, "12"),
        ("", KENYA, ""),
        ("ask Amina", KENYA, "askAmina"),
        ("٠٧١٢٣٤٥٦٧٨", KENYA, "٠٧١٢٣٤٥٦٧٨"),
        ("9" * 400, KENYA, "9" * 400),
    ],
)
def test_a_number_is_dialled_from_anywhere(written: str, country: int, dialled: str) -> None:
    assert international(written, country) == dialled


@given(some.text(max_size=30), some.integers(0, 999))
def test_told_again_it_is_the_same(written: str, country: int) -> None:
    once = international(written, country)
    assert international(once, country) == once or not once.startswith("+")
