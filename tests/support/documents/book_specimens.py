"""Documents of the books to test with, beside those of the till in `specimens`.

Each builder makes a document that keeps every rule; what a test is about it says by keyword.
"""

# ruff: noqa: PLC0414 - an alias of the same name is how mypy is told of an export

from collections.abc import Sequence
from typing import Any, Final

from pos_app.ledger import tax
from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import (
    Bill,
    CountedLine,
    CreditNote,
    Expense,
    GoodsReceipt,
    Invoice,
    LandedCost,
    Payment,
    PurchaseOrder,
    ReturnableMove,
    Settlement,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
    VendorCredit,
    VendorPayment,
    WriteOff,
    document_key,
)
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import ReturnableLine, Tender, TenderKind
from pos_app.ledger.purchasing import LandedLine, OrderLine, ReceiptLine
from pos_app.ledger.quantity import extend
from pos_app.ledger.settlement import Allocation
from pos_app.ledger.stock import (
    AdjustedLine,
    AdjustmentReason,
    ReceivedLine,
    ReturnableQuantity,
    SentLine,
    ValuationCause,
    ValuedLine,
    location_of,
)
from tests.support.documents import specimens
from tests.support.documents.specimens import (
    BUSINESS,
    CUSTOMER,
    DRAWER,
    LOCATION,
    TILL,
    Item,
    account,
    goods,
    head,
)
from tests.support.documents.treasury_specimens import EMPLOYEE as EMPLOYEE
from tests.support.documents.treasury_specimens import INTO_OUR_HANDS as INTO_OUR_HANDS
from tests.support.documents.treasury_specimens import MEMBER as MEMBER
from tests.support.documents.treasury_specimens import OUT_OF_OUR_HANDS as OUT_OF_OUR_HANDS
from tests.support.documents.treasury_specimens import VENDOR as VENDOR
from tests.support.documents.treasury_specimens import bag_banked as bag_banked
from tests.support.documents.treasury_specimens import bank_bag as bank_bag
from tests.support.documents.treasury_specimens import chit as chit
from tests.support.documents.treasury_specimens import deposit_return as deposit_return
from tests.support.documents.treasury_specimens import entry_line as entry_line
from tests.support.documents.treasury_specimens import journal_entry as journal_entry
from tests.support.documents.treasury_specimens import money_transfer as money_transfer
from tests.support.documents.treasury_specimens import party_money as party_money

#: Places beside the depot's own.
VEHICLE: Final = 12
TRANSIT: Final = 13
DUE: Final = 20261220
RENT: Final = "6100"
#: A dollar in shillings, in millionths.
DOLLAR: Final = 129_550_000
R = AccountRole


def _clearing(businesses: Sequence[int]) -> str:
    return account(R.CLEARING) if any(one != BUSINESS for one in businesses) else ""


def foreign_tender(paid: int, amount: int, rate_micro: int = DOLLAR, currency: str = "USD") -> Tender:
    """Cash in another currency: `paid` of it settles `amount` of the document's."""
    return Tender(
        kind=TenderKind.CASH,
        amount=amount,
        account=account(R.CASH),
        drawer_id=DRAWER,
        paid=paid,
        paid_currency=currency,
        paid_rate_micro=rate_micro,
        exchange_account=account(R.EXCHANGE_CLEARING),
        difference_account=account(R.EXCHANGE_DIFFERENCE),
    )


def returnable_line(quantity: int, party_id: int | None = CUSTOMER, product_id: int = 5) -> ReturnableLine:
    """Cylinders given to a party (positive) or taken back beside a trade."""
    return ReturnableLine(
        product_id=product_id,
        quantity=quantity,
        location_id=LOCATION,
        party_location_id=location_of(party_id),
    )


# --- invoices and bills ---------------------------------------------------------------------------


def _totals(lines: Sequence[Any]) -> dict[str, Any]:
    subtotal, tax_total = sum(line.net for line in lines), sum(line.tax for line in lines)
    return {
        "lines": tuple(lines),
        "subtotal": subtotal,
        "tax_total": tax_total,
        "total": subtotal + tax_total,
        "clearing_account": _clearing([line.business_id for line in lines]),
    }


