"""The till: all use cases of one terminal, as the window and the importer drive them."""

from collections.abc import Sequence

from pos_app.ledger.clock import Clock
from pos_app.ledger.currency import Currency
from pos_app.store.engine.engine import Database
from pos_app.store.master.people import Party
from pos_app.till.drawer.drawer import Drawer
from pos_app.till.drawer.expense import Expenses
from pos_app.till.drawer.money_transfer import MoneyTransfers
from pos_app.till.laundry.service_orders import ServiceOrders
from pos_app.till.purchasing.ordering import Orders
from pos_app.till.purchasing.receiving import Receiving
from pos_app.till.receivables.credit_note import CreditNotes
from pos_app.till.receivables.customer import Customers
from pos_app.till.receivables.invoicing import Invoicing
from pos_app.till.receivables.open_invoices import Chosen, OpenInvoices
from pos_app.till.receivables.party_money import PartyMoneys
from pos_app.till.receivables.payment import PaymentDesk
from pos_app.till.receivables.settlement import Settling
from pos_app.till.selling.basket import Basket, Baskets
from pos_app.till.selling.catalogue import Catalogue
from pos_app.till.selling.checkout import Checkout
from pos_app.till.selling.receipts import Receipts
from pos_app.till.selling.refund import Refunds
from pos_app.till.selling.void import Voids
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate, accepted
from pos_app.till.session.parties import Parties
from pos_app.till.session.sign_in import SignIn
from pos_app.till.session.status import Status, status
from pos_app.till.stock.half_returns import HalfReturns
from pos_app.till.stock.returnables import Returnables
from pos_app.till.stock.stock import Stock
from pos_app.till.stock.stock_adjustment import StockAdjustments
from pos_app.till.stock.stock_count import StockCounts
from pos_app.till.stock.transfers import Transfers


class Till:
    """One terminal at work.

    Every method raises `Refused` for a rule, `Unavailable` for a disk or a busy database; each
    carries a sentence for the person, and nothing was recorded.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        """Raises `Refused` when the terminal is not enrolled or has no data from the centre yet."""
        self.context = Context(database, clock)
        self.sign_in = SignIn(self.context)
        self.catalogue = Catalogue(self.context)
        self.baskets = Baskets(self.context)
        self.customers = Customers(self.context)
        self.drawer = Drawer(self.context)
        self.refunds = Refunds(self.context)
        self.voids = Voids(self.context)
        self.receipts = Receipts(self.context)
        # What a depot's till does beside selling.
        context = self.context
        self.parties = Parties(context)
        self.invoicing = Invoicing(context)
        self.credit_notes = CreditNotes(context)
        self.open_invoices = OpenInvoices(context)
        self.settling = Settling(context)
        self.party_money = PartyMoneys(context)
        self.expenses = Expenses(context)
        self.money_transfers = MoneyTransfers(context)
        self.orders = Orders(context)
        self.receiving = Receiving(context)
        self.transfers = Transfers(context)
        self.stock = Stock(context)
        self.stock_counts = StockCounts(context)
        self.stock_adjustments = StockAdjustments(context)
        self.returnables = Returnables(context)
        self.half_returns = HalfReturns(context)
        self.service_orders = ServiceOrders(context)

    @property
    def currency(self) -> Currency:
        """The organisation's currency."""
        return self.context.place.currency

    def checkout(self, basket: Basket) -> Checkout:
        """Begin to take the money for a basket."""
        return Checkout(self.context, basket)

    def receive_payment(
        self, party: Party, amount: int, invoices: Sequence[Chosen] | None = None, currency: str = ""
    ) -> PaymentDesk:
        """Begin to take a payment of a customer, in minor units of `currency` (empty: ours).

        It pays the chosen `invoices`, or (None) the open ones, due first first.
        """
        return PaymentDesk(self.context, party, amount, invoices, currency)

    def rates(self) -> list[Rate]:
        """The currencies beside ours that are taken today."""
        return accepted(self.context)

    def status(self) -> Status:
        """What the strip shows."""
        return status(self.context)
