"""The time a report is of: whole days in the organisation's time zone, half-open in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_app.language import printed
from pos_app.ledger.errors import Refused


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days included; without `first` it is everything up to `last`."""

    first: date | None
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime | None:
        """The first moment, in UTC."""
        return None if self.first is None else midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    def local(self, moment: datetime) -> datetime:
        """A moment on the clocks of the organisation."""
        return moment.astimezone(self.zone)

    def words(self) -> str:
        """As it stands above a report: "1 to 30 November 2026", "as of 30 November 2026"."""
        if self.first is None:
            return printed("as of {day}", day=day_words(self.last))
        if self.first == self.last:
            return day_words(self.last)
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return printed("{first} to {last}", first=self.first.day, last=day_words(self.last))
        return printed("{first} to {last}", first=day_words(self.first), last=day_words(self.last))


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_words(day: date) -> str:
    """ "30 November 2026", in the language of paper and the same in every locale of the machine."""
    return f"{day.day} {_months()[day.month - 1]} {day.year}"


def zone_of(name: str) -> tzinfo:
    """The time zone with this name, or UTC where the machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def parse_day(text: str, what: str) -> date:
    """A day written 2026-11-30.  Raises `Refused` for anything else."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("not-a-date", what=what, text=text[:20]) from None
    if not 1970 <= day.year <= 2200:
        raise Refused("report-year-implausible", year=day.year)
    return day


def period(first: date | None, last: date, zone: tzinfo) -> Period:
    """The period.  Raises `Refused` when it ends before it begins."""
    if first is not None and first > last:
        raise Refused("period-ends-before-it-begins", last=last, first=first)
    return Period(first, last, zone)


def _months() -> tuple[str, ...]:
    return (
        printed("January"),
        printed("February"),
        printed("March"),
        printed("April"),
        printed("May"),
        printed("June"),
        printed("July"),
        printed("August"),
        printed("September"),
        printed("October"),
        printed("November"),
        printed("December"),
    )
