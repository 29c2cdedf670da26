"""What every use case of a terminal works with: its database, journal, clock, place and person."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import Head, document_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.store import balances, documents, place, terminal
from pos_app.store.engine import Database
from pos_app.store.journal import Journal
from pos_app.store.people import Person
from pos_app.store.projections import DRAWER_CASH

_TENDER_ROLES = {
    TenderKind.CASH: AccountRole.CASH,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.ACCOUNT: AccountRole.RECEIVABLE,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
    TenderKind.VOUCHER: AccountRole.VOUCHER,
}


class Context:
    """One terminal at work.  `person` is who is signed in; use cases refuse without one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.person: Person | None = None
        with database.read() as connection:
            self.terminal = terminal.load(connection)
            self.place = place.load(connection, self.terminal)
            self._version = place.version(connection)
            self._shift = documents.open_shift(connection, self.terminal.org_id, self.terminal.terminal_no)
        self.journal = Journal(database, self.terminal.org_id, self.terminal.terminal_no, clock)

    @property
    def org_id(self) -> int:
        """The organisation's key."""
        return self.terminal.org_id

    @property
    def location_id(self) -> int:
        """Where this depot's stock lies."""
        return self.place.location_id

    @property
    def shift(self) -> documents.Entry | None:
        """The drawer-open document of the shift that runs."""
        return self._shift

    def refresh(self) -> bool:
        """Read the place again if the feed brought news; says whether it did."""
        with self.database.read() as connection:
            version = place.version(connection)
            if version == self._version:
                return False
            self.place = place.load(connection, self.terminal)
            self._version = version
        return True

    def refresh_shift(self) -> None:
        """Read again which shift runs."""
        with self.database.read() as connection:
            self._shift = documents.open_shift(connection, self.org_id, self.terminal.terminal_no)

    def signed_in(self) -> Person:
        """Who does this.  Raises `Refused` when nobody is signed in."""
        if self.person is None:
            raise Refused("Nobody is signed in; sign in first.")
        return self.person

    def open_shift(self) -> int:
        """The key of the shift that runs.  Raises `Refused` when the drawer is closed."""
        if self._shift is None:
            raise Refused("The drawer is not open; open it with a float first.")
        return self._shift.document_id

    def cash(self, connection: Connection) -> int:
        """What the books say lies in this terminal's drawer, in minor units."""
        key = {
            "org_id": self.org_id,
            "drawer_id": self.terminal.drawer_id,
            "currency": self.place.currency.code,
        }
        return balances.current(connection, DRAWER_CASH, key)["amount"]

    def need_cash(self, connection: Connection, amount: int) -> None:
        """Raise `Refused` when the drawer holds less than `amount`, in minor units, to hand back."""
        cash = self.cash(connection)
        if amount > cash:
            raise Refused(
                f"The drawer holds {grouped_text(cash, self.place.currency)} only; "
                "put cash in first or choose another way."
            )

    def account(self, role: AccountRole, business_id: int | None = None) -> str:
        """The account of a role in this depot's business, or in the one named."""
        return self.place.chart.account(role, business_id or self.place.business.business_id)

    def tender_account(self, kind: TenderKind) -> str:
        """The account that a tender of this kind goes to."""
        return self.account(_TENDER_ROLES[kind])

    def head(
        self, series: str, *, request_id: str | None = None, approver: Person | None = None
    ) -> dict[str, Any]:
        """The fields that every document of this moment starts with (see `ledger.document.Head`)."""
        now = self.clock.now()
        return {
            "org_id": self.org_id,
            "request_id": request_id or new_request(),
            "series": series,
            "occurred_at": now,
            "recorded_at": now,
            "person_id": self.signed_in().person_id,
            "approver_id": approver.person_id if approver else None,
            "business_id": self.place.business.business_id,
            "depot_id": self.terminal.depot_id,
            "currency": self.place.currency.code,
        }

    def printed(self, entry: documents.Entry | Head) -> str:
        """The printed number of a document of this terminal's depot."""
        return printed_number(self.place.depot_letter, entry.terminal_no, entry.series, entry.number)

    def own(self, document_id: int) -> bool:
        """Whether the document was made at this terminal."""
        low = document_key(self.terminal.terminal_no, 0)
        return low < document_id < document_key(self.terminal.terminal_no + 1, 0)


def new_request() -> str:
    """A fresh request: 32 hex digits that no other basket has."""
    return secrets.token_hex(16)


def in_seconds(later: datetime, now: datetime) -> int:
    """Whole seconds until `later`, at least 1."""
    return max(1, int((later - now).total_seconds() + 0.999))
