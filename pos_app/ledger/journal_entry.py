"""The journal entry that an accountant writes by hand: adjustments, opening balances, year end."""

from enum import StrEnum

from msgspec import Struct

from pos_app.ledger.head import Head
from pos_app.ledger.line import PartyRole


class EntryPurpose(StrEnum):
    """What an entry is for.

    A `revaluation` puts foreign money at the rate of its day: base currency alone (see `office.revaluation`).
    """

    MANUAL = "manual"
    OPENING = "opening"
    YEAR_END = "year_end"
    REVALUATION = "revaluation"


class EntryLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: debit positive, credit negative, in minor units of `currency` (empty: the document's).

    Either every line of an entry says its `base_amount` or none does (then it follows from the
    document's rate); a line in another currency says it.  A line of amount 0 with a base amount is a
    difference in base currency alone.  With `due_on` (YYYYMMDD) a line of a customer (debit) or a
    vendor (credit) opens an item that payments can be allocated to: opening balances.
    """

    business_id: int
    account: str
    amount: int
    base_amount: int | None = None
    currency: str = ""
    party_role: PartyRole | None = None
    party_id: int | None = None
    drawer_id: int | None = None
    due_on: int | None = None
    description: str = ""


class JournalEntry(Head, frozen=True, kw_only=True, omit_defaults=True, tag="journal_entry"):
    """Lines by hand; every business sums to zero in each currency and in base currency."""

    purpose: EntryPurpose = EntryPurpose.MANUAL
    description: str
    lines: tuple[EntryLine, ...]
