"""What a document writes of itself as rows: its lines, its tenders, its totals, by what its type says.

Quantities and amounts are signed.  Lines and totals count as sales and purchases do: what takes back (a
refund, a credit note, a vendor's credit) is negative, so that every total is a plain sum.  Tenders count as
the till does: money taken is positive, money handed out negative.  What came of an order, of a transfer, what
was collected is asked of the lines by `document.original_id`.
"""

from typing import Any, NamedTuple

from pos_app.ledger import canonical
from pos_app.ledger import document_figures as figures
from pos_app.ledger.document import TYPES, Document, Head, Reversal
from pos_app.ledger.types.document_type import DocumentType

Row = tuple[Any, ...]


class DocumentContent(NamedTuple):
    """Whose lines and tenders a document records, of which type that is, and whether it takes them back.

    A reversal takes back the lines and tenders of the document that it voids: `sign` is -1 then.
    """

    of: Head
    type: DocumentType[Any]
    sign: int

    @property
    def direction(self) -> int:
        """The direction of its lines and totals."""
        return -self.sign if self.type.takes_back else self.sign

    @property
    def money_direction(self) -> int:
        """The direction of its tenders."""
        return -self.sign if self.type.pays_out(self.of) else self.sign


def content_of(document: Document) -> DocumentContent:
    """What a document records."""
    if isinstance(document, Reversal):
        inner = content_of(canonical.decode(bytes(document.original)))
        return inner._replace(sign=-inner.sign)
    return DocumentContent(document, TYPES.of(document), 1)


def _goods_rows(document: Any, way: int, head: Row, year: int) -> list[Row]:
    """By itself and at once: this is the till's hottest path.

    A tuple is made of its parts by name, here and beside: with a star in it, it is a list first.
    """
    org_id, document_id = head
    return [
        (
            org_id,
            document_id,
            number,
            year,
            line.business_id,
            line.product_id,
            line.description,
            way * line.quantity,
            line.unit_price,
            way * line.discount,
            line.tax_code,
            line.tax_rate_bp,
            way * line.net,
            way * line.tax,
            line.origin_line,
            line.price_fine,
        )
        for number, line in enumerate(document.lines)
    ]


def item_rows(content: DocumentContent, head: Row, year: int) -> list[Row]:
    """The rows of `document_line`."""
    lines, way = content.type.lines, content.direction
    if lines is figures.goods:
        return _goods_rows(content.of, way, head, year)
    org_id, document_id = head
    return [
        (
            org_id,
            document_id,
            number,
            year,
            item.business_id,
            item.product_id,
            item.description,
            way * item.quantity,
            item.unit_price,
            way * item.discount,
            item.tax_code,
            item.tax_rate_bp,
            way * item.net,
            way * item.tax,
            item.origin_line,
            item.price_fine,
        )
        for number, item in enumerate(lines(content.of))
    ]


def tender_rows(content: DocumentContent, head: Row, year: int) -> list[Row]:
    """The rows of `tender`; change is a row of its own, in the other direction."""
    if not content.type.has_tenders:
        return []
    document: Any = content.of
    way = content.money_direction
    org_id, document_id = head
    rows: list[Row] = [
        (
            org_id,
            document_id,
            number,
            year,
            tender.kind.value,
            way * tender.amount,
            tender.account,
            tender.reference,
            tender.drawer_id,
            0,
            way * tender.paid if tender.paid else None,
            tender.paid_currency or None,
        )
        for number, tender in enumerate(document.tenders)
    ]
    change = document.change if content.type.has_change else None
    if change is not None and change.amount:
        back = -way * change.amount
        place = (*head, len(rows), year)
        rows.append((*place, "cash", back, change.account, "", change.drawer_id, 1, None, None))
    return rows


def totals(content: DocumentContent) -> tuple[int, int, int, int]:
    """Subtotal, tax, total and rounding as the tables keep them."""
    way = content.direction
    subtotal, tax, total, rounding = content.type.totals(content.of)
    return way * subtotal, way * tax, way * total, way * rounding


def original_of(document: Document) -> int | None:
    """The key of the document that this one goes on from: the sale of a refund, the order of a receipt."""
    name = TYPES.of(document).continues
    return getattr(document, name) if name else None
