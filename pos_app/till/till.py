"""The till: all use cases of one terminal, as the window and the importer drive them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pos_app.devices.card_terminal import card_terminal as card_terminal_at
from pos_app.ledger.clock import Clock
from pos_app.ledger.currency import Currency
from pos_app.ledger.document import Head
from pos_app.ledger.errors import Refused
from pos_app.ledger.treasury import PartyReason
from pos_app.store.documents.documents import DocumentSummary
from pos_app.store.engine import signing
from pos_app.store.engine.engine import Database
from pos_app.store.master.people import Party, Person
from pos_app.store.master.place import Place
from pos_app.till.drawer.bank_bags import BankBags
from pos_app.till.drawer.drawer import Drawer
from pos_app.till.drawer.expense import Expenses
from pos_app.till.drawer.money_transfer import MoneyTransfers
from pos_app.till.laundry.intake import Intake
from pos_app.till.laundry.service_orders import ServiceOrders
from pos_app.till.purchasing.collecting import Collecting
from pos_app.till.purchasing.ordering import Orders
from pos_app.till.purchasing.receiving import Receiving
from pos_app.till.receivables.credit_note import CreditNotes
from pos_app.till.receivables.customer import Customers
from pos_app.till.receivables.invoicing import Invoicing
from pos_app.till.receivables.open_invoices import InvoiceChoice, OpenInvoices
from pos_app.till.receivables.party_money import Behind, PartyMoneys, PartyTaking
from pos_app.till.receivables.payment import PaymentDesk
from pos_app.till.receivables.settlement import Settling
from pos_app.till.selling.asking import Requests
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.baskets import Baskets
from pos_app.till.selling.beside_goods import BesideGoods
from pos_app.till.selling.came_in import CameIn
from pos_app.till.selling.card_desk import CardDesk
from pos_app.till.selling.catalogue import Catalogue
from pos_app.till.selling.checkout import Checkout
from pos_app.till.selling.chits import Chits
from pos_app.till.selling.meters import Meters
from pos_app.till.selling.paynow import PayNow
from pos_app.till.selling.phone_asks import PhoneAsks
from pos_app.till.selling.points import PointsDesk
from pos_app.till.selling.receipts import Receipts
from pos_app.till.selling.refund import Refunds
from pos_app.till.selling.usual_goods import UsualGoods
from pos_app.till.selling.void import Voids
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate, accepted
from pos_app.till.session.parties import Parties
from pos_app.till.session.recording import Builder
from pos_app.till.session.sign_in import Action, Approval, SignIn
from pos_app.till.session.status import Status, status
from pos_app.till.stock.cylinders import Cylinders
from pos_app.till.stock.half_returns import HalfReturns
from pos_app.till.stock.returnables import Returnables
from pos_app.till.stock.stock import Stock
from pos_app.till.stock.stock_adjustment import StockAdjustments
from pos_app.till.stock.stock_count import StockCounts
from pos_app.till.stock.transfers import Transfers

if TYPE_CHECKING:
    from pos_app.devices.escpos_layout import Mode
    from pos_app.devices.paper import Paper, WidthChars
    from pos_app.devices.printer import ReceiptPrinter
    from pos_app.store.journal.print_jobs import PrintJob
    from pos_app.store.upkeep.till_health import Check
    from pos_app.till.history.history_import import HistoryImport
    from pos_app.till.paper.labels import Labels
    from pos_app.till.paper.reports import Reports
    from pos_app.till.paper.spool import Renderer, Spool


#: So long a report that is still being made keeps a till from being closed.
_READING_S: Final = 10.0


class Till:
    """One terminal at work.

    Every method raises `Refused` for a rule, `Unavailable` for a disk or a busy database; each
    carries a sentence for the person, and nothing was recorded.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        scale_labels: str = "",
        card_terminal: str = "",
    ) -> None:
        """`scale_labels` and `card_terminal` are the settings of these names.

        Raises `Refused` when the terminal is not enrolled or has no data from the centre yet, and for a
        setting that cannot be read.
        """
        self._context = Context(database, clock)
        self.sign_in = SignIn(self._context)
        self.catalogue = Catalogue(self._context, scale_labels)
        self.baskets = Baskets(self._context)
        self.customers = Customers(self._context)
        self.beside_goods = BesideGoods(self._context)
        self.points = PointsDesk(self._context)
        self.usual_goods = UsualGoods(self._context)
        self.came_in = CameIn(self._context)
        self.paynow = PayNow(self._context)
        self.phone_asks = PhoneAsks(self._context, self.came_in)
        self.cards = CardDesk(self._context, card_terminal_at(card_terminal))
        self.drawer = Drawer(self._context)
        self.refunds = Refunds(self._context)
        self.voids = Voids(self._context)
        self.receipts = Receipts(self._context)
        # What a depot's till does beside selling.
        context = self._context
        self.parties = Parties(context)
        self.invoicing = Invoicing(context)
        self.credit_notes = CreditNotes(context)
        self.open_invoices = OpenInvoices(context)
        self.settling = Settling(context)
        self.party_money = PartyMoneys(context)
        self.expenses = Expenses(context)
        self.money_transfers = MoneyTransfers(context)
        self.bank_bags = BankBags(context)
        self.orders = Orders(context)
        self.receiving = Receiving(context)
        self.transfers = Transfers(context)
        self.stock = Stock(context)
        self.stock_counts = StockCounts(context)
        self.stock_adjustments = StockAdjustments(context)
        self.returnables = Returnables(context)
        self.cylinders = Cylinders(context)
        self.collecting = Collecting(context)
        self.chits = Chits(context)
        self.meters = Meters(context)
        self.requests = Requests(context)
        self.half_returns = HalfReturns(context)
        self.service_orders = ServiceOrders(context)

    @property
    def currency(self) -> Currency:
        """The organisation's currency."""
        return self._context.place.currency

    @property
    def database(self) -> Database:
        """This terminal's database, for who opened it: a daemon beside it, a check of the books."""
        return self._context.database

    @property
    def place(self) -> Place:
        """The depot, its business and its rules of money, as the feed brought them last."""
        return self._context.place

    @property
    def is_training(self) -> bool:
        """Whether people learn here and nothing counts."""
        return self._context.is_training

    @property
    def terminal_no(self) -> int:
        """This terminal's number in the organisation."""
        return self._context.terminal.terminal_no

    @property
    def depot_id(self) -> int:
        """The depot in which this terminal stands."""
        return self._context.terminal.depot_id

    @property
    def location_id(self) -> int:
        """Where this depot's stock lies."""
        return self._context.location_id

    @property
    def person(self) -> Person | None:
        """Who is signed in, with what they may do here now."""
        return self._context.person

    @property
    def shift(self) -> DocumentSummary | None:
        """The drawer-open document of the shift that runs."""
        return self._context.shift

    @property
    def today(self) -> int:
        """The local day, YYYYMMDD."""
        return self._context.today

    def now(self) -> datetime:
        """The moment by this terminal's clock, in UTC."""
        return self._context.clock.now()

    def allow_date(self, approval: Approval) -> None:
        """A manager agreed to the date of what is recorded next (see `ledger.dating`).

        Raises `Refused` for an agreement to anything else.
        """
        if approval.action is not Action.BACKDATE:
            raise Refused("may-not-approve", name=approval.person.name)
        self._context.dates.allow(approval.person)
        self._context.proving.keep_for_next(approval.secret)

    def refresh(self) -> bool:
        """Read the place again if the feed brought news; says whether it did."""
        return self._context.refresh()

    def own(self, document_id: int) -> bool:
        """Whether the document was made at this terminal."""
        return self._context.own(document_id)

    def printed(self, entry: DocumentSummary | Head) -> str:
        """The printed number of a document of this depot."""
        return self._context.printed(entry)

    def put_off_looks(self, later: Callable[[Callable[[], None]], object]) -> None:
        """Have what is looked at after a recording looked at by `later`, once nobody waits (see
        `checked_journal`): a window does, when the sale is on the screen.
        """
        self._context.journal.put_off = later

    def warm(self) -> None:
        """Load what the first sale signs with, beside what else is done; the window asks once it answers."""
        signer = signing.of(self.database.engine)
        if signer is not None:
            signer.warm()

    def close(self) -> None:
        """Let go of the database; nothing can be done here any more."""
        # Who reads beside the window ends first.
        has_ended = self._context.reading.acquire(timeout=_READING_S)
        self._context.database.close()
        if has_ended:
            self._context.reading.release()

    def checkout(self, basket: Basket) -> Checkout:
        """Begin to take the money for a basket, at the rates of today (see `Basket.take_news`)."""
        basket.rate_again()
        return Checkout(self._context, basket)

    def receive_payment(
        self, party: Party, amount: int, invoices: Sequence[InvoiceChoice] | None = None, currency: str = ""
    ) -> PaymentDesk:
        """Begin to take a payment of a customer, in minor units of `currency` (empty: ours).

        It pays the chosen `invoices`, or (None) the open ones, due first first.
        """
        return PaymentDesk(self._context, party, amount, invoices, currency)

    def take_party_money(
        self, reason: PartyReason, party: Party, amount: int, currency: str = ""
    ) -> PartyTaking:
        """Begin to take an amount of a party, or to hand it out; `currency` empty is ours."""
        return PartyTaking(self._context, reason, party.party_id, amount, currency)

    def take_ahead(self, intake: Intake, recorded: Callable[[], object] = lambda: None) -> PartyTaking:
        """Begin to take what the depot wants ahead of an order, and with it the order; then call `recorded`.

        Raises `Refused`.
        """
        orders = self.service_orders

        def making(request: str, approval: Approval | None, paid: int) -> Builder:
            return orders.building(intake, request, approval, paid)

        return PartyTaking(
            self._context,
            PartyReason.CUSTOMER_DEPOSIT,
            intake.party_id or 0,
            orders.short_of(intake),
            behind=Behind(making, orders.hang_on, recorded),
        )

    def rates(self) -> list[Rate]:
        """The currencies beside ours that are taken today."""
        return accepted(self._context)

    def status(self) -> Status:
        """What the strip shows."""
        return status(self._context)

    # -- what the window does not wait for: loaded when it is first needed -----------------------

    def spool(self, printer: "ReceiptPrinter", render: "Renderer") -> "Spool":
        """What works off the print jobs of this terminal; not started yet."""
        from pos_app.till.paper.spool import Spool

        return Spool(self._context, printer, render)

    def paper_of(self, job: "PrintJob", width: "WidthChars" = 42) -> "Paper":
        """What a print job puts on paper, so many letters wide.  Raises `Damaged` for what cannot be read."""
        from pos_app.till.paper.paperwork import paper_of

        return paper_of(self._context, job, width)

    def labels(self) -> "Labels":
        """What prints labels on the roll of this till."""
        from pos_app.till.paper.labels import Labels

        return Labels(self._context)

    def label_bytes(self, job: "PrintJob", width: "WidthChars", mode: "Mode") -> bytes:
        """A label as the printer takes it, read back.  Raises `Refused` for one that is not read."""
        from pos_app.reports.slips.label_slip import label_job
        from pos_app.till.paper.labels import label_of

        return label_job(label_of(job.content), width, mode)

    def reports(self) -> "Reports":
        """What this till's own books say, a report at a time."""
        from pos_app.till.paper.reports import Reports

        return Reports(self._context)

    def health(self) -> "list[Check]":
        """How this till is, line by line, and what to do where something is not well."""
        from pos_app.till.session.health import health

        return health(self._context)

    def history_import(self) -> "HistoryImport":
        """What brings the sales of another system in."""
        from pos_app.till.history.history_import import HistoryImport

        return HistoryImport(self._context)
