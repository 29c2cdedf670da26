"""A whole verification every night, in slices: pages, documents, and the books as a whole.

Decisions
---------
2026-11-29  One row says how far it is (`night_state`), so a restart goes on where the last slice ended.  It
is due when none began since the last `verify_hour`, by the clock of the organisation's place: a night in
which the machine was off is caught up when it is on, whatever the hour.  What is found is told at once, the
first time in a night, and nothing is mended; damaged pages stop the till (`damage`).

2026-11-30  Each turn at the centre begins with signing the entries of the audit log that stand unsigned at
its end (see `audit_runs`), for as long as the budget lasts: an import leaves many.

2026-11-29  A slice is a piece of some thousand documents, half a second, or one projection, some seconds of a
million documents; the thread that does it steps back behind everything else (`sync.upkeep`), and who calls it
keeps the budget.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text

from pos_app.language import said
from pos_app.ledger.clock import Clock
from pos_app.log import events
from pos_app.store.documents import audit_runs
from pos_app.store.engine.engine import Database
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.master import organisations
from pos_app.store.upkeep import (
    audit_check,
    end_check,
    mending,
    night_state,
    page_walk,
    piece_check,
    verification,
)
from pos_app.store.upkeep.night_state import MOST_KEPT, Found, NightState
from pos_app.store.upkeep.piece_check import PieceCheck
from pos_app.store.upkeep.verdict import Verdict

#: Tells somebody: the message as it is posted.
Tell = Callable[[dict[str, Any]], None]

_PAGES: Final = "pages"
_DOCUMENTS: Final = "documents"
_PAGES_S: Final = 0.2


def tell_nobody(message: dict[str, Any]) -> None:
    """Where no address is set: the log has it."""


class NightCheck:
    """A `Work` of the upkeep, on either side; `own_terminal_no` is the till's, where this is one.

    `hour` is the hour of the night, 0 to 23; a negative one is never.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        hour: int,
        own_terminal_no: int | None = None,
        tell: Tell = tell_nobody,
    ) -> None:
        self._database = mending.as_owner(database)
        self._clock = clock
        self._hour = hour
        self._own_terminal_no = own_terminal_no
        self._tell = tell

    def turn(self, budget_ms: int) -> None:
        """Slices of each organisation's verification that is due, for about so long; at least one."""
        if self._database.damage.known() is not None:
            # It was told, and the file is looked at by a person now.
            return
        end_s = time.monotonic() + budget_ms / 1000

        def is_over() -> bool:
            return time.monotonic() >= end_s

        with self._database.read() as connection:
            org_ids = organisations.all_ids(connection)
        for org_id in org_ids:
            audit_runs.sign_rest(self._database, org_id, is_over)
            while self._step(org_id, is_over) and not is_over():
                pass

    def _step(self, org_id: int, is_over: Callable[[], bool]) -> bool:
        """One slice; gives False when there is nothing to do before the next night."""
        with self._database.read() as connection:
            state = night_state.read(connection, org_id)
            place = organisations.get(connection, org_id)
        now = self._clock.now()
        if not state.stage:
            if (
                self._hour < 0
                or place is None
                or not _is_due(state.begun_at, now, self._hour, place.time_zone)
            ):
                return False
            state.stage, state.at, state.begun_at, state.so_far = _PAGES, 1, now, Found()
        verdict = Verdict()
        self._slice(org_id, state, verdict)
        self._take(org_id, state, verdict)
        if not state.stage:
            state.last, state.last_at = state.so_far, now
            if not state.last.problem_count:
                end_check.note(self._database, org_id, is_over)
            events.VERIFIED.log(
                org_id=org_id, documents=state.last.documents, problems=state.last.problem_count
            )
        if self._database.damage.known() is None:
            with self._database.write() as connection:
                night_state.save(connection, org_id, state, now)
        return bool(state.stage) and self._database.damage.known() is None

    def _slice(self, org_id: int, state: NightState, verdict: Verdict) -> None:
        """Do the next part of the stage and say what comes after it."""
        checks = verification.whole_checks(self._database)
        if state.stage == _PAGES:
            next_page = self._pages(state.at, verdict)
            state.stage, state.at = (
                (_DOCUMENTS, piece_check.BEGINNING) if next_page is None else (_PAGES, next_page)
            )
        elif state.stage == _DOCUMENTS:
            upto = self._documents(org_id, state.at, verdict)
            is_last = upto == piece_check.END
            state.stage, state.at = (next(iter(checks)), 0) if is_last else (_DOCUMENTS, upto)
        else:
            names = list(checks)
            # A stage of an older version: what it stood for is looked at the next night.
            place = names.index(state.stage) if state.stage in checks else len(names) - 1
            behind = self._whole(org_id, names[place], state.at, verdict)
            if behind is None:
                state.stage, state.at = names[place + 1] if place + 1 < len(names) else "", 0
            else:
                state.at = behind

    def _whole(self, org_id: int, name: str, at: int, verdict: Verdict) -> int | None:
        """One look at the whole, or the next of many at the audit log; gives where that goes on."""
        try:
            if name == verification.ENTRIES:
                return audit_check.check_slice(self._database, org_id, at, verdict)
            verification.whole_checks(self._database)[name](self._database, org_id, verdict)
        except DamagedDatabase as damaged:
            verdict.complain(damaged.sentence)
        return None

    def _documents(self, org_id: int, after: int, verdict: Verdict) -> int:
        """The next piece; gives its last key."""
        try:
            with self._database.read() as connection:
                piece = piece_check.pieces(connection, org_id, after)[0]
        except DamagedDatabase as damaged:
            # Not even their keys can be read: the rest of the books is looked at all the same.
            verdict.complain(damaged.sentence)
            return piece_check.END
        verdict.add(PieceCheck(self._database, org_id, self._own_terminal_no).check(piece))
        return piece.upto

    def _pages(self, first: int, verdict: Verdict) -> int | None:
        """Some pages of a till's file; at the centre, what Postgres itself counted of wrong checksums."""
        if not self._database.on_till:
            with self._database.read() as connection:
                failures = checksum_failures(connection)
            if failures:
                verdict.complain(said("central-pages-damaged", count=failures))
            return None
        end_s = time.monotonic() + _PAGES_S
        bad, next_page = page_walk.walk(self._database, first, lambda: time.monotonic() > end_s)
        try:
            page_walk.refuse_damaged(self._database, bad)
        except DamagedDatabase as damaged:
            verdict.complain(damaged.sentence)
        return next_page

    def _take(self, org_id: int, state: NightState, verdict: Verdict) -> None:
        """Keep what a slice found; the first problem of a night is told at once."""
        so_far = state.so_far
        is_first = not so_far.problem_count and not verdict.ok
        so_far.documents += verdict.documents
        so_far.problem_count += verdict.problem_count
        so_far.problems += [str(one) for one in verdict.problems[: MOST_KEPT - len(so_far.problems)]]
        if is_first:
            events.VERIFICATION_FAILED.log(org_id=org_id, problems=so_far.problems)
            self._tell(
                {
                    "alert": "verification failed",
                    "org_id": org_id,
                    "terminal": self._own_terminal_no,
                    "count": so_far.problem_count,
                    "problems": so_far.problems,
                }
            )


def checksum_failures(connection: Any) -> int:
    """At the centre: how many pages Postgres read with a wrong checksum since its counters began."""
    found = connection.scalar(
        text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
    )
    return int(found or 0)


def _is_due(begun_at: datetime | None, now: datetime, hour: int, time_zone: str) -> bool:
    """Whether none began since it was last so late; a clock that went back does not hold it up."""
    here = now.astimezone(ZoneInfo(time_zone))
    night = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if night > here:
        night -= timedelta(days=1)
    return begun_at is None or begun_at > now or begun_at < night
