"""Going over the pages of a till's file, some at a time; what is not as it was written is noted as damage.

Decisions
---------
2026-11-30  Where the power goes while a checkpoint writes, pages of the file are torn, and all of them lie in
the write-ahead log, which nobody cut yet: nothing is damaged.  So a page that is not whole is looked at again
after what the log holds was brought into the file.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from pos_app.language import said
from pos_app.ledger.errors import Unavailable
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.engine.errors import DamagedDatabase, DatabaseBusy
from pos_app.store.engine.page_check import PageCheck
from pos_app.store.upkeep.verdict import Verdict

#: Pages between two looks at the time: some thousandths of a second.
_SLICE: Final = 128
#: Pages of a range, as one process of several takes them: a quarter of a second.
_RANGE: Final = 20_000
#: So often, with so long between, another process's checkpoint is waited for.
_TRIES: Final = 20
_AGAIN_AFTER_S: Final = 0.1
#: Beside a till that sells: so long at the pages, then so many times as long not.
_WORK_S: Final = 0.025
_RESTS: Final = 3


def walk(database: Database, first: int, is_over: Callable[[], bool]) -> tuple[list[int], int | None]:
    """Look at the pages from `first` on until the time is over; gives the bad ones and the next to look at.

    None is next when all are done, and where there are no pages of ours.
    """
    pages = database.pages()
    if pages is None:
        return [], None
    found: list[int] = []
    while first <= pages.count():
        if is_over():
            return found, first
        found += _bad(database, pages, first, min(first + _SLICE - 1, pages.count()))
        first += _SLICE
    return found, None


def _bad(database: Database, pages: PageCheck, first: int, upto: int) -> list[int]:
    """The pages that are bad, and would be with all that the log holds."""
    found = pages.bad(first, upto)
    if not found:
        return []
    try:
        _bring_in(database)
    except Unavailable as error:
        # A full disk: they are looked at again with the next walk.
        events.PAGES_NOT_CHECKED.log(error)
        return []
    return [page for page in found if pages.bad(page, page)]


def _bring_in(database: Database) -> None:
    """Bring what the log holds into the file.

    Raises `DatabaseBusy` while another process does it for long: window and daemon start together after a
    power cut, and until it is done a page may be torn that the log has.
    """
    for _ in range(_TRIES):
        if database.checkpoint():
            return
        time.sleep(_AGAIN_AFTER_S)
    raise DatabaseBusy("database-busy")


def refuse_damaged(database: Database, bad_pages: list[int]) -> None:
    """Note pages that are damaged.  Raises `DamagedDatabase` where there are any."""
    if bad_pages:
        damaged = DamagedDatabase("database-pages-damaged", count=len(bad_pages), first=bad_pages[0])
        database.damage.note(damaged, f"pages {bad_pages[:20]}")
        raise damaged


def ranges(database: Database) -> list[range]:
    """All pages of a till's file, in ranges; none at the centre."""
    pages = database.pages()
    count = 0 if pages is None else pages.count()
    return [range(first, min(first + _RANGE, count + 1)) for first in range(1, count + 1, _RANGE)]


def check(database: Database, numbers: range, verdict: Verdict) -> None:
    """The pages of one range, for a whole verification."""
    pages = database.pages()
    bad = [] if pages is None else _bad(database, pages, numbers[0], numbers[-1])
    if bad:
        verdict.complain(said("database-pages-damaged", count=len(bad), first=bad[0]))


def check_beside(database: Database, first: int, stop: threading.Event) -> None:
    """The pages from `first` on, in a thread beside a till that sells; until the last one or `stop`."""
    next_page: int | None = first
    while next_page is not None and not stop.is_set():
        began_s = time.monotonic()
        end_s = began_s + _WORK_S
        try:
            found, next_page = walk(database, next_page, lambda: time.monotonic() > end_s)  # noqa: B023
            refuse_damaged(database, found)
        except DamagedDatabase:
            return
        except OSError as error:
            events.PAGES_NOT_CHECKED.log(error)
            return
        stop.wait((time.monotonic() - began_s) * _RESTS)
