"""A sealed document as table rows, in the order of the tables' columns.

Plain tuples: this is the till's hottest path and the server's bulk load.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from pos_app.ledger.document import Document, Reversal, kind_of
from pos_app.ledger.posting.posting import Posting
from pos_app.store.documents.document_rows import (
    DocumentContent,
    Row,
    content_of,
    item_rows,
    original_of,
    tender_rows,
    totals,
)
from pos_app.store.engine.privacy import REFERENCE, Privacy
from pos_app.store.tables.columns import Bytes
from pos_app.store.tables.tables import ledger_metadata


class Sealed(NamedTuple):
    """A document with its bytes, its place in the chain, what it posts, and its terminal's signature.

    What is older than signatures has none.
    """

    document: Document
    body: bytes
    prev_hash: bytes
    hash: bytes
    posting: Posting
    posting_digest: bytes
    signature: bytes | None = None


class Rows(NamedTuple):
    """The rows of one document, table by table; `document` last, because it seals."""

    journal_line: list[Row]
    stock_move: list[Row]
    document_line: list[Row]
    tender: list[Row]
    open_item: list[Row]
    cost_line: list[Row]
    document: Row


def rows_of(sealed: Sealed, moment: Callable[[datetime], Any]) -> Rows:
    """All rows of a document; `moment` writes a time as the engine keeps it."""
    document, posting = sealed.document, sealed.posting
    org_id, document_id = head = (document.org_id, document.document_id)
    year, currency = document.year, document.currency
    lines = [
        (
            org_id,
            document_id,
            number,
            year,
            line.business_id,
            line.account,
            line.currency or currency,
            line.amount,
            line.base_amount,
            line.party_role and line.party_role.value,
            line.party_id,
            line.drawer_id,
        )
        for number, line in enumerate(posting.lines)
    ]
    moves = [
        (org_id, document_id, number, year, move.location_id, move.product_id, move.quantity)
        for number, move in enumerate(posting.moves)
    ]
    content = content_of(document)
    items = item_rows(content, head, year)
    tenders = tender_rows(content, head, year)
    opened = _open_rows(sealed) if posting.open_items else []
    costs = _cost_rows(sealed) if posting.costs else []
    counts = (len(lines), len(moves), len(items), len(tenders), len(opened), len(costs))
    return Rows(lines, moves, items, tenders, opened, costs, _document_row(sealed, content, counts, moment))


def _open_rows(sealed: Sealed) -> list[Row]:
    document = sealed.document
    head, year, currency = (document.org_id, document.document_id), document.year, document.currency
    return [
        (
            *head,
            number,
            year,
            item.business_id,
            item.party_role.value,
            item.party_id,
            item.invoice_id,
            item.due_on,
            currency,
            item.amount,
            item.base_amount,
        )
        for number, item in enumerate(sealed.posting.open_items)
    ]


def _cost_rows(sealed: Sealed) -> list[Row]:
    document = sealed.document
    head, year = (document.org_id, document.document_id), document.year
    return [
        (*head, number, year, line.business_id, line.product_id, line.quantity, line.value)
        for number, line in enumerate(sealed.posting.costs)
    ]


def _document_row(
    sealed: Sealed, content: DocumentContent, counts: tuple[int, ...], moment: Callable[[datetime], Any]
) -> Row:
    document = sealed.document
    subtotal, tax, total, rounding = totals(content)
    lines, moves, items, tenders, opened, costs = counts
    return (
        document.org_id,
        document.document_id,
        document.terminal_no,
        document.seq,
        kind_of(document),
        document.request_id,
        document.series,
        document.number,
        document.year,
        moment(document.occurred_at),
        moment(document.recorded_at),
        document.person_id,
        document.approver_id,
        document.business_id,
        document.depot_id,
        document.shift,
        getattr(content.of, "party_id", None),
        document.currency,
        document.rate_micro,
        subtotal,
        tax,
        total,
        rounding,
        getattr(document, "due_on", None),
        original_of(document),
        document.original_id if isinstance(document, Reversal) else None,
        lines,
        moves,
        items,
        tenders,
        opened,
        costs,
        sealed.prev_hash,
        sealed.hash,
        sealed.posting_digest,
        sealed.signature,
        sealed.body,
    )


#: Where personal values stand in the rows: the reference of a tender, the bytes of a document.
_REFERENCE: Final = 7
_BODY: Final = -1


def encrypted(rows: Rows, private: Privacy, org_id: int) -> Rows:
    """The rows as they lie in the database of the centre."""
    lines, moves, items, tenders, opened, costs, document = rows
    document = (*document[:_BODY], private.encrypt_bytes(org_id, document[_BODY]))
    tenders = [
        (*row[:_REFERENCE], private.encrypt_text(org_id, REFERENCE, row[_REFERENCE]), *row[_REFERENCE + 1 :])
        if row[_REFERENCE]
        else row
        for row in tenders
    ]
    return Rows(lines, moves, items, tenders, opened, costs, document)


def decrypted_tender(row: Row, private: Privacy, org_id: int) -> Row:
    """A row of `tender` as it was before it was closed.  Raises `Damaged`."""
    if not row[_REFERENCE]:
        return row
    plain = private.decrypt_text(org_id, REFERENCE, row[_REFERENCE])
    return (*row[:_REFERENCE], plain, *row[_REFERENCE + 1 :])


def decrypted_document(row: Row, private: Privacy, org_id: int) -> Row:
    """A row of `document` as it was before it was closed.  Raises `Damaged`."""
    return (*row[:_BODY], private.decrypt_bytes(org_id, bytes(row[_BODY])))


#: The tables in the order in which their rows are written.
WRITE_ORDER: Final = Rows._fields


def inserts(mark: str, mark_of_optional: str = "") -> tuple[str, ...]:
    """A statement for each table in `WRITE_ORDER`; `mark` is the driver's sign for a value.

    What may be empty takes `mark_of_optional`, where that is another one.
    """
    tables = (ledger_metadata.tables[name] for name in WRITE_ORDER)
    marks = {True: mark_of_optional or mark, False: mark}
    return tuple(
        f"INSERT INTO {table.name} ({', '.join(column.name for column in table.columns)})"
        f" VALUES ({', '.join(marks[bool(column.nullable)] for column in table.columns)})"
        for table in tables
    )


def slow_places() -> tuple[tuple[int, ...], ...]:
    """For each table in `WRITE_ORDER`: where in its rows nothing may stand, or bytes."""
    tables = (ledger_metadata.tables[name] for name in WRITE_ORDER)
    return tuple(
        tuple(place for place, column in enumerate(table.columns) if column.nullable or column.type is Bytes)
        for table in tables
    )
