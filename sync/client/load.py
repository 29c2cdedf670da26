"""How much a push carries, and over what: less after each one that failed, more again after each that
went through.

A line that needs ten minutes for a full batch never carries one: every attempt ends in somebody's
time limit, and the next would be the same.  A single document always gets a try.
"""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final

from sync.protocol.messages import MOST_PACKETS, MOST_PUSH_BYTES

_FEWEST_BYTES: Final = MOST_PUSH_BYTES // MOST_PACKETS
#: So many batches are on their way at once: one that the centre writes and one that it checks.
IN_FLIGHT: Final = 2


def threads() -> Executor:
    """A thread for each batch on its way."""
    return ThreadPoolExecutor(IN_FLIGHT, "push")


class Load:
    """The most documents and bytes of the next push; `lanes` makes what carries those beside the first."""

    def __init__(self, most_packets: int | None = None, lanes: Callable[[], Executor] = threads) -> None:
        self._most_packets = MOST_PACKETS if most_packets is None else most_packets
        self.lanes = lanes
        self.packets = self._most_packets
        self.bytes = MOST_PUSH_BYTES

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken off: the line carries what there is."""
        return self.packets == self._most_packets

    def lighter(self) -> None:
        """A push failed on its way."""
        self.packets = max(1, self.packets // 2)
        self.bytes = max(_FEWEST_BYTES, self.bytes // 2)

    def heavier(self) -> None:
        """A push went through."""
        self.packets = min(self._most_packets, self.packets * 2)
        self.bytes = min(MOST_PUSH_BYTES, self.bytes * 2)
