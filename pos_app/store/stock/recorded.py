"""The answer to a recording: the document, the number on its paper, and what stock it took below nothing."""

from dataclasses import dataclass, field

from pos_app.ledger.document import TYPES, Document
from pos_app.ledger.line import TenderKind
from pos_app.store.stock.stock_levels import Level


@dataclass(frozen=True)
class Recorded:
    """A recorded document, at the till and in the office alike.

    `short` are the products of which the books have less than nothing at their place since: sold all the
    same, to be counted or received (see the till's `Stock.explain`).  Only the first answer says so: asked
    again, it is of a document that was recorded already.
    """

    document: Document
    number: str
    short: tuple[Level, ...] = field(default=(), compare=False)

    @property
    def document_id(self) -> int:
        """Its key."""
        return self.document.document_id

    @property
    def total(self) -> int:
        """What it comes to, in minor units of its currency; 0 for one that comes to nothing."""
        return TYPES.of(self.document).totals(self.document)[2]

    @property
    def settled(self) -> int:
        """What changed hands for it, in minor units: what it comes to, rounded where coins paid."""
        _, _, total, rounding = TYPES.of(self.document).totals(self.document)
        return total + rounding

    @property
    def change(self) -> int:
        """What went back out of what was given, in minor units."""
        change = getattr(self.document, "change", None)
        return 0 if change is None else int(change.amount)

    @property
    def on_account(self) -> int:
        """What of it a customer owes since, in minor units: what was written to their account."""
        tenders = getattr(self.document, "tenders", ())
        return sum(int(tender.amount) for tender in tenders if tender.kind is TenderKind.ACCOUNT)
