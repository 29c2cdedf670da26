"""What both sides say when a seal refuses, and which part of a document each count of its head is of."""

from typing import Final

SEALED: Final = "a sealed document cannot be changed; record a reversal"
UNBALANCED: Final = "the journal lines of a document must sum to zero in every business and currency"
INCOMPLETE: Final = "a document must be sealed with all its lines"
AUDIT: Final = "the audit log cannot be changed"
OVERSPENT: Final = "a voucher or deposit slip was not issued, or less is left on it"

COUNTS: Final = {
    "journal_line": "line_count",
    "stock_move": "move_count",
    "document_line": "item_count",
    "tender": "tender_count",
    "open_item": "open_count",
    "cost_line": "cost_count",
}
