"""Time as the rooms ask for it: UTC inside; a clock that runs and one that is set by hand.

Clocks order nothing (sequence numbers do); they only say when a person did something.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC, to the microsecond."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put, for demonstrations and tests."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._moment

    def advance(self, step: timedelta) -> None:
        """Move on by `step`."""
        self._moment += step
