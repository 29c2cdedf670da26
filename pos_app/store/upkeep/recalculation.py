"""Recalculation: every cached balance against the ledger's lines, in sets, chunk by chunk.

A chunk is a range of the projection's walking column, read in one snapshot by one query over both
sides; only keys that drifted are locked, one at a time (see `mending`).  After each chunk a row of
`recalculation` says how far the walk is: a run that was killed goes on there, a finished one is
history.  A walk begins at the first key again when the row is older than `_RESUME_WITHIN`, because
what was right then need not be right today.

At its end a walk that mended checks the checkpoints and brings them up to the newest document.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.clock import Clock
from pos_app.store.balances import balances, checkpoint
from pos_app.store.balances.drift import Drift, Key, Span, compared, conditions, drifts
from pos_app.store.engine.engine import Database
from pos_app.store.tables.projections import Projection
from pos_app.store.tables.upkeep_tables import recalculation as recalculation_table
from pos_app.store.upkeep import mending
from pos_app.store.upkeep.traced_drift import Alert, TracedDrift, log_alert, trace

#: Enough that the cost of a chunk is its rows, and so few that a killed run has lost seconds.
CHUNK_KEYS: Final = 200_000
#: Documents that a checkpoint takes in at once.  On a till a sale waits meanwhile; at the centre
#: nobody does, and one pass over all is the quickest.
CENTRAL_STEP: Final = 2**40
TILL_STEP: Final = 2_000
#: Memory of a chunk's query at the centre.
WORK_MEM: Final = "64MB"
_RESUME_WITHIN: Final = timedelta(hours=12)

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What a walk did: cached rows checked, drifts found, from where a killed run went on."""

    checked: int = 0
    found: list[TracedDrift] = field(default_factory=list)
    resumed_after: Any = None

    @property
    def mended(self) -> int:
        """How many were set right."""
        return sum(one.mended for one in self.found)