def invoice(*items: Item, **changes: Any) -> Invoice:
    """Goods to be paid later."""
    fields = {
        **head(Invoice),
        "party_id": CUSTOMER,
        "receivable_account": account(R.RECEIVABLE),
        **_totals(goods(items)),
        "due_on": DUE,
        "terms_days": 30,
    }
    return Invoice(**(fields | changes))


def credit_note(*items: Item, invoice_id: int = document_key(TILL, 8), **changes: Any) -> CreditNote:
    """Takes these goods off an invoice."""
    totals = _totals(goods(items))
    fields = {
        **head(CreditNote),
        "party_id": CUSTOMER,
        "receivable_account": account(R.RECEIVABLE),
        **totals,
        "invoice_id": invoice_id,
        "invoice_due_on": DUE,
        "base_amount": totals["total"],
        "reason": "came back dented",
        "difference_account": account(R.EXCHANGE_DIFFERENCE),
    }
    return CreditNote(**(fields | changes))


def bill_line(price: int, code: str = "X16", business_id: int = BUSINESS, **changes: Any) -> BillLine:
    """One line of a vendor's paper, for rent unless it says otherwise."""
    rate_bp, inclusive = specimens.TAX_CODES[code]
    share = tax.share_out([tax.Taxable(code, rate_bp, inclusive, price)])[0]
    fields: dict[str, Any] = {
        "description": "Rent of the yard",
        "account": RENT,
        "business_id": business_id,
        "net": share.net,
        "tax": share.tax,
        "tax_code": code,
        "tax_rate_bp": rate_bp,
        "tax_inclusive": inclusive,
        "tax_account": account(R.INPUT_TAX, business_id),
    }
    return BillLine(**(fields | changes))


def receipt_bill_line(
    net: int, received_net: int, receipt_id: int, line: int = 0, **changes: Any
) -> BillLine:
    """A line that bills a line of a receipt."""
    fields: dict[str, Any] = {
        "description": "As received",
        "account": account(R.GRNI),
        "receipt_id": receipt_id,
        "receipt_line": line,
        "received_net": received_net,
        "price_variance_account": account(R.PRICE_VARIANCE),
    }
    return bill_line(net, **(fields | changes))


def bill(*lines: BillLine, **changes: Any) -> Bill:
    """A vendor's invoice to us."""
    fields = {
        **head(Bill),
        "party_id": VENDOR,
        "payable_account": account(R.PAYABLE),
        "vendor_reference": "INV-77/2026",
        **_totals(lines),
        "due_on": DUE,
        "terms_days": 30,
        "difference_account": account(R.EXCHANGE_DIFFERENCE),
    }
    return Bill(**(fields | changes))


def vendor_credit(*lines: BillLine, bill_id: int = document_key(TILL, 14), **changes: Any) -> VendorCredit:
    """Takes these lines off a bill."""
    totals = _totals(lines)
    fields = {
        **head(VendorCredit),
        "party_id": VENDOR,
        "payable_account": account(R.PAYABLE),
        **totals,
        "bill_id": bill_id,
        "bill_due_on": DUE,
        "base_amount": totals["total"],
        "reason": "two were empty",
        "difference_account": account(R.EXCHANGE_DIFFERENCE),
    }
    return VendorCredit(**(fields | changes))


# --- settlement -----------------------------------------------------------------------------------


def allocation(amount: int, invoice_id: int = document_key(TILL, 8), **changes: Any) -> Allocation:
    """What is taken off one invoice."""
    fields = {"invoice_id": invoice_id, "due_on": DUE, "amount": amount, "base_amount": amount}
    return Allocation(**(fields | changes))


def _allocating(allocations: Sequence[Allocation]) -> dict[str, Any]:
    return {
        "allocations": tuple(allocations),
        "clearing_account": _clearing([one.business_id or BUSINESS for one in allocations]),
    }


def allocated_payment(amount: int, *allocations: Allocation, **changes: Any) -> Payment:
    """A customer pays invoices."""
    fields = {**_allocating(allocations), "difference_account": account(R.EXCHANGE_DIFFERENCE)}
    return specimens.payment(amount, TenderKind.BANK, **(fields | changes))


