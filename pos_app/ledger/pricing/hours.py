"""On which days of the week and at which hours a promotion holds, by the clock on the wall.

Decisions
---------
2026-11-30  Days and hours are those of the shop's zone.  Hours that end before they begin go over midnight
and belong to the day on which they began: Friday from 22:00 to 02:00 ends on Saturday at two.  Where a clock
is put back an hour comes twice, and what holds in it holds twice; where it is put on, not at all.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from pos_app.ledger.day import zone

#: The days of the week in their order; the bit of each in `days` is 1 << its place.
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES: Final = 24 * 60
_WEEK: Final = len(DAYS)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def days_of(places: Iterable[int]) -> int:
    """The bits of days by their places, 0 is Monday; all of them are none."""
    found = 0
    for place in places:
        found |= 1 << place
    return 0 if found == (1 << _WEEK) - 1 else found


def places_of(days: int) -> list[int]:
    """The places of the days whose bits are set."""
    return [place for place in range(_WEEK) if days & 1 << place]


def is_within(at_us: int, time_zone: str, days: int, hours: tuple[int, int]) -> bool:
    """Whether a moment (microseconds since 1970) lies on these days (0: any) and within these hours, minutes
    of the local day (0 and 0: all of it).
    """
    from_minute, to_minute = hours
    if not days and from_minute == to_minute:
        return True
    local = (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone(time_zone))
    weekday, minute = local.weekday(), local.hour * 60 + local.minute
    if from_minute == to_minute:
        return _is_on(days, weekday)
    if from_minute < to_minute:
        return from_minute <= minute < to_minute and _is_on(days, weekday)
    if minute >= from_minute:
        return _is_on(days, weekday)
    return minute < to_minute and _is_on(days, (weekday - 1) % _WEEK)


def _is_on(days: int, weekday: int) -> bool:
    return not days or bool(days & 1 << weekday)
