"""The lot of goods: which batch they are of, and their last day, as their maker printed both on the pack.

Decisions
---------
2026-11-29  One day stands for all that a pack may say of its end: the expiry date (AI 17), or, where there is
none, the best-before date (AI 15). Goods may be sold on that day, not after it, unless somebody allows it.
"""

from typing import Final, NamedTuple

#: GS1 General Specifications 3.4.1: a batch or lot number has up to 20 characters.
MOST_BATCH: Final = 20


class Lot(NamedTuple):
    """A batch ("": not known) and the last day of its goods as YYYYMMDD (None: not known)."""

    batch: str = ""
    expires_on: int | None = None


NO_LOT: Final = Lot()


def is_past(expires_on: int | None, day: int) -> bool:
    """Whether the last day of goods is before this one, both YYYYMMDD."""
    return expires_on is not None and expires_on < day
