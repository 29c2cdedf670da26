"""How long this till may still sell without a signature: looked up beside the sales, asked by each of them.

Decisions
---------
2026-12-01  What a sale asks is a moment that lies in memory.  The look for the oldest document without an
answer is made when the till looks at its state anyway, once a second, so that nothing is read or written for
it in the transaction of a checkout.  A sale that is made in between waits at most as long as the one before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from pos_app.ledger.document import CreditNote, Invoice, Refund, Sale, document_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head
from pos_app.store.documents.terminal import Terminal
from pos_app.store.fiscal import papers, settings
from pos_app.store.fiscal.settings import FiscalSetting
from pos_app.store.tables.columns import from_micros


@dataclass(frozen=True)
class FiscalWait:
    """Since when the oldest document waits (None: none does), and from when on nothing is sold (None: never).

    `regime` is who signs.
    """

    regime: str
    since: datetime | None = None
    until: datetime | None = None


class FiscalWatch:
    """Of one till; of the business of its depot."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._setting: FiscalSetting | None = None
        self._below = document_key(terminal.terminal_no, 0)
        self._wait: FiscalWait | None = None

    @property
    def wait(self) -> FiscalWait | None:
        """How it stands; None where nobody signs."""
        return self._wait

    def choose(self, connection: Connection, business_id: int) -> None:
        """Read again by whom this till's sales are signed."""
        found = settings.signing(connection, self._terminal.org_id).get(business_id)
        if found != self._setting:
            self._setting, self._below = found, document_key(self._terminal.terminal_no, 0)
        self.look(connection)

    def look(self, connection: Connection) -> None:
        """Look for the oldest document without an answer."""
        setting = self._setting
        if setting is None:
            self._wait = None
            return
        who = self._terminal
        # Read before the look: what is recorded in between is looked at the next time.
        last = papers.last_own(connection, who.org_id, who.terminal_no)
        if last <= self._below:
            self._wait = FiscalWait(setting.regime)
            return
        found = papers.oldest_unsigned(connection, who.org_id, who.terminal_no, self._below, setting)
        if found is None:
            self._below, self._wait = last, FiscalWait(setting.regime)
            return
        self._below = found.document_id - 1
        since = from_micros(found.recorded_us)
        self._wait = FiscalWait(setting.regime, since, since + setting.ceiling if setting.ceiling else None)

    def need(self, document: Head, now: datetime) -> None:
        """Raise `Refused` for a sale after the last moment for one without a signature."""
        wait = self._wait
        if wait is None or wait.until is None or now < wait.until:
            return
        if isinstance(document, Sale | Invoice | Refund | CreditNote):
            hours = (now - (wait.since or now)) // timedelta(hours=1)
            raise Refused("fiscal-unsigned-too-long", hours=hours)
