"""Judging what a document says by what was so when it was recorded; pure, as is all that `then` answers.

Decisions
---------
2026-11-29  A price fits when it held at any time from an hour before the document was recorded until now. The
hour is for the basket that was open and the feed that was on its way; until now, because a till's clock may
be behind, and who charges what holds today cheats nobody. A price that held before that is an old one: a till
that was offline charges it rightly, by what the feed had brought, so it is noted and calls nobody. One that
never held is somebody's invention.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple, TypeVar

from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.price import fine_parts, of_fine_parts

#: So long before a document was recorded a value may have ended and still fits, in microseconds.
GRACE_US: Final = 3_600_000_000
#: The end of what holds now.
FOREVER_US: Final = 2**62

Value = TypeVar("Value")


class Fit(Enum):
    """How a value stands to what held."""

    FITS = "fits"
    OLD = "old"
    NEVER = "never"


class Held(NamedTuple):
    """A number that held until a moment, in microseconds since 1970."""

    value: int
    until_us: int = FOREVER_US


def held_at(spans: Sequence[Held], at_us: int) -> list[int]:
    """What held at a moment or since."""
    return [value for value, until_us in spans if until_us > at_us - GRACE_US]


def fit(said: int, spans: Sequence[Held], at_us: int) -> Fit:
    """How what a document says fits what held."""
    known = [until_us for value, until_us in spans if value == said]
    if not known:
        return Fit.NEVER
    return Fit.FITS if max(known) > at_us - GRACE_US else Fit.OLD


class Dated(NamedTuple):
    """A rate that holds from a local day (YYYYMMDD); `until_us` where it was overwritten since."""

    valid_from: int
    value: int
    until_us: int = FOREVER_US


def in_force(known: Sequence[Dated], day: int, *, before_first: int | None) -> int | None:
    """The rate that holds on a day by the history as it is now."""
    begun = [one for one in known if one.until_us == FOREVER_US and one.valid_from <= day]
    return max(begun).value if begun else before_first


def fit_dated(said: int, known: Sequence[Dated], day: int, at_us: int, *, before_first: int | None) -> Fit:
    """How a rate fits those of its history on a day; `before_first` is what holds before the first one."""
    if said == in_force(known, day, before_first=before_first):
        return Fit.FITS
    if any(one.value == said and at_us - GRACE_US < one.until_us < FOREVER_US for one in known):
        return Fit.FITS
    is_known = said == before_first or any(one.value == said for one in known)
    return Fit.OLD if is_known else Fit.NEVER


def in_money(parts: int, rate_micro: int) -> int:
    """A list price in ten-thousandths of a minor unit as a document at this rate names it."""
    if rate_micro == RATE_ONE:
        return parts
    return fine_parts(int(of_fine_parts(parts) * RATE_ONE) // rate_micro)
