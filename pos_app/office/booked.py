"""Documents in the books: listed, found by a number, opened with all that makes them, put on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pos_app.devices.paper import Columns
from pos_app.ledger import mpesa_code
from pos_app.ledger.document import Document, Reversal, document_key, split_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.invoicing import Bill, Invoice
from pos_app.ledger.mentions import FIELDS
from pos_app.ledger.numbering import parse_position, parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.types.document_type import TYPES
from pos_app.office import papers
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.reports.model import period as days
from pos_app.reports.slips import any_pdf, e_invoice
from pos_app.reports.slips.letterhead import Names, names_of
from pos_app.reports.slips.references import references
from pos_app.reports.slips.titles import reason_words
from pos_app.store.documents import documents, used_codes
from pos_app.store.journal import flags
from pos_app.store.journal.flags import Flagged
from pos_app.store.master import codes
from pos_app.store.report_queries import chart_of_accounts, document_list, document_parts, invoice_history
from pos_app.store.report_queries.document_list import After, Filter, Listed
from pos_app.store.report_queries.document_parts import Entry, Line, Money, Move
from pos_app.store.tables.columns import from_micros, micros

#: So many documents are named that go on from one.
_MOST_FOLLOWING: Final = 50


@dataclass(frozen=True)
class Wanted:
    """Which documents, as a person says it: days as 2026-11-30, codes; empty is any.

    `after` is the mark of the last one of the page before, in this order.
    """

    kind: str = ""
    first: str = ""
    last: str = ""
    depot: str = ""
    party: str = ""
    person: str = ""
    after: str = ""
    most: int = 51
    oldest_first: bool = False


class ClosedNames(NamedTuple):
    """The names of what the close of a drawer speaks of, by key."""

    people: Mapping[int, str]
    documents: Mapping[int, str]
    goods: Mapping[int, str]


class Opened(NamedTuple):
    """A document with all that makes it.

    `labels` are what its paper says of it, `origins` the documents that it goes on from, with their numbers.
    `open_amount` is what is still to be paid of an invoice or a bill, in minor units of its currency.
    `closed` has the names on the close of a drawer.
    """

    listed: Listed
    document: Document
    business: str
    approver: str
    reason: str
    labels: list[tuple[str, str]]
    origins: list[tuple[int, str]]
    following: list[Listed]
    lines: list[Line]
    money: list[Money]
    entries: list[Entry]
    moves: list[Move]
    flags: list[Flagged]
    open_amount: int | None
    closed: ClosedNames


class Paper(NamedTuple):
    """A PDF, and the number that names it."""

    number: str
    content: bytes


def mark(listed: Listed) -> str:
    """What a page says to go on after a document."""
    return f"{micros(listed.occurred_at)}-{listed.document_id}"


def kinds() -> list[str]:
    """All kinds of documents."""
    return [one.kind for one in TYPES]


def listed(office: Office, wanted: Wanted) -> list[Listed]:
    """Documents, newest first or as they are wanted.  Raises `Refused` for a kind, day or code of nothing."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return document_list.page(books.connection, books.org_id, _filter(books, wanted))


def _filter(books: Books, wanted: Wanted) -> Filter:
    known = kinds()
    if wanted.kind and wanted.kind not in known:
        raise Refused("document-kind-unknown", kind=wanted.kind[:40])
    zone = days.zone_of(books.organisation.time_zone)
    first = days.parse_day(wanted.first, "--from") if wanted.first else None
    last = days.parse_day(wanted.last, "--to") if wanted.last else None
    if first and last:
        days.period(first, last, zone)
    return Filter(
        kinds=(wanted.kind,) if wanted.kind else tuple(known),
        start=None if first is None else days.midnight(first, zone),
        end=None if last is None else days.midnight(last + timedelta(days=1), zone),
        depot_id=books.depot(wanted.depot, archived=True).depot_id if wanted.depot else None,
        party_id=_party(books, wanted.party) if wanted.party else None,
        person_id=_person(books, wanted.person) if wanted.person else None,
        after=_after(wanted.after),
        most=wanted.most,
        oldest_first=wanted.oldest_first,
    )


