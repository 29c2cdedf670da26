"""Permissions: what a person may do, the roles every organisation begins with, what a document needs.

Pure: who has which role where, and since when, is the store's (`store.rights`).  The till asks `needs`
before it seals a document and the server asks it again at ingest, so both sides decide alike.

Decisions
---------
2026-11-20  Which permissions a document needs follows from the document alone.  So a line says what the
list price was when another was charged and who allowed it, and a sale says by how much it went beyond a
customer's limit: the server could not know either from its own prices and balances of today.

2026-11-20  Who approves must have the permission itself and `APPROVE`: a senior cashier may be trusted
with refunds of her own without being asked for those of others.

2026-11-21  Voiding what was made in the office (a bill, an entry by hand) needs what making it needs, not
the till's right to void: an accountant corrects her own books and no cashier's receipts.

2026-11-21  Money that comes from a party needs what receiving a payment needs; money that goes to one
(an advance, a withdrawal) is a right of its own.  Whatever is paid out of a drawer needs the drawer too.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import singledispatch
from typing import Final, NamedTuple

from pos_app.ledger import document as documents
from pos_app.ledger.canonical import decode
from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    CreditNote,
    DrawerClose,
    DrawerOpen,
    Expense,
    Head,
    Invoice,
    MoneyTransfer,
    PartyMoney,
    Payment,
    Refund,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    StockCount,
    Trade,
    VendorPayment,
)
from pos_app.ledger.line import GoodsLine, Tender
from pos_app.ledger.service_orders import CLOSING
from pos_app.ledger.treasury import PAID_OUT


class Permission(StrEnum):
    """One thing a person may do; the values are what stands in the tables and travels."""

    SELL = "sell"
    RECEIVE_PAYMENT = "receive_payment"
    DRAWER = "drawer"
    REFUND = "refund"
    VOID = "void"
    PRICE = "price"
    OVER_LIMIT = "over_limit"
    CLOSE_DRAWER = "close_drawer"
    CASH_OUT = "cash_out"
    NO_SALE = "no_sale"
    APPROVE = "approve"
    STOCK_COUNT = "stock_count"
    IMPORT_HISTORY = "import_history"
    SEE_REPORTS = "see_reports"
    SEE_AUDIT = "see_audit"
    EDIT_MASTER = "edit_master"
    EDIT_PEOPLE = "edit_people"
    DECIDE = "decide"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    BILL = "bill"
    PAY_VENDOR = "pay_vendor"
    PURCHASE = "purchase"
    RECEIVE_GOODS = "receive_goods"
    TRANSFER_STOCK = "transfer_stock"
    ADJUST_STOCK = "adjust_stock"
    RETURNABLES = "returnables"
    EXPENSE = "expense"
    MOVE_MONEY = "move_money"
    PARTY_MONEY = "party_money"
    WRITE_OFF = "write_off"
    JOURNAL_ENTRY = "journal_entry"
    PERIOD_LOCK = "period_lock"
    VALUE_STOCK = "value_stock"


_P = Permission
_COUNTER: Final = frozenset({_P.SELL, _P.RECEIVE_PAYMENT, _P.DRAWER, _P.INVOICE, _P.RETURNABLES})
_DEPOT: Final = frozenset({_P.REFUND, _P.VOID, _P.PRICE, _P.OVER_LIMIT, _P.CLOSE_DRAWER, _P.CASH_OUT,
                           _P.NO_SALE, _P.APPROVE, _P.STOCK_COUNT, _P.SEE_REPORTS})  # fmt: skip
_GOODS: Final = frozenset({_P.PURCHASE, _P.RECEIVE_GOODS, _P.TRANSFER_STOCK, _P.ADJUST_STOCK})
_MONEY: Final = frozenset({_P.CREDIT_NOTE, _P.EXPENSE, _P.MOVE_MONEY, _P.PARTY_MONEY})
_BOOKS: Final = frozenset({_P.INVOICE, _P.BILL, _P.PAY_VENDOR, _P.PURCHASE, _P.WRITE_OFF, _P.JOURNAL_ENTRY,
                           _P.PERIOD_LOCK, _P.VALUE_STOCK})  # fmt: skip

#: The roles that founding gives an organisation, with their names; from then on they are rows.
DEFAULT_ROLES: Final[Mapping[str, tuple[str, frozenset[Permission]]]] = {
    "owner": ("Owner", frozenset(Permission)),
    "accountant": (
        "Accountant",
        _MONEY | _BOOKS | {_P.RECEIVE_PAYMENT, _P.SEE_REPORTS, _P.SEE_AUDIT, _P.EDIT_MASTER, _P.DECIDE},
    ),
    "manager": ("Manager", _COUNTER | _DEPOT | _GOODS | _MONEY | {_P.DECIDE}),
    "cashier": ("Cashier", _COUNTER),
    "driver": (
        "Driver",
        frozenset({_P.SELL, _P.RECEIVE_PAYMENT, _P.RETURNABLES, _P.TRANSFER_STOCK}),
    ),
    "auditor": ("Auditor", frozenset({_P.SEE_REPORTS, _P.SEE_AUDIT})),
}

#: What a person does with each permission, for sentences: "Wanjiru may not ... here".
WORDS: Final[Mapping[Permission, str]] = {
    _P.SELL: "sell",
    _P.RECEIVE_PAYMENT: "receive payments",
    _P.DRAWER: "open the drawer",
    _P.REFUND: "refund",
    _P.VOID: "void documents",
    _P.PRICE: "change prices",
    _P.OVER_LIMIT: "go beyond a credit limit",
    _P.CLOSE_DRAWER: "close the drawer",
    _P.CASH_OUT: "take cash out",
    _P.NO_SALE: "open the drawer without a sale",
    _P.APPROVE: "approve",
    _P.STOCK_COUNT: "count stock",
    _P.IMPORT_HISTORY: "import history",
    _P.SEE_REPORTS: "see reports",
    _P.SEE_AUDIT: "see the audit log",
    _P.EDIT_MASTER: "change prices and products",
    _P.EDIT_PEOPLE: "change people and their roles",
    _P.DECIDE: "decide about quarantine",
    _P.INVOICE: "write invoices",
    _P.CREDIT_NOTE: "write credit notes",
    _P.BILL: "enter bills",
    _P.PAY_VENDOR: "pay vendors",
    _P.PURCHASE: "order goods",
    _P.RECEIVE_GOODS: "receive goods",
    _P.TRANSFER_STOCK: "transfer stock",
    _P.ADJUST_STOCK: "adjust stock",
    _P.RETURNABLES: "give and take returnables",
    _P.EXPENSE: "pay expenses",
    _P.MOVE_MONEY: "move money",
    _P.PARTY_MONEY: "pay advances and deposits out",
    _P.WRITE_OFF: "write debts off",
    _P.JOURNAL_ENTRY: "make journal entries",
    _P.PERIOD_LOCK: "lock periods",
    _P.VALUE_STOCK: "value stock",
}


class Need(NamedTuple):
    """One permission that a document needs, of its maker or of who approved (None: nobody may for them)."""

    permission: Permission
    approver_id: int | None = None


#: Whether a person may do something where and when the document was made.
Allows = Callable[[int, Permission], bool]


def lacking(document: Head, allows: Allows) -> Need | None:
    """The first permission that neither the document's maker nor its approver has; None when all is well."""
    maker = document.person_id
    for need in needs(document):
        permission, approver = need
        if allows(maker, permission):
            continue
        if approver is None or not (allows(approver, permission) and allows(approver, Permission.APPROVE)):
            return need
    return None


