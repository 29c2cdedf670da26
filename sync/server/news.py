"""Requests for news that are held open: one for each terminal, answered when its organisation's feed moved.

Decisions
---------
2026-12-01  A till is told when anything of its organisation's feed moved, and asks what: which of it is its
depot's own, the feed knows.  In a shop that never rests all would ask without end, so an organisation is told
so often at most, and its tills one after the other: altogether no more than they cost by asking every few
seconds.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sync.server.errors import Busy

#: Requests held open in one process: half of its connections (`connection.MOST_CONNECTIONS`).
MOST_HELD: Final = 2_000
#: An organisation is told so often at most.
PACE_S: Final = 0.1
#: And every till of it adds as much to that: about what its question for news takes.
EACH_S: Final = 0.005
#: So few are told at once.
_AT_ONCE: Final = 5
_LATER_S: Final = 5


class _Held(NamedTuple):
    since: int
    answer: asyncio.Future[int]


class News:
    """The requests that one process holds open; used from its event loop only, but for `is_listening`."""

    def __init__(self, *, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._held: dict[int, dict[int, _Held]] = {}
        self._count = 0
        #: By organisation: up to this transaction something may have moved.
        self._moved: dict[int, int] = {}
        #: What moved below this one nobody here has heard; None while nobody listens.
        self._floor: int | None = None
        self._not_before_s: dict[int, float] = {}
        self._due: dict[int, asyncio.TimerHandle] = {}

    @property
    def is_listening(self) -> bool:
        """Whether requests may be held: somebody hears when the feed moves."""
        return self._floor is not None

    def present(self) -> Mapping[int, list[int]]:
        """The terminals that hold a request open, by organisation."""
        return {org_id: list(held) for org_id, held in self._held.items()}

    async def wait(self, org_id: int, terminal_no: int, since: int, wait_s: float) -> int:
        """Up to which transaction something moved beyond `since`; 0 when nothing did for so long, or this
        cannot be held any longer.

        Raises `Busy` when too many are held.
        """
        if self._floor is None:
            return 0
        held = self._held.setdefault(org_id, {})
        known = held.get(terminal_no)
        if known is not None:
            # It asks anew: the line of the other one is gone, or it is a copy.
            self._answer(known, 0)
        elif self._count >= MOST_HELD:
            raise Busy("server-too-many-requests", wait_s=_LATER_S)
        else:
            self._count += 1
        own = _Held(since, asyncio.get_running_loop().create_future())
        held[terminal_no] = own
        if since < self._moved_to(org_id):
            self._see_to(org_id)
        try:
            async with asyncio.timeout(wait_s):
                return await own.answer
        except TimeoutError:
            return 0
        finally:
            if held.get(terminal_no) is own:
                del held[terminal_no]
                self._count -= 1
                if not held:
                    self._held.pop(org_id, None)

    def moved(self, moved: Mapping[int, int]) -> None:
        """The feeds of these organisations moved, each up to a transaction."""
        for org_id, upto in moved.items():
            self._moved[org_id] = max(upto, self._moved.get(org_id, 0))
            if org_id in self._held:
                self._see_to(org_id)

    def listen(self, floor: int) -> None:
        """From now on what moves is heard; before transaction `floor` anything may have."""
        self._floor = floor
        self._moved.clear()
        for org_id in list(self._held):
            self._see_to(org_id)

    def stop(self) -> None:
        """Nobody hears any more: every request is answered, and none is held until somebody does."""
        self._floor = None
        for timer in self._due.values():
            timer.cancel()
        self._due.clear()
        for held in self._held.values():
            for one in held.values():
                self._answer(one, 0)

    def _moved_to(self, org_id: int) -> int:
        return max(self._floor or 0, self._moved.get(org_id, 0))

    def _see_to(self, org_id: int) -> None:
        """Tell those that wait, when it is time."""
        if org_id in self._due:
            return
        loop = asyncio.get_running_loop()
        wait_s = max(0.0, self._not_before_s.get(org_id, 0.0) - loop.time())
        self._due[org_id] = loop.call_later(wait_s, self._tell, org_id)

    def _tell(self, org_id: int) -> None:
        self._due.pop(org_id, None)
        moved, loop = self._moved_to(org_id), asyncio.get_running_loop()
        waiting = [one for one in self._held.get(org_id, {}).values() if one.since < moved]
        spread_s = EACH_S * max(0, len(waiting) - _AT_ONCE)
        self._not_before_s[org_id] = loop.time() + PACE_S + spread_s
        for one in waiting:
            if spread_s:
                loop.call_later(spread_s * self._chance(), self._answer, one, moved)
            else:
                self._answer(one, moved)

    def _answer(self, held: _Held, moved: int) -> None:
        if not held.answer.done():
            held.answer.set_result(moved)
