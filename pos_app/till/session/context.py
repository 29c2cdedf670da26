"""What every use case of a terminal works with: its database, journal, clock, place and person."""

import dataclasses
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.clock import Clock
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import day_of, later
from pos_app.ledger.document import Document, DrawerClose, Head, document_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.permission import WORDS, Permission
from pos_app.ledger.request import new_request
from pos_app.store.balances import balances
from pos_app.store.documents import audit, documents, terminal, training
from pos_app.store.engine.engine import Database
from pos_app.store.master import asked_here, people, place, price_rules
from pos_app.store.master.catalogue import Shop
from pos_app.store.master.people import Person
from pos_app.store.organisation import rights
from pos_app.store.organisation.rights import Standing
from pos_app.store.rules import book_rules
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import DRAWER_CASH
from pos_app.store.upkeep.checked_journal import CheckedJournal
from pos_app.till.session.dates import Dates
from pos_app.till.session.fiscal import FiscalWatch
from pos_app.till.session.proving import Proving, Secret

#: The use cases ask here for what they work with.
__all__ = ["Context", "new_request"]

_TENDER_ROLES = {
    TenderKind.CASH: AccountRole.CASH,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.ACCOUNT: AccountRole.RECEIVABLE,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
    TenderKind.VOUCHER: AccountRole.VOUCHER,
    TenderKind.POINTS: AccountRole.POINTS,
    TenderKind.DEPOSIT: AccountRole.CUSTOMER_DEPOSITS,
    TenderKind.CHEQUE: AccountRole.CHEQUES,
}


