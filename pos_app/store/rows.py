"""A sealed document as table rows, in the order of the tables' columns.

Plain tuples: this is the till's hottest path and the server's bulk load.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    CashMovement,
    Document,
    DrawerClose,
    DrawerOpen,
    Head,
    Payment,
    Refund,
    Reversal,
    Trade,
    kind_of,
)
from pos_app.ledger.posting import Posting
from pos_app.store.privacy import REFERENCE, Privacy

Row = tuple[Any, ...]


class Sealed(NamedTuple):
    """A document with its bytes, its place in the chain and what it posts."""

    document: Document
    body: bytes
    prev_hash: bytes
    hash: bytes
    posting: Posting
    posting_digest: bytes


class Rows(NamedTuple):
    """The rows of one document, table by table; `document` last, because it seals."""

    journal_line: list[Row]
    stock_move: list[Row]
    document_line: list[Row]
    tender: list[Row]
    document: Row


def rows_of(sealed: Sealed, moment: Callable[[datetime], Any]) -> Rows:
    """All rows of a document; `moment` writes a time as the engine keeps it."""
    document = sealed.document
    head = (document.org_id, document.document_id)
    year = document.year
    lines = [
        (
            *head,
            number,
            year,
            line.business_id,
            line.account,
            document.currency,
            line.amount,
            line.base_amount,
            line.party_role and line.party_role.value,
            line.party_id,
            line.drawer_id,
        )
        for number, line in enumerate(sealed.posting.lines)
    ]
    moves = [
        (*head, number, year, move.location_id, move.product_id, move.quantity)
        for number, move in enumerate(sealed.posting.moves)
    ]
    content, direction = _content(document)
    items = _item_rows(content, direction, (*head,), year)
    tenders = _tender_rows(content, direction, (*head,), year)
    return Rows(
        lines,
        moves,
        items,
        tenders,
        _document_row(sealed, content, direction, (len(lines), len(moves), len(items), len(tenders)), moment),
    )


def _content(document: Document) -> tuple[Head, int]:
    """Whose lines and tenders the document records, and in which direction.

    A reversal takes back the lines and tenders of the document that it voids.
    """
    if isinstance(document, Reversal):
        original, direction = _content(canonical.decode(bytes(document.original)))
        return original, -direction
    return document, -1 if isinstance(document, Refund) else 1


def _item_rows(content: Head, direction: int, head: Row, year: int) -> list[Row]:
    if not isinstance(content, Trade):
        return []
    return [
        (
            *head,
            number,
            year,
            line.business_id,
            line.product_id,
            line.description,
            direction * line.quantity,
            line.unit_price,
            direction * line.discount,
            line.tax_code,
            line.tax_rate_bp,
            direction * line.net,
            direction * line.tax,
            line.origin_line,
        )
        for number, line in enumerate(content.lines)
    ]


def _tender_rows(content: Head, direction: int, head: Row, year: int) -> list[Row]:
    if not isinstance(content, Trade | Payment):
        return []
    rows: list[Row] = [
        (
            *head,
            number,
            year,
            tender.kind.value,
            direction * tender.amount,
            tender.account,
            tender.reference,
            tender.drawer_id,
            0,
        )
        for number, tender in enumerate(content.tenders)
    ]
    change = content.change
    if change is not None and change.amount:
        rows.append(
            (
                *head,
                len(rows),
                year,
                "cash",
                -direction * change.amount,
                change.account,
                "",
                change.drawer_id,
                1,
            )
        )
    return rows


def _totals(content: Head, direction: int) -> tuple[int, int, int, int]:
    """Subtotal, tax, total and rounding as the tables keep them: signed as sales count them."""
    match content:
        case Trade():
            return (
                direction * content.subtotal,
                direction * content.tax_total,
                direction * content.total,
                direction * content.rounding,
            )
        case Payment():
            total = content.total
        case CashMovement():
            total = content.amount
        case DrawerOpen():
            total = content.float_amount
        case DrawerClose():
            total = content.counted
        case _:
            total = 0
    return 0, 0, direction * total, 0


def _document_row(
    sealed: Sealed,
    content: Head,
    direction: int,
    counts: tuple[int, int, int, int],
    moment: Callable[[datetime], Any],
) -> Row:
    document = sealed.document
    reverses = document.original_id if isinstance(document, Reversal) else None
    original = document.original_id if isinstance(document, Refund) else None
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
        getattr(content, "party_id", None),
        document.currency,
        document.rate_micro,
        *_totals(content, direction),
        original,
        reverses,
        *counts,
        sealed.prev_hash,
        sealed.hash,
        sealed.posting_digest,
        sealed.body,
    )


#: Where personal values stand in the rows: the reference of a tender, the bytes of a document.
_REFERENCE: Final = 7
_BODY: Final = -1


def closed(rows: Rows, private: Privacy, org_id: int) -> Rows:
    """The rows as they lie in the database of the centre."""
    document = (*rows.document[:_BODY], private.close_bytes(org_id, rows.document[_BODY]))
    tenders = [
        (*row[:_REFERENCE], private.close_text(org_id, REFERENCE, row[_REFERENCE]), *row[_REFERENCE + 1 :])
        if row[_REFERENCE]
        else row
        for row in rows.tender
    ]
    return rows._replace(tender=tenders, document=document)


def opened_tender(row: Row, private: Privacy, org_id: int) -> Row:
    """A row of `tender` as it was before it was closed.  Raises `Damaged`."""
    if not row[_REFERENCE]:
        return row
    plain = private.open_text(org_id, REFERENCE, row[_REFERENCE])
    return (*row[:_REFERENCE], plain, *row[_REFERENCE + 1 :])


def opened_document(row: Row, private: Privacy, org_id: int) -> Row:
    """A row of `document` as it was before it was closed.  Raises `Damaged`."""
    return (*row[:_BODY], private.open_bytes(org_id, bytes(row[_BODY])))


#: The tables in the order in which their rows are written.
WRITE_ORDER: Final = Rows._fields
