"""Owns the shape of a taking of money, as the tender screen needs it: a basket, a payment, a deposit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pos_app.ledger.line import TenderKind
from pos_app.till.selling.basket import TenderEntry
from pos_app.till.selling.tendering import Due
from pos_app.till.session.exchange import Rate
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval


class Counter(Protocol):
    """Where tenders are taken: a checkout or a payment session of the till."""

    def due(self) -> Due:
        """What is due, taken and going back."""
        ...

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        """Take a tender, in minor units of `currency` (empty: that of what is paid)."""
        ...

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        """What so much of a currency would settle."""
        ...

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        ...


@dataclass(frozen=True)
class TenderJob:
    """One taking of money.  `hand_back` turns its direction: the shop pays.

    `rate` is the currency of what is paid where it is not ours, `cash_step` the smallest coin to which
    what is paid in cash is rounded.
    """

    counter: Counter
    who: str
    known: bool
    what: str
    hand_back: bool
    payment: bool
    tenders: Callable[[], Sequence[TenderEntry]]
    cash_due: Callable[[], int]
    finish: Callable[[Approval | None, bool], Recorded]
    finished: Callable[[], object]
    rate: Rate | None = None
    cash_step: int = 1
