"""A date before what a document follows: a manager is asked, and their yes is good for one recording."""

from datetime import datetime

from sqlalchemy import Connection, RootTransaction

from pos_app.ledger.dating import Followed
from pos_app.ledger.document import Document, kind_of
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.permission import Permission
from pos_app.store.documents import audit
from pos_app.store.documents.terminal import Terminal
from pos_app.store.master.people import Person
from pos_app.store.master.place import Place
from pos_app.store.rules import date_rules
from pos_app.till.session.errors import NeedsApproval


class Dates:
    """Who allowed the date of what is recorded next at this till."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._allowed: Person | None = None
        self._used_in: RootTransaction | None = None
        #: The shift that was looked up last: it is asked with every sale, and a document never changes.
        self._shift: tuple[int, Followed] | None = None

    def allow(self, person: Person | None) -> None:
        """A manager said yes to the date of the next recording; None takes that back."""
        self._allowed, self._used_in = person, None

    def allowed_by(
        self, connection: Connection, document: Document, last: datetime | None, place: Place
    ) -> int | None:
        """Who allowed the document's date, where anybody has to (see `Journal`).

        Raises `NeedsApproval` with the question.
        """
        shift = self._known_shift(connection, document)
        question = date_rules.question(connection, document, last, place.time_zone, shift=shift)
        if question is None:
            return None
        person = self._allowed
        recording = connection.get_transaction() or connection.begin()
        if person is None or self._used_in not in (None, recording):
            raise NeedsApproval(question, action=Permission.BACKDATE.value)
        # All documents of one recording: they stand or fall together.
        self._used_in = recording
        number = printed_number(place.number_prefix, document.terminal_no, document.series, document.number)
        audit.write(
            connection,
            org_id=document.org_id,
            at=document.recorded_at,
            terminal_no=self._terminal.terminal_no,
            person_id=person.person_id,
            action=Permission.BACKDATE.value,
            subject=f"{kind_of(document)} {number}",
            after=str(question),
        )
        return person.person_id

    def _known_shift(self, connection: Connection, document: Document) -> Followed | None:
        key = document.shift
        if key is None:
            return None
        if self._shift is None or self._shift[0] != key:
            found = date_rules.followed(connection, document.org_id, document.terminal_no, (key,))
            if key not in found:
                return None
            self._shift = key, found[key]
        return self._shift[1]
