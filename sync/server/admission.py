"""Admission: how much work one server process takes at once, and who waits.

Every request at work holds a thread, a connection to Postgres and its message in memory, so each of
them is counted here.  What is too much is turned away at once with the time to come again; the
terminals keep their documents and wait.

2026-11-20  First come, first served, and at most four requests of one sender: a till whose batch
takes longer than it waits for sends it again while the first is still at work, and would in the end
hold every thread, each waiting for the terminal's row.  The sender is the address together with
the terminal that it claims to be, so that nobody can use up the place of somebody else.

2026-11-21  Batches leave a quarter of the places to small requests: a sale of this minute, a greeting,
a question for news.  When a thousand tills come back at once with full queues, the tills that only
sell would else wait behind all of them.  Measured with 1,000 tills (two processes on two cores): a sale is
seen at a sister that asks every 200 ms after 1.1 s (p50) and 3.2 s (p99); in one queue, 15 s and 32 s.
The fleet drains no slower.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sync.server.errors import Busy

Result = TypeVar("Result")

#: Requests at work in one process: more threads only wait for each other (see the bench).
MOST_AT_WORK: Final = 8
#: Waiting batches, and as many small requests beside them.
MOST_WAITING: Final = 400
MOST_OF_ONE_SENDER: Final = 4
#: Requests up to this size are small, as they travel: some twenty documents, or a question for news.
EXPRESS_BYTES: Final = 2_048
#: A request that has waited so long is turned away: its client will not wait much longer.
WAIT_LIMIT_S: Final = 20.0
#: Bodies up to this size are small: a push of 500 documents is a third of it.
SMALL_BODY_BYTES: Final = 1_000_000
MOST_SMALL_BYTES: Final = 256_000_000
MOST_LARGE_BODIES: Final = 4

_SHORTLY_S: Final = 2
_LATER_S: Final = 5


class Admission:
    """The places of one server process; used from its event loop only."""

    def __init__(self, places: int = MOST_AT_WORK) -> None:
        self.places = places
        self._free = asyncio.Semaphore(places)
        self._free_to_batches = asyncio.Semaphore(max(1, places * 3 // 4))
        self._waiting: Counter[bool] = Counter()
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="desk")
        self._at_work_of: Counter[str] = Counter()
        self._small_bytes = 0
        self._large_bodies = 0

    async def run(self, sender: str, work: Callable[[], Result], *, size_bytes: int = 0) -> Result:
        """What `work` on a request of this size gives, done in a thread when a place is free.

        Raises `Busy`.
        """
        if self._at_work_of[sender] >= MOST_OF_ONE_SENDER:
            raise Busy("server-at-work-for-you", wait_s=_LATER_S)
        self._at_work_of[sender] += 1
        try:
            async with contextlib.AsyncExitStack() as place:
                await self._wait_for_place(place, is_batch=size_bytes > EXPRESS_BYTES)
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._at_work_of[sender] -= 1
            if not self._at_work_of[sender]:
                del self._at_work_of[sender]

    async def _wait_for_place(self, place: contextlib.AsyncExitStack, *, is_batch: bool) -> None:
        if self._waiting[is_batch] >= MOST_WAITING:
            raise Busy("server-too-many-requests", wait_s=_LATER_S)
        self._waiting[is_batch] += 1
        try:
            async with asyncio.timeout(WAIT_LIMIT_S):
                if is_batch:
                    await place.enter_async_context(self._free_to_batches)
                await place.enter_async_context(self._free)
        except TimeoutError:
            raise Busy("server-had-no-time", wait_s=_LATER_S) from None
        finally:
            self._waiting[is_batch] -= 1

    @contextlib.asynccontextmanager
    async def body(self) -> "AsyncIterator[Body]":
        """A body on its way in and in memory until the block ends; see `Body.take`."""
        body = Body(self)
        try:
            yield body
        finally:
            body.give_back()

    def close(self) -> None:
        """End the threads; what is at work is done."""
        self._threads.shutdown()


class Body:
    """The bytes of one request, counted as they come; `size` is what is counted."""

    def __init__(self, admission: Admission) -> None:
        self.size = 0
        self._bytes = bytearray()
        self._admission = admission
        self._is_large = False

    def take(self, part: bytes) -> None:
        """Add bytes.  Raises `Busy` when the process holds too many already."""
        admission = self._admission
        self._bytes += part
        self.size += len(part)
        if self._is_large:
            return
        admission._small_bytes += len(part)
        if self.size > SMALL_BODY_BYTES:
            if admission._large_bodies >= MOST_LARGE_BODIES:
                raise Busy("server-reads-others", wait_s=_SHORTLY_S)
            admission._small_bytes -= self.size
            admission._large_bodies += 1
            self._is_large = True
        elif admission._small_bytes > MOST_SMALL_BYTES:
            raise Busy("server-holds-too-many", wait_s=_LATER_S)

    def whole(self) -> bytes:
        """All bytes, handed over; they stay counted."""
        whole, self._bytes = bytes(self._bytes), bytearray()
        return whole

    def give_back(self) -> None:
        """Forget the bytes."""
        if self._is_large:
            self._admission._large_bodies -= 1
        else:
            self._admission._small_bytes -= self.size
        self.size = 0
        self._is_large = False
        self._bytes = bytearray()