class Recalculation:
    """Walks for one organisation; `terminal_no` is the number under which this side writes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        org_id: int,
        terminal_no: int,
        alert: Alert = log_alert,
        chunk_keys: int = CHUNK_KEYS,
    ) -> None:
        self._database = mending.as_owner(database)
        self._clock = clock
        self._org_id = org_id
        self._terminal_no = terminal_no
        self._alert = alert
        self._chunk_keys = chunk_keys

    def walk(
        self,
        projection: Projection,
        limit: Key | None = None,
        *,
        kind: str = "",
        dry_run: bool = False,
        progress: Progress = lambda done, total: None,
    ) -> Outcome:
        """Check all keys within `limit`; mend unless `dry_run`.  `kind` names the run in the history."""
        bound = {"org_id": self._org_id, **(limit or {})}
        run = _Run(self._database, self._clock, self._org_id, kind if limit else projection.name, dry_run)
        outcome = Outcome(resumed_after=run.after)
        with self._database.read() as connection:
            total = balances.count(connection, projection, bound)
            done = count_span(connection, projection, bound, Span(to=run.after)) if run.after else 0
        span: Span | None = Span(run.after)
        while span is not None:
            with mending.upkeep_lock(self._database, self._org_id):
                span = self._chunk(projection, bound, span, run, outcome, total=total)
            progress(done + outcome.checked, total)
        run.finish(outcome)
        if not dry_run:
            self._check_checkpoint(projection, bound)
        return outcome

    def _chunk(
        self, projection: Projection, bound: Key, span: Span, run: "_Run", outcome: Outcome, *, total: int
    ) -> Span | None:
        """One chunk after `span.after`; gives the next one, or None after the last."""
        is_whole = span.after is None and total <= self._chunk_keys
        with self._database.read() as connection:
            if not self._database.on_till:
                # The hash of a whole chunk fits; with the usual four megabytes it goes through files.
                connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEM}'"))
            # Few keys are one chunk, and were counted already.
            chunk = span
            if not is_whole:
                chunk = next_chunk(connection, projection, bound, span.after, self._chunk_keys)
            outcome.checked += total if is_whole else count_span(connection, projection, bound, chunk)
            found = [
                trace(connection, projection, drift) for drift in drifts(connection, projection, bound, chunk)
            ]
        if not run.dry_run:
            for one in found:
                mending.mend(
                    self._database, projection, one, at=self._clock.now(), terminal_no=self._terminal_no
                )
        if found:
            self._alert("drift found" if run.dry_run else "drift mended", self._org_id, found)
        outcome.found += found
        run.note(chunk.to, outcome)
        return None if chunk.to is None else Span(chunk.to)

    def _check_checkpoint(self, projection: Projection, bound: Key) -> None:
        """The cached rows are right now: a checkpoint that says otherwise is damaged, and goes."""
        with mending.upkeep_lock(self._database, self._org_id):
            with self._database.read() as connection:
                damaged = list(checkpoint_drifts(connection, projection, bound, Span()))
            if damaged:
                drop_checkpoints(
                    self._database,
                    self._org_id,
                    damaged,
                    self._alert,
                    at=self._clock.now(),
                    terminal_no=self._terminal_no,
                )

    def bring_up(self, progress: Progress = lambda done, total: None) -> int:
        """Bring the checkpoints up to the newest document, step by step; gives the documents taken in."""
        step = TILL_STEP if self._database.on_till else CENTRAL_STEP
        taken = 0
        with self._database.read() as connection:
            total = waiting_documents(connection, self._org_id)
        while True:
            with (
                mending.upkeep_lock(self._database, self._org_id),
                self._database.write() as connection,
            ):
                more = checkpoint.advance(connection, self._org_id, step)
            taken += max(more, 0)
            progress(taken, total)
            if 0 <= more < step:
                return taken


def waiting_documents(connection: Connection, org_id: int) -> int:
    """How many documents no checkpoint has yet."""
    return sum(one.high - one.low for one in checkpoint.waiting(connection, org_id))


def next_chunk(connection: Connection, projection: Projection, bound: Key, after: Any, most: int) -> Span:
    """The range of at most about `most` cached keys after a value; the last range has no end."""
    walk = projection.walk
    where = " AND ".join(conditions(projection, bound, Span(after)))
    found = connection.execute(
        text(f"SELECT {walk} FROM {projection.name} WHERE {where} ORDER BY {walk} LIMIT 1 OFFSET :most"),
        {**bound, **Span(after).bound(), "most": most - 1},
    ).scalar_one_or_none()
    return Span(after, found)


def count_span(connection: Connection, projection: Projection, bound: Key, span: Span) -> int:
    """How many cached rows a range has."""
    where = " AND ".join(conditions(projection, bound, span))
    return int(
        connection.execute(
            text(f"SELECT count(*) FROM {projection.name} WHERE {where}"), {**bound, **span.bound()}
        ).scalar_one()
    )


def checkpoint_drifts(
    connection: Connection, projection: Projection, bound: Key, span: Span
) -> Iterable[Drift]:
    """Where cached rows are right by the lines and the checkpoint says otherwise."""
    for drift in by_checkpoint(connection, projection, bound, span):
        if balances.sum_of_lines(connection, projection, drift.key) == drift.cached:
            yield Drift(projection.checkpoint, drift.key, drift.expected, drift.cached)


def by_checkpoint(connection: Connection, projection: Projection, bound: Key, span: Span) -> Iterable[Drift]:
    """Cached rows that are not what the checkpoint and the lines after it say; none without one."""
    where = conditions(projection, bound, span)
    quick = checkpoint.expected_sql(connection, projection, int(bound["org_id"]), where)
    if quick is None:
        return []
    sql, more = quick
    return compared(connection, projection, sql, where, {**bound, **span.bound(), **more})


def drop_checkpoints(
    database: Database,
    org_id: int,
    damaged: Iterable[Drift],
    alert: Alert,
    *,
    at: datetime,
    terminal_no: int,
) -> None:
    """Checkpoints of which some are damaged: all go, somebody is told, and each is in the audit log.

    Noted first: whoever is killed between the two notes them again, and never not at all.
    """
    found = [TracedDrift(drift, mended=True) for drift in damaged]
    mending.note_all(database, "checkpoint", found, at=at, terminal_no=terminal_no)
    with database.write() as connection:
        checkpoint.drop(connection, org_id, checkpoint.CURRENT)
        checkpoint.drop(connection, org_id, checkpoint.SHADOW)
    alert("checkpoint damaged", org_id, found)


class _Run:
    """The row of one run in `recalculation`; a dry run has none."""

    def __init__(self, database: Database, clock: Clock, org_id: int, kind: str, dry_run: bool) -> None:
        self._database = database
        self._clock = clock
        self._place: dict[str, Any] = {"org": org_id, "kind": kind}
        self.dry_run = dry_run
        self.after: Any = None
        self._before = (0, 0, 0)
        if not dry_run:
            self._begin()

    def _begin(self) -> None:
        table = recalculation_table
        now = self._clock.now()
        mine = (table.c.org_id == self._place["org"], table.c.kind == self._place["kind"])
        with mending.upkeep_lock(self._database, self._place["org"]), self._database.write() as connection:
            row = connection.execute(
                table.select()
                .where(*mine, table.c.finished_at.is_(None), table.c.updated_at > now - _RESUME_WITHIN)
                .order_by(table.c.run_id.desc())
                .limit(1)
            ).one_or_none()
            if row is not None:
                self._place["run"] = row.run_id
                self.after = json.loads(row.walked_to) if row.walked_to else None
                self._before = (row.checked, row.drifted, row.mended)
                return
            last = connection.scalar(
                text("SELECT coalesce(max(run_id), 0) FROM recalculation WHERE org_id = :org"), self._place
            )
            self._place["run"] = int(last or 0) + 1
            connection.execute(
                table.insert().values(
                    org_id=self._place["org"],
                    run_id=self._place["run"],
                    kind=self._place["kind"],
                    started_at=now,
                    updated_at=now,
                )
            )

    def note(self, to: Any, outcome: Outcome) -> None:
        """A chunk is done."""
        if not self.dry_run and to is not None:
            self._put(outcome, walked_to=json.dumps(to))

    def finish(self, outcome: Outcome) -> None:
        """All is done: the row is history."""
        if not self.dry_run:
            self._put(outcome, finished_at=self._clock.now())

    def _put(self, outcome: Outcome, **values: Any) -> None:
        table = recalculation_table
        checked, drifted, mended = self._before
        with self._database.write() as connection:
            connection.execute(
                table.update()
                .where(table.c.org_id == self._place["org"], table.c.run_id == self._place["run"])
                .values(
                    updated_at=self._clock.now(),
                    checked=checked + outcome.checked,
                    drifted=drifted + len(outcome.found),
                    mended=mended + outcome.mended,
                    **values,
                )
            )
