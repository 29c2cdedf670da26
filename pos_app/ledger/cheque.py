"""What is typed of a cheque: which bank pays it, and the day that is written on it.

Decisions
---------
2026-12-01  A cheque is money of its own on an account of its own until it is banked, and gives no change: it
is written for what is due.  One that is older than six months is stale, as banks have it, and is not taken;
one of a later day may be taken, for customers here pay so, up to a year ahead.
"""

import re
from typing import Final

from pos_app.ledger.day import later, to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import reference_of
from pos_app.ledger.line import Cheque

_STALE_DAYS: Final = 183
_AHEAD_DAYS: Final = 366
#: 5.12.2026, 05/12/26, 5-12 and 05122026: the day first, as it is written here.
_DAY: Final = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{2}|\d{4}))?", re.ASCII)
_DIGITS: Final = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)


def cheque_of(bank: str, day: str, today: int) -> Cheque:
    """A cheque as it is typed at the counter; an empty day is `today` (YYYYMMDD).

    Raises `Refused` for no bank, no day, a stale one and one that is too far ahead.
    """
    whose = reference_of(bank)
    if not whose:
        raise Refused("cheque-bank-missing")
    dated_on = _day_of(day, today)
    if dated_on < later(today, -_STALE_DAYS):
        raise Refused("cheque-stale", day=to_date(dated_on).isoformat())
    if dated_on > later(today, _AHEAD_DAYS):
        raise Refused("cheque-too-far-ahead", day=to_date(dated_on).isoformat())
    return Cheque(bank=whose, dated_on=dated_on)


def _day_of(typed: str, today: int) -> int:
    text = typed.strip()
    if not text:
        return today
    found = _DIGITS.fullmatch(text) or _DAY.fullmatch(text)
    if found is None:
        raise Refused("cheque-day-unknown", text=text[:40])
    year = int(found[3]) if found[3] else today // 10_000
    dated_on = (year + 2000 if year < 100 else year) * 10_000 + int(found[2]) * 100 + int(found[1])
    try:
        to_date(dated_on)
    except Refused:
        raise Refused("cheque-day-unknown", text=text[:40]) from None
    return dated_on
