"""Receiving a payment from a customer against what they owe."""

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import SERIES, Payment
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.store import documents, print_jobs
from pos_app.store.errors import AlreadyRecorded
from pos_app.store.people import Party
from pos_app.store.rows import Sealed
from pos_app.till import tendering
from pos_app.till.basket import TenderEntry
from pos_app.till.checkout import Done
from pos_app.till.context import Context, new_request
from pos_app.till.tendering import Due


class PaymentDesk:
    """Takes one payment; opened for a customer and an amount, completed once."""

    def __init__(self, context: Context, party: Party, amount: int) -> None:
        """`amount` is what the customer means to pay, in minor units."""
        if amount <= 0:
            raise Refused("A payment must be more than zero; enter what the customer gives.")
        context.need(Permission.RECEIVE_PAYMENT)
        self._context = context
        self.party = party
        self.amount = amount
        self.tenders: list[TenderEntry] = []
        self._request = new_request()

    def due(self) -> Due:
        """What is still to be tendered and what goes back."""
        return tendering.due(self.amount, self.tenders, 1)

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "") -> Due:
        """Take a tender.  Raises `Refused` with what to do."""
        if kind is TenderKind.ACCOUNT:
            raise Refused("A payment cannot be made on account; take cash, M-Pesa or bank.")
        entry = TenderEntry(kind=kind, amount=amount, reference=reference)
        tenders = tendering.add_tender(self._context, self.amount, self.tenders, entry)
        used = tenders[-1].reference
        with self._context.database.read() as connection:
            if used and documents.reference_used(connection, self._context.org_id, used) is not None:
                raise Refused(f"The code {used} was used before at this till; ask for another.")
        self.tenders = tenders
        return self.due()

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        if not 0 <= index < len(self.tenders):
            raise Refused("Choose a tender first.")
        self.tenders = self.tenders[:index] + self.tenders[index + 1 :]
        return self.due()

    def complete(self) -> Done:
        """Record the payment; pressing twice gives the same one.  Raises `Refused`."""
        context = self._context
        due = self.due()
        if due.still_due:
            raise Refused(f"{grouped_text(due.still_due, context.place.currency)} is still due.")
        tenders, change = tendering.as_lines(context, self.tenders, due.change, in_drawer=True)
        cash = any(entry.kind is TenderKind.CASH for entry in self.tenders)
        payment = Payment(
            **context.head(SERIES[Payment], request_id=self._request),
            shift=context.open_shift(),
            party_id=self.party.party_id,
            receivable_account=context.account(AccountRole.RECEIVABLE),
            total=self.amount,
            tenders=tenders,
            change=change,
        )

        def finish(connection: Connection, sealed: Sealed) -> None:
            print_jobs.add(
                connection,
                context.org_id,
                what="receipt",
                at=context.clock.now(),
                document_id=sealed.document.document_id,
                kick=cash,
            )

        try:
            sealed = context.journal.record(payment, finish)
        except AlreadyRecorded as already:
            with context.database.read() as connection:
                before = documents.get(connection, context.org_id, already.document_id)
            if before is None:
                raise
            return Done(already.document_id, context.printed(before), self.amount, due.change)
        return Done(sealed.document.document_id, context.printed(sealed.document), self.amount, due.change)
