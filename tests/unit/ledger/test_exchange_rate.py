"""Rates between people and documents: there and back, and as text."""

import pytest

from pos_app.ledger.currency import currency
from pos_app.ledger.exchange_rate import major_rate, minor_rate, rate_text
from tests.support.refused import refused


@pytest.mark.parametrize(
    ("foreign", "base", "rate_micro", "minor"),
    [
        ("USD", "KES", 129_550_000, 129_550_000),
        ("UGX", "KES", 35_000, 3_500_000),
        ("KWD", "KES", 420_000_000, 42_000_000),
        ("KES", "UGX", 28_500_000, 285_000),
    ],
)
def test_there_and_back(foreign: str, base: str, rate_micro: int, minor: int) -> None:
    assert minor_rate(rate_micro, currency(foreign), currency(base)) == minor
    assert major_rate(minor, currency(foreign), currency(base)) == rate_micro


@pytest.mark.parametrize(
    ("rate_micro", "text"),
    [(129_500_000, "129.50"), (129_550_000, "129.55"), (35_100, "0.0351"), (1, "0.000001"), (0, "0.00")],
)
def test_as_text(rate_micro: int, text: str) -> None:
    assert rate_text(rate_micro) == text


@pytest.mark.parametrize(
    ("rate_micro", "foreign", "base", "minor"),
    [
        (129_550_000, "USD", "KES", 129_550_000),
        # 0.035 shillings to one Ugandan shilling, which has no cents: 3.5 cents.
        (35_000, "UGX", "KES", 3_500_000),
        # 28.6 Ugandan shillings to one shilling: 0.286 to a cent.
        (28_600_000, "KES", "UGX", 286_000),
        (2_400, "KES", "KWD", 24_000),
        (49, "KES", "UGX", 0),
    ],
)
def test_a_rate_between_minor_units(rate_micro: int, foreign: str, base: str, minor: int) -> None:
    if minor:
        assert minor_rate(rate_micro, currency(foreign), currency(base)) == minor
    else:
        assert minor_rate(50, currency(foreign), currency(base)) == 1
        with refused("rate-not-positive"):
            minor_rate(49, currency(foreign), currency(base))
