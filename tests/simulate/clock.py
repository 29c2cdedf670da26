"""Time in a simulation: one that passes for all, and what each till's clock on the wall says of it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from pos_app.ledger.clock import Running

BEGIN: Final = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


class FleetTime:
    """Seconds since the simulation began; nothing but the scheduler moves it."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def pass_(self, seconds: float) -> None:
        """Time goes on, in whole microseconds."""
        self.passed += timedelta(microseconds=round(seconds * 1_000_000))


class TillClock:
    """A `Clock` that may be wrong."""

    def __init__(self, time: FleetTime) -> None:
        self._time = time
        self.wrong = timedelta()
        self.boots = 0
        self._booted = timedelta()

    def now(self) -> datetime:
        """See `Clock.now`."""
        return BEGIN + self._time.passed + self.wrong

    def running(self) -> Running:
        """See `Clock.running`."""
        return Running(f"boot {self.boots}", (self._time.passed - self._booted) // timedelta(milliseconds=1))

    def boot(self) -> None:
        """The machine starts anew."""
        self.boots += 1
        self._booted = self._time.passed
