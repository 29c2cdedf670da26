"""Owns the ways from one screen on to another: which class stands at the end of each (see `ways`)."""

from collections.abc import Callable, Sequence

from pos_app.till.purchasing.ordering import OpenOrder
from pos_app.till.receivables.credit_note import Creditable
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.stock.stock import Reorder
from pos_app.till.stock.transfers import OnTheWay
from pos_app.ui.session import Navigator
from pos_app.ui.tender_job import TenderJob


class WindowWays:
    """The ways of one window.  A screen is imported when a way to it is first gone."""

    def __init__(self, navigator: Navigator) -> None:
        self._navigator = navigator

    def depot(self) -> None:
        from pos_app.ui.depot.screen import DepotScreen

        self._navigator.open(DepotScreen)

    def customers(self, party: Party | None) -> None:
        from pos_app.ui.customer.screen import CustomerScreen

        self._navigator.open(CustomerScreen).begin(party)

    def receipts(self, number: str = "") -> None:
        from pos_app.ui.receipts.screen import ReceiptsScreen

        screen = self._navigator.open(ReceiptsScreen)
        if number:
            screen.on_scan(number)

    def drawer(self) -> None:
        from pos_app.ui.drawer.screen import DrawerScreen

        self._navigator.open(DrawerScreen)

    # -- money -----------------------------------------------------------------------------------

    def take_money(self, job: TenderJob) -> None:
        from pos_app.ui.tender.screen import TenderScreen

        self._navigator.open(TenderScreen).begin(job)

    def done(self, words: str, figure: int, done: Recorded, detail: str = "") -> None:
        from pos_app.ui.tender.done import DoneScreen

        self._navigator.open(DoneScreen).show_result(words, figure, done, detail)

    def refund(self, number: str = "") -> None:
        from pos_app.ui.refund.screen import RefundScreen

        self._navigator.open(RefundScreen).begin(number)

    def receive_payment(self, party: Party) -> None:
        from pos_app.ui.customer.payment_screen import PaymentScreen

        self._navigator.open(PaymentScreen).begin(party)

    def write_invoice(self, party: Party) -> None:
        from pos_app.ui.invoice.screen import InvoiceScreen

        self._navigator.open(InvoiceScreen).begin(party)

    def invoice_drafts(self) -> None:
        from pos_app.ui.invoice.drafts import DraftsScreen

        self._navigator.open(DraftsScreen)

    def credit(self, credited: Creditable) -> None:
        from pos_app.ui.invoice.credit_note import CreditNoteScreen

        self._navigator.open(CreditNoteScreen).begin(credited)

    # -- goods -----------------------------------------------------------------------------------

    def count_stock(self, product: Product) -> None:
        from pos_app.ui.goods.count import CountScreen

        self._navigator.open(CountScreen).begin(product)

    def order_short(self, vendor: Party | None, short: Sequence[Reorder]) -> None:
        from pos_app.ui.purchasing.order import OrderScreen

        self._navigator.open(OrderScreen).begin_for(vendor, short)

    def receive_order(self, order: OpenOrder) -> None:
        from pos_app.ui.purchasing.receive_order import ReceiveOrderScreen

        self._navigator.open(ReceiveOrderScreen).begin(order)

    def receive_loose(self) -> None:
        from pos_app.ui.purchasing.receive_loose import ReceiveLooseScreen

        self._navigator.open(ReceiveLooseScreen)

    def receive_transfer(self, transfer: OnTheWay) -> None:
        from pos_app.ui.goods.receive_transfer import ReceiveTransferScreen

        self._navigator.open(ReceiveTransferScreen).begin(transfer)

    def move_returnables(self, party_id: int | None, name: str) -> None:
        from pos_app.ui.goods.returnables import ReturnablesScreen

        self._navigator.open(ReturnablesScreen).begin(party_id, name)

    def owned_cylinders(self) -> None:
        from pos_app.ui.goods.owned import OwnedScreen

        self._navigator.open(OwnedScreen)

    def half_return(self) -> None:
        from pos_app.ui.goods.half_return import HalfReturnScreen

        self._navigator.open(HalfReturnScreen)

    def laundry_order(self, order_id: int) -> None:
        from pos_app.ui.laundry.screen import LaundryScreen

        self._navigator.open(LaundryScreen).show_order(order_id)

    def take_in_laundry(self, taken_in: Callable[[int], object]) -> None:
        from pos_app.ui.laundry.intake import IntakeScreen

        self._navigator.open(IntakeScreen).begin(taken_in)
