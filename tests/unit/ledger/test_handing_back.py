"""What is handed back of a receipt in parts comes to what was paid, and each part to what coins can pay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.currency import currency
from pos_app.ledger.handing_back import Handed, Receipt, most_rounded, smallest
from tests.support.oracle.counter_sums import in_coins


def coins(parts: list[int], rounding: int, step: int, coin: int | None = None) -> list[int]:
    """What coins hand back for each part of a receipt, one after the other."""
    before, made = Handed(), []
    for goods in parts:
        receipt = Receipt(Handed(sum(parts), rounding), before, step, coin or step)
        back = receipt.coins_back(goods)
        before = Handed(before.goods + goods, before.rounding + back - goods)
        made.append(back)
    return made


@pytest.mark.parametrize(
    ("parts", "paid", "step", "handed"),
    [
        ([10_60] * 10, 106_00, 1_00, [11_00, 10_00, 11_00, 10_00, 11_00, 11_00, 10_00, 11_00, 10_00, 11_00]),
        ([10_40] * 2, 21_00, 1_00, [10_00, 11_00]),
        ([5_28, 10_00], 15_30, 5, [5_30, 10_00]),
        ([40, 40, 40], 1_00, 1_00, [0, 1_00, 0]),
        ([15_50, 15_50], 31_00, 1_00, [16_00, 15_00]),
    ],
)
def test_the_parts_of_what_coins_paid(parts: list[int], paid: int, step: int, handed: list[int]) -> None:
    assert coins(parts, paid - sum(parts), step) == handed
    assert sum(handed) == paid


def test_exact_money_comes_back_in_the_smallest_coin_of_the_currency() -> None:
    """137.00 were paid by M-Pesa 134.00 and a coin of five: 139.00 in all."""
    step, shillings = 5_00, currency("KES")
    assert smallest(step, shillings) == 1_00
    assert coins([137_00], 2_00, step, smallest(step, shillings)) == [139_00]
    assert coins([100_00, 37_00], 2_00, step, smallest(step, shillings)) == [100_00, 39_00]


def test_exact_ways_bring_back_exactly_what_was_paid() -> None:
    whole = Receipt(Handed(10_60, 40), Handed(), 1_00, 1_00)
    assert whole.exact_back(10_60) == 11_00
    part = Receipt(Handed(106_00, 0), Handed(10_60, 40), 1_00, 1_00)
    assert part.exact_back(10_60) == 10_60
    last = Receipt(Handed(21_20, -20), Handed(10_60, 40), 1_00, 1_00)
    assert last.exact_back(10_60) == 10_00


def test_coins_beside_what_goes_back_by_another_way() -> None:
    whole = Receipt(Handed(137_00, 2_00), Handed(), 5_00, 1_00)
    assert whole.coins_back(137_00, exact=134_00) == 5_00


def test_what_an_older_program_handed_back_too_much_is_no_reason_to_hand_back_nothing() -> None:
    """Nine refunds of 10.60 were rounded up one by one: the tenth is within two coins of its price."""
    last = Receipt(Handed(106_00, 0), Handed(95_40, 3_60), 1_00, 1_00)
    assert (last.coins_back(10_60), last.exact_back(10_60)) == (9_00, 9_00)


def test_coins_before_the_last_part_never_hand_back_more_than_was_paid() -> None:
    """0.61 paid with a coin of 1.00: ten parts of 0.01 went back exactly, 0.50 in coins, and 0.01 exactly."""
    before = Receipt(Handed(61, 39), Handed(10, 0), 1_00, 1_00)
    assert before.coins_back(50) == 0
    assert Receipt(Handed(61, 39), Handed(60, -50), 1_00, 1_00).exact_back(1) == 90
    # 10.60 by M-Pesa: of 10.55 in coins comes back 10.00, and with the last 0.05 all that is left.
    before = Receipt(Handed(10_60, 0), Handed(), 1_00, 1_00)
    assert before.coins_back(10_55) == 10_00
    assert Receipt(Handed(10_60, 0), Handed(10_55, -55), 1_00, 1_00).exact_back(5) == 60


@given(
    st.lists(st.integers(0, 50_000), min_size=1, max_size=12),
    st.sampled_from([1, 5, 10, 25, 50, 1_00, 5_00, 10_00]),
)
def test_coins_that_paid_come_back_whatever_the_parts(parts: list[int], step: int) -> None:
    paid = in_coins(sum(parts), step)
    handed = coins(parts, paid - sum(parts), step)
    assert sum(handed) == paid
    so_far = 0
    for place, back in enumerate(handed, start=1):
        so_far += back
        assert back % step == 0
        assert back >= 0
        assert so_far <= paid
        assert 2 * abs(so_far - sum(parts[:place])) <= step


@given(
    st.lists(st.integers(1, 50_000), min_size=1, max_size=12),
    st.sampled_from([1, 5, 1_00, 5_00, 10_00]),
    st.data(),
)
def test_any_mix_of_ways_brings_back_what_was_paid(parts: list[int], step: int, data: st.DataObject) -> None:
    """Paid exactly in part; each part goes back in coins or exactly: off by less than a coin in the end."""
    exact_part = data.draw(st.integers(0, sum(parts)))
    paid = exact_part + in_coins(sum(parts) - exact_part, step)
    rounding, before, coin = paid - sum(parts), Handed(), min(step, 1_00)
    for goods in parts:
        receipt = Receipt(Handed(sum(parts), rounding), before, step, coin)
        by_coins = data.draw(st.booleans())
        back = receipt.coins_back(goods) if by_coins else receipt.exact_back(goods)
        assert abs(back - goods) <= most_rounded(step)
        assert back >= 0
        before = Handed(before.goods + goods, before.rounding + back - goods)
        assert not by_coins or back % coin == 0
    assert abs(sum(before) - paid) <= (coin // 2 if by_coins else 0)
