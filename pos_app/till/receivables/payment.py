"""Receiving a payment from a customer against what they owe: on invoices, the rest on their account."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from pos_app.ledger.coins import Settles, in_coins, settled_by
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.permission import Permission
from pos_app.ledger.settlement import Allocation, allocate
from pos_app.store.master.people import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice, open_of, shared_out
from pos_app.till.selling import tendering
from pos_app.till.selling.takings import AmountTakings
from pos_app.till.session import recording
from pos_app.till.session.context import Context
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
        if self.rate.is_home:
            self.cash_step = context.place.cash_step
        self.party = party
        self.invoices = invoices

    def by_business(self) -> Mapping[int, int]:
        with self._context.database.read() as connection:
            paid = self._shared_out(connection)
        own = self._context.place.business.business_id
        shares = {own: self.amount - sum(one.amount for one in paid)}
        for one in paid:
            key = one.business_id or own
            shares[key] = shares.get(key, 0) + one.amount
        return shares

    def _shared_out(self, connection: Connection) -> tuple[Allocation, ...]:
        return shared_out(
            self._context,
            connection,
            self.party.party_id,
            self.amount,
            chosen=self.invoices,
            currency=self.rate.currency.code,
        )

    def _settled(self, connection: Connection) -> tuple[tuple[Allocation, ...], Settles]:
        """What the money settles: of what was meant, as much as its coins pay.  Raises `Refused`."""
        meant = self._shared_out(connection)
        opens = open_of(self._context, connection, self.party.party_id, self.rate.currency.code)
        if self.invoices is not None:
            named = {(one.invoice_id, one.due_on, one.business_id) for one in meant}
            opens = [one for one in opens if (one.invoice_id, one.due_on, one.business_id) in named]
        due = self.due()
        owed = sum(one.amount for one in opens)
        named_all = sum(one.amount for one in meant)
        keeps_parts = named_all < min(owed, self.amount)
        if keeps_parts:
            # The rest is for their credit: no coin ends an invoice of which they chose to pay a part.
            owed = 0
        settles = settled_by(
            due.taken - due.change,
            tendering.coins_of(self.tenders) - due.change,
            owed,
            self.cash_step,
            all_meant=self.amount == owed,
        )
        if settles.amount == self.amount:
            return meant, settles
        if self.invoices is None:
            return allocate(settles.amount, opens), settles
        most = min(settles.amount, named_all) if keeps_parts else settles.amount
        return in_coins(meant, opens, most), settles

    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record the payment, which nobody has to approve.  Raises `Refused`."""
        context = self._context
        tenders, change = self.lines()

        def build(connection: Connection) -> Document:
            self._use_rates_of(connection)
            rate = self.rate
            tendering.need_change(context, connection, self.tenders, self.due().change)
            allocations, settles = self._settled(connection)
            return making_settlement.payment(
                context.head_fields(
                    self._request, currency=rate.currency.code, rate_micro=rate.minor, in_shift=True
                ),
                context.accounts,
                party_id=self.party.party_id,
                tenders=tenders,
                change=change,
                allocations=allocations,
                rounding=settles.rounding,
                cash_step=self.cash_step,
            )

        return recording.record(context, self._request, build, paper=paper, kick=self.has_cash)
