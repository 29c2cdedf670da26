"""A day as one integer, YYYYMMDD: a due date, the first day of a rate, the end of a locked period.

A day is local to the organisation; the moment of a document becomes one by the organisation's time zone.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_app.ledger.errors import Damaged, Refused


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of this name.  Raises `Damaged` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Damaged("time-zone-unknown", name=name[:40]) from error


def day_of(moment: datetime, time_zone: str) -> int:
    """The local day of a moment.  Raises `Damaged` for a time zone that is none."""
    return from_date(moment.astimezone(zone(time_zone)).date())


def from_date(calendar_day: date) -> int:
    """A date as a day."""
    return calendar_day.year * 10_000 + calendar_day.month * 100 + calendar_day.day


def to_date(day: int) -> date:
    """The date of a day.  Raises `Refused` for a number that is no day."""
    try:
        return date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError:
        raise Refused("not-a-day", text=day) from None


def later(day: int, days: int) -> int:
    """The day so many days later (earlier when negative)."""
    return from_date(to_date(day) + timedelta(days=days))
