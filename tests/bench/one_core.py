"""Holding client and server on one core, for what is measured in hundredths of a millisecond.

2026-11-21  A read of 0.03 ms is mostly two wake-ups, and a wake-up across cores costs 0.1 ms on a virtual
machine.  Left to the scheduler, one of two server processes stands on the client's core and the other does
not, for as long as the run takes, and their ratio (0.3 to 3.7) says which.
"""

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def one_core(*others: int) -> Iterator[None]:
    """This process, those of `others` (by id) and all that they start meanwhile, on one core.

    Only Linux lets us choose; elsewhere this does nothing.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = {process: os.sched_getaffinity(process) for process in (0, *others)}
    core = max(before[0])
    try:
        for process in before:
            os.sched_setaffinity(process, {core})
        yield
    finally:
        for process, cores in before.items():
            os.sched_setaffinity(process, cores)
