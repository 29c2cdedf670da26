"""The till: all use cases of one terminal, as the window and the importer drive them."""

from pos_app.ledger.clock import Clock
from pos_app.ledger.currency import Currency
from pos_app.store.engine import Database
from pos_app.store.people import Party
from pos_app.till.basket import Basket, Baskets
from pos_app.till.catalogue import Catalogue
from pos_app.till.checkout import Checkout
from pos_app.till.context import Context
from pos_app.till.customer import Customers
from pos_app.till.drawer import Drawer
from pos_app.till.payment import PaymentDesk
from pos_app.till.receipts import Receipts
from pos_app.till.refund import Refunds
from pos_app.till.sign_in import SignIn
from pos_app.till.status import Status, status
from pos_app.till.void import Voids


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

    @property
    def currency(self) -> Currency:
        """The organisation's currency."""
        return self.context.place.currency

    def checkout(self, basket: Basket) -> Checkout:
        """Begin to take the money for a basket."""
        return Checkout(self.context, basket)

    def receive_payment(self, party: Party, amount: int) -> PaymentDesk:
        """Begin to take a payment of a customer, in minor units."""
        return PaymentDesk(self.context, party, amount)

    def status(self) -> Status:
        """What the strip shows."""
        return status(self.context)
