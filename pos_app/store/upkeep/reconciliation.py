"""Reconciliation in the background: all keys, over and over, within a budget of time.

Two walks run beside each other.  The walk over *keys* compares every cached row with its checkpoint
and the lines after it: quick, so damage is seen within one pass.  The walk over *lines* makes the
checkpoints anew from the first document on, in small steps, and compares them with the current ones
when it has caught up; so what the first walk trusts is never older than one pass of the second.

Decision 2026-11-20: what is found is told at once (alert, audit log, status, metrics) and stays as it
is for a while (`mend_after`, 15 minutes): a person may look at it, and `recalculate` mends it with a
name to it.  What nobody mended by then is mended here, because the truth is the ledger.

`turn` is one slice of work; who calls it keeps the budget (see `sync.upkeep`).
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.store.balances import balances, checkpoint
from pos_app.store.balances.drift import Drift, Span, drifts
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.tables.projections import BY_NAME, PROJECTIONS, Projection
from pos_app.store.upkeep import findings, mending
from pos_app.store.upkeep.recalculation import (
    by_checkpoint,
    count_span,
    drop_checkpoints,
    next_chunk,
    waiting_documents,
)
from pos_app.store.upkeep.sweep import LINES, Sweep, load, save
from pos_app.store.upkeep.traced_drift import Alert, TracedDrift, log_alert, trace

#: A turn takes chunks and steps of this size; each is some tens of milliseconds.
_CHUNK_KEYS: Final = 5_000
_STEP: Final = 2_000
#: Checkpoints are brought up when so many documents wait; below, reading their lines is as quick.
_WORTH: Final = 400
#: With more than this the walk over keys waits until the checkpoints are made.
_FAR_BEHIND: Final = 20_000

MEND_AFTER: Final = timedelta(minutes=15)
#: A pass over all keys, and one over all lines, begins at most so often.
KEYS_EVERY: Final = timedelta(seconds=10)
LINES_EVERY: Final = timedelta(hours=1)
#: On a till each pass is a commit on a slow disk, and there is one writer only.
TILL_KEYS_EVERY: Final = timedelta(minutes=2)
TILL_LINES_EVERY: Final = timedelta(hours=24)


class Reconciliation:
    """Walks over every organisation of a database; one turn after another, from one thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        terminal_no: int,
        alert: Alert = log_alert,
        mend_after: timedelta = MEND_AFTER,
        keys_every: timedelta = KEYS_EVERY,
        lines_every: timedelta = LINES_EVERY,
    ) -> None:
        self._database = mending.as_owner(database)
        self._clock = clock
        self._terminal_no = terminal_no
        self._alert = alert
        self._mend_after = mend_after
        self._keys_every = keys_every
        self._lines_every = lines_every

    def turn(self, budget_ms: int) -> None:
        """Work for about so many milliseconds, on each organisation a fair part."""
        with self._database.read() as connection:
            org_ids = organisations.all_ids(connection)
        for number, org_id in enumerate(org_ids):
            share_ms = budget_ms // (len(org_ids) - number)
            began_ns = time.monotonic_ns()
            with mending.upkeep_lock(self._database, org_id, wait=False) as mine:
                if mine:
                    self._turn_of(org_id, _until(began_ns + share_ms * 1_000_000))
            budget_ms = max(0, budget_ms - (time.monotonic_ns() - began_ns) // 1_000_000)

    def _turn_of(self, org_id: int, is_over: Callable[[], bool]) -> None:
        """The oldest work first; at least one piece of it, however small the budget."""
        self._bring_up(org_id, is_over)
        with self._database.read() as connection:
            far_behind = waiting_documents(connection, org_id) > _FAR_BEHIND
        if far_behind:
            return
        due = True
        while due:
            due = False
            for projection in PROJECTIONS:
                due = self._keys(org_id, projection) or due
                if is_over():
                    return
        while not is_over() and self._lines(org_id):
            pass

    def _bring_up(self, org_id: int, is_over: Callable[[], bool]) -> None:
        while True:
            with self._database.read() as connection:
                waits = checkpoint.waiting(connection, org_id)
            if sum(abs(one.high - one.low) for one in waits) < _WORTH:
                return
            with self._database.write() as connection:
                damaged = checkpoint.advance(connection, org_id, _STEP) < 0
            if damaged:
                self._alert("checkpoint damaged", org_id, ())
            if is_over():
                return

    # --- the walk over keys -----------------------------------------------------------------------

    def _keys(self, org_id: int, projection: Projection) -> bool:
        """One chunk of keys; gives False when this pass is over and the next not due."""
        bound = {"org_id": org_id}
        with self._database.read() as connection:
            walk = load(connection, org_id, projection.name)
            if walk is not None and walk.is_idle and not walk.is_due(self._clock.now(), self._keys_every):
                return False
            if walk is None or walk.is_idle:
                walk = Sweep.begin(walk, projection.name, self._clock.now())
                walk.total = balances.count(connection, projection, bound)
            chunk = next_chunk(connection, projection, bound, walk.after, _CHUNK_KEYS)
            walk.seen += count_span(connection, projection, bound, chunk)
            suspects = list(self._suspects(connection, org_id, projection, chunk))
        walk.found += self._judge(org_id, projection, suspects)
        walk.step(chunk.to, self._clock.now())
        if walk.is_idle:
            self._settle(org_id, projection)
        with self._database.write() as connection:
            save(connection, org_id, walk)
        return True

    def _suspects(
        self, connection: Connection, org_id: int, projection: Projection, chunk: Span
    ) -> Sequence[Drift]:
        bound = {"org_id": org_id}
        if projection.grows and checkpoint.marks(connection, org_id):
            return list(by_checkpoint(connection, projection, bound, chunk))
        return list(drifts(connection, projection, bound, chunk))

    def _judge(self, org_id: int, projection: Projection, suspects: Sequence[Drift]) -> int:
        """Confirm suspects by all their lines; note what is new, mend what is old; the number of new."""
        fresh: list[TracedDrift] = []
        damaged: list[Drift] = []
        for suspect in suspects:
            with self._database.read() as connection:
                found_at = findings.found_at(connection, projection.name, suspect.key)
                drift = balances.validate_by_lines(connection, projection, suspect.key)
                if drift is None:
                    damaged += _damaged(connection, projection, suspect)
                    continue
                one = trace(connection, projection, drift)
            if found_at is None:
                fresh.append(one)
            elif self._clock.now() - found_at >= self._mend_after:
                self._mend(org_id, projection, one)
        if damaged:
            drop_checkpoints(
                self._database,
                org_id,
                damaged,
                self._alert,
                at=self._clock.now(),
                terminal_no=self._terminal_no,
            )
        self._tell(org_id, fresh)
        return len(fresh) + len(damaged)

    def _tell(self, org_id: int, fresh: list[TracedDrift]) -> None:
        if not fresh:
            return
        now = self._clock.now()
        mending.note_all(self._database, "drift", fresh, at=now, terminal_no=self._terminal_no)
        with self._database.write() as connection:
            for one in fresh:
                findings.put(connection, org_id, one, now)
        self._alert("drift found", org_id, fresh)
        if not self._mend_after:
            for one in fresh:
                self._mend(org_id, BY_NAME[one.drift.projection], one)

    def _mend(self, org_id: int, projection: Projection, traced: TracedDrift) -> None:
        """Mend by a fresh look: what was found is old."""
        with self._database.read() as connection:
            drift = balances.validate_by_lines(connection, projection, traced.drift.key)
        if drift is None:
            return
        traced.drift = drift
        mending.mend(self._database, projection, traced, at=self._clock.now(), terminal_no=self._terminal_no)
        self._alert("drift mended", org_id, [traced])

    def _settle(self, org_id: int, projection: Projection) -> None:
        """At the end of a pass: findings that hold no longer, because somebody mended them, go."""
        with self._database.read() as connection:
            settled = [
                finding.traced.drift.key
                for finding in findings.all_of(connection, org_id, projection.name)
                if balances.validate_by_lines(connection, projection, finding.traced.drift.key) is None
            ]
        if settled:
            with self._database.write() as connection:
                for key in settled:
                    findings.forget(connection, projection.name, key)

    # --- the walk over lines ----------------------------------------------------------------------

    def _lines(self, org_id: int) -> bool:
        """One step of making the checkpoints anew; gives False when there is nothing to do now."""
        with self._database.read() as connection:
            walk = load(connection, org_id, LINES)
            reached = checkpoint.marks(connection, org_id)
        if not reached:
            return False
        if walk is not None and walk.is_idle and not walk.is_due(self._clock.now(), self._lines_every):
            return False
        with self._database.write() as connection:
            if walk is None or walk.is_idle:
                walk = Sweep.begin(walk, LINES, self._clock.now())
                checkpoint.drop(connection, org_id, checkpoint.SHADOW)
            step = checkpoint.advance(connection, org_id, _STEP, checkpoint.SHADOW)
            walk.seen += max(step, 0)
            walk.total = sum(reached.values())
            damaged: list[Drift] = []
            if not checkpoint.waiting(connection, org_id, checkpoint.SHADOW):
                damaged = list(checkpoint.compare_shadow(connection, org_id))
                if damaged:
                    checkpoint.promote(connection, org_id)
                checkpoint.drop(connection, org_id, checkpoint.SHADOW)
                walk.step(None, self._clock.now())
            else:
                walk.step("", self._clock.now())
            walk.found += len(damaged)
            found = [TracedDrift(drift, mended=True) for drift in damaged]
            for one in found:
                mending.note(
                    connection, "checkpoint", one, at=self._clock.now(), terminal_no=self._terminal_no
                )
            save(connection, org_id, walk)
        if found or step < 0:
            self._alert("checkpoint damaged", org_id, found)
        return not walk.is_idle


def _until(end_ns: int) -> Callable[[], bool]:
    return lambda: time.monotonic_ns() >= end_ns


def _damaged(connection: Connection, projection: Projection, suspect: Drift) -> list[Drift]:
    """The cached row is right by its lines: when the checkpoint says otherwise, it is the wrong one."""
    quick = checkpoint.expected(connection, projection, suspect.key)
    by_lines = balances.current(connection, projection, suspect.key)
    if quick is None or quick == by_lines:
        return []
    return [Drift(projection.checkpoint, suspect.key, quick, by_lines)]
