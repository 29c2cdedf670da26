"""Which right a line needs for what it is cheaper by, and what was typed as a discount."""

import pytest

from pos_app.ledger.currency import currency
from pos_app.ledger.discount_limit import right_for
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import DISCOUNT_STEPS, Permission, covering
from pos_app.ledger.typed_discount import How, typed_discount

P = Permission
KES = currency("KES")


@pytest.mark.parametrize(
    ("price", "quantity", "discount", "right"),
    [
        (10_000, 1_000, 500, P.DISCOUNT_5),
        (10_000, 1_000, 501, P.DISCOUNT_10),
        (10_000, 1_000, 1_000, P.DISCOUNT_10),
        (8_000, 1_000, 0, P.DISCOUNT_20),
        (8_000, 1_000, 1_000, P.DISCOUNT_30),
        (7_000, 1_000, 1, P.PRICE),
        (10_001, 1_000, 0, P.PRICE),
        (10_001, 1_000, 500, P.PRICE),
        (10_000, -1_000, -500, P.PRICE),
        (10_000, 333, 167, P.DISCOUNT_5),
    ],
)
def test_the_least_right_for_what_is_given_away(
    price: int, quantity: int, discount: int, right: Permission
) -> None:
    assert right_for(10_000, price, quantity, discount) is right


def test_a_greater_step_and_the_right_to_change_prices_cover_a_smaller_one() -> None:
    assert covering(P.DISCOUNT_20) == (P.DISCOUNT_20, P.DISCOUNT_30, P.PRICE)
    assert covering(P.PRICE) == (P.PRICE,)
    assert list(DISCOUNT_STEPS) == sorted(DISCOUNT_STEPS)


def test_three_ways_to_say_it() -> None:
    assert typed_discount("50", KES) == (How.AMOUNT, 5_000)
    assert typed_discount(" 12.5 % ", KES) == (How.PER_CENT, 1_250)
    assert typed_discount("=900", KES).off(100_000) == 10_000


@pytest.mark.parametrize("typed", ["", "%", "=", "1e3", "101%", "-1", "=-1", "NaN", "5%%", "9" * 10_000])
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        typed_discount(typed, KES)
