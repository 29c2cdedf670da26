"""How often somebody may ask: a bucket of requests each, filled again as time goes by.

Decisions
---------
2026-11-30  In the memory of each server process and not in the database: a limit that costs a write for every
request is no relief.  With several workers a program has so many requests in each.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

#: So many are remembered; who has not asked for longest is forgotten, which does them good.
_MOST_KNOWN: Final = 10_000


class Pace:
    """`burst` requests at once and `a_minute` on; used by many threads."""

    def __init__(self, burst: int, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.a_minute = burst, a_minute
        self._now = now
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def left(self, who: str) -> int:
        """How many requests somebody has at once just now."""
        with self._lock:
            return int(self._filled(who))

    def take(self, who: str) -> int:
        """Count a request; gives after how many seconds to come again, 0 where it may be."""
        with self._lock:
            filled = self._filled(who)
            may = filled >= 1
            self._known[who] = (filled - 1 if may else filled, self._now())
            self._known.move_to_end(who)
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return 0 if may else max(1, -int(-(1 - filled) * 60 // self.a_minute))

    def _filled(self, who: str) -> float:
        filled, at = self._known.get(who, (float(self.burst), self._now()))
        return min(float(self.burst), filled + (self._now() - at) * self.a_minute / 60)
