"""Owns what money is taken for: a basket or a customer's payment, in the shape the tender screen needs."""

from collections.abc import Sequence

from pos_app.language import _, plural
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.request import new_request
from pos_app.ledger.treasury import PAID_OUT, PartyReason
from pos_app.till.receivables.customer import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice
from pos_app.till.selling.tendering import Due, Given
from pos_app.ui.session import Session
from pos_app.ui.tender_job import TenderJob


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
        cash_step=session.till.place.cash_step,
    )


def payment_job(
    session: Session,
    party: Party,
    amount: int,
    *,
    invoices: Sequence[InvoiceChoice] | None = None,
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
        self.takings = session.till.takings(amount, currency)

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
        raise Refused("amount-not-positive")
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
