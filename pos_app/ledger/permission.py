"""Permissions: what a person may do, and the roles every organisation begins with.

Pure: who has which role where, and since when, is the store's (`store.organisation.rights`); which
permissions a document needs stands in `needs`, by its type.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


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
    BACKDATE = "backdate"
    OPERATE = "operate"
    DISCOUNT_5 = "discount_5"
    DISCOUNT_10 = "discount_10"
    DISCOUNT_20 = "discount_20"
    DISCOUNT_30 = "discount_30"


_P = Permission
_COUNTER: Final = frozenset({_P.SELL, _P.RECEIVE_PAYMENT, _P.DRAWER, _P.INVOICE, _P.RETURNABLES})
_DEPOT: Final = frozenset({_P.REFUND, _P.VOID, _P.PRICE, _P.OVER_LIMIT, _P.CLOSE_DRAWER, _P.CASH_OUT,
                           _P.NO_SALE, _P.APPROVE, _P.STOCK_COUNT, _P.SEE_REPORTS, _P.BACKDATE})  # fmt: skip
_GOODS: Final = frozenset({_P.PURCHASE, _P.RECEIVE_GOODS, _P.TRANSFER_STOCK, _P.ADJUST_STOCK})
_MONEY: Final = frozenset({_P.CREDIT_NOTE, _P.EXPENSE, _P.MOVE_MONEY, _P.PARTY_MONEY})
_BOOKS: Final = frozenset({_P.INVOICE, _P.BILL, _P.PAY_VENDOR, _P.PURCHASE, _P.WRITE_OFF, _P.JOURNAL_ENTRY,
                           _P.PERIOD_LOCK, _P.VALUE_STOCK, _P.BACKDATE})  # fmt: skip

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

#: What nobody approves for themselves at a till, where the house has that rule (`approver_is_another`).
SELLERS_OWN: Final = frozenset(
    {_P.REFUND, _P.VOID, _P.PRICE, _P.OVER_LIMIT, _P.CLOSE_DRAWER, _P.CASH_OUT, _P.CREDIT_NOTE}
)

#: The role of a permit to bring history in although a depot's tills have sold; it is given for hours, by
#: `bohari import permit` alone, and made when it is given first.
HISTORIAN: Final = "historian"

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
    _P.BACKDATE: "date documents before what they follow",
    _P.OPERATE: "look after the machines",
    _P.DISCOUNT_5: "give up to 5 % off",
    _P.DISCOUNT_10: "give up to 10 % off",
    _P.DISCOUNT_20: "give up to 20 % off",
    _P.DISCOUNT_30: "give up to 30 % off",
}

#: The greatest discount of a line by each of these rights, in per cent; beyond them prices are changed.
DISCOUNT_STEPS: Final[Mapping[int, Permission]] = {
    5: _P.DISCOUNT_5,
    10: _P.DISCOUNT_10,
    20: _P.DISCOUNT_20,
    30: _P.DISCOUNT_30,
}


def covering(permission: Permission) -> tuple[Permission, ...]:
    """The permissions by which somebody may do this: itself, and for a discount every greater one."""
    steps = tuple(DISCOUNT_STEPS.values())
    if permission not in steps:
        return (permission,)
    return (*steps[steps.index(permission) :], Permission.PRICE)


class Need(NamedTuple):
    """One permission that a document needs, of its maker or of who approved (None: nobody may for them)."""

    permission: Permission
    approver_id: int | None = None