class Context:
    """One terminal at work.  `person` is who is signed in; use cases refuse without one.

    `rights` is who may do what, as the feed brought it last; every document that is recorded is held
    against it, whatever the use case asked before.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._person: Person | None = None
        self._standing = Standing(frozenset(), 0, 0)
        with database.read() as connection:
            self.terminal = terminal.load(connection)
            self.place = place.load(connection, self.terminal)
            self.rights = rights.load(connection, self.terminal.org_id)
            self._version = place.version(connection)
            #: Whether nothing here counts: people learn at this till.
            self.is_training = training.is_training(connection)
            self._shift = documents.open_shift(connection, self.terminal.org_id, self.terminal.terminal_no)
        #: The shift that was asked about last: its key, who opened it, and their name.
        self._whose: tuple[int, int, str] | None = None
        self.dates = Dates(self.terminal)
        #: How long this till may still sell without a signature.
        self.fiscal = FiscalWatch(self.terminal)
        with database.read() as connection:
            self.fiscal.choose(connection, self.place.business.business_id)
        #: What price lists say, as the feed brought it last (see `till.session.prices`).
        self.price_rules = price_rules.Kept(self.terminal.org_id)
        #: With what approvals are proved (see `ledger.approving`).
        self.proving = Proving()
        #: Held by who reads beside the window: the database is not closed under them.
        self.reading = Lock()
        self.journal = CheckedJournal(
            database,
            self.terminal.org_id,
            self.terminal.terminal_no,
            clock,
            self._guard,
            dates=self._dated_by,
            proves=self.proving.keys,
        )

    @property
    def person(self) -> Person | None:
        """Who is signed in, with what they may do here now."""
        if self._person is not None:
            now_us = micros(self.clock.now())
            if not self._standing.from_us <= now_us < self._standing.to_us:
                self._standing = self.standing(self._person.person_id)
                asks = bool(self.place.rules[HouseRule.APPROVER_IS_ANOTHER])
                self._person = dataclasses.replace(self._person, may=self._standing.may, asks=asks)
        return self._person

    @person.setter
    def person(self, person: Person | None) -> None:
        self._person, self._standing = person, Standing(frozenset(), 0, 0)
        self.dates.allow(None)
        self.proving.forget()

    def take_over(self, person: Person, secret: Secret | None) -> None:
        """Who took the drawer over is at the till from now on; they proved who they are."""
        self.person = person
        self.proving.signed_in(person.person_id, secret)

    def leave_used(self) -> None:
        """Something was recorded: leave that was given for it ends with what proves it, used or not."""
        self.dates.allow(None)
        self.proving.done()

    @property
    def org_id(self) -> int:
        """The organisation's key."""
        return self.terminal.org_id

    @property
    def location_id(self) -> int:
        """Where this depot's stock lies."""
        return self.place.location_id

    def business_day(self, moment: datetime) -> int:
        """The day of the shop that a moment belongs to, YYYYMMDD: it may begin some time after midnight."""
        starts = timedelta(minutes=self.place.rules[HouseRule.DAY_STARTS])
        return day_of(moment - starts, self.place.time_zone)

    @property
    def today(self) -> int:
        """The local day, YYYYMMDD."""
        return day_of(self.clock.now(), self.place.time_zone)

    def voucher_expiry(self) -> int:
        """The last day of a voucher that is sold today, YYYYMMDD; 0 where it has none."""
        days = self.place.rules[HouseRule.VOUCHER_DAYS]
        return later(self.today, days) if days else 0

    def shop(self) -> Shop:
        """Where and when products are looked at."""
        return Shop(self.org_id, self.location_id, self.today)

    @property
    def shift(self) -> documents.DocumentSummary | None:
        """The drawer-open document of the shift that runs."""
        return self._shift

    def refresh(self) -> bool:
        """Read the place again if the feed brought news; says whether it did."""
        with self.database.read() as connection:
            version = place.version(connection)
            if version == self._version:
                return False
            if not place.is_same_place(version, self._version):
                self.place = place.load(connection, self.terminal)
                self.rights = rights.load(connection, self.terminal.org_id)
                self._standing = Standing(frozenset(), 0, 0)
                self.fiscal.choose(connection, self.place.business.business_id)
            self._version = version
        return True

    def refresh_shift(self) -> None:
        """Read again which shift runs."""
        with self.database.read() as connection:
            self._shift = documents.open_shift(connection, self.org_id, self.terminal.terminal_no)

    def signed_in(self) -> Person:
        """Who does this.  Raises `Refused` when nobody is signed in."""
        person = self.person
        if person is None:
            raise Refused("nobody-signed-in")
        return person

    def standing(self, person_id: int) -> Standing:
        """What a person may do at this till now, and until when that stays so."""
        business, depot = self.place.business.business_id, self.terminal.depot_id
        return self.rights.standing(person_id, business, depot, micros(self.clock.now()))

    def allows(self, person_id: int, permission: str) -> bool:
        """Whether a person may do something at this till now."""
        business, depot = self.place.business.business_id, self.terminal.depot_id
        return self.rights.allows(person_id, permission, business, depot, micros(self.clock.now()))

    def need(self, permission: Permission) -> Person:
        """Who does this.  Raises `Refused` when nobody is signed in, or when they may not do it here."""
        person = self.signed_in()
        if permission.value not in person.may:
            raise Refused("person-may-not-here", name=person.name, deed=WORDS[permission])
        return person

    def note(
        self, connection: Connection, action: str, subject: str, *, before: str = "", after: str = ""
    ) -> None:
        """Write what the person at the till did into the audit log, in the caller's transaction."""
        audit.write(
            connection,
            org_id=self.org_id,
            at=self.clock.now(),
            terminal_no=self.terminal.terminal_no,
            person_id=self.signed_in().person_id,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )

    def _guard(self, connection: Connection, document: Document) -> None:
        """Raise `Refused` when the centre would find the document beyond its maker's rights, or when the
        books say that it cannot be.
        """
        self.fiscal.need(document, self.clock.now())
        sentence = rights.refusal(connection, self.rights, document)
        if sentence:
            raise Refused(sentence)
        self._need_running(connection, document)
        book_rules.guard(connection, document)
        asked_here.refuse_on_account(connection, self.terminal, document)

    def _need_running(self, connection: Connection, document: Document) -> None:
        """Raise `Refused` for what names a shift that is closed: somebody at another window of this till was
        faster.  Asked inside the transaction, so that each document is in the Z of its own shift.
        """
        if document.shift is None or isinstance(document, DrawerClose):
            return
        running = documents.running_shift(connection, self.org_id, self.terminal.terminal_no)
        if running != document.shift:
            self._shift = documents.open_shift(connection, self.org_id, self.terminal.terminal_no)
            raise Refused("shift-closed-meanwhile")

    def _dated_by(self, connection: Connection, document: Document, last: datetime | None) -> int | None:
        return self.dates.allowed_by(connection, document, last, self.place)

    def open_shift(self) -> int:
        """The key of the shift that runs.  Raises `Refused` when the drawer is closed."""
        if self._shift is None:
            raise Refused("drawer-not-open")
        return self._shift.document_id

    def _own_shift(self) -> int:
        """The shift that runs, for who may put money into its drawer and take it out.

        Raises `Refused` when the drawer is closed, or is another person's where the depot has it so.
        """
        shift = self.open_shift()
        if self.place.rules[HouseRule.DRAWER_OF_PERSON]:
            if self._whose is None or self._whose[0] != shift:
                with self.database.read() as connection:
                    opened = documents.get(connection, self.org_id, shift)
                    whose = 0 if opened is None else opened.person_id
                    self._whose = (shift, whose, people.person_name(connection, self.org_id, whose))
            if self._whose[1] != self.signed_in().person_id:
                raise Refused("drawer-is-anothers", name=self._whose[2])
        return shift

    @property
    def shift_id(self) -> int | None:
        """The key of the shift that runs, for what may be recorded without one."""
        return None if self._shift is None else self._shift.document_id

    def cash(self, connection: Connection, currency: str = "") -> int:
        """What the books say lies in this terminal's drawer, in minor units of `currency` (empty: ours)."""
        key = {
            "org_id": self.org_id,
            "drawer_id": self.terminal.drawer_id,
            "currency": currency or self.place.currency.code,
        }
        return balances.current(connection, DRAWER_CASH, key)["amount"]

    def need_cash(self, connection: Connection, amount: int, currency: str = "") -> None:
        """Raise `Refused` when the drawer holds less than `amount`, in minor units, to hand out."""
        cash = self.cash(connection, currency)
        if amount > cash:
            if not self.may_know_cash():
                raise Refused("drawer-holds-less")
            money = find_currency(currency) if currency else self.place.currency
            named = f"{money.code} " if currency not in ("", self.place.currency.code) else ""
            raise Refused("drawer-holds-too-little", held=f"{named}{grouped_text(cash, money)}")

    def may_know_cash(self) -> bool:
        """Whether who is at the till may hear what the drawer holds: nobody does who will count it blind."""
        if not self.place.rules[HouseRule.BLIND_CLOSE]:
            return True
        return Permission.CLOSE_DRAWER.value in self.signed_in().may

    def account(self, role: AccountRole, business_id: int = 0) -> str:
        """The account of a role in this depot's business, or in the one named."""
        return self.place.chart.account(role, business_id or self.place.business.business_id)

    def known_business(self, business_id: int) -> int:
        """A business that was chosen (0: the depot's).  Raises `Refused` for one that is none of ours."""
        if business_id and all(one.business_id != business_id for one in self.place.at_work):
            raise Refused("business-unknown-here")
        return business_id

    def tender_account(self, kind: TenderKind, business_id: int = 0) -> str:
        """The account that a tender of this kind goes to, of this depot's business or of the one named."""
        return self.account(_TENDER_ROLES[kind], business_id)

    def head_fields(
        self,
        request_id: str = "",
        *,
        approver: Person | None = None,
        currency: str = "",
        rate_micro: int = RATE_ONE,
        note: str = "",
        in_shift: bool = False,
    ) -> HeadFields:
        """What every document of this moment says of itself (see `ledger.head.HeadFields`).

        `currency` empty is ours.  With `in_shift` it cannot be without one: raises `Refused` when the drawer
        is closed.
        """
        now = self.clock.now()
        return {
            "org_id": self.org_id,
            "request_id": request_id or new_request(),
            "occurred_at": now,
            "recorded_at": now,
            "person_id": self.signed_in().person_id,
            "approver_id": approver.person_id if approver else None,
            "business_id": self.place.business.business_id,
            "depot_id": self.terminal.depot_id,
            "shift": self._own_shift() if in_shift else self.shift_id,
            "currency": currency or self.place.currency.code,
            "rate_micro": rate_micro,
            "note": note_of(note),
        }

    @property
    def accounts(self) -> Accounts:
        """The chart as this depot's business sees it."""
        return Accounts(self.place.chart, self.place.business.business_id)

    def printed(self, entry: documents.DocumentSummary | Head) -> str:
        """The printed number of a document of this terminal's depot."""
        return printed_number(self.place.number_prefix, entry.terminal_no, entry.series, entry.number)

    def own(self, document_id: int) -> bool:
        """Whether the document was made at this terminal."""
        low = document_key(self.terminal.terminal_no, 0)
        return low < document_id < document_key(self.terminal.terminal_no + 1, 0)