def vendor_payment(amount: int, *allocations: Allocation, **changes: Any) -> VendorPayment:
    """We pay bills from the bank."""
    fields = {
        **head(VendorPayment),
        "party_id": VENDOR,
        "payable_account": account(R.PAYABLE),
        "total": amount,
        "tenders": (specimens.tender(TenderKind.BANK, amount),),
        **_allocating(allocations),
        "difference_account": account(R.EXCHANGE_DIFFERENCE),
    }
    return VendorPayment(**(fields | changes))


def settlement(
    *allocations: Allocation, deposit: bool = False, credits_: Sequence[Allocation] = (), **changes: Any
) -> Settlement:
    """Earlier money of a customer is allocated, or what stands to their credit on other invoices."""
    fields = {
        **head(Settlement),
        "party_id": CUSTOMER,
        "account": account(R.RECEIVABLE),
        "deposit_account": account(R.CUSTOMER_DEPOSITS) if deposit else "",
        "total": sum(one.amount for one in allocations),
        "base_amount": sum(one.base_amount for one in allocations),
        **_allocating((*allocations, *credits_)),
        "allocations": tuple(allocations),
        "credits": tuple(credits_),
        "difference_account": account(R.EXCHANGE_DIFFERENCE),
    }
    return Settlement(**(fields | changes))


def write_off(*allocations: Allocation, **changes: Any) -> WriteOff:
    """A customer will not pay."""
    fields = {
        **head(WriteOff),
        "party_id": CUSTOMER,
        "receivable_account": account(R.RECEIVABLE),
        "bad_debt_account": account(R.BAD_DEBT),
        "total": sum(one.amount for one in allocations),
        **_allocating(allocations),
        "reason": "moved away",
    }
    return WriteOff(**(fields | changes))


# --- purchases ------------------------------------------------------------------------------------


def purchase_order(*lines: tuple[int, int, int], **changes: Any) -> PurchaseOrder:
    """An order: product, quantity in thousandths, cost of one."""
    made = [
        OrderLine(
            product_id=product,
            quantity=quantity,
            unit_cost=cost,
            net=extend(cost, quantity),
            business_id=BUSINESS,
        )
        for product, quantity, cost in lines
    ]
    fields = {
        **head(PurchaseOrder),
        "party_id": VENDOR,
        "location_id": LOCATION,
        "lines": tuple(made),
        "total": sum(line.net for line in made),
        "expected_on": DUE,
    }
    return PurchaseOrder(**(fields | changes))


def goods_receipt(*lines: tuple[int, int, int], business_id: int = BUSINESS, **changes: Any) -> GoodsReceipt:
    """Goods came: product, quantity in thousandths, cost of one; each line in order, of an order."""
    made = [
        ReceiptLine(
            product_id=product,
            order_line=place,
            quantity=quantity,
            unit_cost=cost,
            net=extend(cost, quantity),
            business_id=business_id,
            inventory_account=account(R.INVENTORY, business_id),
            grni_account=account(R.GRNI, business_id),
        )
        for place, (product, quantity, cost) in enumerate(lines)
    ]
    fields = {
        **head(GoodsReceipt),
        "order_id": document_key(TILL, 11),
        "party_id": VENDOR,
        "location_id": LOCATION,
        "lines": tuple(made),
        "total": sum(line.net for line in made),
        "clearing_account": _clearing([business_id]),
    }
    return GoodsReceipt(**(fields | changes))


def landed_cost(*lines: tuple[int, int], **changes: Any) -> LandedCost:
    """Freight on a receipt: product, value."""
    fields = {
        **head(LandedCost),
        "receipt_id": document_key(TILL, 12),
        "accrued_account": account(R.LANDED_ACCRUED),
        "lines": tuple(
            LandedLine(
                product_id=product,
                business_id=BUSINESS,
                value=value,
                inventory_account=account(R.INVENTORY),
            )
            for product, value in lines
        ),
        "total": sum(value for _, value in lines),
        "description": "Lorry from Mombasa",
    }
    return LandedCost(**(fields | changes))


# --- stock ----------------------------------------------------------------------------------------


