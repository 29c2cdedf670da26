"""Turns: a push that follows another one of the same terminal waits until that one is done.

A till sends the next batch before the answer to the last.  It is checked at once, in parallel; only
its turn at the books comes after.  The row of the terminal stays the one lock that counts: a push
that finds no turn to wait for (another server process, a lost batch) meets a gap and is sent again.

2026-11-21  No turns across processes.  Two batches of a till at two processes are checked for about as
long as each other; the later one then mostly finds the row of the terminal locked, which is its turn.
Eight drains of 6,000 documents, every other batch at another process: 12 pushes in five of them, 14, 14
and 18 in the others, and as fast as with one process.  A batch that does meet a gap costs the till
a round trip and no waiting; advisory locks or a poll would cost every push.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final, NamedTuple

#: The push before it has a transaction of some milliseconds; who waits longer asks for the mark.
WAIT_LIMIT_S: Final = 20.0


class Turn(NamedTuple):
    """A place in the sequence of one terminal."""

    org_id: int
    terminal_no: int
    seq: int


class PushOrder:
    """The pushes that are at work, by the sequence at which each of them ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work: dict[Turn, threading.Event] = {}

    @contextlib.contextmanager
    def at_work(self, end: Turn) -> Iterator[None]:
        """Until the block ends, whoever follows `end` waits."""
        done = threading.Event()
        with self._lock:
            is_first = self._at_work.setdefault(end, done) is done
        try:
            yield
        finally:
            done.set()
            if is_first:
                with self._lock:
                    del self._at_work[end]

    def is_at_work(self, end: Turn) -> bool:
        """Whether a push is at work that ends there, so that whoever follows will wait."""
        with self._lock:
            return end in self._at_work

    def wait_for(self, before: Turn) -> None:
        """Wait until the push that ends at `before` is done, if it is here."""
        with self._lock:
            done = self._at_work.get(before)
        if done is not None:
            done.wait(WAIT_LIMIT_S)
