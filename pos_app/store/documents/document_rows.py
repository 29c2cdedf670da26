"""What each type of document writes of itself as rows: its lines, its tenders, its totals.

Quantities and amounts are signed.  Lines and totals count as sales and purchases do: what takes back (a
refund, a credit note, a vendor's credit) is negative, so that every total is a plain sum.  Tenders count as
the till does: money taken is positive, money handed out negative.

Orders, receipts and transfers write lines too: what came of an order, of a transfer, what was collected is
asked of them by `document.original_id`.  A report of sales names the kinds that it counts.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    Bill,
    CashMovement,
    CreditNote,
    Document,
    DrawerClose,
    DrawerOpen,
    Expense,
    GoodsReceipt,
    Head,
    Invoice,
    LandedCost,
    MoneyTransfer,
    PartyMoney,
    Payment,
    PurchaseOrder,
    Refund,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    Settlement,
    TransferReceived,
    TransferSent,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.treasury import PAID_OUT

Row = tuple[Any, ...]


class DocumentLine(NamedTuple):
    """One line as `document_line` has it, before its direction."""

    business_id: int
    product_id: int | None
    description: str
    quantity: int
    unit_price: int
    discount: int
    tax_code: str
    tax_rate_bp: int
    net: int
    tax: int
    origin_line: int | None


class DocumentContent(NamedTuple):
    """Whose lines and tenders a document records, and whether it takes them back.

    A reversal takes back the lines and tenders of the document that it voids: `sign` is -1 then.
    """

    of: Head
    sign: int

    @property
    def direction(self) -> int:
        """The direction of its lines and totals."""
        return -self.sign if type(self.of) in _BACK else self.sign

    @property
    def money_direction(self) -> int:
        """The direction of its tenders."""
        of = self.of
        out = type(of) in _PAYS or (isinstance(of, PartyMoney) and of.reason in PAID_OUT)
        return -self.sign if out else self.sign


def content_of(document: Document) -> DocumentContent:
    """What a document records."""
    if isinstance(document, Reversal):
        inner = content_of(canonical.decode(bytes(document.original)))
        return DocumentContent(inner.of, -inner.sign)
    return DocumentContent(document, 1)


#: What takes back what another document gave.
_BACK: Final = frozenset({Refund, CreditNote, VendorCredit})
#: What hands money out.
_PAYS: Final = frozenset({Refund, VendorPayment, Expense})
_HAS_TENDERS: Final = frozenset({Sale, Refund, Payment, VendorPayment, PartyMoney, Expense})


_GOODS: Final = frozenset({Sale, Refund, Invoice, CreditNote})


def _goods_rows(document: Any, way: int, head: Row, year: int) -> list[Row]:
    """By itself and at once: this is the till's hottest path."""
    return [
        (
            *head,
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
        )
        for number, line in enumerate(document.lines)
    ]


def _billed(document: Any) -> Iterator[DocumentLine]:
    for line in document.lines:
        quantity = line.quantity or 0
        product, code, rate = line.product_id, line.tax_code, line.tax_rate_bp
        yield DocumentLine(
            line.business_id, product, line.description, quantity, 0, 0, code, rate, line.net, line.tax, None
        )


def _ordered(document: PurchaseOrder) -> Iterator[DocumentLine]:
    for line in document.lines:
        net = line.net
        yield DocumentLine(
            line.business_id,
            line.product_id,
            line.description,
            line.quantity,
            line.unit_cost,
            0,
            "",
            0,
            net,
            0,
            None,
        )


def _received(document: GoodsReceipt) -> Iterator[DocumentLine]:
    for line in document.lines:
        yield DocumentLine(
            line.business_id,
            line.product_id,
            line.description,
            line.quantity,
            line.unit_cost,
            0,
            "",
            0,
            line.net,
            0,
            line.order_line,
        )


def _taken_in(document: ServiceOrder) -> Iterator[DocumentLine]:
    for line in document.lines:
        yield DocumentLine(
            line.business_id,
            line.product_id,
            line.description,
            line.quantity,
            line.unit_price,
            0,
            line.tax_code,
            line.tax_rate_bp,
            line.net,
            line.tax,
            None,
        )


