"""What is to be signed: a document as an authority reads it, one invoice for each seller and direction.

Decisions
---------
2026-12-01  A basket over two businesses is two invoices, since each seller is a taxpayer of its own; goods
that come back beside more that goes out are a credit note beside the sale, since no authority takes a line
below nothing.  The void of a document is the opposite of all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from pos_app.ledger import canonical
from pos_app.ledger.document import CreditNote, Document, Invoice, Refund, Reversal, Sale
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.line import GoodsLine, Tender, TenderKind

#: The kinds of documents that an authority may want to see, as the tables name them.
KINDS: Final = ("sale", "refund", "invoice", "credit_note", "reversal")
#: The parts of a document: what was sold, and what came back.
SOLD, BACK = 0, 1

_Goods = Sale | Refund | Invoice | CreditNote


class Part(NamedTuple):
    """The lines of one seller and one direction, as the document has them.

    `original_id` is the document that a part which came back takes from (None: it names none).  `sign` is -1
    where the lines count against their document's own direction.
    """

    business_id: int
    part: int
    lines: tuple[GoodsLine, ...]
    original_id: int | None
    sign: int

    @property
    def takes_back(self) -> bool:
        """Whether it is a credit note."""
        return self.part == BACK


def parts_of(document: Document) -> list[Part]:
    """What of a document is to be signed, sales first; nothing for what is no trade."""
    if isinstance(document, Reversal):
        original = canonical.decode(bytes(document.original))
        if not isinstance(original, _Goods):
            return []
        turned = [
            _part(part.business_id, 1 - part.part, part.lines, document.original_id, part.sign)
            for part in parts_of(original)
        ]
        return sorted(turned, key=lambda part: part.part)
    if not isinstance(document, _Goods):
        return []
    is_back = isinstance(document, Refund | CreditNote)
    original_id = (
        document.invoice_id if isinstance(document, CreditNote) else getattr(document, "original_id", None)
    )
    found = []
    for direction in (SOLD, BACK):
        for business_id in dict.fromkeys(line.business_id for line in document.lines):
            sign = -1 if direction != int(is_back) else 1
            own = tuple(line for line in document.lines if _counts(line, business_id, sign))
            if any(line.gross for line in own):
                found.append(_part(business_id, direction, own, original_id, sign))
    return found


def _counts(line: GoodsLine, business_id: int, sign: int) -> bool:
    """Whether a line is of this seller and direction; what is given away goes the way of its quantity."""
    way = line.gross * sign or line.quantity * sign
    return line.business_id == business_id and way > 0


def _part(
    business_id: int, part: int, lines: tuple[GoodsLine, ...], original_id: int | None, sign: int
) -> Part:
    return Part(business_id, part, lines, original_id if part == BACK else None, sign)


@dataclass(frozen=True, kw_only=True)
class FiscalLine:
    """One line of an invoice, always positive.

    `quantity` in thousandths; `gross` with its tax and `discount` in minor units of the base currency;
    `tax` is ours, as the books have it.  `treatment` is one of the master data's: inclusive, exclusive,
    exempt, zero, none.
    """

    product_id: int
    sku: str
    name: str
    unit: str
    is_service: bool
    quantity: int
    gross: int
    discount: int
    tax: int
    rate_bp: int
    treatment: str


@dataclass(frozen=True, kw_only=True)
class FiscalInvoice:
    """What is signed.  `trader_no` is our printed number, unlike for every invoice of a device; `number` the
    device's own, one after another; `original_number` that of the invoice it takes from.  `at` is when it
    happened, on the shop's clock.  `paid_by` is how most of it was paid.
    """

    trader_no: str
    takes_back: bool
    at: datetime
    person: str
    lines: tuple[FiscalLine, ...]
    paid_by: str = TenderKind.CASH.value
    buyer: str = ""
    buyer_pin: str = ""
    reason: str = ""
    number: int = 0
    original_number: int = 0

    @property
    def total(self) -> int:
        """With tax, in minor units."""
        return sum(line.gross for line in self.lines)


class Facts(NamedTuple):
    """What a document does not say of itself: which products are services, how each tax code is applied."""

    services: frozenset[int]
    treatments: dict[str, str]


def lines_of(part: Part, rate_micro: int, facts: Facts) -> tuple[FiscalLine, ...]:
    """The lines of a part, positive and in base currency."""
    sign = part.sign
    return tuple(
        FiscalLine(
            product_id=line.product_id,
            sku=line.sku,
            name=line.description,
            unit=line.unit,
            is_service=line.product_id in facts.services,
            quantity=abs(line.quantity),
            gross=worth_of(line.gross * sign, rate_micro),
            discount=max(worth_of(line.discount * sign, rate_micro), 0),
            tax=worth_of(line.tax * sign, rate_micro),
            rate_bp=line.tax_rate_bp,
            treatment=facts.treatments.get(line.tax_code, "none"),
        )
        for line in part.lines
    )


def paid_by(document: Document) -> str:
    """How most of it was paid; what is paid later is on account."""
    tenders: Sequence[Tender] = getattr(document, "tenders", ())
    if not tenders:
        return (TenderKind.ACCOUNT if isinstance(document, Invoice | CreditNote) else TenderKind.CASH).value
    return max(tenders, key=lambda tender: tender.amount).kind.value
