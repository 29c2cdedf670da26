"""What a paper is about beside its lines: between which places, from whom, and which papers it goes on from.

Found by the names of the document's fields: a new type of document with a place, a reference or an origin
says them without a line here.
"""

from typing import Final

from pos_app.devices.paper import Block, Columns, Space, Text
from pos_app.language import printed
from pos_app.ledger.bank_bag import BankBag
from pos_app.ledger.day import to_date
from pos_app.ledger.document import (
    Bill,
    CashMovement,
    DepositReturn,
    Document,
    DrawerClose,
    Expense,
    GoodsReceipt,
    PartyMoney,
    PurchaseOrder,
    ReturnableMove,
    Reversal,
    StockAdjustment,
    StockCount,
    Trade,
    TransferReceived,
    TransferSent,
    VendorCredit,
    VendorPayment,
)
from pos_app.ledger.drawer import TAKING_OUT, WITH_OTHERS
from pos_app.ledger.treasury import PAID_OUT
from pos_app.reports.slips.letterhead import Names
from pos_app.reports.slips.titles import party_words

#: The printed number of an origin, where the document itself has it.
_WRITTEN: Final = {"invoice_id": "invoice_number", "order_id": "order_number", "bill_id": "bill_number"}


def party_label(document: Document) -> str:
    """What the party on a paper is called."""
    match document:
        case Expense():
            return printed("Paid to")
        case PurchaseOrder() | GoodsReceipt() | Bill() | VendorCredit() | VendorPayment():
            return printed("Vendor")
        case _:
            role = getattr(document, "party_role", None)
            return printed("Customer") if role is None else party_words(role)


def references(document: Document, names: Names) -> list[Block]:
    """Places, origins, references and days, each with its label."""
    found: list[Block] = [Columns(printed("From"), names.came_from)] if names.came_from else []
    for field, label in (("from_location", printed("From")), ("to_location", printed("To"))):
        found += _place(document, field, label, names)
    if not isinstance(document, Trade):
        found += _place(document, "location_id", printed("Place"), names)
    for field, label in _origins().items():
        key = getattr(document, field, None)
        if key is None or isinstance(document, Reversal):
            continue
        number = getattr(document, _WRITTEN.get(field, ""), "") or names.named.documents.get(key, "")
        found += [Columns(label, number)] if number else []
    for field in ("reference", "vendor_reference"):
        reference = getattr(document, field, "")
        found += [Columns(_reference_label(document), reference)] if reference else []
    expected = getattr(document, "expected_on", None)
    if expected is not None:
        found.append(Columns(printed("Expected on"), to_date(expected).strftime("%d.%m.%Y")))
    return found


def _place(document: Document, field: str, label: str, names: Names) -> list[Block]:
    key = getattr(document, field, None)
    name = names.named.places.get(key) if isinstance(key, int) else None
    return [Columns(label, name)] if name else []


def _origins() -> dict[str, str]:
    return {
        "original_id": printed("Receipt"),
        "sent_id": printed("Transfer"),
        "order_id": printed("Order"),
        "receipt_id": printed("Goods receipt"),
        "invoice_id": printed("Invoice"),
        "bill_id": printed("Bill"),
        "bag_id": printed("Bag"),
    }


def _reference_label(document: Document) -> str:
    match document:
        case GoodsReceipt():
            return printed("Delivery note")
        case Expense() | Bill() | VendorCredit():
            return printed("Their paper")
        case _:
            return printed("Reference")


def signatures(document: Document) -> list[Block]:
    """Where who took or brought something signs; nothing on a paper for what stayed with us."""
    return [block for what in _signers(document) for block in (Space(2), Text(f"{what} {'_' * 18}"))]


def _signers(document: Document) -> tuple[str, ...]:
    received = printed("Received by")
    match document:
        case Expense():
            return (received,) if document.party_id else (received, printed("Name"))
        case DepositReturn():
            return (received,)
        case BankBag():
            # Both who counted, and who carries it.
            return printed("Counted by"), printed("Counted too by"), printed("Taken by")
        case PartyMoney():
            return (received,) if document.reason in PAID_OUT else ()
        case CashMovement():
            return (received,) if document.reason in TAKING_OUT & WITH_OTHERS else ()
        case TransferSent():
            return printed("Given out by"), printed("Taken by")
        case TransferReceived() | GoodsReceipt():
            return printed("Brought by"), received
        case ReturnableMove():
            given = any(line.quantity > 0 for line in document.lines)
            back = any(line.quantity < 0 for line in document.lines)
            return ((received,) if given else ()) + ((printed("Brought by"),) if back else ())
        case StockCount():
            return (printed("Counted by"),)
        case StockAdjustment() | DrawerClose():
            return (printed("Signed"),)
        case VendorPayment():
            return (received,)
        case _:
            return ()
