"""Has invoices signed: from threads of the first process of the server, one device in one of them.

A turn lets wait what reached the centre and sends what waits, one invoice of a device at a time.  The number
is given in one transaction, before anything is sent, and what became of it is kept in another: whoever is
killed in between finds the invoice under way, and asks the device what it has under that number.

Decisions
---------
2026-12-01  A device that does not answer rests as a whole, and what waits for it waits with it: ten thousand
that wait are not ten thousand tries.  What a device refuses waits for a person and holds up no other.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

from pos_app.fiscal.regime import Line
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.fiscal import gathering, settings
from pos_app.store.master import organisations
from sync.server.fiscal_line import HttpLine
from sync.server.fiscal_turn import FiscalTurn, Seat

#: Makes the line to an address.
Connect = Callable[[str], Line]
#: Tells somebody: the message as it is posted (see `sync.server.webhook`).
Tell = Callable[[dict[str, Any]], None]
#: Devices that are asked at a time.
_MOST_LINES: Final = 8
_EVERY_S: Final = 1.0
_AFTER_TROUBLE_S: Final = 10.0
#: What two people let into the books is looked for as often.
_ACCEPTED_EVERY_S: Final = 60.0
#: Invoices of one device in a turn.
A_TURN: Final = 500


class FiscalWorker:
    """Of all organisations of one centre; `run` is its thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        tell: Tell = lambda _: None,
        *,
        connect: Connect = HttpLine,
        waits_s: tuple[float, ...] = (5, 15, 60, 120, 300),
    ) -> None:
        """`database` is the owner's; `waits_s` is how long a device rests that did not answer so often."""
        self._database, self._clock, self._tell = database, clock, tell
        self._connect, self._waits = connect, tuple(timedelta(seconds=each) for each in waits_s)
        self._pool = ThreadPoolExecutor(_MOST_LINES, thread_name_prefix="fiscal")
        self._at_work: dict[Seat, Future[None]] = {}
        self._stop = threading.Event()
        self._accepted_s = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Sign until `stop` is set; what is under way then is asked about by the next start."""
        while not stop.is_set():
            wait_s = _EVERY_S
            try:
                self.begin_all()
            except Exception as error:  # noqa: BLE001 - an outage must not end the signing; it is logged
                _log(error)
                wait_s = _AFTER_TROUBLE_S
            stop.wait(wait_s)
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin_all(self) -> None:
        """Begin with every device that is not at work."""
        for seat in self.gather():
            standing = self._at_work.get(seat)
            if standing is None or standing.done():
                self._at_work[seat] = self._pool.submit(self._served, seat)

    def gather(self) -> list[Seat]:
        """Let what is new wait; gives the businesses that have a device."""
        with self._database.read() as connection:
            having = connection.execute(
                text("SELECT DISTINCT org_id FROM fiscal_setting WHERE regime <> 'none'")
            ).scalars()
            known = set(organisations.all_ids(connection))
            org_ids = sorted(known & {int(each) for each in having})
        is_due = time.monotonic() - self._accepted_s > _ACCEPTED_EVERY_S
        seats: list[Seat] = []
        for org_id in org_ids:
            database, more = self._database.for_org(org_id), True
            while more and not self._stop.is_set():
                with database.write() as connection:
                    more = gathering.gather(connection, org_id)
            with database.write() as connection:
                if is_due:
                    gathering.gather_accepted(connection, org_id)
                seats += [Seat(org_id, key) for key in settings.signing(connection, org_id)]
        if is_due:
            self._accepted_s = time.monotonic()
        return seats

    def turn(self) -> None:
        """Everything that is due now, in this thread."""
        for seat in self.gather():
            self.serve(seat)

    def serve(self, seat: Seat) -> None:
        """What is due of one device."""
        own = FiscalTurn(self._database.for_org(seat.org_id), seat, self._clock, self._connect, self._waits)
        try:
            for _ in range(A_TURN):
                if self._stop.is_set() or not own.step():
                    return
        finally:
            own.close()
            for message in own.told:
                self._tell(message)

    def _served(self, seat: Seat) -> None:
        try:
            self.serve(seat)
        except Exception as error:  # noqa: BLE001 - one device must not end the others; it is logged
            _log(error)
            self._stop.wait(_AFTER_TROUBLE_S)


def _log(error: Exception) -> None:
    is_known = isinstance(error, BohariError) or is_outage(error)
    (events.UPKEEP_TROUBLE if is_known else events.UPKEEP_FAULT).log(error, work="fiscal")
