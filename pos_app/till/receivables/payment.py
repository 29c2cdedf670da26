"""Receiving a payment from a customer against what they owe: on invoices, the rest on their account."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger import making_settlement
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.permission import Permission
from pos_app.store.master.people import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice, shared_out
from pos_app.till.selling import tendering
from pos_app.till.selling.basket import TenderEntry
from pos_app.till.selling.takings import Takings
from pos_app.till.selling.tendering import Due
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import Rate
from pos_app.till.session.recorded import Recorded


class PaymentDesk:
    """Takes one payment; opened for a customer and an amount, completed once."""

    def __init__(
        self,
        context: Context,
        party: Party,
        amount: int,
        invoices: Sequence[InvoiceChoice] | None = None,
        currency: str = "",
    ) -> None:
        """`amount` is what the customer means to pay, in minor units of `currency` (empty: ours).

        It pays the chosen `invoices`, or (None) all open ones, due first first; what is left over stays to
        the customer's credit.  Raises `Refused`.
        """
        if amount <= 0:
            raise Refused("payment-not-positive")
        context.need(Permission.RECEIVE_PAYMENT)
        self._context = context
        self.party = party
        self.amount = amount
        self.invoices = invoices
        self._takings = Takings(context, amount, currency)
        self._request = new_request()

    @property
    def tenders(self) -> list[TenderEntry]:
        """What was tendered so far."""
        return self._takings.tenders

    def due(self) -> Due:
        """What is still to be tendered and what goes back."""
        return self._takings.due()

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        """Take a tender, in minor units of `currency` (empty: the payment's).  Raises `Refused`."""
        return self._takings.add(kind, amount, reference, currency)

    @property
    def rate(self) -> Rate:
        """The currency of the payment, and what it is worth today."""
        return self._takings.rate

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        """What so much of a currency would settle, in minor units of the payment's.  Raises `Refused`."""
        return self._takings.worth(kind, amount, currency)

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        return self._takings.remove(index)

    def complete(self) -> Recorded:
        """Record the payment; pressing twice gives the same one.  Raises `Refused`."""
        context, takings = self._context, self._takings
        tenders, change = takings.lines()
        rate = takings.rate

        def build(connection: Connection) -> Document:
            tendering.need_change(context, connection, self.tenders, self.due().change)
            allocations = shared_out(
                context,
                connection,
                self.party.party_id,
                self.amount,
                chosen=self.invoices,
                currency=rate.currency.code,
            )
            return making_settlement.payment(
                context.head_fields(
                    self._request, currency=rate.currency.code, rate_micro=rate.minor, in_shift=True
                ),
                context.accounts,
                party_id=self.party.party_id,
                tenders=tenders,
                change=change,
                allocations=allocations,
            )

        return recording.record(context, self._request, build, kick=takings.has_cash)