def _party(books: Books, code: str) -> int:
    found = codes.party(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("party-unknown", code=code[:40])
    return found.party_id


def _person(books: Books, code: str) -> int:
    found = codes.person(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("person-unknown", code=code[:40])
    return found.person_id


def _after(told: str) -> After | None:
    at, _, key = told.partition("-")
    if not (told.isascii() and at.isdecimal() and key.isdecimal() and len(at) < 18 and len(key) < 19):
        return None
    return After(from_micros(int(at)), int(key))


def find(office: Office, typed: str) -> int:
    """The key of the document of a printed number (K3-I000012), of terminal/sequence (3/17), or of an M-Pesa
    code; it opens nothing yet, and needs no right.  Raises `Refused` where there is none.
    """
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        position = parse_position(typed)
        if position is not None:
            found: int | None = document_key(*position)
            if documents.hash_of(connection, org_id, document_key(*position)) is None:
                found = None
        elif mpesa_code.is_code(typed):
            holder = used_codes.holder(connection, org_id, mpesa_code.mpesa_code(typed))
            found = None if holder is None else holder.document_id
        else:
            found = documents.key_of_number(connection, org_id, *parse_printed(typed))
        if found is None:
            raise Refused("document-unknown", number=typed.strip()[:24])
        return found


def of_request(office: Office, request_id: str) -> int | None:
    """The key of the document that a request became; None where it is none yet."""
    with office.read() as books:
        return documents.key_of_request(books.connection, books.org_id, request_id)


def opened(office: Office, document_id: int) -> Opened:
    """A document with all that makes it.  Raises `Refused` where these books have none of this key."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        connection, org_id = books.connection, books.org_id
        found = document_list.one(connection, org_id, document_id)
        document = documents.get(connection, org_id, document_id)
        if found is None or document is None:
            raise Refused("document-unknown", number="/".join(map(str, split_key(document_id))))
        names = names_of(connection, document)
        business = chart_of_accounts.businesses(connection, org_id).get(document.business_id)
        open_amount = None
        if isinstance(document, Invoice | Bill):
            open_amount = invoice_history.open_amount(connection, org_id, document_id)
        return Opened(
            listed=found,
            document=document,
            business="" if business is None else business.name,
            approver=names.approver,
            reason=reason_words(str(getattr(document, "reason", ""))),
            labels=[(one.left, one.right) for one in references(document, names) if isinstance(one, Columns)],
            origins=_origins(document, names),
            following=document_list.following(connection, org_id, document_id, _MOST_FOLLOWING),
            lines=document_parts.lines(connection, org_id, document_id),
            money=document_parts.money(connection, org_id, document_id),
            entries=document_parts.entries(connection, org_id, document_id),
            moves=document_parts.moves(connection, org_id, document_id),
            flags=flags.of_document(connection, org_id, document_id),
            open_amount=open_amount,
            closed=ClosedNames(
                names.named.people,
                names.named.documents,
                {key: goods.name for key, goods in names.named.goods.items()},
            ),
        )


def _origins(document: Document, names: Names) -> list[tuple[int, str]]:
    """What it goes on from, by the names of its fields; of a void, what it voids."""
    fields = [name for name, what in FIELDS.items() if what == "documents"]
    keys = [getattr(document, name, None) for name in fields]
    if isinstance(document, Reversal):
        keys = [document.original_id]
    known = names.named.documents
    found = {key: known.get(key, "") or "/".join(map(str, split_key(key))) for key in keys if key}
    return list(found.items())


def may_be_voided(document: Document) -> tuple[Permission, ...]:
    """What who voids a document that the office made must be allowed."""
    return tuple(one.permission for one in TYPES.of(document).needs(document))


def paper(office: Office, document_id: int) -> Paper:
    """The document on paper; the first one drawn is the original, later ones are copies (see `papers`)."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        found = document_list.one(books.connection, books.org_id, document_id)
        if found is None:
            raise Refused("document-unknown", number="/".join(map(str, split_key(document_id))))
        copy_no = papers.copy_number(office, document_id)
        drawn = any_pdf.of_key(books.connection, books.org_id, document_id, copy_no)
    papers.note_drawn(office, document_id, copy_no)
    return Paper(found.number, drawn)


def peppol(office: Office, document_id: int, buyer_uen: str = "") -> Paper:
    """An invoice or a credit note as an e-invoice (see `e_invoice`).  Raises `Refused`."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        found = document_list.one(books.connection, books.org_id, document_id)
        if found is None:
            raise Refused("document-unknown", number="/".join(map(str, split_key(document_id))))
        return Paper(found.number, e_invoice.of_key(books.connection, books.org_id, document_id, buyer_uen))


def moment(at_us: int) -> datetime:
    """The moment of a number of microseconds, as requests of tills carry it."""
    return from_micros(at_us)