@singledispatch
def needs(document: Head) -> tuple[Need, ...]:
    """What a document needs, the maker's own permission first."""
    one = _ONE.get(type(document))
    if one is None:
        raise TypeError(f"no permission is named for {type(document).__name__}")
    return (Need(one, document.approver_id),)


_SELL: Final = (Need(Permission.SELL),)
_PAYMENT: Final = (Need(Permission.RECEIVE_PAYMENT),)
_DRAWER: Final = (Need(Permission.DRAWER),)

#: What is made at the till: a void of it is the till's void.  The rest is the office's.
_AT_THE_TILL: Final = (
    Trade,
    Payment,
    CashMovement,
    DrawerOpen,
    DrawerClose,
    StockCount,
    ServiceOrder,
    ServiceStep,
)

#: Documents that need one permission, of their maker or of who approved.
_ONE: Final[Mapping[type[Head], Permission]] = {
    documents.Bill: _P.BILL,
    documents.VendorCredit: _P.BILL,
    documents.Settlement: _P.RECEIVE_PAYMENT,
    documents.WriteOff: _P.WRITE_OFF,
    documents.PurchaseOrder: _P.PURCHASE,
    documents.GoodsReceipt: _P.RECEIVE_GOODS,
    documents.LandedCost: _P.PURCHASE,
    documents.TransferSent: _P.TRANSFER_STOCK,
    documents.TransferReceived: _P.TRANSFER_STOCK,
    documents.StockCount: _P.STOCK_COUNT,
    documents.StockAdjustment: _P.ADJUST_STOCK,
    documents.ReturnableMove: _P.RETURNABLES,
    documents.StockValuation: _P.VALUE_STOCK,
    documents.JournalEntry: _P.JOURNAL_ENTRY,
}


