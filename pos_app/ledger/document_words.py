"""What a document was about, in a line: its goods, how it was paid, or the reason that it gives."""

from typing import Protocol

from pos_app.language import word
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.chit import text_of
from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import Invoice
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.ledger.settlement import Payment
from pos_app.ledger.trade import Trade
from pos_app.ledger.treasury import DepositReturn, Expense, MoneyTransfer, PartyMoney

#: Lines that are named; of the others only how many there are.
_NAMED = 3


class _WithReason(Protocol):
    @property
    def reason(self) -> str: ...


def goods(document: Trade | Invoice) -> str:
    """The first lines, and how many more there are."""
    shown = [
        line.description if line.quantity == ONE else f"{line.description} × {quantity_text(line.quantity)}"
        for line in document.lines[:_NAMED]
    ]
    more = len(document.lines) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more > 0 else "")


def tenders(document: Payment) -> str:
    """How it was paid."""
    return ", ".join(
        f"{word(tender.kind.value, 'role')} {tender.reference}".strip() for tender in document.tenders
    )


def reason(document: _WithReason) -> str:
    """The reason as it was typed."""
    return document.reason


def note(document: Head) -> str:
    """The note as it was typed."""
    return document.note


def party_reason(document: PartyMoney) -> str:
    """Which reason it is: "customer deposit"."""
    return word(document.reason.value.replace("_", " "), "reason")


def deposit_slip(document: DepositReturn) -> str:
    """The number of the slip."""
    return text_of(document.chit.role, document.chit.number)


def spent(document: Expense) -> str:
    """The first things that it was spent on."""
    return ", ".join(line.description for line in document.lines[:_NAMED])


def moved(document: MoneyTransfer) -> str:
    """The bank slip or code, and the note."""
    return " ".join(part for part in (document.reference, document.note) if part)


def bagged(document: BankBag) -> str:
    """The number of the bag, and the note."""
    return " ".join(part for part in (document.bag, document.note) if part)


def bag_arrived(document: BagBanked) -> str:
    """The number of the bag, and what proves that it arrived."""
    return " ".join(part for part in (document.bag, document.reference) if part)
