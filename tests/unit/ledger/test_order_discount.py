"""A discount on an order is shared over its rates to the cent, whatever the lines are."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger import order_discount, tax
from pos_app.ledger.tax import Taxable
from tests.support.refused import refused

RATES: tuple[tuple[str, int, bool], ...] = (
    ("A", 1600, True),
    ("B", 800, True),
    ("E", 0, True),
    ("X", 1600, False),
    ("A", 1400, True),
)


def priced(rate: tuple[str, int, bool], extended: int) -> Taxable:
    return Taxable(*rate, extended)


taxables = st.builds(priced, st.sampled_from(RATES), st.integers(-5_000, 2_000_000))
orders = st.lists(taxables, min_size=1, max_size=12)


@given(orders, st.integers(0, 10_000))
def test_the_shares_add_up_and_every_rate_has_its_proportion(lines: list[Taxable], bp: int) -> None:
    off = order_discount.percent_of(lines, bp)
    parts = order_discount.shared(lines, off)
    whole = sum(line.extended for line in lines if line.extended > 0)
    assert sum(parts) == off
    assert off == int(Fraction(whole * bp, 10_000) + Fraction(1, 2))
    by_rate: dict[tuple[str, int, bool], list[int]] = defaultdict(lambda: [0, 0])
    for line, part in zip(lines, parts, strict=True):
        assert 0 <= part <= max(line.extended, 0)
        by_rate[line[:3]][0] += max(line.extended, 0)
        by_rate[line[:3]][1] += part
    for extended, part in by_rate.values():
        assert not whole or abs(part - Fraction(off * extended, whole)) <= 1


@given(orders, st.integers(0, 2_000_000))
def test_with_tax_in_the_prices_the_customer_pays_just_so_much_less(lines: list[Taxable], off: int) -> None:
    inside = [line._replace(inclusive=True) for line in lines]
    off = min(off, sum(line.extended for line in inside if line.extended > 0))
    less = [
        line._replace(extended=line.extended - part)
        for line, part in zip(inside, order_discount.shared(inside, off), strict=True)
    ]
    before, now = (sum(sum(one) for one in tax.share_out(each)) for each in (inside, less))
    assert before - now == off


def test_ten_shillings_off_an_order_of_three_rates() -> None:
    lines = [Taxable(*RATES[0], 100_00), Taxable(*RATES[1], 50_00), Taxable(*RATES[2], 33_33)]
    assert order_discount.shared(lines, 10_00) == [5_45, 2_73, 1_82]


def test_lines_of_one_rate_do_not_round_each_by_itself() -> None:
    lines = [Taxable(*RATES[0], 33) for _ in range(3)] + [Taxable(*RATES[2], 1)]
    assert order_discount.shared(lines, 50) == [17, 16, 17, 0]


@pytest.mark.parametrize("off", [-1, 201])
def test_more_than_the_goods_cost_is_refused(off: int) -> None:
    with refused("order-discount-implausible"):
        order_discount.shared([Taxable(*RATES[0], 200), Taxable(*RATES[0], -50)], off)
    with refused("order-discount-implausible"):
        order_discount.percent_of([Taxable(*RATES[0], 200)], 10_001)
