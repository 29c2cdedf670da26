"""Documents of the books as others read them: a page of them, or one, with lines, money and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.ledger.document import TYPES
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import codes
from pos_app.store.receivables import open_items
from pos_app.store.report_queries import document_list, document_whole
from pos_app.store.report_queries.document_list import After, Filter
from pos_app.store.report_queries.document_whole import LineRow, Row, TenderRow

#: Where a document stands in the list: when it happened, and its key.
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Whole:
    """A document with its parts; `open` is what of an invoice or a bill is not paid, in minor units."""

    row: Row
    lines: Sequence[LineRow] = field(default=())
    tenders: Sequence[TenderRow] = field(default=())
    open: int | None = None


def page(
    office: Office, *, kinds: Sequence[str] = (), party: str = "", after: Place | None = None, most: int
) -> tuple[list[Whole], Place | None]:
    """At most so many documents of these kinds (none: of any), newest first, and the last of them where there
    are more.

    Raises `Refused` for a party that is none, and for who may see no reports.
    """
    with office.read() as books:
        _need(office, books)
        party_id = None
        if party:
            found = codes.party(books.connection, books.org_id, party)
            if found is None:
                raise Refused("party-unknown", code=party[:40])
            party_id = found.party_id
        wanted = Filter(
            tuple(kinds) or tuple(one.kind for one in TYPES),
            party_id=party_id,
            after=None if after is None else After(*after),
            most=most + 1,
        )
        listed = document_list.page(books.connection, books.org_id, wanted)
        last = listed[most - 1] if len(listed) > most else None
        keys = [one.document_id for one in listed[:most]]
        rows = document_whole.rows(books.connection, books.org_id, keys)
        return _whole(books, rows), None if last is None else (last.occurred_at, last.document_id)


def one(office: Office, document_id: int, kinds: Sequence[str] = ()) -> Whole:
    """One document by its key.  Raises `Refused` where the books have none of these kinds (none: of any)."""
    with office.read() as books:
        _need(office, books)
        found = _one(books, document_id)
        if kinds and found.row.kind not in kinds:
            raise Refused("document-unknown", number=str(document_id))
        return found


def made(office: Office, document_id: int) -> Whole:
    """One that who acts has just recorded: they see it, whatever else they may see."""
    with office.read() as books:
        return _one(books, document_id)


def request_begun(office: Office, beginning: str) -> str:
    """The request that begins so of a document or of a draft; empty where none does."""
    with office.read() as books:
        return document_whole.request_begun(books.connection, books.org_id, beginning)


def _one(books: Books, document_id: int) -> Whole:
    rows = document_whole.rows(books.connection, books.org_id, [document_id])
    if not rows:
        raise Refused("document-unknown", number=str(document_id))
    return _whole(books, rows)[0]


def _whole(books: Books, rows: Sequence[Row]) -> list[Whole]:
    connection, org_id, keys = books.connection, books.org_id, [one.document_id for one in rows]
    if not keys:
        return []
    lines = document_whole.lines(connection, org_id, keys)
    tenders = document_whole.tenders(connection, org_id, keys)
    return [
        Whole(
            one,
            lines[one.document_id],
            tenders[one.document_id],
            _open(books, one.document_id) if one.due_on is not None else None,
        )
        for one in rows
    ]


def _open(books: Books, document_id: int) -> int:
    return sum(one.open.amount for one in open_items.of_invoice(books.connection, books.org_id, document_id))


def _need(office: Office, books: Books) -> None:
    office.need_everywhere(books.connection, Permission.SEE_REPORTS)
