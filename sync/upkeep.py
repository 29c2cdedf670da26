"""The upkeep of balances beside other work: turns of `Reconciliation` within a budget of time.

The centre runs it in a thread, a till's daemon in its idle moments.  The budget is milliseconds of
work for each minute; a turn that took longer is paid for by a longer wait, so that over any few
minutes the budget holds.  Whatever goes wrong in a turn is in the log, and the next one comes.
"""

import logging
import threading
import time
from typing import Final

from pos_app.ledger.errors import BohariError
from pos_app.store.outage import is_outage
from pos_app.store.reconciliation import Reconciliation

_log: Final = logging.getLogger(__name__)

#: How often there is a turn, when the budget allows.
TURN_EVERY_S: Final = 2.0
_AFTER_TROUBLE_S: Final = 30.0


class Upkeep:
    """Gives one reconciliation its turns; from one thread."""

    def __init__(
        self, reconciliation: Reconciliation, budget_ms_a_minute: int, *, turn_every_s: float = TURN_EVERY_S
    ) -> None:
        self._reconciliation = reconciliation
        self._budget_ms_a_minute = budget_ms_a_minute
        self._turn_every_s = turn_every_s
        self._due_s = time.monotonic() + turn_every_s

    def run(self, stop: threading.Event) -> None:
        """Turn after turn until `stop` is set; at once back when the budget is nothing."""
        while self._budget_ms_a_minute > 0:
            wait_s = max(0.0, self._due_s - time.monotonic())
            if stop.wait(wait_s):
                return
            self.turn_when_due()

    def turn_when_due(self) -> None:
        """One turn when its time has come; raises nothing."""
        began_s = time.monotonic()
        if self._budget_ms_a_minute <= 0 or began_s < self._due_s:
            return
        wait_s = self._turn_every_s
        try:
            self._reconciliation.turn(max(1, int(self._budget_ms_a_minute * self._turn_every_s) // 60))
        except Exception as error:  # noqa: BLE001 - a fault of the upkeep must not end what it stands beside
            wait_s = _AFTER_TROUBLE_S
            if isinstance(error, BohariError) or is_outage(error):
                _log.warning("reconciliation: %s", error)
            else:
                _log.exception("reconciliation: a fault")
        ended_s = time.monotonic()
        spent_s = ended_s - began_s
        paid_s = spent_s * 60_000 / self._budget_ms_a_minute
        self._due_s = ended_s + max(wait_s, paid_s - spent_s)
