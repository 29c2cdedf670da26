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
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import singledispatch
from typing import Final, NamedTuple

from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    DrawerClose,
    DrawerOpen,
    Head,
    Payment,
    Refund,
    Reversal,
    Sale,
    StockCount,
    Trade,
)


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


_P = Permission
_COUNTER: Final = frozenset({_P.SELL, _P.RECEIVE_PAYMENT, _P.DRAWER})
_DEPOT: Final = frozenset({_P.REFUND, _P.VOID, _P.PRICE, _P.OVER_LIMIT, _P.CLOSE_DRAWER, _P.CASH_OUT,
                           _P.NO_SALE, _P.APPROVE, _P.STOCK_COUNT, _P.SEE_REPORTS})  # fmt: skip

#: The roles that founding gives an organisation, with their names; from then on they are rows.
DEFAULT_ROLES: Final[Mapping[str, tuple[str, frozenset[Permission]]]] = {
    "owner": ("Owner", frozenset(Permission)),
    "accountant": (
        "Accountant",
        frozenset({_P.RECEIVE_PAYMENT, _P.SEE_REPORTS, _P.SEE_AUDIT, _P.EDIT_MASTER, _P.DECIDE}),
    ),
    "manager": ("Manager", _COUNTER | _DEPOT | {_P.DECIDE}),
    "cashier": ("Cashier", _COUNTER),
    "driver": ("Driver", frozenset({_P.SELL, _P.RECEIVE_PAYMENT})),
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
    raise TypeError(f"no permission is named for {type(document).__name__}")


_SELL: Final = (Need(Permission.SELL),)
_PAYMENT: Final = (Need(Permission.RECEIVE_PAYMENT),)
_DRAWER: Final = (Need(Permission.DRAWER),)
_STOCK: Final = (Need(Permission.STOCK_COUNT),)


@needs.register
def _(document: Sale) -> tuple[Need, ...]:
    found = _prices(document)
    if any(line.quantity < 0 for line in document.lines):
        # Goods taken back are a refund however much is bought beside them.
        found = (Need(Permission.REFUND, document.approver_id), *found)
    if document.over_limit:
        return (*_SELL, *found, Need(Permission.OVER_LIMIT, document.approver_id))
    return (*_SELL, *found) if found else _SELL


@needs.register
def _(document: Refund) -> tuple[Need, ...]:
    # Goods come back at the price that was paid; another price beside that is a line without a receipt.
    prices = () if document.original_id is not None else _prices(document)
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
def _(document: StockCount) -> tuple[Need, ...]:
    return _STOCK


@needs.register
def _(document: Reversal) -> tuple[Need, ...]:
    return (*_SELL, Need(Permission.VOID, document.approver_id))


def _prices(document: Trade) -> tuple[Need, ...]:
    """One need for each line that was not charged at its list price."""
    return tuple(
        [
            Need(Permission.PRICE, line.price_approver_id)
            for line in document.lines
            if line.discount or line.list_price is not None
        ]
    )
