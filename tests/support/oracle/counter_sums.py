"""What a person with pencil and paper makes of a basket: tax, coins, change.  Fractions, no code of ours."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class Bought(NamedTuple):
    """One line: minor units, thousandths, basis points; `inclusive` prices hold the tax already."""

    price: Fraction | int
    quantity: int
    discount: int
    rate_bp: int
    inclusive: bool


class Bill(NamedTuple):
    """What a basket comes to, in minor units."""

    total: int
    tax: int


def half_up(exact: Fraction | int) -> int:
    """The nearest whole number, halves away from zero."""
    whole = int(abs(Fraction(exact)) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def bill(lines: Iterable[Bought]) -> Bill:
    """Each line rounded by itself, the tax once for all lines of one rate."""
    charged: dict[tuple[int, bool], int] = defaultdict(int)
    for line in lines:
        charged[line.rate_bp, line.inclusive] += (
            half_up(Fraction(line.price) * line.quantity / 1000) - line.discount
        )
    total = tax = 0
    for (rate_bp, inclusive), money in charged.items():
        rate = Fraction(rate_bp, 10_000)
        its_tax = half_up(money * rate / (1 + rate)) if inclusive else half_up(money * rate)
        tax += its_tax
        total += money if inclusive else money + its_tax
    return Bill(total, tax)


def in_coins(amount: int, step: int) -> int:
    """What coins can pay of an amount."""
    return half_up(Fraction(amount, step)) * step