@needs.register
def _(document: Sale) -> tuple[Need, ...]:
    found = _prices(document.lines)
    if any(line.quantity < 0 for line in document.lines):
        # Goods taken back are a refund however much is bought beside them.
        found = (Need(Permission.REFUND, document.approver_id), *found)
    if document.over_limit:
        return (*_SELL, *found, Need(Permission.OVER_LIMIT, document.approver_id))
    return (*_SELL, *found) if found else _SELL


@needs.register
def _(document: Refund) -> tuple[Need, ...]:
    # Goods come back at the price that was paid; another price beside that is a line without a receipt.
    prices = () if document.original_id is not None else _prices(document.lines)
    return (*_SELL, Need(Permission.REFUND, document.approver_id), *prices)


@needs.register
def _(document: Payment) -> tuple[Need, ...]:
    return _PAYMENT


@needs.register
def _(document: CashMovement) -> tuple[Need, ...]:
    if document.reason in (CashReason.FLOAT, CashReason.PAY_IN):
        return _DRAWER
    return (*_DRAWER, Need(Permission.CASH_OUT, document.approver_id))


@needs.register
def _(document: DrawerOpen) -> tuple[Need, ...]:
    return _DRAWER


@needs.register
def _(document: DrawerClose) -> tuple[Need, ...]:
    return (*_DRAWER, Need(Permission.CLOSE_DRAWER, document.approver_id))


@needs.register
def _(document: Invoice) -> tuple[Need, ...]:
    found = (Need(Permission.INVOICE, document.approver_id), *_prices(document.lines))
    if any(line.quantity < 0 for line in document.lines):
        # Goods taken back lower what is owed as a credit note does.
        found = (*found, Need(Permission.CREDIT_NOTE, document.approver_id))
    return (*found, Need(Permission.OVER_LIMIT, document.approver_id)) if document.over_limit else found


@needs.register
def _(document: CreditNote) -> tuple[Need, ...]:
    # What it credits was charged: the prices are the invoice's.
    return (Need(Permission.CREDIT_NOTE, document.approver_id),)


@needs.register
def _(document: VendorPayment) -> tuple[Need, ...]:
    return (*_of_drawer(document.tenders), Need(Permission.PAY_VENDOR, document.approver_id))


@needs.register
def _(document: Expense) -> tuple[Need, ...]:
    return (*_of_drawer(document.tenders), Need(Permission.EXPENSE, document.approver_id))


@needs.register
def _(document: PartyMoney) -> tuple[Need, ...]:
    if document.reason not in PAID_OUT:
        return _PAYMENT
    return (*_of_drawer(document.tenders), Need(Permission.PARTY_MONEY, document.approver_id))


@needs.register
def _(document: MoneyTransfer) -> tuple[Need, ...]:
    drawers = _DRAWER if (document.from_drawer, document.to_drawer) != (None, None) else ()
    return (*drawers, Need(Permission.MOVE_MONEY, document.approver_id))


@needs.register
def _(document: ServiceOrder) -> tuple[Need, ...]:
    # The price is agreed here; the sale that collects the order charges it and needs nobody's leave again.
    changed = [line for line in document.lines if line.list_price is not None]
    return (*_SELL, *(Need(Permission.PRICE, line.price_approver_id) for line in changed))


@needs.register
def _(document: ServiceStep) -> tuple[Need, ...]:
    # Washed and "given back unwashed" would be money in somebody's pocket: it is voided with a manager.
    if document.step in CLOSING:
        return (*_SELL, Need(Permission.VOID, document.approver_id))
    return _SELL


@needs.register
def _(document: Reversal) -> tuple[Need, ...]:
    original = decode(bytes(document.original))
    if isinstance(original, _AT_THE_TILL):
        return (*_SELL, Need(Permission.VOID, document.approver_id))
    return tuple([Need(permission, document.approver_id) for permission, _ in needs(original)])


def _of_drawer(tenders: Iterable[Tender]) -> tuple[Need, ...]:
    """The drawer, where money is paid out of one."""
    return _DRAWER if any(tender.drawer_id is not None for tender in tenders) else ()


def _prices(lines: Iterable[GoodsLine]) -> tuple[Need, ...]:
    """One need for each line that was not charged at its list price."""
    return tuple(
        [
            Need(Permission.PRICE, line.price_approver_id)
            for line in lines
            if line.discount or line.list_price is not None
        ]
    )
