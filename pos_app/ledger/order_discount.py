"""A discount on a whole order, shared over its lines: each rate of tax gets its part, to the cent.

Decisions
---------
2026-11-29  What is taken off an order lowers what is taxed at each rate in proportion to what stands at it
(the consideration is what is really paid: EU directive 2006/112, art. 79; Kenya's VAT Act 2013, s. 13).
Taking it off one line, or sharing it line by line with a rounding each, moves money between rates.  So it is
shared by cumulative rounding over the lines, those of one rate behind one another: the shares add up to the
discount, each rate's and each line's is within one minor unit of its proportion, and none exceeds its line.

2026-11-29  A discount is of prices as they stand: with the tax in them the customer pays just so much less;
where tax comes on top, so much less before it.  A per cent is of the sum, rounded once, and then shared.

2026-12-01  What all shall come to is what the customer pays, tax on top with it: whoever says 1,700 and is
asked for 1,847 was told another price.  Where the cent of a tax leaves no such total, it is the next below.
"""

import bisect
from collections.abc import Callable, Sequence

from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.tax import WHOLE_BP, Taxable


def percent_of(lines: Sequence[Taxable], percent_bp: int) -> int:
    """What a per cent (in basis points) of the goods that go out comes to, in minor units.

    Raises `Refused` for less than nothing and more than all.
    """
    if not 0 <= percent_bp <= WHOLE_BP:
        raise Refused("order-discount-implausible")
    return divide_half_up(_whole(lines) * percent_bp, WHOLE_BP)


def off_to(lines: Sequence[Taxable], target: int, paid: Callable[[int], int]) -> int:
    """The least discount after which no more than `target` minor units are paid, tax included; `paid` says
    what is paid after so much off.

    Raises `Refused` for a target above what is paid without any, and below what is paid after all of it.
    """
    whole = _whole(lines)
    if paid(0) < target:
        raise Refused("target-above-price")
    if paid(whole) > target:
        raise Refused("order-discount-implausible")
    return bisect.bisect_left(range(whole), -target, key=lambda off: -paid(off))


def shared(lines: Sequence[Taxable], discount: int) -> list[int]:
    """The part of each line in a discount on all of them, in minor units; nothing for what comes back.

    Raises `Refused` for less than nothing and for more than the goods that go out cost.
    """
    whole = _whole(lines)
    if not 0 <= discount <= whole:
        raise Refused("order-discount-implausible")
    parts = [0] * len(lines)
    if not discount:
        return parts
    rates = [line[:3] for line in lines]
    first = {rate: rates.index(rate) for rate in rates}
    up_to = given = 0
    for place in sorted(range(len(lines)), key=lambda one: (first[rates[one]], one)):
        extended = lines[place].extended
        if extended > 0:
            up_to += extended
            so_far = divide_half_up(discount * up_to, whole)
            parts[place] = so_far - given
            given = so_far
    return parts


def _whole(lines: Sequence[Taxable]) -> int:
    return sum(max(line.extended, 0) for line in lines)
