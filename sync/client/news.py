"""The request for news that a till's daemon holds open, in a thread of its own.

It writes nothing and brings nothing: it says that something moved, and the daemon asks what.  Held briefly at
first and longer with each good answer, so that a proxy which cuts silent lines is met by shorter waits; where
none holds, the daemon asks every few seconds as before.
"""

import random
import threading
import time
from typing import Final

from pos_app.ledger.errors import BohariError, Refused
from pos_app.log import events
from sync.client.transport import Transport
from sync.protocol.messages import NEWS_PATH, NewsAnswer, NewsRequest

#: How long the first request is held, and the longest: proxies give up a silent line after a minute.
FIRST_S: Final = 5
LONGEST_S: Final = 50
#: How long it rests after one that was cut off, and after several.
_REST_S: Final = 5.0
_LONGEST_REST_S: Final = 120.0
#: An answer without news that comes sooner than this was not held; the next request waits as long.
_EARLY_S: Final = 1.0
_GOODBYE_S: Final = 5.0


class News:
    """What moves at the centre, heard over a line of its own."""

    def __init__(self, line: Transport, chance: random.Random | None = None) -> None:
        """The line is closed with this."""
        self._line = line
        self._chance = chance or random.SystemRandom()
        self._state = threading.Condition()
        self._thread: threading.Thread | None = None
        self._since = 0
        self._moved = 0
        self._good = 0
        self._cuts = 0
        self._hold_s, self._longest_s = FIRST_S, LONGEST_S
        self._is_refused = self._is_closed = False

    def listen(self, horizon: int) -> None:
        """All below this transaction has come: hear of what comes after.  0: the centre holds none open."""
        with self._state:
            self._since = 0 if self._is_refused else horizon
            self._state.notify_all()
            if self._thread is None and self._since:
                self._thread = threading.Thread(target=self._run, name="news", daemon=True)
                self._thread.start()

    def rest(self) -> None:
        """The centre does not answer: what is held may end, and no other request begins."""
        with self._state:
            self._since = 0
            self._good = 0

    def greeted(self) -> None:
        """It may be another centre, or the same with another proxy before it."""
        with self._state:
            self._is_refused = False
            self._cuts = 0
            self._longest_s = LONGEST_S

    @property
    def is_held(self) -> bool:
        """Whether what moves will be heard: a request is held where one before was held and answered."""
        with self._state:
            return bool(self._since and self._good and not self._cuts)

    @property
    def answers(self) -> int:
        """How many held requests the centre has answered."""
        with self._state:
            return self._good

    def has_moved(self) -> bool:
        """Whether something moved that has not come yet."""
        with self._state:
            return self._moved > self._since > 0

    def wait(self, timeout_s: float) -> bool:
        """Wait so long at most; gives whether something moved."""
        with self._state:
            return self._state.wait_for(lambda: self._moved > self._since > 0, timeout_s)

    def close(self) -> None:
        """End, whatever is held."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        self._line.close()
        if self._thread is not None:
            self._thread.join(_GOODBYE_S)

    def _run(self) -> None:
        while True:
            with self._state:
                # What moved is not asked for again before it has come.
                self._state.wait_for(lambda: self._is_closed or self._since > self._moved)
                if self._is_closed:
                    return
                since, hold_s = self._since, self._hold_s
            began_s = time.monotonic()
            rest_s = self._asked(since, hold_s, began_s)
            with self._state:
                if rest_s and self._state.wait_for(lambda: self._is_closed, rest_s):
                    return

    def _asked(self, since: int, hold_s: int, began_s: float) -> float:
        """Hold one request; gives how long to rest before the next."""
        try:
            answer = self._line.call(NEWS_PATH, NewsRequest(since=since, wait_s=hold_s), NewsAnswer)
        except Refused:
            # A server of before, or it took this till away: the daemon's next round hears why.
            with self._state:
                self._is_refused, self._since, self._good = True, 0, 0
            return 0.0
        except BohariError:
            return self._cut(hold_s)
        except Exception as error:  # noqa: BLE001 - a till without news asks as before; a fault is logged
            if not self._is_closed:
                events.SYNC_FAULT.log(error)
            return self._cut(hold_s)
        held_s = time.monotonic() - began_s
        with self._state:
            self._cuts = 0
            if answer.moved:
                self._moved = max(self._moved, answer.moved)
                self._good += 1
                self._state.notify_all()
                return 0.0
            if held_s < min(_EARLY_S, hold_s / 2):
                # Held by nobody: another of our requests came, or the server ends.
                self._good = 0
                return self._chance.uniform(_EARLY_S, 2 * _EARLY_S)
            self._good += 1
            self._hold_s = min(hold_s * 2, self._longest_s)
        return 0.0

    def _cut(self, hold_s: int) -> float:
        with self._state:
            self._good = 0
            self._cuts += 1
            self._longest_s = self._hold_s = max(FIRST_S, hold_s // 2)
            longest_s = min(_LONGEST_REST_S, _REST_S * 2 ** min(self._cuts - 1, 10))
        return self._chance.uniform(longest_s / 2, longest_s)
