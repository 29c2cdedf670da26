"""Owns what stands open between a customer and us, currency by currency, and the words for how late it is."""

from dataclasses import dataclass

from pos_app.language import _, plural
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.settlement import Open
from pos_app.reports.ask.age import days_overdue
from pos_app.till.receivables.customer import Party
from pos_app.ui.kit.tokens import Tone
from pos_app.ui.session import Session


@dataclass(frozen=True)
class Purse:
    """One currency: the balance (positive is theirs to pay), the open invoices, and earlier money of theirs.

    `free` is their credit: paid on no invoice, or credited or paid beyond one; `deposit` lies with us until
    it is given back; minor units.
    """

    currency: Currency
    owes: int
    invoices: tuple[Open, ...]
    free: int
    deposit: int

    @property
    def earlier(self) -> int:
        """What can settle invoices without new money."""
        return self.free + self.deposit

    def money(self, minor: int) -> str:
        """An amount, its currency said elsewhere."""
        return grouped_text(minor, self.currency)

    def coded(self, minor: int) -> str:
        """An amount with its currency."""
        return f"{self.currency.code} {self.money(minor)}"


def purses(session: Session, party: Party) -> list[Purse]:
    """What stands between a customer and us, ours first; at least ours is there.  Raises `Unavailable`."""
    till, found = session.till, []
    for code in till.open_invoices.currencies(party.party_id):
        found.append(
            Purse(
                currency=find_currency(code),
                owes=till.party_money.balance(PartyRole.CUSTOMER, party.party_id, code),
                invoices=tuple(till.open_invoices.of(party.party_id, code)),
                free=till.open_invoices.credit(party.party_id, code),
                deposit=till.open_invoices.deposited(party.party_id, code),
            )
        )
    return found


def days_late(session: Session, due_on: int) -> int:
    """Days since an invoice was due, by the till's own day; 0 or less while it is not past."""
    return days_overdue(due_on, to_date(session.till.today))


def age_words(days: int) -> tuple[str, Tone]:
    """How late an invoice is, in words and colour; the classes are the accountants' (see `reports.age`)."""
    if days < 0:
        return _("not due yet"), "ok"
    if days == 0:
        return _("due today"), "warn"
    late = plural(days, "{count} day late", "{count} days late")
    if days <= 30:
        return late, "warn"
    over = 90 if days > 90 else 60 if days > 60 else 30
    return _("{late} · over {days}", late=late, days=over), "bad"


def invoice_name(item: Open) -> str:
    """The printed number, where it is known here."""
    return item.invoice_number or _("of another till")


def dated_words(session: Session, item: Open) -> str:
    """The day on which the invoice was written; nothing where this till does not have it."""
    if not item.invoice_number:
        return ""
    try:
        document = session.till.receipts.document(item.invoice_id)
    except Refused:
        return ""
    return session.local(document.occurred_at).strftime("%d.%m.%Y")
