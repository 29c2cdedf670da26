"""Owns the ways to all that offers keys: each screen, in each state in which it offers others."""

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import Qt

from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.treasury import PartyReason
from pos_app.store.journal import print_jobs
from pos_app.store.master import party_meters
from pos_app.store.master.party_meters import Meter
from pos_app.till.till import Till
from tests.support.worlds.cylinders import deal_in_cylinders
from tests.support.worlds.goods_rows import EMPTY13, GRILL, HOSE, REFILL13, REGULATOR
from tests.support.worlds.money_builder import HOTEL, dollar_invoice, pay_on_account
from tests.support.worlds.money_people import add_business
from tests.support.worlds.till_builder import ORG, barcode_of
from tests.ui.typed_screens import (
    DUVET,
    ENTER,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F12,
    Step,
    a_draft,
    a_transfer,
    an_invoice,
    an_order,
    laundry_of_otieno,
    nothing,
)

F9, F11, ESC = Qt.Key.Key_F9, Qt.Key.Key_F11, Qt.Key.Key_Escape


class State(NamedTuple):
    """What is in front at the end of a way from the basket: a screen, by its class."""

    screen: str
    way: tuple[Step, ...] = ()
    given: Callable[[Till], object] = nothing


def signed_out(till: Till) -> None:
    till.sign_in.sign_out()


def without_drawer(till: Till) -> None:
    """The shift of the world is over; nobody has opened another."""
    till.drawer.fix_count({"KES": ()})
    till.drawer.close((), "over to the next")


def a_sale(till: Till) -> None:
    """Two regulators and a hose of the hotel's, paid in three ways."""
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(REGULATOR)).product, 2 * ONE)
    basket.add(till.catalogue.scan(barcode_of(HOSE)).product)
    basket.set_customer(till.customers.get(HOTEL))
    sale = till.checkout(basket)
    sale.add_tender(TenderKind.ACCOUNT, 50_000)
    sale.add_tender(TenderKind.MPESA, 100_000, reference="SKJ4X8QP2M")
    sale.add_tender(TenderKind.CASH, 62_000)
    sale.complete()


def a_sale_of_unknown_paper(till: Till) -> None:
    """Nobody knows whether its receipt came out of the printer."""
    a_sale(till)
    with till.database.write() as connection:
        print_jobs.mark(
            connection, till.status().unprinted[-1].job_id, print_jobs.UNCERTAIN, "no answer", None
        )


def a_request(till: Till) -> None:
    """Somebody new, whom the centre has not heard of yet."""
    till.requests.customer("Asha", "0722 555 418")


def two_sales(till: Till) -> None:
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(GRILL)).product)
    sale = till.checkout(basket)
    sale.add_tender(TenderKind.CASH, 69_000)
    sale.complete()
    a_sale(till)


def two_by_mpesa(till: Till) -> None:
    """Two customers paid by M-Pesa."""
    for code in ("SKJ4X8QP2M", "SKJ4X8QP3N"):
        basket = till.baskets.new()
        basket.add(till.catalogue.scan(barcode_of(GRILL)).product)
        sale = till.checkout(basket)
        sale.add_tender(TenderKind.MPESA, 69_000, reference=code)
        sale.complete()


def two(given: Callable[[Till], object]) -> Callable[[Till], None]:
    """It happened twice: there is something to choose."""

    def both(till: Till) -> None:
        given(till)
        given(till)

    return both


def cylinders_out(till: Till) -> None:
    """The hotel and Otieno hold a cylinder each."""
    for party in (HOTEL, HOTEL + 1):
        till.returnables.move(party, {EMPTY13: -ONE})


def a_deposit_and_an_invoice(till: Till) -> None:
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 50_000)
    an_invoice(till)


def a_deposit_and_credit(till: Till) -> None:
    """The hotel owes 850.00, and has a deposit and more than it owed with us."""
    pay_on_account(till, 899_000)
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 50_000)
    an_invoice(till)


def a_parked_basket(till: Till) -> None:
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(GRILL)).product)
    basket.set_customer(till.customers.get(HOTEL))
    basket.park("Njeri")


def open_invoices(till: Till) -> None:
    """One in shillings, one in dollars, and money of the hotel's that is on neither."""
    an_invoice(till)
    dollar_invoice(till)
    pay_on_account(till, 50_000)


