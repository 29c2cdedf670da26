"""A posting: what a document does to the books, as lines that never change.

Journal lines (in every business each currency sums to zero, and so does the base), stock moves, what is open
of invoices and bills, what stock is worth.  Which document posts what is said in `posting_rules`.
"""

from typing import NamedTuple

from msgspec import Struct, structs

from pos_app.ledger.line import PartyRole


class JournalLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the double entry: debit positive, credit negative, in minor units.

    `amount` is in `currency` (empty: the document's), `base_amount` in the organisation's.  A line
    of amount 0 with a base amount is a realised exchange difference.  In every business each
    currency sums to zero, and so does the base.
    """

    business_id: int
    account: str
    amount: int
    base_amount: int
    party_role: PartyRole | None = None
    party_id: int | None = None
    drawer_id: int | None = None
    currency: str = ""


class StockMove(Struct, frozen=True, kw_only=True):
    """Goods that come to (positive) or leave (negative) a location, in thousandths of the unit."""

    location_id: int
    product_id: int
    quantity: int


class OpenItem(Struct, frozen=True, kw_only=True):
    """What a document adds to or takes from what is open of one invoice or bill.

    `business_id` is the business whose receivable or payable it is; `invoice_id` is the key of the
    document that opened it, `due_on` its due date as YYYYMMDD: all the same on every item of it.
    `amount` is in minor units of the document's currency and positive for
    what is still to be paid, by customers and to vendors alike; `base_amount` is in base currency.
    """

    business_id: int
    party_role: PartyRole
    party_id: int
    invoice_id: int
    due_on: int
    amount: int
    base_amount: int


class CostLine(Struct, frozen=True, kw_only=True):
    """What a document adds to the valued stock of a business, on its inventory account.

    `quantity` in thousandths, `value` in minor units of the base currency.  A receipt adds both, a
    landed cost only value; a valuation takes both away.
    """

    business_id: int
    product_id: int
    quantity: int
    value: int


class Posting(NamedTuple):
    """What a document does to the books: journal lines (sum zero), stock moves, open items, cost lines."""

    lines: tuple[JournalLine, ...]
    moves: tuple[StockMove, ...]
    open_items: tuple[OpenItem, ...] = ()
    costs: tuple[CostLine, ...] = ()

    def reversed(self) -> "Posting":
        """The exact opposite of all of it."""
        change = structs.replace
        return Posting(
            tuple(change(one, amount=-one.amount, base_amount=-one.base_amount) for one in self.lines),
            tuple(change(one, quantity=-one.quantity) for one in self.moves),
            tuple(change(one, amount=-one.amount, base_amount=-one.base_amount) for one in self.open_items),
            tuple(change(one, quantity=-one.quantity, value=-one.value) for one in self.costs),
        )
