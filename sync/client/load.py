"""How much a push carries: less after each one that failed, more again after each that went through.

A line that needs ten minutes for a full batch never carries one: every attempt ends in somebody's
time limit, and the next would be the same.  A single document always gets a try.
"""

from typing import Final

from sync.protocol.messages import MOST_PACKETS, MOST_PUSH_BYTES

_FEWEST_BYTES: Final = MOST_PUSH_BYTES // MOST_PACKETS


class Load:
    """The most documents and bytes of the next push."""

    def __init__(self) -> None:
        self.packets = MOST_PACKETS
        self.bytes = MOST_PUSH_BYTES

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken off: the line carries what there is."""
        return self.packets == MOST_PACKETS

    def lighter(self) -> None:
        """A push failed on its way."""
        self.packets = max(1, self.packets // 2)
        self.bytes = max(_FEWEST_BYTES, self.bytes // 2)

    def heavier(self) -> None:
        """A push went through."""
        self.packets = min(MOST_PACKETS, self.packets * 2)
        self.bytes = min(MOST_PUSH_BYTES, self.bytes * 2)
