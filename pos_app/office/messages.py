"""Messages to customers: which wait, went or did not, one sent once more, and a receipt that is sent.

Who looks after the machines sees the queue; who makes invoices sends a receipt.
"""

from typing import Final, NamedTuple

from pos_app.ledger.document import Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import booked
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.hooks import messages, wording
from pos_app.store.hooks.messages import After, Message
from pos_app.store.tables.columns import from_micros, micros

STATES: Final = messages.STATES
PURPOSES: Final = (messages.READY, messages.RECEIPT)


class Told(NamedTuple):
    """A message with the printed number of what it is about."""

    message: Message
    number: str


def listed(
    office: Office,
    *,
    state: str = "",
    most: int = 50,
    after: str = "",
    oldest_first: bool = False,
) -> list[Told]:
    """The newest (or the oldest), of one state or of all, `after` the mark of the last of the page before.

    Raises `Refused` for a state that is none.
    """
    if state and state not in STATES:
        raise Refused("message-state-unknown", state=state[:20], states=", ".join(STATES))
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        found = messages.page(
            books.connection, office.org_id, state, most, _after(after), oldest_first=oldest_first
        )
        told = []
        for one in found:
            document = documents.get(books.connection, office.org_id, one.document_id)
            number = "" if document is None else wording.number_of(books.connection, document)
            told.append(Told(one, number))
        return told


def mark(told: Told) -> str:
    """What a page says to go on after a message."""
    return f"{micros(told.message.made_at)}-{told.message.document_id}-{told.message.purpose}"


def _after(told: str) -> After | None:
    """Where the page before ended; the beginning for what is no such place."""
    at, _, rest = told.partition("-")
    key, _, purpose = rest.partition("-")
    if not (told.isascii() and at.isdecimal() and key.isdecimal() and len(at) < 18 and len(key) < 19):
        return None
    return After(from_micros(int(at)), int(key), purpose if purpose.isalpha() else "")


def again(office: Office, document_id: int, purpose: str) -> None:
    """Send one that failed once more, by the word of a person.  Raises `Refused` for any other."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        if not messages.again(books.connection, office.org_id, document_id, purpose, office.clock.now()):
            raise Refused("message-not-failed")
        office.note(books, "message.again", f"document {document_id}", after=purpose)


def receipt(office: Office, number: str) -> bool:
    """Send the receipt of a sale to its customer; gives whether it was not sent or queued before.

    Raises `Refused` for what is no sale, or of nobody who can be told.
    """
    key = booked.find(office, number)
    with office.change(Permission.INVOICE) as books:
        document = documents.get(books.connection, office.org_id, key)
        if not isinstance(document, Sale):
            raise Refused("message-of-no-sale", number=number[:40])
        waiting = Message(key, messages.RECEIPT, office.clock.now(), "", office.clock.now(), 0, None, "", "")
        if wording.worded(books.connection, office.org_id, waiting) is None:
            raise Refused("message-to-nobody")
        return messages.put(books.connection, office.org_id, key, messages.RECEIPT, office.clock.now())
