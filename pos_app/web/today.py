"""The page of today: what was sold, what the drawers should hold, what asks for a person; it stays fresh."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import today
from pos_app.office.today import Hour, Part, Today
from pos_app.reports.model.period import zone_of
from pos_app.web.visit import Visit
from pos_app.web.way import Way

#: The size of the chart of hours, in its own units.
_WIDE: Final = 480
_HIGH: Final = 170
_BELOW: Final = 22
_GAP: Final = 4
_LEAST_HOURS: Final = 12
#: Where what asks for a person is answered.
_WAYS_TO: Final = {"flags": "/flags", "codes": "/mpesa-twice", "quarantine": "/quarantine"}


@dataclass(frozen=True)
class Bar:
    """A bar of the chart: where it stands, and what it says to who cannot see it."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class HourBars:
    """An hour of the chart: today's bar before last week's."""

    hour: str
    middle: int
    today: Bar
    last_week: Bar
    amount: str
    before: str


def _values(visit: Visit) -> dict[str, Any]:
    seen = today.glance(visit.office)
    money = seen.money
    return {
        "seen": seen,
        "zone": visit.office.organisation.time_zone,
        "day": f"{seen.at.astimezone(zone_of(visit.office.organisation.time_zone)):%Y-%m-%d}",
        "bars": _bars(seen.hours, money),
        "chart": (_WIDE, _HIGH + _BELOW, _HIGH),
        "money": lambda amount, code="": grouped_text(amount, currency(code) if code else money),
        "change": lambda part: _change(part.today, part.last_week),
        "change_of_all": _change(seen.sold, seen.last_week),
        "groups": _groups(seen),
        "ways_to": _WAYS_TO if visit.may(Permission.DECIDE, Permission.SEE_AUDIT) else {},
    }


def _groups(seen: Today) -> list[tuple[str, list[Part]]]:
    return [("business", seen.businesses), ("depot", seen.depots), ("till", seen.tills)]


def _change(now: int, before: int) -> str:
    """Per cent against last week, with its sign; nothing where there was nothing."""
    if before <= 0:
        return ""
    percent = (now - before) * 100 // before
    return f"+{percent} %" if percent > 0 else f"{percent} %".replace("-", "\u2212")


def _bars(hours: list[Hour], money: Currency) -> list[HourBars]:
    if not hours:
        return []
    most = max(1, *(max(one.today, one.last_week) for one in hours))
    # A morning with two hours has no wider bars than a whole day.
    slot = _WIDE // max(len(hours), _LEAST_HOURS)
    width = max(2, (slot - _GAP) // 2)
    found = []
    for at, one in enumerate(hours):
        left = at * slot + _GAP // 2
        found.append(
            HourBars(
                f"{one.hour:02d}",
                left + width,
                _bar(left, width, one.today, most),
                _bar(left + width, width, one.last_week, most),
                grouped_text(one.today, money),
                grouped_text(one.last_week, money),
            )
        )
    return found


def _bar(left: int, width: int, amount: int, most: int) -> Bar:
    height = max(0, amount) * _HIGH // most
    return Bar(left, _HIGH - height, width, height)


def _look(visit: Visit) -> Response:
    return visit.page("today.html", **_values(visit))


def _figures(visit: Visit) -> Response:
    """The part of the page that changes; nothing where it shows all that there is."""
    if visit.asked.query.get("seen") == today.mark(visit.office):
        return visit.finished(Response(status_code=204))
    return visit.page("today_figures.html", **_values(visit))


WAYS: Final = [
    Way("/today", _look, needs=(Permission.SEE_REPORTS,)),
    Way("/today/figures", _figures, needs=(Permission.SEE_REPORTS,), looks_by_itself=True),
]
