"""Money taken for an amount, tender by tender, and what goes back of it: at every desk that takes money."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.till.selling import tendering
from pos_app.till.selling.basket import TenderEntry
from pos_app.till.selling.tendering import Due, Given
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import rate_of


class Takings:
    """The tenders of one amount, in minor units of `currency` (empty: ours)."""

    def __init__(self, context: Context, amount: int, currency: str = "") -> None:
        """Raises `Refused` for a currency without a rate."""
        self._context = context
        self.amount = amount
        with context.database.read() as connection:
            self.rate = rate_of(context, connection, currency)
        self.tenders: list[TenderEntry] = []

    def due(self) -> Due:
        """What is still to be tendered and what goes back."""
        return tendering.due(self.amount, self.tenders, 1)

    def add(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        """Take a tender, in minor units of `currency` (empty: the amount's).  Raises `Refused`."""
        if kind is TenderKind.ACCOUNT:
            raise Refused("payment-on-account")
        context = self._context
        document = None if self.rate.is_home else self.rate
        given = Given(kind, amount, reference, currency)
        entry = tendering.entry_of(context, given, self.due().still_due, document=document)
        tenders = tendering.add_tender(context, self.amount, self.tenders, entry, document=document)
        with context.database.read() as connection:
            tendering.need_unused(context, connection, tenders[-1:])
        self.tenders = tenders
        return self.due()

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        """What so much of a currency would settle, in minor units of the amount's.  Raises `Refused`."""
        document = None if self.rate.is_home else self.rate
        given = Given(kind, amount, "", currency)
        return tendering.entry_of(self._context, given, self.due().still_due, document=document).amount

    def remove(self, index: int) -> Due:
        """Give a tender back."""
        if not 0 <= index < len(self.tenders):
            raise Refused("no-tender-chosen")
        self.tenders = self.tenders[:index] + self.tenders[index + 1 :]
        return self.due()

    def lines(self) -> tuple[tuple[Tender, ...], Change | None]:
        """Tenders and change as the document keeps them.  Raises `Refused` when not all is given."""
        due = self.due()
        if due.still_due:
            raise Refused("still-due", due=grouped_text(due.still_due, self.rate.currency))
        return tendering.as_lines(self._context, self.tenders, due.change, in_drawer=True)

    @property
    def has_cash(self) -> bool:
        """Whether the drawer opens for them."""
        return any(entry.kind is TenderKind.CASH for entry in self.tenders)
