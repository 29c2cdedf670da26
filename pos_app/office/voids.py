"""Voiding a document of the centre's own chain: the opposite of all that it posted."""

import json

from pos_app.ledger.document import (
    SERVER_TERMINAL_NO,
    Document,
    JournalEntry,
    Reversal,
    StockValuation,
    split_key,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.ledger.making import reversal as making_reversal
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.stock.recorded import Recorded


def void(office: Office, document_id: int, reason: str, *, request_id: str = "") -> Recorded:
    """Void a document that was made here, today.

    Raises `Refused` for a till's (it is voided or refunded there), a void, and what others built upon.
    """

    def build(books: Books) -> Document:
        original = documents.get(books.connection, books.org_id, document_id)
        if original is None or split_key(document_id)[0] != SERVER_TERMINAL_NO:
            raise Refused("not-made-in-office")
        if isinstance(original, Reversal):
            raise Refused("void-of-void")
        if documents.is_voided(books.connection, books.org_id, document_id):
            raise Refused("voided-already")
        if isinstance(original, StockValuation):
            raise Refused("valuation-not-voidable")
        head = books.head_fields(PostingDetails(), depot_id=original.depot_id)
        if isinstance(original, JournalEntry) and original.purpose is EntryPurpose.YEAR_END:
            # In the year that it opens again, where the next closing looks.
            head["occurred_at"] = original.occurred_at
        return making_reversal.reversal(head, documents.voided(books.connection, original), reason)

    def note(books: Books, sealed: Sealed) -> None:
        after = {"reversal": sealed.document.document_id, "reason": reason.strip()[:200]}
        office.note(books, "void", f"document {document_id}", after=json.dumps(after, ensure_ascii=False))

    return office.record(PostingDetails(request_id=request_id), build, extra=note)
