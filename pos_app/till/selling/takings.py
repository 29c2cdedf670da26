"""Money taken tender by tender, and what goes back of it: one shape for a basket, a payment and a deposit.

Decisions
---------
2026-11-29  The tender screen takes a `Takings`, whatever the money is for: a sale, a payment and money with a
party differ in what they settle and in what they become, not in how tenders are laid down.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.till.selling import tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.tendering import Due
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate, rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval


class Takings(ABC):
    """One taking of money: what is due, the tenders, and the one press that records it.

    `rate` is the currency of what is settled.  `of_basket` is whether goods are paid: then it may go on the
    customer's account, or be invoiced instead.  `cash_step` is the smallest coin to which what is paid in
    cash is rounded, in minor units.
    """

    of_basket = False
    cash_step = 1

    def __init__(self, context: Context, rate: Rate) -> None:
        self._context = context
        self.rate = rate

    @property
    @abstractmethod
    def total(self) -> int:
        """What is settled, in minor units and never below 0; `hands_back` says in which direction."""

    @property
    def hands_back(self) -> bool:
        """Whether it is us who pay."""
        return False

    @property
    @abstractmethod
    def tenders(self) -> Sequence[TenderEntry]:
        """What was tendered so far."""

    @abstractmethod
    def _keep(self, tenders: list[TenderEntry]) -> None:
        """These are the tenders now.  Raises `Unavailable` where they cannot be saved."""

    @abstractmethod
    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        """Raise `Refused` where these cannot be the tenders, the last of them new."""

    @abstractmethod
    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record it; pressing twice gives the same document.  Raises `Refused`, `NeedsApproval`."""

    def due(self) -> Due:
        """What is due, taken and going back, in minor units."""
        return tendering.due(self.total, self.tenders, self.cash_step)

    def cash_due(self) -> int:
        """What is still due if the rest is paid in cash, in minor units."""
        return tendering.cash_due(self.total, self.tenders, self.cash_step)

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        """Take a tender, in minor units of `currency` (empty: that of what is settled) at today's rate.

        Raises `Refused` with what to do.
        """
        if kind is TenderKind.ACCOUNT and not self.of_basket:
            raise Refused("payment-on-account")
        entry = self._entry(TenderInput(kind, amount, reference, currency))
        tenders = tendering.add_tender(
            self._context, self.total, self.tenders, entry, document=self._document_rate()
        )
        self._check(tenders)
        self._keep(tenders)
        return self.due()

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        """What so much of a currency would settle, in minor units of what is settled.  Raises `Refused`."""
        return self._entry(TenderInput(kind, amount, "", currency)).amount

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        if not 0 <= index < len(self.tenders):
            raise Refused("no-tender-chosen")
        self._keep([*self.tenders[:index], *self.tenders[index + 1 :]])
        return self.due()

    def _entry(self, given: TenderInput) -> TenderEntry:
        return tendering.entry_of(self._context, given, self.due().still_due, document=self._document_rate())

    def _document_rate(self) -> Rate | None:
        return None if self.rate.is_home else self.rate


class AmountTakings(Takings):
    """The tenders of one amount without goods, in minor units of a currency; kept until they are recorded."""

    def __init__(self, context: Context, amount: int, currency: str = "") -> None:
        """`currency` empty is ours.  Raises `Refused` for a currency without a rate."""
        with context.database.read() as connection:
            super().__init__(context, rate_of(context, connection, currency))
        self.amount = amount
        self._tenders: list[TenderEntry] = []

    @property
    def total(self) -> int:
        return self.amount

    @property
    def tenders(self) -> Sequence[TenderEntry]:
        return self._tenders

    def _keep(self, tenders: list[TenderEntry]) -> None:
        self._tenders = tenders

    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        with self._context.database.read() as connection:
            tendering.need_unused(self._context, connection, tenders[-1:])

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
