"""What the maker of each type of document must be allowed, as it follows from the document.

Decisions
---------
2026-11-20  Which permissions a document needs follows from the document alone.  So a line says what the
list price was when another was charged and who allowed it, and a sale says by how much it went beyond a
customer's limit: the server could not know either from its own prices and balances of today.

2026-11-21  Voiding what was made in the office (a bill, an entry by hand) needs what making it needs, not
the till's right to void: an accountant corrects her own books and no cashier's receipts (`types.reversal`).

2026-11-21  Money that comes from a party needs what receiving a payment needs; money that goes to one
(an advance, a withdrawal) is a right of its own.  Whatever is paid out of a drawer needs the drawer too.
"""

from collections.abc import Callable, Iterable
from typing import Final

from pos_app.ledger.discount_limit import right_for
from pos_app.ledger.drawer import TAKING_OUT, CashMovement, DrawerClose
from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import Invoice
from pos_app.ledger.line import GoodsLine, Tender
from pos_app.ledger.line_parts import MOST_ROUNDED
from pos_app.ledger.permission import Need, Permission
from pos_app.ledger.price import exact
from pos_app.ledger.service_orders import CLOSING, ServiceOrder, ServiceStep
from pos_app.ledger.settlement import VendorPayment
from pos_app.ledger.trade import Refund, Sale
from pos_app.ledger.treasury import PAID_OUT, DepositReturn, Expense, MoneyTransfer, PartyMoney

_SELL: Final = (Need(Permission.SELL),)
_PAYMENT: Final = (Need(Permission.RECEIVE_PAYMENT),)
_DRAWER: Final = (Need(Permission.DRAWER),)


def just(permission: Permission) -> Callable[[Head], tuple[Need, ...]]:
    """Of a type that needs one permission, of its maker or of who approved."""

    def needs(document: Head) -> tuple[Need, ...]:
        return (Need(permission, document.approver_id),)

    return needs


def sale(document: Sale) -> tuple[Need, ...]:
    """The prices that were changed, goods taken back, and what went beyond a limit."""
    found = _prices(document.lines)
    if any(line.quantity < 0 for line in document.lines):
        # Goods taken back are a refund however much is bought beside them.
        found = (Need(Permission.REFUND, document.approver_id), *found)
    if document.over_limit:
        return (*_SELL, *found, Need(Permission.OVER_LIMIT, document.approver_id))
    return (*_SELL, *found) if found else _SELL


def refund(document: Refund) -> tuple[Need, ...]:
    """Goods taken back, and cash out of the drawer for what came another way."""
    # Goods come back at the price that was paid; another price beside that is a line without a receipt.
    prices = () if document.original_id is not None else _prices(document.lines)
    if document.cash_instead:
        prices = (Need(Permission.CASH_OUT, document.approver_id), *prices)
    return (*_SELL, Need(Permission.REFUND, document.approver_id), *prices)


def payment(document: Head) -> tuple[Need, ...]:
    """Money of a customer."""
    return _PAYMENT


def cash_movement(document: CashMovement) -> tuple[Need, ...]:
    """The drawer, and a right of its own for cash that leaves it."""
    if document.reason not in TAKING_OUT:
        return _DRAWER
    return (*_DRAWER, Need(Permission.CASH_OUT, document.approver_id))


def drawer_open(document: Head) -> tuple[Need, ...]:
    """The drawer."""
    return _DRAWER


def drawer_close(document: DrawerClose) -> tuple[Need, ...]:
    """The drawer, and a right of its own to end the shift."""
    return (*_DRAWER, Need(Permission.CLOSE_DRAWER, document.approver_id))


def invoice(document: Invoice) -> tuple[Need, ...]:
    """The prices that were changed, goods taken back, and what went beyond a limit."""
    found = (Need(Permission.INVOICE, document.approver_id), *_prices(document.lines))
    if any(line.quantity < 0 for line in document.lines):
        # Goods taken back lower what is owed as a credit note does.
        found = (*found, Need(Permission.CREDIT_NOTE, document.approver_id))
    return (*found, Need(Permission.OVER_LIMIT, document.approver_id)) if document.over_limit else found


def vendor_payment(document: VendorPayment) -> tuple[Need, ...]:
    """Money to a vendor."""
    return (*_of_drawer(document.tenders), Need(Permission.PAY_VENDOR, document.approver_id))


def expense(document: Expense) -> tuple[Need, ...]:
    """Money spent."""
    return (*_of_drawer(document.tenders), Need(Permission.EXPENSE, document.approver_id))


def party_money(document: PartyMoney) -> tuple[Need, ...]:
    """By the direction of the money."""
    if document.reason not in PAID_OUT:
        return _PAYMENT
    return (*_of_drawer(document.tenders), Need(Permission.PARTY_MONEY, document.approver_id))


def deposit_return(document: DepositReturn) -> tuple[Need, ...]:
    """The right to take returnables back: what was paid for them goes out with that, by a slip of ours."""
    return (*_of_drawer(document.tenders), Need(Permission.RETURNABLES, document.approver_id))


def money_transfer(document: MoneyTransfer) -> tuple[Need, ...]:
    """The drawer where it is one of the places."""
    drawers = _DRAWER if (document.from_drawer, document.to_drawer) != (None, None) else ()
    return (*drawers, Need(Permission.MOVE_MONEY, document.approver_id))


def service_order(document: ServiceOrder) -> tuple[Need, ...]:
    """The prices that were changed."""
    # The price is agreed here; the sale that collects the order charges it and needs nobody's leave again.
    changed = [line for line in document.lines if line.list_price is not None]
    return (*_SELL, *(Need(Permission.PRICE, line.price_approver_id) for line in changed))


def service_step(document: ServiceStep) -> tuple[Need, ...]:
    """A right of its own where things are given back undone."""
    # Washed and "given back unwashed" would be money in somebody's pocket: it is voided with a manager.
    if document.step in CLOSING:
        return (*_SELL, Need(Permission.VOID, document.approver_id))
    return _SELL


def _of_drawer(tenders: Iterable[Tender]) -> tuple[Need, ...]:
    """The drawer, where money is paid out of one."""
    return _DRAWER if any(tender.drawer_id is not None for tender in tenders) else ()


def _is_rounding(line: GoodsLine) -> bool:
    """Whether a part of an order comes to its share of the agreed price, and nobody took anything off."""
    return line.origin_line is not None and abs(line.discount) <= MOST_ROUNDED


def _right_of(line: GoodsLine) -> Permission:
    """The least right by which a line may cost what it costs."""
    listed = line.price if line.list_price is None else exact(line.list_price, line.list_price_fine)
    off = line.discount if line.promotion_id is None else 0
    return right_for(listed, line.price, line.quantity, off)


def _prices(lines: Iterable[GoodsLine]) -> tuple[Need, ...]:
    """One need for each line that was not charged at its list price."""
    return tuple(
        [
            Need(_right_of(line), line.price_approver_id)
            for line in lines
            if line.list_price is not None
            or (line.discount and line.promotion_id is None and not _is_rounding(line))
        ]
    )
