"""How much of a customer's credit a till may still sell on when it has not heard of the centre for a while.

Pure: the two hours are house rules, how old the balance is the till knows.

Decisions
---------
2026-12-01  What is left of a limit is what this till knows; another till may have sold on it since.  So it
shrinks with the age of the balance: whole until one hour, nothing from another on, in a straight line
between, rounded down.  A manager may go beyond, as beyond the limit itself.  Unset, it is the whole limit.
"""

from typing import Final, NamedTuple

_HOUR_S: Final = 3_600


class CreditAges(NamedTuple):
    """Until how many hours all of it counts, and from how many nothing does (0: it never shrinks)."""

    whole: int
    none: int


def still_given(left: int, age_s: int | None, ages: CreditAges) -> int:
    """What of `left` (minor units) may still be sold on, with a balance of this age in seconds.

    No age is that of a till that never heard of the centre: there nothing is known.
    """
    if ages.none <= 0 or left <= 0:
        return left
    if age_s is None:
        return 0
    whole, none = ages.whole * _HOUR_S, ages.none * _HOUR_S
    if age_s <= min(whole, none):
        return left
    if age_s >= none:
        return 0
    return left * (none - age_s) // (none - whole)
