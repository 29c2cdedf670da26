"""Rules for what we buy: orders, receipts, landed cost, bills, vendors' credits, expenses."""

from collections.abc import Iterable

from pos_app.language import kept_code
from pos_app.ledger.errors import Refused
from pos_app.ledger.invoicing import Bill, VendorCredit
from pos_app.ledger.pack import check_packed
from pos_app.ledger.price import split
from pos_app.ledger.purchasing import GoodsReceipt, LandedCost, OrderLine, PurchaseOrder, ReceiptLine
from pos_app.ledger.rules.amounts import (
    check_amount,
    check_day,
    check_due,
    check_quantity,
    need,
    need_clearing,
    need_reason,
)
from pos_app.ledger.rules.lines import check_bill_lines
from pos_app.ledger.rules.settlement import check_rounding
from pos_app.ledger.rules.tenders import check_money
from pos_app.ledger.treasury import Expense


def check_purchase_order(document: PurchaseOrder) -> None:
    """An order has lines that add up, and nothing of less than nothing."""
    _check_bought(document.lines, document.total, "order")
    if document.expected_on is not None:
        check_day(document.expected_on, "The day on which the goods are expected")


def check_goods_receipt(document: GoodsReceipt) -> None:
    """A receipt has lines that add up, and says where their value goes."""
    _check_bought(document.lines, document.total, "receipt")
    named = [line.order_line for line in document.lines if line.order_line is not None]
    if named and document.order_id is None:
        raise Refused("receipt-lines-without-order")
    if any(place < 0 for place in named):
        raise Refused("receipt-line-impossible")
    if len(set(named)) < len(named):
        raise Refused("order-line-received-twice")
    for line in document.lines:
        need(line.inventory_account, "inventory")
        need(line.grni_account, "goods received, not invoiced")
    need_clearing(document, [line.business_id for line in document.lines])


def _check_bought(lines: Iterable[OrderLine | ReceiptLine], total: int, name: str) -> None:
    lines = tuple(lines)
    if not lines:
        raise Refused("no-lines-in", name=name)
    for line in lines:
        what = f"“{line.description or line.product_id}”"
        check_quantity(line.quantity, what)
        if line.quantity < 0:
            raise Refused("bought-quantity-negative", what=what)
        check_amount(line.unit_cost, kept_code("price-of", "of"), of=what)
        if line.pack is not None or line.pack_cost:
            _check_in_packs(line, what)
        if line.net != line.comes_to(line.quantity):
            raise Refused("line-amount-wrong", what=what)
    check_amount(total, f"The total of this {name}")
    if sum(line.net for line in lines) != total:
        raise Refused("total-wrong", name=name)


def _check_in_packs(line: OrderLine | ReceiptLine, what: str) -> None:
    """Whole packs are ordered; of what comes, a case may lack pieces."""
    if line.pack is None:
        raise Refused("pack-implausible", line=what)
    check_packed(line.pack, line.quantity if isinstance(line, OrderLine) else 0, what)
    check_amount(line.pack_cost, kept_code("price-of", "of"), of=what)
    if line.unit_cost != split(line.price)[0]:
        raise Refused("line-amount-wrong", what=what)


def check_landed_cost(document: LandedCost) -> None:
    """Landed cost is of a receipt, and adds up."""
    if document.receipt_id <= 0:
        raise Refused("landed-cost-of-nothing")
    if not document.lines:
        raise Refused("landed-cost-empty")
    for line in document.lines:
        check_amount(line.value, "The landed cost of a product")
        need(line.inventory_account, "inventory")
    check_amount(document.total, "The landed cost", at_least=1)
    if sum(line.value for line in document.lines) != document.total:
        raise Refused("landed-cost-total-wrong")
    need(document.accrued_account, "landed cost")
    need_clearing(document, [line.business_id for line in document.lines])


def check_bill(document: Bill) -> None:
    """A bill has lines that add up and says when it is due; a receipt's line is billed once in it."""
    check_bill_lines(document, document.lines, "bill")
    check_due(document, document.due_on, document.terms_days)
    need(document.payable_account, "payable")
    need_clearing(document, [line.business_id for line in document.lines])
    billed = [(line.receipt_id, line.receipt_line) for line in document.lines if line.receipt_id is not None]
    if len(set(billed)) < len(billed):
        raise Refused("receipt-line-billed-twice")
    if any(line.received_base is not None for line in document.lines):
        need(document.difference_account, "exchange differences")


def check_vendor_credit(document: VendorCredit) -> None:
    """A vendor's credit names its bill, comes to something and says why."""
    check_bill_lines(document, document.lines, "vendor's credit")
    if any(line.receipt_id is not None for line in document.lines):
        raise Refused("vendor-credit-bills-receipt")
    if document.bill_id <= 0:
        raise Refused("vendor-credit-of-nothing")
    check_amount(document.base_amount, "What the credit takes off the bill in base currency")
    check_day(document.bill_due_on, "The due date of the bill")
    need_reason(document.reason, "the vendor credits the bill")
    need(document.payable_account, "payable")
    other = document.bill_business_id or document.business_id
    need_clearing(document, [other, *(line.business_id for line in document.lines)])


def check_expense(document: Expense) -> None:
    """An expense has lines that add up and is paid whole."""
    check_bill_lines(document, document.lines, "expense")
    if any(line.receipt_id is not None for line in document.lines):
        raise Refused("expense-bills-receipt")
    need_clearing(document, [line.business_id for line in document.lines])
    check_rounding(document)
    check_money(document, document.tenders, None, document.total + document.rounding)
