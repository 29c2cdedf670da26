"""How the days of a file are written: told from the whole file, never from one cell.

`03/04/2026` is the third of April to a Kenyan and the fourth of March to an American; read by itself it is a
month's mistake either way.  So all days of a file are evidence first, as its numbers are.

Decisions
---------
2026-12-01  Days with points between are written with the day first wherever people write them so.  Two digits
of a year are no year.  What no evidence decides is refused with both readings, unless whoever brings the file
says which it is.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused

_WRITTEN: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})([ T].*)?")


class DayOrder(StrEnum):
    """What stands first in a day."""

    DAY = "day"
    MONTH = "month"


class WrittenDay(NamedTuple):
    """A day as it stands in a file, and the row in which it stands."""

    text: str
    line_no: int


def _told_by(text: str) -> DayOrder | None:
    """The order that a day shows by itself; None where it shows none, or is written otherwise."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second or found[2] == ".":
        return DayOrder.DAY
    return DayOrder.MONTH if second > 12 >= first else None


def order_of(days: Iterable[WrittenDay]) -> DayOrder | None:
    """The order of a file; None where nothing in it tells.

    Raises `Refused` when two rows contradict each other.
    """
    first: dict[DayOrder, WrittenDay] = {}
    for one in days:
        order = _told_by(one.text)
        if order is not None:
            first.setdefault(order, one)
    if len(first) > 1:
        day, month = first[DayOrder.DAY], first[DayOrder.MONTH]
        raise Refused(
            "days-written-two-ways",
            day=day.text[:40],
            day_row=day.line_no,
            month=month.text[:40],
            month_row=month.line_no,
        )
    return next(iter(first), None)


def plain_day(text: str, order: DayOrder | None) -> str:
    """A day as 2026-11-30, with the time behind it where one stands there; anything else as it is.

    Raises `Refused` with both readings for one that may be either.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return text
    readings = [_iso(found, one) for one in DayOrder]
    if order is None and readings[0] != readings[1]:
        raise Refused("day-ambiguous", text=text.strip()[:40], day=readings[0][:10], month=readings[1][:10])
    return readings[1] if order is DayOrder.MONTH else readings[0]


def _iso(written: re.Match[str], order: DayOrder) -> str:
    day, month = (written[1], written[3]) if order is DayOrder.DAY else (written[3], written[1])
    return f"{written[4]}-{int(month):02d}-{int(day):02d}{written[5] or ''}"
