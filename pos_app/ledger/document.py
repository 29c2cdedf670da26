"""The document types: everything that can happen at a depot, each a frozen typed value.

A document is recorded once, on the terminal where it happened, and never changes.  Its totals and every
account that it posts to stand in it.  Here are the trade and the drawer; the other families have files
of their own (`invoice`, `settlement`, `purchase`, `stock`, `treasury`, `entry`), and this file names all.
"""

from enum import StrEnum

from msgspec import Raw

from pos_app.ledger.head import (
    SEQUENCE_BITS,
    SERVER_TERMINAL_NO,
    Head,
    document_key,
    kind_of,
    split_key,
)
from pos_app.ledger.invoicing import Bill, CreditNote, Invoice, VendorCredit
from pos_app.ledger.journal_entry import JournalEntry
from pos_app.ledger.line import CashCount, Change, GoodsLine, ReturnableLine, Tender
from pos_app.ledger.purchasing import GoodsReceipt, LandedCost, PurchaseOrder
from pos_app.ledger.service_orders import ServiceOrder, ServiceStep
from pos_app.ledger.settlement import Payment, Settlement, VendorPayment, WriteOff
from pos_app.ledger.stock import (
    CountedLine,
    ReturnableMove,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.treasury import Expense, MoneyTransfer, PartyMoney

__all__ = [
    "SEQUENCE_BITS",
    "SERIES",
    "SERVER_TERMINAL_NO",
    "Bill",
    "CashMovement",
    "CashReason",
    "CountedLine",
    "CreditNote",
    "Document",
    "DrawerClose",
    "DrawerOpen",
    "Expense",
    "GoodsReceipt",
    "Head",
    "Invoice",
    "JournalEntry",
    "LandedCost",
    "MoneyTransfer",
    "PartyMoney",
    "Payment",
    "PurchaseOrder",
    "Refund",
    "ReturnableMove",
    "Reversal",
    "Sale",
    "ServiceOrder",
    "ServiceStep",
    "Settlement",
    "StockAdjustment",
    "StockCount",
    "StockValuation",
    "Trade",
    "TransferReceived",
    "TransferSent",
    "VendorCredit",
    "VendorPayment",
    "WriteOff",
    "document_key",
    "kind_of",
    "split_key",
]


class Trade(Head, frozen=True, kw_only=True, omit_defaults=True):
    """What a sale and a refund share: lines, stored totals, tenders.

    All amounts are in minor units and positive in the document's own direction: `total` is what
    the customer pays on a sale and what the shop hands back on a refund.  `rounding` is what cash
    rounding adds to the total; tenders less change are `total + rounding`.
    """

    party_id: int | None = None
    lines: tuple[GoodsLine, ...]
    subtotal: int
    tax_total: int
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    change: Change | None = None
    returnables: tuple[ReturnableLine, ...] = ()


class Sale(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="sale"):
    """Goods or services given out, and the money taken for them.

    `over_limit` is by how much, in minor units, it took the customer beyond their credit limit as the
    till knew it.  `order_id` is the key of the service order that it collects: its lines name the order's
    by their `origin_line`.
    """

    over_limit: int = 0
    order_id: int | None = None


class Refund(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="refund"):
    """Goods taken back and money handed back; `original_id` is the sale's key where it is known."""

    original_id: int | None = None
    reason: str = ""


class CashReason(StrEnum):
    """Why cash went in or out of a drawer without a sale."""

    FLOAT = "float"
    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    SAFE_DROP = "safe_drop"


class CashMovement(Head, frozen=True, kw_only=True, omit_defaults=True, tag="cash_movement"):
    """Cash put into (float, pay-in) or taken out of (pay-out, safe drop) a drawer."""

    reason: CashReason
    drawer_id: int
    amount: int
    cash_account: str
    contra_account: str


class DrawerOpen(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_open"):
    """A shift begins: `float_amount` comes out of the safe into the drawer."""

    drawer_id: int
    float_amount: int
    cash_account: str
    safe_account: str


class DrawerClose(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_close"):
    """A shift ends: what was counted, what the books expected, and what went to the safe.

    The difference between `counted` and `expected` is posted to over/short, never argued away.
    """

    drawer_id: int
    counted: int
    expected: int
    removed: int
    counts: tuple[CashCount, ...] = ()
    cash_account: str
    safe_account: str
    over_short_account: str
    reason: str = ""


class Reversal(Head, frozen=True, kw_only=True, omit_defaults=True, tag="reversal"):
    """Voids another document: posts the opposite of all that it posted.

    `original` is the voided document, byte for byte as it was sealed, so that posting stays a
    function of this document alone.
    """

    original_id: int
    original_hash: str
    original: Raw
    reason: str


Document = (
    Sale
    | Refund
    | Payment
    | CashMovement
    | DrawerOpen
    | DrawerClose
    | StockCount
    | Reversal
    | Invoice
    | CreditNote
    | Bill
    | VendorCredit
    | VendorPayment
    | Settlement
    | WriteOff
    | PurchaseOrder
    | GoodsReceipt
    | LandedCost
    | TransferSent
    | TransferReceived
    | StockAdjustment
    | ReturnableMove
    | StockValuation
    | PartyMoney
    | Expense
    | MoneyTransfer
    | JournalEntry
    | ServiceOrder
    | ServiceStep
)

#: The series of the printed number of each type.  The alphabet is used up: new ones take two letters.
SERIES: dict[type[Head], str] = {
    Sale: "S",
    Refund: "C",
    Payment: "P",
    CashMovement: "M",
    DrawerOpen: "O",
    DrawerClose: "Z",
    StockCount: "N",
    Reversal: "V",
    Invoice: "I",
    CreditNote: "K",
    Bill: "B",
    VendorCredit: "W",
    VendorPayment: "Y",
    Settlement: "A",
    WriteOff: "U",
    PurchaseOrder: "Q",
    GoodsReceipt: "R",
    LandedCost: "L",
    TransferSent: "T",
    TransferReceived: "E",
    StockAdjustment: "D",
    ReturnableMove: "H",
    StockValuation: "F",
    PartyMoney: "G",
    Expense: "X",
    MoneyTransfer: "J",
    JournalEntry: "JE",
    ServiceOrder: "SO",
    ServiceStep: "SS",
}
