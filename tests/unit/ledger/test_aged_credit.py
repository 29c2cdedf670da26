"""What of a credit limit may still be sold on, by the age of the balance."""

from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.aged_credit import CreditAges, still_given

HOURS = st.integers(0, 8_760)
LEFT = st.integers(0, 10**12)
AGE = st.integers(0, 8_760 * 3_600 * 2)


@given(LEFT, AGE, AGE, HOURS, HOURS)
def test_it_only_shrinks_and_never_below_nothing(
    left: int, one: int, two: int, whole: int, none: int
) -> None:
    ages = CreditAges(whole, none)
    younger, older = (still_given(left, age, ages) for age in sorted((one, two)))
    assert 0 <= older <= younger <= left


@given(LEFT, AGE)
def test_who_set_nothing_keeps_the_limit(left: int, age: int) -> None:
    assert still_given(left, age, CreditAges(0, 0)) == left
    assert still_given(left, None, CreditAges(12, 0)) == left


def test_in_a_straight_line_between_the_two_hours() -> None:
    ages = CreditAges(24, 72)
    hour = 3_600
    found = [still_given(48_000, age * hour, ages) for age in (0, 24, 25, 48, 71, 72, 9_999)]
    assert found == [48_000, 48_000, 47_000, 24_000, 1_000, 0, 0]
    assert still_given(48_000, 24 * hour + 1, ages) == 47_999
    assert still_given(48_000, None, ages) == 0
    # Two hours that are set the wrong way round are the one at which nothing is left.
    assert still_given(48_000, 30 * hour, CreditAges(48, 24)) == 0
    assert still_given(48_000, 23 * hour, CreditAges(48, 24)) == 48_000
