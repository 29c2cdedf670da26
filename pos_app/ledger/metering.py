"""Meters: how much ran through one between two readings, also where it began again with nothing in between.

Decisions
---------
2026-12-01  A reading below the last one has a reason, and the line says which: the meter turned over (it has
so many digits, and what it shows began again with nothing), or another meter was put in (the line keeps what
the old one showed last, and begins where the new one began).  The quantity is by the same rule everywhere, so
the centre judges it as the till does, and the next reading goes on from what the meter shows.
"""

from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import ONE

#: Digits of a meter before its point, at least and at most.
LEAST_DIGITS: Final = 1
MOST_DIGITS: Final = 9


def turn_of(digits: int) -> int:
    """Where a meter of so many digits begins again with nothing, in thousandths.  Raises `Refused`."""
    if not LEAST_DIGITS <= digits <= MOST_DIGITS:
        raise Refused("meter-digits", least=LEAST_DIGITS, most=MOST_DIGITS)
    return int(10**digits) * ONE


def is_turn(turn: int) -> bool:
    """Whether a meter can begin again there."""
    return turn in {turn_of(digits) for digits in range(LEAST_DIGITS, MOST_DIGITS + 1)}


def is_read(before: int, after: int, turn: int = 0) -> bool:
    """Whether two readings can be: forward, or (with a `turn`) over it, once."""
    if turn:
        return is_turn(turn) and 0 <= after <= before < turn
    return 0 <= before < after


def ran(before: int, after: int, turn: int = 0) -> int:
    """What ran through between two readings, in thousandths."""
    return after - before + turn
