"""The parts of a long verification, shared by as many processes as there are cores.

Processes and not threads: decoding, posting and comparing is Python's own work, which one interpreter does on
one core.  Each opens the database by itself.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final, TypeVar

from pos_app.store.engine.engine import Database
from pos_app.store.upkeep.verdict import Verdict

Part = TypeVar("Part")

#: Opens the database in another process; must be picklable, so a function of a module or a partial of one.
OpenDatabase = Callable[[], Database]
#: Looks at one part of a verification; picklable too.
Work = Callable[[Database, Part], Verdict]

#: A process takes about a second to start, in which this many parts of a long history are done.
WORTH_PARTS: Final = 24


def each(
    database: Database, parts: Sequence[Part], work: Work[Part], open_database: OpenDatabase | None
) -> Iterator[Verdict]:
    """What was found in each part, in their order; in this process, where more are not worth it."""
    cores = os.cpu_count() or 1
    done = 0
    if open_database is not None and cores > 1 and len(parts) >= WORTH_PARTS:
        # Not forked: this process may have threads and connections that a copy must not share.
        with ProcessPoolExecutor(
            cores,
            multiprocessing.get_context("spawn"),
            initializer=_Own.open,
            initargs=(open_database, work),
        ) as processes:
            try:
                for found in processes.map(_look, parts):
                    done += 1
                    yield found
            except BrokenProcessPool:
                # Killed, for want of memory mostly: what is left is done here.
                processes.shutdown(cancel_futures=True)
    for part in parts[done:]:
        yield work(database, part)


class _Own:
    """What a process of the pool works with."""

    database: Database
    work: Work[Any]

    @classmethod
    def open(cls, open_database: OpenDatabase, work: Work[Any]) -> None:
        cls.database, cls.work = open_database(), staticmethod(work)


def _look(part: object) -> Verdict:
    return _Own.work(_Own.database, part)
