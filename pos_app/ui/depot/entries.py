"""Owns the list of what a depot does beside selling: one entry a screen, in the order in which they stand.

A new one is one more `Entry` in its group; its screen is imported when it is first opened, so that the first
picture of the window does not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.language import _
from pos_app.ledger.permission import Permission
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.ui.session import Session


@dataclass(frozen=True, slots=True)
class Entry:
    """One way out of the menu.

    `key` is the figure or letter that opens it.  Whoever lacks `needs` still comes in: they are told that a
    manager approves what they record there.
    """

    key: str
    icon: str
    words: str
    detail: str
    needs: Permission | None
    open: Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together, below their title."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def groups() -> tuple[Group, ...]:
    """All groups, in the language in force; one without entries is not shown."""
    return (
        Group("goods", _("Goods"), goods_entries()),
        Group("money", _("Money"), money_entries()),
        Group("asked", _("Asked of the centre"), asked_entries()),
        Group("till", _("This till"), till_entries()),
    )


def goods_entries() -> tuple[Entry, ...]:
    """What moves or counts goods."""
    needs = Permission
    return (
        Entry(
            "1",
            "package-plus",
            _("Goods in"),
            _("With or without an order"),
            needs.RECEIVE_GOODS,
            _goods_in,
        ),
        Entry("2", "shopping-cart", _("Order"), _("To a vendor; the reorder list"), needs.PURCHASE, _order),
        Entry(
            "3", "truck", _("Send goods"), _("To a depot, a vehicle, the scrap"), needs.TRANSFER_STOCK, _send
        ),
        Entry(
            "4",
            "package-check",
            _("Goods arriving"),
            _("What other places sent"),
            needs.TRANSFER_STOCK,
            _arriving,
        ),
        Entry("5", "clipboard-list", _("Count stock"), _("Blind: count first"), needs.STOCK_COUNT, _count),
        Entry(
            "6",
            "sliders-horizontal",
            _("Adjust stock"),
            _("Damage, loss, own use, found"),
            needs.ADJUST_STOCK,
            _adjust,
        ),
        Entry("7", "boxes", _("Stock"), _("What lies here, and why"), None, _stock),
        Entry("8", "cylinder", _("Cylinders and bottles"), _("Who holds what"), None, _holders),
        Entry("9", "shirt", _("Laundry"), _("Taken in, ready, handed out"), None, _laundry),
        Entry("L", "package-plus", _("Take laundry in"), _("A customer brings things"), None, _take_in),
        Entry("0", "rotate-ccw", _("Half return"), _("Cylinders partly full"), needs.REFUND, _half_return),
        Entry(
            "O",
            "clipboard-list",
            _("Order again"),
            _("What is low, and what is to come"),
            needs.PURCHASE,
            _order_again,
        ),
        Entry("E", "scan-barcode", _("Labels"), _("Price and barcode, on the roll"), None, _labels),
    )


def _goods_in(session: Session) -> None:
    from pos_app.ui.purchasing.goods_in import GoodsInScreen

    session.open(GoodsInScreen)


def _order(session: Session) -> None:
    from pos_app.ui.purchasing.order import OrderScreen

    session.open(OrderScreen)


def _order_again(session: Session) -> None:
    from pos_app.ui.purchasing.reorder import ReorderScreen

    session.open(ReorderScreen)


def _send(session: Session) -> None:
    from pos_app.ui.goods.send import SendScreen

    session.open(SendScreen)


def _arriving(session: Session) -> None:
    from pos_app.ui.goods.arriving import ArrivingScreen

    session.open(ArrivingScreen)


def _count(session: Session) -> None:
    from pos_app.ui.goods.count import CountScreen

    session.open(CountScreen)


def _adjust(session: Session) -> None:
    from pos_app.ui.goods.adjust import AdjustScreen

    session.open(AdjustScreen)


def _stock(session: Session) -> None:
    from pos_app.ui.goods.stock import StockScreen

    session.open(StockScreen)


def _holders(session: Session) -> None:
    from pos_app.ui.goods.holders import HoldersScreen

    session.open(HoldersScreen)


def _laundry(session: Session) -> None:
    from pos_app.ui.laundry.screen import LaundryScreen

    session.open(LaundryScreen)


def _take_in(session: Session) -> None:
    # The next customer stands at the counter already, not at the list of what is here.
    session.ways.take_in_laundry(lambda _order_id: session.home())


def _half_return(session: Session) -> None:
    from pos_app.ui.goods.half_return import HalfReturnScreen

    session.open(HalfReturnScreen)


def _labels(session: Session) -> None:
    from pos_app.ui.goods.labels import LabelsScreen

    session.open(LabelsScreen)


def money_entries() -> tuple[Entry, ...]:
    """What moves money beside sales."""
    needs = Permission
    return (
        Entry("A", "receipt", _("Expense"), _("Paid now, with its paper"), needs.EXPENSE, _expense),
        Entry(
            "B", "landmark", _("Move money"), _("Drawer, safe, bank, M-Pesa"), needs.MOVE_MONEY, _move_money
        ),
        Entry(
            "C", "users", _("Staff and members"), _("Advances, deposits, shares"), needs.PARTY_MONEY, _parties
        ),
        Entry("D", "receipt", _("Deposit back"), _("Against its slip"), needs.RETURNABLES, _deposit_back),
    )


def _expense(session: Session) -> None:
    from pos_app.ui.treasury.expense.screen import ExpenseScreen

    session.open(ExpenseScreen)


def _move_money(session: Session) -> None:
    from pos_app.ui.treasury.transfer.screen import TransferScreen

    session.open(TransferScreen)


def _deposit_back(session: Session) -> None:
    from pos_app.ui.brought_chit import ask_slip

    ask_slip(session)


def _parties(session: Session) -> None:
    from pos_app.ui.treasury.party.screen import PartyScreen

    session.open(PartyScreen)


def asked_entries() -> tuple[Entry, ...]:
    """What is new here and travels to the centre as a request."""
    return (
        Entry("N", "user", _("New customer"), _("Pays at once at first"), None, _new_customer),
        Entry(
            "P",
            "scan-barcode",
            _("New product"),
            _("Sold at once at its price"),
            Permission.PRICE,
            _new_product,
        ),
        Entry("T", "banknote", _("Price for today"), _("Until midnight"), Permission.PRICE, _price_today),
        Entry("R", "clipboard-list", _("Requests"), _("What was asked, and the answers"), None, _requests),
    )


def _new_customer(session: Session) -> None:
    from pos_app.ui.sheets.asked import ask_new_customer

    def chosen(party: Party) -> None:
        session.succeed(_("{name} is a customer now: {code}.", name=party.name, code=party.code))

    ask_new_customer(session, chosen)


def _new_product(session: Session) -> None:
    from pos_app.ui.sheets.asked import ask_new_product

    def chosen(product: Product) -> None:
        session.succeed(_("{name} is sold now: {code}.", name=product.name, code=product.sku))

    ask_new_product(session, "", chosen)


def _price_today(session: Session) -> None:
    from pos_app.ui.sheets.asked import ask_price_today

    ask_price_today(session)


def _requests(session: Session) -> None:
    from pos_app.ui.sheets.asked import show_requests

    show_requests(session)


def till_entries() -> tuple[Entry, ...]:
    """What is about the machine itself."""
    return (
        Entry(
            "W",
            "clipboard-list",
            _("Reports"),
            _("Depot day, sales, drawers"),
            Permission.SEE_REPORTS,
            _reports,
        ),
        Entry("H", "info", _("How this till is"), _("Printer, line, disk, backup"), None, _health),
    )


def _reports(session: Session) -> None:
    from pos_app.ui.reports.screen import ReportsScreen

    session.open(ReportsScreen)


def _health(session: Session) -> None:
    from pos_app.ui.health.screen import HealthScreen

    session.open(HealthScreen)
