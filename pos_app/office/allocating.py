"""Which invoices or bills money goes to: those that are named, or what is due first first."""

from collections.abc import Sequence

from pos_app.language import said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.settlement import Allocation, InvoiceChoice, Open, allocate, allocations_of
from pos_app.office.books import Books
from pos_app.store.receivables import open_items


class Owed:
    """What is open of one party in one currency, for a document of `business_id`."""

    def __init__(self, books: Books, role: PartyRole, party_id: int, currency: str, business_id: int) -> None:
        self._books, self._role, self._party_id = books, role, party_id
        self._currency, self._business_id = currency, business_id
        found = open_items.to_pay(books.connection, books.org_id, role, party_id, currency)
        self.opens: list[Open] = [self._within(one) for one in found]
        self.total = sum(one.amount for one in self.opens)

    def oldest(self, total: int) -> tuple[Allocation, ...]:
        """A total shared out, what is due first first; what is more than open is not allocated."""
        return allocate(total, self.opens)

    def all(self) -> tuple[Allocation, ...]:
        """All that is open.  Raises `Refused` when nothing is."""
        if not self.opens:
            raise Refused("nothing-open-in", currency=self._currency)
        return self.oldest(self.total)

    def named(self, wanted: Sequence[InvoiceChoice]) -> tuple[Allocation, ...]:
        """What is named.  Raises `Refused` for what is not open, not theirs, or more than is open."""
        for one in wanted:
            if all(each.invoice_id != one.invoice_id for each in self.opens):
                raise Refused(self._why_not(one))
        return allocations_of(wanted, self.opens, find_currency(self._currency))

    def ended_by(self, wanted: Sequence[InvoiceChoice]) -> int:
        """All that is open of what is named, in minor units; 0 where a part of it was named."""
        named = self.named(wanted)
        opens = {(one.invoice_id, one.due_on, one.business_id): one.amount for one in self.opens}
        is_all = all(one.amount == opens[one.invoice_id, one.due_on, one.business_id] for one in named)
        return sum(one.amount for one in named) if is_all else 0

    def too_much(self, total: int) -> str:
        """Why a payment is larger than what is open, in a sentence; empty when it is not."""
        if total <= self.total:
            return ""
        return said("paid-more-than-all-open", open=self._text(self.total))

    def _why_not(self, wanted: InvoiceChoice) -> str:
        items = open_items.of_invoice(self._books.connection, self._books.org_id, wanted.invoice_id)
        if not items:
            return said("not-an-invoice-or-bill")
        number = items[0].open.invoice_number
        theirs = [one for one in items if (one.role, one.party_id) == (self._role, self._party_id)]
        if not theirs:
            return said("invoice-of-other-party", number=number)
        if all(one.currency != self._currency for one in theirs):
            return said("invoice-in-other-currency", number=number, currency=theirs[0].currency)
        return said("nothing-open-of-number", number=number)

    def _within(self, item: Open) -> Open:
        """As a document of this business names it: 0 is its own business."""
        return item._replace(business_id=0 if item.business_id == self._business_id else item.business_id)

    def _text(self, amount: int) -> str:
        return f"{grouped_text(amount, find_currency(self._currency))} {self._currency}"
