"""When a promotion is on, as people write it: days, hours, an end; and whether it is on now."""

from datetime import timedelta
from typing import Final, Protocol

from pos_app.ledger.day import zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.pricing.hours import DAYS, MINUTES, days_of
from pos_app.ledger.pricing.rules import ENDLESS_US
from pos_app.office.masters.promotions import Shown
from pos_app.office.moments import moment
from pos_app.store.tables.columns import from_micros

#: The word that takes a limit away, and the one that takes the end away.
ALL: Final = "all"
NEVER: Final = "never"


def days(text: str) -> int:
    """The days of `mon,tue,sat`, as a promotion keeps them.  Raises `Refused`."""
    if text.strip().lower() == ALL:
        return 0
    names = [one.strip().lower() for one in text.split(",")]
    if not all(name in DAYS for name in names):
        raise Refused("promotion-days-unreadable", text=text[:40])
    return days_of(DAYS.index(name) for name in names)


def hours(text: str) -> tuple[int, int]:
    """The minutes of `14:00-18:00`.  Raises `Refused`."""
    if text.strip().lower() == ALL:
        return 0, 0
    begin, dash, end_ = text.partition("-")
    found = _minute(begin), _minute(end_)
    if not dash or None in found or found[0] == found[1]:
        raise Refused("promotion-hours-unreadable", text=text[:40])
    # Until midnight is until the day is over.
    return (found[0] or 0) % MINUTES, found[1] or 0


def hours_shown(from_minute: int, to_minute: int) -> str:
    """As `hours` reads them; empty of the whole day."""
    return "" if from_minute == to_minute else f"{_hour(from_minute)}-{_hour(to_minute)}"


def end(text: str | None, zone_name: str) -> int | None:
    """The moment at which it is over; of a day it is the midnight after.  Raises `Refused`."""
    if text is None:
        return None
    if text.strip().lower() == NEVER:
        return ENDLESS_US
    found = moment(text, zone_name)
    if found is None or ":" in text:
        return found
    local = from_micros(found).astimezone(zone(zone_name)) + timedelta(days=1)
    return moment(local.date().isoformat(), zone_name)


class Promised(Protocol):
    """What is promised from a moment to another, both in microseconds since 1970: a promotion, points."""

    @property
    def from_us(self) -> int: ...
    @property
    def to_us(self) -> int: ...


def standing(promised: Promised, ended_us: int | None, now_us: int) -> str:
    """`on`, `later`, `over` or `archived`: how it stands; `ended_us` is when it was put away."""
    if ended_us is not None:
        return "archived"
    if promised.to_us <= now_us:
        return "over"
    return "later" if now_us < promised.from_us else "on"


def state(shown: Shown) -> str:
    """How a promotion stands."""
    return standing(shown.row.promotion, shown.row.ended_us, shown.now_us)


def _minute(text: str) -> int | None:
    hour, colon, minute = text.strip().partition(":")
    if not (hour.isdecimal() and (not colon or (minute.isdecimal() and len(minute) == 2))):
        return None
    found = int(hour) * 60 + int(minute or 0)
    return found if found <= MINUTES and int(minute or 0) < 60 else None


def _hour(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
