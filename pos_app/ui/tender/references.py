"""Owns the words for what proves a tender: the hint in its field, and what is said where it is missing."""

from pos_app.language import _
from pos_app.ledger.line import TenderKind


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
