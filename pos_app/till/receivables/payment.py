"""Receiving a payment from a customer against what they owe: on invoices, the rest on their account."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.permission import Permission
from pos_app.store.master.people import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice, shared_out
from pos_app.till.selling import tendering
from pos_app.till.selling.takings import AmountTakings
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval


class PaymentDesk(AmountTakings):
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
        super().__init__(context, amount, currency)
        self.party = party
        self.invoices = invoices
        self._request = new_request()

    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record the payment, which nobody has to approve.  Raises `Refused`."""
        context, rate = self._context, self.rate
        tenders, change = self.lines()

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

        return recording.record(context, self._request, build, paper=paper, kick=self.has_cash)
