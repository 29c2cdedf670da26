"""Owns what money is taken for, in words: a basket, a customer's payment, money with a party."""

from collections.abc import Callable, Sequence

from pos_app.language import _, plural
from pos_app.ledger.treasury import PartyReason
from pos_app.till.laundry.intake import Intake
from pos_app.till.receivables.customer import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice
from pos_app.ui.session import Session
from pos_app.ui.tender_job import TenderJob


def basket_job(session: Session) -> TenderJob:
    """Taking the money for the basket at hand."""
    basket = session.basket
    party = basket.customer()
    return TenderJob(
        session.till.checkout(basket),
        who=party.name if party else _("Cash customer"),
        known=party is not None,
        what=plural(len(basket.lines), "{count} line", "{count} lines"),
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
    takings = session.till.receive_payment(party, amount, invoices, currency)
    return TenderJob(takings, who=party.name, known=True, what=_("Payment on the account"))


def deposit_job(session: Session, typed: str, amount: int) -> TenderJob:
    """Paying back so much of the deposit whose slip has this number.  Raises `Refused`."""
    takings = session.till.chits.pay_back(typed, amount)
    return TenderJob(takings, who=_("Cash customer"), known=False, what=_("Deposit paid back"))


def party_money_job(
    session: Session, party: Party, reason: PartyReason, amount: int, *, what: str, currency: str = ""
) -> TenderJob:
    """Taking or handing out a deposit, an advance or the like; `what` says which.  Raises `Refused`."""
    takings = session.till.take_party_money(reason, party, amount, currency)
    return TenderJob(takings, who=party.name, known=True, what=what)


def intake_job(session: Session, party: Party, intake: Intake, recorded: Callable[[], object]) -> TenderJob:
    """Taking what the depot wants ahead of a laundry order, then calling `recorded`.  Raises `Refused`."""
    takings = session.till.take_ahead(intake, recorded)
    return TenderJob(takings, who=party.name, known=True, what=_("Paid when taken in"))
