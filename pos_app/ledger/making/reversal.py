"""How a document is voided: by another one that holds it, byte for byte."""

from typing import NamedTuple

from msgspec import Raw

from pos_app.ledger.document import SERIES, Document, Reversal
from pos_app.ledger.head import HeadFields, note_of


class Voided(NamedTuple):
    """A document as the books keep it: itself, its bytes and its hash in the chain."""

    document: Document
    body: bytes
    hash: bytes


def reversal(head: HeadFields, voided: Voided, reason: str) -> Reversal:
    """The void of a document, in its own currency, for the business that it was of."""
    original = voided.document
    fields = head | {
        "business_id": original.business_id,
        "currency": original.currency,
        "rate_micro": original.rate_micro,
    }
    return Reversal(
        **fields,
        series=SERIES[Reversal],
        original_id=original.document_id,
        original_hash=voided.hash.hex(),
        original=Raw(voided.body),
        reason=note_of(reason),
    )