def opening_count(*lines: tuple[int, int, int], business_id: int = BUSINESS, **changes: Any) -> StockCount:
    """Opening stock: product, counted thousandths, cost of one."""
    fields = {
        **head(StockCount),
        "location_id": LOCATION,
        "lines": tuple(
            CountedLine(
                product_id=product,
                counted=counted,
                unit_cost=cost,
                business_id=business_id,
                inventory_account=account(R.INVENTORY, business_id),
                contra_account=account(R.OPENING_EQUITY, business_id),
            )
            for product, counted, cost in lines
        ),
        "clearing_account": _clearing([business_id]),
    }
    return StockCount(**(fields | changes))


def transfer_sent(*lines: tuple[int, int], **changes: Any) -> TransferSent:
    """Goods leave the depot for the vehicle: product, thousandths."""
    fields = {
        **head(TransferSent),
        "from_location": LOCATION,
        "transit_location": TRANSIT,
        "to_location": VEHICLE,
        "lines": tuple(SentLine(product_id=product, quantity=quantity) for product, quantity in lines),
    }
    return TransferSent(**(fields | changes))


def transfer_received(*lines: tuple[int, int, int], **changes: Any) -> TransferReceived:
    """They come: product, thousandths on the way, thousandths that came."""
    fields = {
        **head(TransferReceived),
        "sent_id": document_key(TILL, 19),
        "transit_location": TRANSIT,
        "to_location": VEHICLE,
        "lines": tuple(
            ReceivedLine(product_id=product, sent=sent, received=received)
            for product, sent, received in lines
        ),
    }
    return TransferReceived(**(fields | changes))


def stock_adjustment(reason: AdjustmentReason, *lines: tuple[int, int], **changes: Any) -> StockAdjustment:
    """Stock is corrected: product, signed thousandths."""
    fields = {
        **head(StockAdjustment),
        "location_id": LOCATION,
        "reason": reason,
        "lines": tuple(AdjustedLine(product_id=product, quantity=quantity) for product, quantity in lines),
        "note": "found on the night round",
    }
    return StockAdjustment(**(fields | changes))


def returnable(*lines: tuple[int, int], party_id: int | None = CUSTOMER, **changes: Any) -> ReturnableMove:
    """Cylinders to or from a party: product, signed thousandths."""
    fields = {
        **head(ReturnableMove),
        "party_id": party_id,
        "location_id": LOCATION,
        "party_location_id": location_of(party_id),
        "lines": tuple(
            ReturnableQuantity(product_id=product, quantity=quantity) for product, quantity in lines
        ),
    }
    return ReturnableMove(**(fields | changes))


_CONTRA: Final = {
    ValuationCause.SALE: R.COST_OF_GOODS,
    ValuationCause.LOSS: R.STOCK_LOSS,
    ValuationCause.FOUND: R.STOCK_GAIN,
    ValuationCause.REVALUATION: R.COST_OF_GOODS,
}


def valued(
    product_id: int,
    quantity: int,
    value: int,
    cause: ValuationCause = ValuationCause.SALE,
    business_id: int = 1,
) -> ValuedLine:
    """One line of a valuation."""
    return ValuedLine(
        business_id=business_id,
        product_id=product_id,
        quantity=quantity,
        value=value,
        cause=cause,
        inventory_account=account(R.INVENTORY, business_id),
        contra_account=account(_CONTRA[cause], business_id),
    )


def stock_valuation(*lines: ValuedLine, **changes: Any) -> StockValuation:
    """What was sold or lost, at its cost."""
    clearing = _clearing([line.business_id for line in lines])
    fields = {**head(StockValuation), "lines": lines, "clearing_account": clearing}
    return StockValuation(**(fields | changes))


# --- expenses -------------------------------------------------------------------------------------


def expense(*lines: BillLine, **changes: Any) -> Expense:
    """Bought and paid in cash."""
    totals = _totals(lines)
    fields = {
        **head(Expense),
        **totals,
        "tenders": (specimens.tender(TenderKind.CASH, totals["total"]),),
        "reference": "till roll 8812",
    }
    return Expense(**(fields | changes))
