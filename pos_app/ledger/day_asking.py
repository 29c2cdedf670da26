"""What a till asks the centre for to see the day of its depot: pure; where it waits is the till's own file.

Decisions
---------
2026-12-01  The day of a depot is no request of `asking`: it changes nothing, is answered while somebody
looks, and its answer is of one till alone, where those travel with the feed to all.  It is asked by the
daemon, for a window speaks to nobody; what was told last stays to be looked at when the line is down.
"""

from typing import Final, NamedTuple

#: So long somebody waits for an answer, in microseconds; the daemon looks often meanwhile.
AWAITED_US: Final = 20 * 1_000_000


class DayAsked(NamedTuple):
    """Who asks at which terminal for which day (YYYYMMDD), and the language of the answer."""

    terminal_no: int
    person_id: int
    day: int
    language: str


class DayWaits(NamedTuple):
    """The same as it waits at the till: when it was asked (microseconds since 1970), by whom, for what."""

    at_us: int
    person_id: int
    day: int
    language: str


class DayTold(NamedTuple):
    """The answer as it lies at the till: to which asking, when it came, the page (JSON), or why not: a
    sentence's code and facts.
    """

    at_us: int
    told_us: int
    day: int
    page: str = ""
    refused: str = ""
