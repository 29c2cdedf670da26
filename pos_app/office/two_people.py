"""What two people decide, as who looks sees it: documents in quarantine, M-Pesa codes that came twice.

Deciding itself is the server's (`sync.server`): it posts what a till made.  Here stands what they decide on.
"""

import json
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from pos_app.ledger import canonical
from pos_app.ledger.document import Document, document_key, kind_of, split_key
from pos_app.ledger.errors import Damaged, Refused
from pos_app.ledger.numbering import parse_position, printed_number
from pos_app.ledger.permission import Permission
from pos_app.ledger.types.document_type import TYPES
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.office.waiting_work import need
from pos_app.store.journal import double_codes, quarantine
from pos_app.store.journal.double_codes import DoubleCode
from pos_app.store.journal.quarantine import Quarantined
from pos_app.store.master import codes, people
from pos_app.store.report_queries import document_list, document_parts
from pos_app.store.report_queries.document_list import Listed
from pos_app.store.report_queries.document_parts import Money

#: So much of what a document holds is shown; all of it is kept.
_MOST_SHOWN: Final = 20_000


class SetAside(NamedTuple):
    """A document in quarantine: `place` is its terminal and sequence as 3/17, `hash` in hex.

    `kind`, `number`, `person` and `occurred_at` are empty where its bytes hold no document.
    """

    place: str
    hash: str
    reason: str
    received_at: datetime
    kind: str
    number: str
    person: str
    occurred_at: datetime | None
    decision: str
    decided_at: datetime | None
    decided_by: str
    decided_with: str
    decision_reason: str


class Inside(NamedTuple):
    """What a document in quarantine holds: its total in minor units, and all of it as a text.

    `in_books` is the document that has its number there, `is_cut` whether the text is only its beginning.
    """

    waits: SetAside
    total: int
    currency: str
    content: str
    is_cut: bool
    in_books: Listed | None


class Side(NamedTuple):
    """One of two documents that took the same code."""

    listed: Listed
    money: list[Money]


class Twice(NamedTuple):
    """A code that came twice: both documents, and who decided what of it, where they did."""

    code: DoubleCode
    first: Side
    second: Side
    decided_by: str
    decided_with: str
    booked: str


def set_aside(office: Office, *, everything: bool) -> list[SetAside]:
    """What waits in quarantine, or all that ever came there; the newest first."""
    with office.read() as books:
        need(office, books, Permission.DECIDE, Permission.SEE_AUDIT)
        read = quarantine.everything if everything else quarantine.waiting
        return [_waits(books, one) for one in read(books.connection, books.org_id)][::-1]


def inside(office: Office, place: str, hash_: str) -> Inside:
    """What lies in quarantine under a place and a hash.  Raises `Refused` where nothing does."""
    position = parse_position(place)
    if position is None:
        raise Refused("document-name-malformed", text=place[:30])
    with office.read() as books:
        need(office, books, Permission.DECIDE, Permission.SEE_AUDIT)
        connection, org_id = books.connection, books.org_id
        found = [
            one
            for one in quarantine.find(connection, org_id, *position)
            if one.hash.hex().startswith(hash_.lower())
        ]
        if not found:
            raise Refused("not-in-quarantine", terminal=position[0], seq=position[1])
        if len(found) > 1:
            hashes = ", ".join(one.hash.hex()[:12] for one in found)
            raise Refused("several-in-quarantine", terminal=position[0], seq=position[1], hashes=hashes)
        document = _document(found[0])
        total = 0 if document is None else TYPES.of(document).totals(document)[2]
        content = _content(found[0].body)
        return Inside(
            _waits(books, found[0]),
            total,
            "" if document is None else document.currency,
            content[:_MOST_SHOWN],
            len(content) > _MOST_SHOWN,
            document_list.one(connection, org_id, document_key(*position)),
        )


def twice(office: Office, *, everything: bool) -> list[DoubleCode]:
    """The codes that came twice and wait for two people, or all that ever did; the newest first."""
    with office.read() as books:
        need(office, books, Permission.DECIDE, Permission.SEE_AUDIT)
        read = double_codes.everything if everything else double_codes.waiting
        return read(books.connection, books.org_id)[::-1]


def both(office: Office, document_id: int, place: int) -> Twice:
    """The two documents of a code that came twice, by the second one.  Raises `Refused` where it did not."""
    with office.read() as books:
        need(office, books, Permission.DECIDE, Permission.SEE_AUDIT)
        connection, org_id = books.connection, books.org_id
        known = double_codes.everything(connection, org_id)
        one = next((one for one in known if (one.document_id, one.place) == (document_id, place)), None)
        if one is None:
            raise Refused("code-not-twice", number="/".join(map(str, split_key(document_id))))
        booked = document_list.one(connection, org_id, one.booked_id) if one.booked_id else None
        return Twice(
            one,
            _side(books, one.other_id),
            _side(books, one.document_id),
            _person(books, one.decided_by),
            _person(books, one.decided_with),
            "" if booked is None else booked.number,
        )


def _side(books: Books, document_id: int) -> Side:
    listed = document_list.one(books.connection, books.org_id, document_id)
    if listed is None:
        raise Refused("document-not-in-books")
    return Side(listed, document_parts.money(books.connection, books.org_id, document_id))


def _person(books: Books, person_id: int | None) -> str:
    return people.person_name(books.connection, books.org_id, person_id) if person_id else ""


def _document(held: Quarantined) -> Document | None:
    """The document of its bytes; None where they hold none."""
    try:
        return canonical.decode(held.body)
    except Damaged:
        return None


def _waits(books: Books, held: Quarantined) -> SetAside:
    document, number, person = _document(held), "", ""
    if document is not None:
        depot = codes.depot_of(books.connection, books.org_id, document.depot_id)
        prefix = "" if depot is None else depot.number_prefix
        number = printed_number(prefix, document.terminal_no, document.series, document.number)
        person = _person(books, document.person_id)
    return SetAside(
        f"{held.terminal_no}/{held.seq}",
        held.hash.hex(),
        held.reason,
        held.received_at,
        "" if document is None else kind_of(document),
        number,
        person,
        None if document is None else document.occurred_at,
        held.decision,
        held.decided_at,
        _person(books, held.decided_by),
        _person(books, held.decided_with),
        held.decision_reason,
    )


def _content(body: bytes) -> str:
    """The document as it is written; bytes that hold none, as text with marks for what is no character."""
    try:
        return json.dumps(msgspec.json.decode(body), ensure_ascii=False, indent=2)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
