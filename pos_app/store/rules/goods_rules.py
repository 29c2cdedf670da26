"""What came of orders and transfers, judged where it is recorded and at the centre too (see `book_rules`)."""

from collections.abc import Callable
from typing import Any, Final

from pos_app.language import kept_code, said
from pos_app.ledger.document import (
    Document,
    GoodsReceipt,
    LandedCost,
    PurchaseOrder,
    Reversal,
    TransferReceived,
    TransferSent,
)
from pos_app.store.documents.document_rows import content_of
from pos_app.store.orders import open_orders
from pos_app.store.rules.books import Books

#: What others recorded upon stands until that is voided.
BUILT_UPON: Final = kept_code("built-upon-already")


def receipt_identity(books: Books, document: GoodsReceipt) -> str:
    """Why a receipt cannot be of the order that it names, in a sentence; else empty."""
    if document.order_id is None:
        return ""
    order = books.document(document.order_id)
    if order is None:
        return books.missing(said("order-not-in-books"))
    if not isinstance(order, PurchaseOrder):
        return said("order-named-is-none")
    if order.party_id != document.party_id:
        return said("order-of-other-vendor")
    for line in document.lines:
        if line.order_line is None:
            continue
        if not 0 <= line.order_line < len(order.lines):
            return said("order-line-unknown")
        if order.lines[line.order_line].product_id != line.product_id:
            return said("order-line-other-product")
    return ""


def transfer_identity(books: Books, document: TransferReceived) -> str:
    """Why goods that were received cannot be of the transfer that they name; else empty."""
    sent = books.document(document.sent_id)
    if sent is None:
        return books.missing(said("transfer-not-in-books"))
    if not isinstance(sent, TransferSent):
        return said("transfer-named-is-none")
    if (sent.transit_location, sent.to_location) != (document.transit_location, document.to_location):
        return said("transfer-went-elsewhere")
    products = {line.product_id for line in sent.lines}
    if any(line.product_id not in products for line in document.lines):
        return said("product-not-of-transfer")
    return ""


def landed_identity(books: Books, document: LandedCost) -> str:
    """Why a cost cannot be of the receipt that it names; else empty."""
    receipt = books.document(document.receipt_id)
    if receipt is None:
        return books.missing(said("receipt-not-in-books"))
    return "" if isinstance(receipt, GoodsReceipt) else said("receipt-named-is-none")


def refusal(books: Books, document: Document) -> str:
    """Why a document is more than can come, or voids what came; empty when it does neither.

    The documents of the batch before it (`books.here`) count as if they were in the books.
    """
    judge = _JUDGES.get(type(document))
    return "" if judge is None else judge(books, document)


def _receipt(books: Books, document: GoodsReceipt) -> str:
    order = books.document(document.order_id) if document.order_id is not None else None
    if not isinstance(order, PurchaseOrder):
        return ""
    if books.is_voided(order.document_id):
        return said("order-voided")
    came = _came(books, order.document_id, "origin_line")
    for line in document.lines:
        if line.order_line is None:
            continue
        came[line.order_line] = came.get(line.order_line, 0) + line.quantity
        ordered = order.lines[line.order_line]
        if came[line.order_line] > ordered.quantity:
            name = ordered.description or ordered.sku or f"product {ordered.product_id}"
            return said("more-came-than-ordered", name=name[:60])
    return ""


def _transfer(books: Books, document: TransferReceived) -> str:
    sent = books.document(document.sent_id)
    if not isinstance(sent, TransferSent):
        return ""
    if books.is_voided(document.sent_id):
        return said("transfer-voided")
    came = _came(books, document.sent_id, "product_id")
    out = {line.product_id: line.quantity for line in sent.lines}
    for line in document.lines:
        if came.get(line.product_id, 0) + line.received > out[line.product_id]:
            return said("received-more-than-sent")
    return ""


def _void(books: Books, document: Reversal) -> str:
    """An order or a transfer of which something came is not voided, whoever received it."""
    original = content_of(document).of
    if not isinstance(original, PurchaseOrder | TransferSent):
        return ""
    by = "origin_line" if isinstance(original, PurchaseOrder) else "product_id"
    return said(BUILT_UPON) if any(_came(books, original.document_id, by).values()) else ""


_JUDGES: Final[dict[type, Callable[[Books, Any], str]]] = {
    GoodsReceipt: _receipt,
    TransferReceived: _transfer,
    Reversal: _void,
}


def _came(books: Books, document_id: int, by: str) -> dict[int, int]:
    """What came of an order or a transfer, in thousandths."""
    came = books.came_of(document_id, by)
    for one in books.here.values():
        if open_orders.order_of(one) != document_id:
            continue
        content = content_of(one)
        lines: list[tuple[int | None, int]] = []
        if isinstance(content.of, GoodsReceipt):
            lines = [(line.order_line, line.quantity) for line in content.of.lines]
        elif isinstance(content.of, TransferReceived):
            lines = [(line.product_id, line.received) for line in content.of.lines]
        for key, quantity in lines:
            if key is not None:
                came[key] = came.get(key, 0) + content.sign * quantity
    return came
