"""Owns what money is taken for: a basket or a customer's payment, in the shape the tender screen needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.request import new_request
from pos_app.ledger.treasury import PAID_OUT, PartyReason
from pos_app.till.receivables.customer import Party
from pos_app.till.receivables.open_invoices import Chosen
from pos_app.till.selling.basket import TenderEntry
from pos_app.till.selling.checkout import Done
from pos_app.till.selling.takings import Takings
from pos_app.till.selling.tendering import Due, Given
from pos_app.till.session.exchange import Rate
from pos_app.till.session.sign_in import Approval
from pos_app.ui.language import _, plural
from pos_app.ui.session import Session


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
    finish: Callable[[Approval | None, bool], Done]
    finished: Callable[[], object]
    rate: Rate | None = None
    cash_step: int = 1


def basket_job(session: Session) -> TenderJob:
    """Taking the money for the basket at hand."""
    basket = session.basket
    checkout = session.till.checkout(basket)
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
        finished=session.renew_basket,
        cash_step=session.till.context.place.cash_step,
    )


def payment_job(
    session: Session,
    party: Party,
    amount: int,
    *,
    invoices: Sequence[Chosen] | None = None,
    currency: str = "",
) -> TenderJob:
    """Taking a payment of a customer, in minor units of `currency` (empty: ours).

    It pays the chosen invoices, or (None) what is due first.  Raises `Refused` for no amount.
    """
    counter = session.till.receive_payment(party, amount, invoices, currency)
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
        rate=None if counter.rate.is_home else counter.rate,
    )


class _MoneyCounter:
    """The tenders of money with a party that is none of trade, kept until they are recorded at once."""

    def __init__(self, session: Session, amount: int, currency: str) -> None:
        self.takings = Takings(session.till.context, amount, currency)

    def due(self) -> Due:
        return self.takings.due()

    def add_tender(self, kind: TenderKind, amount: int, reference: str = "", currency: str = "") -> Due:
        return self.takings.add(kind, amount, reference, currency)

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        return self.takings.worth(kind, amount, currency)

    def remove_tender(self, index: int) -> Due:
        return self.takings.remove(index)

    def given(self) -> list[Given]:
        """The tenders as they were keyed."""
        return [
            Given(one.kind, one.paid or one.amount, one.reference, one.paid_currency)
            for one in self.takings.tenders
        ]


def party_money_job(
    session: Session,
    party: Party,
    reason: PartyReason,
    amount: int,
    *,
    what: str,
    currency: str = "",
) -> TenderJob:
    """Taking or handing out a deposit, an advance or the like; `what` says which.

    The request is one for the whole of it, so that pressed twice it is one document.  Raises `Refused`.
    """
    if amount <= 0:
        raise Refused("Enter an amount of more than zero.")
    counter, request = _MoneyCounter(session, amount, currency), new_request()
    rate = counter.takings.rate
    return TenderJob(
        counter=counter,
        who=party.name,
        known=True,
        what=what,
        hand_back=reason in PAID_OUT,
        payment=True,
        tenders=lambda: counter.takings.tenders,
        cash_due=lambda: counter.due().still_due,
        finish=lambda approval, paper: session.till.party_money.record(
            reason,
            party.party_id,
            amount,
            counter.given(),
            currency=currency,
            approval=approval,
            request_id=request,
        ),
        finished=lambda: None,
        rate=None if rate.is_home else rate,
    )
