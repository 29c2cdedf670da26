"""VAT: the lines of one rate add up to the tax on their sum, whatever the lines; fractions check it."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.tax import Taxable, share_out

CODES = st.sampled_from(
    [
        ("V16", 1600, True),
        ("V8", 800, True),
        ("X16", 1600, False),
        ("X5", 525, False),
        ("Z", 0, True),
        ("W", 16, True),
    ]
)
LINES = st.lists(
    st.builds(
        lambda code, extended: Taxable(code[0], code[1], code[2], extended),
        CODES,
        st.one_of(st.integers(-(10**9), 10**9), st.integers(-9, 9)),
    ),
    max_size=30,
)


def half_up(exact: Fraction) -> int:
    """Half away from zero, the long way."""
    whole = abs(exact).__floor__()
    rounded = whole + (abs(exact) - whole >= Fraction(1, 2))
    return int(rounded if exact >= 0 else -rounded)


@given(LINES)
def test_the_lines_of_a_rate_add_up_to_the_tax_on_their_sum(lines: list[Taxable]) -> None:
    taxed = share_out(lines)
    extended: dict[tuple[str, int, bool], int] = defaultdict(int)
    taxes: dict[tuple[str, int, bool], int] = defaultdict(int)
    for line, share in zip(lines, taxed, strict=True):
        extended[line[:3]] += line.extended
        taxes[line[:3]] += share.tax
    for (code, rate, inclusive), total in extended.items():
        base = 10_000 + rate if inclusive else 10_000
        assert taxes[code, rate, inclusive] == half_up(Fraction(total * rate, base))


@given(LINES)
def test_what_the_customer_pays_is_the_price_or_the_price_and_its_tax(lines: list[Taxable]) -> None:
    for line, share in zip(lines, share_out(lines), strict=True):
        assert (share.net + share.tax if line.inclusive else share.net) == line.extended
        base = 10_000 + line.rate_bp if line.inclusive else 10_000
        # A share is never more than one unit off its own exact tax.
        assert abs(share.tax - Fraction(line.extended * line.rate_bp, base)) <= 1


@given(LINES)
def test_taking_all_back_is_the_exact_opposite(lines: list[Taxable]) -> None:
    back = share_out([line._replace(extended=-line.extended) for line in lines])
    assert [(-share.net, -share.tax) for share in back] == [tuple(share) for share in share_out(lines)]


@pytest.mark.parametrize(
    ("line", "net", "tax"),
    [
        (Taxable("V16", 1600, True, 116), 100, 16),
        (Taxable("V16", 1600, True, 100), 86, 14),
        (Taxable("X16", 1600, False, 100), 100, 16),
        (Taxable("X16", 1600, False, 3), 3, 0),
        (Taxable("V16", 1600, True, -116), -100, -16),
        (Taxable("Z", 0, True, 77), 77, 0),
    ],
)
def test_by_hand(line: Taxable, net: int, tax: int) -> None:
    assert share_out([line]) == [(net, tax)]


def test_three_small_lines_carry_the_cent_between_them() -> None:
    # 3 × 0.03 exclusive at 16 %: 0.0048 each, 0.0144 together: one cent, on one of them.
    assert [share.tax for share in share_out([Taxable("X16", 1600, False, 3)] * 3)] == [0, 1, 0]
