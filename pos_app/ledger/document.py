"""The document types: everything that can happen at a depot, each a frozen typed value.

A document is recorded once, on the terminal where it happened, and never changes.  Its totals and every
account that it posts to stand in it.  The families have files of their own (`trade`, `drawer`, `invoicing`,
`settlement`, `purchasing`, `stock`, `treasury`, ...), and this file names all: whoever imports it finds every
type in `TYPES`.
"""

from typing import Final

from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.drawer import CashMovement, CashReason, DrawerClose, DrawerOpen
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
from pos_app.ledger.purchasing import GoodsReceipt, LandedCost, PurchaseOrder
from pos_app.ledger.reversal import Reversal
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
from pos_app.ledger.trade import Refund, Sale, Trade
from pos_app.ledger.treasury import DepositReturn, Expense, MoneyTransfer, PartyMoney
from pos_app.ledger.types import drawer as types_drawer
from pos_app.ledger.types import goods as types_goods
from pos_app.ledger.types import purchasing as types_purchasing
from pos_app.ledger.types import service_orders as types_service_orders
from pos_app.ledger.types import settlement as types_settlement
from pos_app.ledger.types import stock as types_stock
from pos_app.ledger.types import treasury as types_treasury
from pos_app.ledger.types.document_type import TYPES
from pos_app.ledger.types.reversal import REVERSAL

__all__ = [
    "SEQUENCE_BITS",
    "SERIES",
    "SERVER_TERMINAL_NO",
    "TYPES",
    "BagBanked",
    "BankBag",
    "Bill",
    "CashMovement",
    "CashReason",
    "CountedLine",
    "CreditNote",
    "DepositReturn",
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


#: As the checker sees it; a test holds it equal to `TYPES`, by which bytes are decoded.
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
    | DepositReturn
    | Expense
    | MoneyTransfer
    | JournalEntry
    | BankBag
    | BagBanked
    | ServiceOrder
    | ServiceStep
)

TYPES.add(
    *types_goods.FAMILY,
    *types_drawer.FAMILY,
    *types_settlement.FAMILY,
    *types_purchasing.FAMILY,
    *types_stock.FAMILY,
    *types_treasury.FAMILY,
    *types_service_orders.FAMILY,
    REVERSAL,
)

#: The series of the printed number of each type.
SERIES: Final = TYPES.series
