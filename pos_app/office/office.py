"""The office at work: whose books, who acts, and how a document gets onto the centre's own chain."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.ledger.day import from_date, later, zone
from pos_app.ledger.document import SERVER_TERMINAL_NO, Document, kind_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.ledger.request import new_request
from pos_app.ledger.rights import needs
from pos_app.ledger.rules.amounts import check_day
from pos_app.office.books import Books, PostingDetails
from pos_app.store.documents import audit, documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.master import codes, organisations
from pos_app.store.master.codes import PersonCode
from pos_app.store.organisation import rights
from pos_app.store.rules import book_rules, date_rules
from pos_app.store.schema import seals_centre
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.columns import micros

Extra = Callable[[Books, Sealed], None]

#: Who looks and does nothing: no role is anybody's of this key.
_NOBODY: Final = PersonCode(0, "", "Nobody", "")


class Office:
    """Somebody at work at the centre.  `Recorded` is what every recording gives."""

    def __init__(self, database: Database, clock: Clock, org_id: int, person: str = "") -> None:
        """`database` is the centre's own (as `bootstrap.Central.database`), `person` the code of who acts.

        Without a person the books can be read, and nothing be done.  Raises `Refused` when nobody of that
        code works here.
        """
        self._application = database.without_tenant()
        self.database = database.for_org(org_id)
        self.clock = clock
        with self.database.read() as connection:
            found = organisations.get(connection, org_id)
            who = codes.person(connection, org_id, person) if person else _NOBODY
            depot_id = codes.seat(connection, org_id, SERVER_TERMINAL_NO)
            seat = None if depot_id is None else codes.depot_of(connection, org_id, depot_id)
        if found is None or seat is None:
            raise Refused("organisation-gone")
        if who is None:
            raise Refused("person-unknown", code=person[:40])
        self.organisation, self.org_id, self.person, self._seat = found, org_id, who, seat
        self._rights = rights.Known()
        self._years: set[int] = set()
        #: Whether who acts says yes to dates before what a document follows (see `ledger.dating`).
        self.allows_dates = False
        #: Whether webhooks may go to this machine itself (see `store.hooks.address`): as its home says.
        self.tells_this_machine = False
        #: What is asked of the books before anything is changed (see `masters.history.as_seen`).
        self.asks_first: list[Callable[[Books], None]] = []
        #: What a token lets who acts do, of what they may; None is all of it.
        self.limits: frozenset[str] | None = None
        #: The transaction around many changes, while there is one (see `together`).
        self._around: Connection | None = None
        #: From where they act, for the audit log: address and browser; empty at a shell.
        self.address = ""
        self.journal = CentreJournal(
            self.database, org_id, SERVER_TERMINAL_NO, clock, self._guard, dates=self._dated_by
        )

    # --- recording ----------------------------------------------------------------------------------

    def record(
        self, occasion: PostingDetails, build: Callable[[Books], Document], *, extra: Extra | None = None
    ) -> Recorded:
        """Record the document that `build` makes of what the transaction sees: whole, or not at all.

        `occasion` says the request and the local day; a request that was recorded before gives that
        document (see `Journal.record`).  Raises `Refused` with what to do.
        """
        self.make_ready(occasion.on)

        def draft(connection: Connection) -> Document:
            return build(self.books(connection))

        def finish(connection: Connection, sealed: Sealed) -> None:
            if extra is not None:
                extra(self.books(connection), sealed)

        sealed = self.journal.record(occasion.request_id or new_request(), draft, finish)
        return self.made_of(sealed.document)

    def record_all(
        self, occasion: PostingDetails, build: Callable[[Books], Sequence[Document]]
    ) -> list[Recorded]:
        """Record several documents in one transaction.  Raises `Refused` when they were recorded before."""
        self.make_ready(occasion.on)
        fresh = False

        def drafts(connection: Connection) -> Sequence[Document]:
            nonlocal fresh
            fresh = True
            return build(self.books(connection))

        def nothing_more(connection: Connection, sealed: Sequence[Sealed]) -> None:
            pass

        recorded = self.journal.record_all(occasion.request_id or new_request(), drafts, nothing_more)
        made = [self.made_of(sealed.document) for sealed in recorded]
        if not fresh:
            raise Refused("brought-in-already", number=made[0].number)
        return made

    def make_ready(self, on: int | None) -> None:
        """See to it that the ledger has the year of a day.  Raises `Refused` for one that cannot be right."""
        day = self.today if on is None else on
        check_day(day, "The document")
        if day > later(self.today, 1):
            raise Refused("dated-after-recorded")
        # Noon of a local day lies in the same year in UTC; the moment itself may lie in the next.
        for year in {day // 10_000, self.clock.now().year} - self._years:
            with self._application.write() as connection:
                if not seals_centre.make_year(connection, year):
                    raise Refused("year-too-far", year=year)
            self._years.add(year)

    def made(self, document_id: int) -> Recorded:
        """A document that is in the books.  Raises `Refused` when it is not."""
        with self.read() as books:
            found = documents.get(books.connection, self.org_id, document_id)
            if found is None:
                raise Refused("document-not-in-books")
            return Recorded(found, books.number(found))

    def made_of(self, document: Document) -> Recorded:
        """The answer to the recording of a document."""
        with self.read() as books:
            return Recorded(document, books.number(document))

    def _guard(self, connection: Connection, document: Document) -> None:
        sentence = rights.refusal(connection, self._rights.of(connection, self.org_id), document)
        if sentence:
            raise Refused(sentence)
        for need in needs(document) if self.limits is not None else ():
            # Who approved something else than the token's own person did so without it.
            is_own = need.approver_id in (None, self.person.person_id)
            if is_own and need.permission.value not in (self.limits or ()):
                raise Refused("person-may-not-here", name=self.person.name, deed=WORDS[need.permission])
        book_rules.guard(connection, document)

    def _dated_by(self, connection: Connection, document: Document, last: datetime | None) -> int | None:
        """Who allowed the document's date, where anybody has to (see `Journal`)."""
        question = date_rules.question(connection, document, last, self.organisation.time_zone)
        if question is None:
            return None
        if not self.allows_dates:
            raise Refused("date-not-allowed", why=question)
        self.need(connection, Permission.BACKDATE, business_id=document.business_id)
        audit.write(
            connection,
            org_id=self.org_id,
            at=document.recorded_at,
            terminal_no=SERVER_TERMINAL_NO,
            person_id=self.person.person_id,
            action=Permission.BACKDATE.value,
            subject=f"{kind_of(document)} {document.series}{document.number}",
            after=str(question),
        )
        return self.person.person_id

    # --- reading, and changing what is no document -----------------------------------------------------

    @property
    def today(self) -> int:
        """The local day."""
        return from_date(self.clock.now().astimezone(zone(self.organisation.time_zone)).date())

    def books(self, connection: Connection) -> Books:
        """What the books say inside a transaction."""
        return Books(connection, self.organisation, self._seat, self.person.person_id, self.clock.now())

    def books_for(self, connection: Connection, person_id: int) -> Books:
        """The same in the name of whoever asked for something at a till."""
        return Books(connection, self.organisation, self._seat, person_id, self.clock.now())

    @contextlib.contextmanager
    def read(self) -> Iterator[Books]:
        """One snapshot of the books; of changes that are made together what they have come to so far."""
        if self._around is not None:
            yield self.books(self._around)
            return
        with self.database.read() as connection:
            yield self.books(connection)

    @contextlib.contextmanager
    def change(self, permission: Permission, *, business_id: int = 0) -> Iterator[Books]:
        """One transaction that changes what is no document (a draft, a rate, a lock), by this person.

        Raises `Refused` when they may not.
        """
        if self._around is not None:
            self.need(self._around, permission, business_id=business_id)
            yield self.books(self._around)
            return
        with self.database.write() as connection:
            self.need(connection, permission, business_id=business_id)
            audit.actor(connection, person_id=self.person.person_id, address=self.address)
            books = self.books(connection)
            for ask in self.asks_first:
                ask(books)
            yield books

    @contextlib.contextmanager
    def together(self, permission: Permission) -> Iterator[Books]:
        """One transaction around many changes: each `change` inside belongs to it, and all stand or none.

        What is recorded is no change and has its own.  Raises `Refused` when they may not.
        """
        with self.change(permission) as books:
            self._around = books.connection
            try:
                yield books
            finally:
                self._around = None

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """What is refused inside leaves nothing of itself in the changes that are made together."""
        if self._around is None:
            raise LookupError("no changes are made together")
        with self._around.begin_nested():
            yield

    @contextlib.contextmanager
    def change_own(self) -> Iterator[Books]:
        """One transaction that changes what is this person's own.  Raises `Refused` for nobody."""
        if not self.person.person_id:
            raise Refused("nobody-signed-in")
        if self.limits is not None:
            # A token that could choose the PIN of its person would be all of them.
            raise Refused("token-by-token")
        with self.database.write() as connection:
            audit.actor(connection, person_id=self.person.person_id, address=self.address)
            yield self.books(connection)

    def need(self, connection: Connection, permission: Permission, *, business_id: int = 0) -> None:
        """Raise `Refused` when who acts may not do this: here, or of changing people, everywhere.

        Whoever could change them with a right at one depot would give themselves all the others.
        """
        if permission is Permission.EDIT_PEOPLE:
            self.need_everywhere(connection, permission)
            return
        held = self._rights.of(connection, self.org_id)
        at_us, depot_id = micros(self.clock.now()), self._seat.depot_id
        business = business_id or self._seat.business_id
        within = self.limits is None or permission.value in self.limits
        if not within or not held.allows(self.person.person_id, permission, business, depot_id, at_us):
            raise Refused("person-may-not-here", name=self.person.name, deed=WORDS[permission])

    def need_everywhere(self, connection: Connection, permission: Permission) -> None:
        """Raise `Refused` when who acts may not do this in the whole organisation."""
        held, at_us = self._rights.of(connection, self.org_id), micros(self.clock.now())
        within = self.limits is None or permission.value in self.limits
        if not within or not held.allows(self.person.person_id, permission, 0, 0, at_us):
            raise Refused("person-may-not-here", name=self.person.name, deed=WORDS[permission])

    def note(self, books: Books, action: str, subject: str, *, before: str = "", after: str = "") -> None:
        """Write what was done into the audit log, in the caller's transaction."""
        audit.write(
            books.connection,
            org_id=self.org_id,
            at=self.clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            person_id=self.person.person_id,
            address=self.address,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )
