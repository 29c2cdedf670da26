"""Owns what proves a tender: the hint in its field, what is said where it is missing, how much it pays."""

from pos_app.language import _
from pos_app.ledger.line import TenderKind
from pos_app.ui.session import Session
from pos_app.ui.tender_job import TenderJob

#: What the key of other ways goes through; points where the customer has any.
OTHERS = (TenderKind.BANK, TenderKind.CARD, TenderKind.VOUCHER, TenderKind.POINTS, TenderKind.CHEQUE)


def other_after(kind: TenderKind, *, points: bool) -> TenderKind:
    """Bank, then card, then voucher, then points, then a cheque."""
    ways = [way for way in OTHERS if points or way is not TenderKind.POINTS]
    return ways[(ways.index(kind) + 1) % len(ways)] if kind in ways else ways[0]


def hint_of(kind: TenderKind) -> str:
    """What is typed into the field beside the amount."""
    return {
        TenderKind.MPESA: _("M-Pesa code from the message"),
        TenderKind.VOUCHER: _("Number of the voucher or deposit slip"),
    }.get(kind) or _("Number of the slip")


def missing_words(kind: TenderKind) -> str:
    """What is said where a tender needs it; empty where it may be left out."""
    return {
        TenderKind.MPESA: _("Type the M-Pesa code from the message, then Enter."),
        TenderKind.VOUCHER: _("Scan the voucher or type its number, then Enter."),
    }.get(kind, "")


def proposed(job: TenderJob, kind: TenderKind, due: int) -> int:
    """What stands in the field for what is due: no more than the customer's points or deposit pay."""
    left = {TenderKind.POINTS: job.takings.points_left, TenderKind.DEPOSIT: job.takings.deposit_left}
    return min(due, left[kind]()) if kind in left else due


def at_most(amount: int, session: Session, job: TenderJob, kind: TenderKind, typed: str) -> int:
    """An amount that nobody typed: no more than is left on the voucher, of the points or the deposit, and of
    a code of M-Pesa what its payment was.  Raises `Refused` for a number that is no voucher's.
    """
    if kind is TenderKind.MPESA:
        came = session.till.came_in.find(job.takings, typed)
        return amount if came is None else came.amount
    if kind is TenderKind.VOUCHER:
        return job.takings.most_by(session.till.chits.find(typed), amount)
    return proposed(job, kind, amount)
