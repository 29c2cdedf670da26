"""Upkeep beside other work: turns of `Reconciliation` or `ValuationRounds` within a budget of time.

The centre runs each in a thread, a till's daemon its reconciliation in idle moments.  The budget is
milliseconds of work for each minute; a turn that took longer is paid for by a longer wait, so that over
any few minutes the budget holds.  Whatever goes wrong in a turn is in the log, and the next one comes.
"""

import os
import sys
import threading
import time
from typing import Final, Protocol

from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.store.engine.outage import is_outage

#: How often there is a turn, when the budget allows.
TURN_EVERY_S: Final = 2.0
_NICENESS: Final = 15
_AFTER_TROUBLE_S: Final = 30.0


class Work(Protocol):
    """What the upkeep does, in slices."""

    def turn(self, budget_ms: int) -> None:
        """Work for about so many milliseconds."""


class Upkeep:
    """Gives one work its turns; from one thread.  `name` is what the log calls it."""

    def __init__(
        self,
        work: Work,
        budget_ms_a_minute: int,
        *,
        turn_every_s: float = TURN_EVERY_S,
        name: str = "reconciliation",
        steps_back: bool = False,
    ) -> None:
        """`steps_back` lets everything else go first, where a thread of Linux `run`s it."""
        self._work = work
        self._name = name
        self._steps_back = steps_back
        self._budget_ms_a_minute = budget_ms_a_minute
        self._turn_every_s = turn_every_s
        self._due_s = time.monotonic() + turn_every_s

    def run(self, stop: threading.Event) -> None:
        """Turn after turn until `stop` is set; at once back when the budget is nothing."""
        if self._steps_back:
            _step_back()
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
            self._work.turn(max(1, int(self._budget_ms_a_minute * self._turn_every_s) // 60))
        except Exception as error:  # noqa: BLE001 - a fault of the upkeep must not end what it stands beside
            wait_s = _AFTER_TROUBLE_S
            is_known = isinstance(error, BohariError) or is_outage(error)
            (events.UPKEEP_TROUBLE if is_known else events.UPKEEP_FAULT).log(error, work=self._name)
        ended_s = time.monotonic()
        spent_s = ended_s - began_s
        paid_s = spent_s * 60_000 / self._budget_ms_a_minute
        self._due_s = ended_s + max(wait_s, paid_s - spent_s)


def _step_back() -> None:
    """This thread alone: only Linux gives each thread a niceness of its own."""
    if sys.platform == "linux" and threading.current_thread() is not threading.main_thread():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
