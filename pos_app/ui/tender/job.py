"""Owns what money is taken for: a basket or a customer's payment, in the shape the tender screen needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pos_app.ledger.line import TenderKind
from pos_app.till.basket import TenderEntry
from pos_app.till.checkout import Done
from pos_app.till.customer import Party
from pos_app.till.sign_in import Approval
from pos_app.till.tendering import Due
from pos_app.ui.desk import Desk
from pos_app.ui.language import _, plural


class Counter(Protocol):
    """Where tenders are taken: a checkout or a payment desk of the till."""

    def due(self) -> Due:
        """What is due, taken and going back."""
        ...

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "") -> Due:
        """Take a tender."""
        ...

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        ...


@dataclass(frozen=True)
class TenderJob:
    """One taking of money.  `hand_back` turns its direction: the shop pays."""

    counter: Counter
    who: str
    known: bool
    what: str
    hand_back: bool
    payment: bool
    tenders: Callable[[], Sequence[TenderEntry]]
    cash_due: Callable[[], int]
    finish: Callable[[Approval | None, bool], Done]
    finished: Callable[[], object]
    back: Callable[[], object]


def basket_job(desk: Desk) -> TenderJob:
    """Taking the money for the basket at hand."""
    basket = desk.basket
    checkout = desk.till.checkout(basket)
    party = basket.customer()
    return TenderJob(
        counter=checkout,
        who=party.name if party else _("Cash customer"),
        known=party is not None,
        what=plural(len(basket.lines), "{count} line", "{count} lines"),
        hand_back=checkout.is_refund(),
        payment=False,
        tenders=lambda: basket.tenders,
        cash_due=checkout.cash_due,
        finish=lambda approval, paper: checkout.complete(approval, paper=paper),
        finished=desk.renew_basket,
        back=desk.home,
    )


def payment_job(desk: Desk, party: Party, amount: int, back: Callable[[], object]) -> TenderJob:
    """Taking a payment of a customer.  Raises `Refused` for no amount."""
    counter = desk.till.receive_payment(party, amount)
    return TenderJob(
        counter=counter,
        who=party.name,
        known=True,
        what=_("Payment on the account"),
        hand_back=False,
        payment=True,
        tenders=lambda: counter.tenders,
        cash_due=lambda: counter.due().still_due,
        finish=lambda approval, paper: counter.complete(),
        finished=lambda: None,
        back=back,
    )
