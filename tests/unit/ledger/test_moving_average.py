"""The moving average against fractions and common sense."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.moving_average import Valued, moved, received


def test_a_sale_takes_its_share_and_the_last_one_takes_the_rest() -> None:
    stock, revaluation = received(Valued(), 3_000, 1_000)
    assert (stock.quantity, stock.value, revaluation) == (3_000, 1_000, 0)
    stock, change = moved(stock, -1_000)
    assert change == -333
    stock, change = moved(stock, -1_000)
    assert change == -334
    stock, change = moved(stock, -1_000)
    assert (change, stock.quantity, stock.value) == (-333, 0, 0)


def test_two_receipts_make_one_average_and_freight_raises_it() -> None:
    stock, _ = received(Valued(), 10_000, 1_000_00)
    stock, _ = received(stock, 10_000, 2_000_00)
    stock, revaluation = received(stock, 0, 100_00)
    assert revaluation == 0
    stock, change = moved(stock, -1_000)
    assert change == -155_00


def test_what_is_sold_before_it_came_is_trued_up_by_what_it_cost() -> None:
    stock, _ = received(Valued(), 1_000, 100)
    stock, change = moved(stock, -3_000)
    assert (change, stock.quantity, stock.value) == (-300, -2_000, -200)
    # Five came at 150: two of them were sold already, at 100 each.
    stock, revaluation = received(stock, 5_000, 750)
    assert (revaluation, stock.quantity, stock.value) == (-100, 3_000, 450)


def test_a_receipt_that_is_smaller_than_the_hole_prices_the_rest_of_it() -> None:
    stock, change = moved(Valued(), -5_000)
    assert change == 0
    stock, revaluation = received(stock, 2_000, 200)
    assert (revaluation, stock.value) == (-500, -300)
    stock, revaluation = received(stock, 3_000, 300)
    assert (revaluation, stock.quantity, stock.value) == (0, 0, 0)


def test_freight_for_what_is_sold_is_a_cost_at_once() -> None:
    stock, _ = received(Valued(), 1_000, 100)
    stock, _ = moved(stock, -1_000)
    stock, revaluation = received(stock, 0, 40)
    assert (revaluation, stock.value) == (-40, 0)


def test_a_refund_comes_back_at_what_it_went_out() -> None:
    stock, _ = received(Valued(), 7_000, 1_234)
    sold, cost = moved(stock, -2_000)
    again, back = moved(sold, 2_000)
    # To a minor unit: each way is rounded by itself.
    assert (again.quantity, again.value, cost, back) == (stock.quantity, stock.value - 1, -353, 352)


def test_a_receipt_that_is_voided_after_dearer_goods_leave_nothing_below_zero() -> None:
    stock, _ = received(Valued(), 2_000, 20)
    stock, _ = received(stock, 8_000, 400)
    stock, _ = moved(stock, -6_000)
    stock, revaluation = received(stock, -3_900, -390)
    assert stock.quantity == 100
    assert stock.value == 4
    assert revaluation == 4 - (168 - 390)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 50_000), st.integers(0, 10**7)),
        st.tuples(st.just("go"), st.integers(1, 20_000), st.just(0)),
        st.tuples(st.just("back"), st.integers(1, 20_000), st.just(0)),
        st.tuples(st.just("freight"), st.just(0), st.integers(0, 10**5)),
    ),
    max_size=30,
)


@given(EVENTS)
def test_any_history_loses_nothing_and_stays_near_the_fractions(events: list[tuple[str, int, int]]) -> None:
    """A naive average with fractions; and what went in is what is there or went out."""
    stock, put_in, gone = Valued(), 0, 0
    quantity, value, average = 0, Fraction(0), Fraction(0)
    # How far off roundings may have led by now: the value, and the average.
    slack, bent = Fraction(0), Fraction(0)
    for what, amount, worth in events:
        if what in ("come", "freight"):
            stock, revaluation = received(stock, amount, worth)
            put_in += worth
            gone -= revaluation
            if quantity < 0 < amount:
                average, bent = Fraction(worth, amount), Fraction(0)
                value, slack = average * (quantity + amount), Fraction(1)
            elif quantity + amount > 0:
                value += worth
                average, bent = value / (quantity + amount), slack / (quantity + amount)
            quantity += amount
        else:
            sign = -1 if what == "go" else 1
            stock, change = moved(stock, sign * amount)
            gone -= change
            if quantity > 0 and quantity + sign * amount > 0:
                share = Fraction(sign * amount, quantity)
                value += value * share
                slack += slack * abs(share) + 1
            else:
                value = average * (quantity + sign * amount)
                slack = bent * abs(quantity + sign * amount) + 1
            quantity += sign * amount
        assert stock.quantity == quantity
        assert put_in == stock.value + gone
        assert abs(stock.value - value) <= slack + 1
        if quantity == 0:
            assert stock.value == 0
