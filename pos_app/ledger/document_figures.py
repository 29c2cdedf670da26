"""What documents count as: their lines and totals as reports of sales and purchases sum them, type by type.

Orders, receipts and transfers have lines too: what came of an order, of a transfer, what was collected is
asked of them.  A report of sales names the kinds that it counts.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import Bill, CreditNote, Invoice, VendorCredit
from pos_app.ledger.price import price_fields
from pos_app.ledger.purchasing import GoodsReceipt, PurchaseOrder
from pos_app.ledger.service_orders import ServiceOrder, ServiceStep
from pos_app.ledger.settlement import Payment, VendorPayment
from pos_app.ledger.stock import TransferReceived, TransferSent
from pos_app.ledger.trade import Trade
from pos_app.ledger.treasury import DepositReturn, Expense, PartyMoney
from pos_app.ledger.types.document_type import DocumentLine, StoredTotals


class _Taxed(Protocol):
    @property
    def subtotal(self) -> int: ...
    @property
    def tax_total(self) -> int: ...
    @property
    def total(self) -> int: ...


# --- totals ---------------------------------------------------------------------------------------------


def taxed(document: _Taxed) -> StoredTotals:
    """Of a type that stores subtotal, tax and total."""
    return document.subtotal, document.tax_total, document.total, 0


def taxed_and_rounded(document: Trade | Expense) -> StoredTotals:
    """Of what may be paid in coins at once: cash rounding comes on top."""
    return document.subtotal, document.tax_total, document.total, document.rounding


def settled(document: Payment | VendorPayment | PartyMoney | DepositReturn) -> StoredTotals:
    """Of money that settles: what it settles, and what its coins are more than that."""
    return 0, 0, document.total, document.rounding


def untaxed(document: PurchaseOrder | GoodsReceipt) -> StoredTotals:
    """Of goods at their price alone: the tax comes with the bill."""
    return document.total, 0, document.total, 0


def only(name: str) -> Callable[[Head], StoredTotals]:
    """Of a type whose total is one field, and no sum of lines."""

    def totals(document: Head) -> StoredTotals:
        return 0, 0, getattr(document, name), 0

    return totals


# --- lines ----------------------------------------------------------------------------------------------


def goods(document: Trade | Invoice | CreditNote) -> Iterator[DocumentLine]:
    """What goes over the counter or onto an invoice."""
    for line in document.lines:
        yield DocumentLine(
            business_id=line.business_id,
            product_id=line.product_id,
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            price_fine=line.price_fine,
            discount=line.discount,
            tax_code=line.tax_code,
            tax_rate_bp=line.tax_rate_bp,
            net=line.net,
            tax=line.tax,
            origin_line=line.origin_line,
        )


def billed(document: Bill | VendorCredit | Expense) -> Iterator[DocumentLine]:
    """What a vendor's paper says."""
    for line in document.lines:
        yield DocumentLine(
            business_id=line.business_id,
            product_id=line.product_id,
            description=line.description,
            quantity=line.quantity or 0,
            tax_code=line.tax_code,
            tax_rate_bp=line.tax_rate_bp,
            net=line.net,
            tax=line.tax,
        )


def ordered(document: PurchaseOrder) -> Iterator[DocumentLine]:
    """What is to come."""
    for line in document.lines:
        yield DocumentLine(
            business_id=line.business_id,
            product_id=line.product_id,
            description=line.description,
            quantity=line.quantity,
            **price_fields(line.price),
            net=line.net,
        )


def received(document: GoodsReceipt) -> Iterator[DocumentLine]:
    """What came, and of which line of the order."""
    for line in document.lines:
        yield DocumentLine(
            business_id=line.business_id,
            product_id=line.product_id,
            description=line.description,
            quantity=line.quantity,
            **price_fields(line.price),
            net=line.net,
            origin_line=line.order_line,
        )


def taken_in(document: ServiceOrder) -> Iterator[DocumentLine]:
    """What is to be washed."""
    for line in document.lines:
        yield DocumentLine(
            business_id=line.business_id,
            product_id=line.product_id,
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            price_fine=line.price_fine,
            discount=line.discount,
            tax_code=line.tax_code,
            tax_rate_bp=line.tax_rate_bp,
            net=line.net,
            tax=line.tax,
        )


def given_back(document: ServiceStep) -> Iterator[DocumentLine]:
    """What a step is about, by the lines of the order."""
    for line in document.lines:
        yield DocumentLine(
            document.business_id, line.product_id, "", line.quantity, origin_line=line.order_line
        )


def sent(document: TransferSent) -> Iterator[DocumentLine]:
    """What left."""
    for line in document.lines:
        yield DocumentLine(document.business_id, line.product_id, "", line.quantity)


def arrived(document: TransferReceived) -> Iterator[DocumentLine]:
    """What came of what left."""
    for line in document.lines:
        yield DocumentLine(document.business_id, line.product_id, "", line.received)