SELLING: Final = {
    "sign-in": State("SignInScreen", ("1111",), signed_out),
    "empty basket": State("SellScreen"),
    "basket of one who bought before": State("SellScreen", ("mama", ENTER), a_sale),
    "unknown barcode": State("SellScreen", ("4006381333931", Qt.Key.Key_Return)),
    "basket": State("SellScreen", (HOSE, REGULATOR)),
    "empty basket of cylinders": State("SellScreen", (), deal_in_cylinders),
    "refill": State("SellScreen", (REFILL13,), deal_in_cylinders),
    "refill without its empty": State("SellScreen", (REFILL13, F11), deal_in_cylinders),
    "parked basket": State("SellScreen", (), a_parked_basket),
    "customers": State("CustomerScreen", (F3, "mama")),
    "customers, one chosen": State("CustomerScreen", (F3, "mama", ENTER, F3, F4, ESC, "otieno")),
    "customer": State("CustomerScreen", (F3, "mama", F4), an_invoice),
    "customer, one chosen": State("CustomerScreen", (F3, "mama", ENTER, F3)),
    "payment": State("PaymentScreen", (F3, "mama", F4, F3), open_invoices),
    "payment, with a deposit": State("PaymentScreen", (F3, "mama", F4, F3), a_deposit_and_an_invoice),
    "tender": State("TenderScreen", (REGULATOR, F12)),
    "tender, a part taken": State("TenderScreen", (REGULATOR, F12, F3, "100", ENTER, "7QGH61RT2A", ENTER)),
    "tender of a customer": State("TenderScreen", (REGULATOR, F3, "mama", ENTER, F12)),
    "tender of a deposit": State("TenderScreen", (F3, "mama", F4, F4, "1500", ENTER)),
    "done": State("DoneScreen", (REGULATOR, F12, ENTER)),
    "receipts": State("ReceiptsScreen", (F9,), two_sales),
    "receipts, an invoice": State("ReceiptsScreen", (F9,), two(an_invoice)),
    "receipts, paper unknown": State("ReceiptsScreen", (F9,), a_sale_of_unknown_paper),
    "refund": State("RefundScreen", (F7,), two_sales),
    "refund of one": State("RefundScreen", (F7, ENTER), a_sale),
    "refund of a marked one": State("RefundScreen", (F9, F7), a_sale),
    "refund, another way": State("RefundScreen", (F9, F7, F5), a_sale),
    "invoice": State("InvoiceScreen", (REFILL13, F3, "mama", ENTER, F12, F6)),
    "credit note": State("CreditNoteScreen", (F9, F7), an_invoice),
    "credit note, money only": State("CreditNoteScreen", (F9, F7, F4), an_invoice),
    "drafts": State("DraftsScreen", (F9, F3), two(a_draft)),
    "drawer, closed": State("DrawerScreen", (F8,), without_drawer),
    "drawer": State("DrawerScreen", (F8,)),
    "drawer, counted": State("DrawerScreen", (F8, F12, "4", ENTER)),
    "drawer, other money": State("DrawerScreen", (F8, F12, "5", F12), two_by_mpesa),
    "drawer, reviewed": State("DrawerScreen", (F8, F12, "5", F12)),
    "drawer, closed just now": State("DrawerScreen", (F8, F12, "5", F12, F12)),
}
DEPOT: Final = {
    "depot": State("DepotScreen", (F2, Qt.Key.Key_Down)),
    "goods in": State("GoodsInScreen", (F2, "1"), two(an_order)),
    "goods of an order": State("ReceiveOrderScreen", (F2, "1", ENTER, "2"), an_order),
    "goods without an order": State("ReceiveLooseScreen", (F2, "1", F4, HOSE)),
    "order": State("OrderScreen", (F2, "2", HOSE)),
    "reorder": State("ReorderScreen", (F2, "o")),
    "send": State("SendScreen", (F2, "3", HOSE)),
    "arriving": State("ArrivingScreen", (F2, "4"), two(a_transfer)),
    "goods that arrive": State("ReceiveTransferScreen", (F2, "4", ENTER, "2"), a_transfer),
    "count": State("CountScreen", (F2, "5", HOSE)),
    "counted": State("CountScreen", (F2, "5", HOSE, "3", F12)),
    "adjust": State("AdjustScreen", (F2, "6", HOSE)),
    "labels": State("LabelsScreen", (F2, "e", HOSE)),
    "health": State("HealthScreen", (F2, "h")),
    "reports": State("ReportsScreen", (F2, "w")),
    "stock": State("StockScreen", (F2, "7")),
    "stock explained": State("StockScreen", (F2, "7", ENTER)),
    "holders": State("HoldersScreen", (F2, "8"), cylinders_out),
    "all cylinders": State("OwnedScreen", (F2, "8", F7), deal_in_cylinders),
    "cylinders of one": State("ReturnablesScreen", (F2, "8", F6, "E13", ENTER)),
    "laundry": State("LaundryScreen", (F2, "9"), two(laundry_of_otieno)),
    "laundry taken in": State("IntakeScreen", (F2, "9", F3, DUVET)),
    "half return": State("HalfReturnScreen", (F2, "0", REFILL13, "empty", ENTER)),
    "expense": State("ExpenseScreen", (F2, "a", "fuel", ENTER, "100", ENTER)),
    "expense, how paid": State("ExpenseScreen", (F2, "a", "fuel", ENTER, "100", ENTER, F12)),
    "transfer": State("TransferScreen", (F2, "b"), add_business),
    "transfer, done": State("TransferScreen", (F2, "b", "2", ENTER, "3", ENTER, "100", F12)),
    "people": State("PartyScreen", (F2, "c")),
    "people, members": State("PartyScreen", (F2, "c", F4)),
    "people, one": State("PartyScreen", (F2, "c", "juma", ENTER, ENTER, "100")),
}
STATES: Final = SELLING | DEPOT


def two_meters(till: Till) -> None:
    """A customer with two meters of one product."""
    with till.database.write() as connection:
        for code in ("K-1", "K-2"):
            party_meters.put(connection, ORG, Meter(HOTEL, code, REGULATOR, "", "", "", 0))
