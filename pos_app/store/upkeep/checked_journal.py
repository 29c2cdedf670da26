"""The journal of a till at work: after some recordings a balance that they touched is summed anew.

Decisions
---------
2026-11-21  The cached balances are right by construction: triggers change them in the transaction that writes
the lines, and nothing else writes them.  What construction cannot rule out is a damaged page, a trigger that
is gone, a hand in the file.  So one recording in four (`affected.EVERY`) is followed by the full sum of one
of the keys that it touched (its checkpoint and the lines above it, as `balances.validate`), the keys of a
document in their turn: what is touched often is summed often.  It is read after the commit, in a snapshot of
its own: it cannot hold up a sale, let alone refuse one.  What it finds is confirmed by every line of the key,
told at once (alert, finding) and mended as the findings of the walk in the background are (`reconciliation`).

2026-11-21  One look costs 0.3 to 0.9 ms beside a checkout of 1.4 to 1.6 ms, on an empty ledger and on one
of 300,000 lines (`python -m tests.bench look`); one in four makes it 0.1 to 0.2 ms a recording. A look
with each recording was felt in the benchmark of the checkout, all keys each time would cost a dozen times
as much, and some sales later both have found the same. A long ledger without checkpoints (its upkeep
never ran) is left to the walk: a sum over all its lines would be felt at the counter.

2026-12-01  A window puts the look off until the sale is on the screen: whoever stands at the counter waits
for the change, not for a sum.  Where nothing is drawn (a command, the simulator) it is done at once.
"""

from collections.abc import Callable, Sequence
from functools import partial

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.store.balances import affected, balances
from pos_app.store.balances.drift import Drift
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.journal.journal import Dates, Guard, Proves
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.tables.projections import BY_NAME
from pos_app.store.upkeep import findings
from pos_app.store.upkeep.traced_drift import Alert, log_alert, trace


class CheckedJournal(TillJournal):
    """A `TillJournal` that looks at what it did."""

    #: Does a look once nobody waits for it (see `Till.put_off_looks`); None where it is done at once.
    put_off: Callable[[Callable[[], None]], object] | None = None

    def __init__(
        self,
        database: Database,
        org_id: int,
        terminal_no: int,
        clock: Clock,
        guard: Guard | None = None,
        *,
        dates: Dates | None = None,
        proves: Proves | None = None,
        alert: Alert = log_alert,
    ) -> None:
        super().__init__(database, org_id, terminal_no, clock, guard, dates=dates, proves=proves)
        self._now = clock.now
        self._alert = alert

    def _after(self, sealed: Sequence[Sealed]) -> None:
        for one in sealed:
            if not affected.is_sampled(one):
                continue
            if self.put_off is None:
                self._look_at(one)
            else:
                self.put_off(partial(self._look_at, one))

    def _look_at(self, sealed: Sealed) -> None:
        """Sum one key anew.  The document stands: whatever goes wrong here is told and nothing else."""
        try:
            with self.database.read() as connection:
                drift = affected.sampled(connection, sealed)
            if drift is not None:
                self._tell(drift)
        except BohariError as error:
            events.NOT_CHECKED.log(error)

    def _tell(self, drift: Drift) -> None:
        projection = BY_NAME[drift.projection]
        with self.database.write() as connection:
            found = balances.validate_by_lines(connection, projection, drift.key)
            if found is None or findings.found_at(connection, drift.projection, drift.key) is not None:
                return
            traced = trace(connection, projection, found)
            findings.put(connection, self.org_id, traced, self._now())
        self._alert("drift found", self.org_id, [traced])
