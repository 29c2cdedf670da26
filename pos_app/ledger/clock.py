"""Time as the rooms ask for it: UTC inside; a clock that runs and one that is set by hand.

Clocks order nothing (sequence numbers do); they only say when a person did something.
"""

import functools
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple, Protocol

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class Running(NamedTuple):
    """How long the machine has run, in milliseconds, since its start of this name (empty where it has none).

    Nobody sets it: what must take its time is counted by it.
    """

    boot: str
    ms: int


#: Of no machine.
NEVER: Final = Running("", 0)


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC, to the microsecond."""
        ...

    def running(self) -> Running:
        """How long the machine has run."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def running(self) -> Running:
        """See `Clock.running`; sleep counts where the system tells."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
        return Running(_boot(), int(seconds * 1000))


@functools.cache
def _boot() -> str:
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


class SetClock:
    """A clock that stands where it is put, for demonstrations and tests."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        self._moment = moment.astimezone(UTC)
        self._boot, self._ran = "set", timedelta()

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._moment

    def running(self) -> Running:
        """See `Clock.running`."""
        return Running(self._boot, self._ran // timedelta(milliseconds=1))

    def advance(self, step: timedelta) -> None:
        """Move on by `step`; backwards only the clock on the wall goes."""
        self._moment += step
        self._ran += max(step, timedelta())

    def put(self, moment: datetime) -> None:
        """Put the clock on the wall, as a person does: no time passes."""
        self._moment = moment.astimezone(UTC)

    def restart(self, boot: str) -> None:
        """Start the machine anew: it has run for no time then."""
        self._boot, self._ran = boot, timedelta()