def _given_back(document: ServiceStep) -> Iterator[DocumentLine]:
    for line in document.lines:
        place = line.order_line
        yield DocumentLine(document.business_id, line.product_id, "", line.quantity, 0, 0, "", 0, 0, 0, place)


def _sent(document: TransferSent) -> Iterator[DocumentLine]:
    for line in document.lines:
        yield DocumentLine(document.business_id, line.product_id, "", line.quantity, 0, 0, "", 0, 0, 0, None)


def _arrived(document: TransferReceived) -> Iterator[DocumentLine]:
    for line in document.lines:
        yield DocumentLine(document.business_id, line.product_id, "", line.received, 0, 0, "", 0, 0, 0, None)


_ITEMS: Final[dict[type, Callable[[Any], Iterator[DocumentLine]]]] = {
    Bill: _billed,
    VendorCredit: _billed,
    Expense: _billed,
    PurchaseOrder: _ordered,
    GoodsReceipt: _received,
    TransferSent: _sent,
    TransferReceived: _arrived,
    ServiceOrder: _taken_in,
    ServiceStep: _given_back,
}


def item_rows(content: DocumentContent, head: Row, year: int) -> list[Row]:
    """The rows of `document_line`."""
    if type(content.of) in _GOODS:
        return _goods_rows(content.of, content.direction, head, year)
    items = _ITEMS.get(type(content.of))
    if items is None:
        return []
    way = content.direction
    return [
        (
            *head,
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
        )
        for number, item in enumerate(items(content.of))
    ]


def tender_rows(content: DocumentContent, head: Row, year: int) -> list[Row]:
    """The rows of `tender`; change is a row of its own, in the other direction."""
    document: Any = content.of
    if type(document) not in _HAS_TENDERS:
        return []
    way = content.money_direction
    rows: list[Row] = [
        (
            *head,
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
    change = getattr(document, "change", None)
    if change is not None and change.amount:
        back = -way * change.amount
        place = (*head, len(rows), year)
        rows.append((*place, "cash", back, change.account, "", change.drawer_id, 1, None, None))
    return rows


#: The field that is the total of a document without lines of its own.
_TOTALS: Final[dict[type, str]] = {
    Payment: "total",
    VendorPayment: "total",
    Settlement: "total",
    WriteOff: "total",
    PartyMoney: "total",
    LandedCost: "total",
    MoneyTransfer: "amount",
    CashMovement: "amount",
    DrawerOpen: "float_amount",
    DrawerClose: "counted",
}
_TAXED: Final = frozenset({Sale, Refund, Invoice, CreditNote, Bill, VendorCredit, Expense, ServiceOrder})


def totals(content: DocumentContent) -> tuple[int, int, int, int]:
    """Subtotal, tax, total and rounding as the tables keep them."""
    document: Any = content.of
    way, kind = content.direction, type(document)
    if kind in _TAXED:
        rounding = getattr(document, "rounding", 0)
        return way * document.subtotal, way * document.tax_total, way * document.total, way * rounding
    if kind in (PurchaseOrder, GoodsReceipt):
        return way * document.total, 0, way * document.total, 0
    return 0, 0, way * getattr(document, _TOTALS[kind], 0) if kind in _TOTALS else 0, 0


_ORIGINALS: Final[dict[type, str]] = {
    Refund: "original_id",
    CreditNote: "invoice_id",
    VendorCredit: "bill_id",
    GoodsReceipt: "order_id",
    LandedCost: "receipt_id",
    TransferReceived: "sent_id",
    Sale: "order_id",
    Invoice: "order_id",
    ServiceStep: "order_id",
}


def original_of(document: Document) -> int | None:
    """The key of the document that this one goes on from: the sale of a refund, the order of a receipt."""
    name = _ORIGINALS.get(type(document))
    return None if name is None else getattr(document, name)
