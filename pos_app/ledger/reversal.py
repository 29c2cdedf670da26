"""The void of another document."""

from msgspec import Raw

from pos_app.ledger.head import Head


class Reversal(Head, frozen=True, kw_only=True, omit_defaults=True, tag="reversal"):
    """Voids another document: posts the opposite of all that it posted.

    `original` is the voided document, byte for byte as it was sealed, so that posting stays a
    function of this document alone.
    """

    original_id: int
    original_hash: str
    original: Raw
    reason: str
