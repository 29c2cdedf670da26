"""Foreign money at the rate of a day: what a drawer's dollars are worth now, and not when they came.

Decisions
---------
2026-11-21  IAS 21, paragraphs 23 and 28: monetary items stand at the closing rate, and what that changes is
profit or loss of the period.  A document moves the difference between what foreign money stands at and its
amount at the day's rate to the exchange differences, in base currency alone.  Where no dollar is left, what
still stands there goes whole.  The next period starts from the new figure; nothing is taken back.

2026-11-21  The document is an entry of the centre's chain with a purpose of its own (`revaluation`), one for
each business, so that the lock of one period is its own affair.  An entry can say everything that it is
(lines of amount nothing in another currency), and comes with its posting, its void and its way to the tills.
A drawer is not named: it counts notes, and no note moves; the account of the drawers' cash is what changes.

2026-11-21  Money is what lies on the accounts with the role of a drawer, safe, M-Pesa till, bank or card.  An
asset without a role may be a second bank account or a machine bought in dollars, which keeps the rate of its
day: the accountant names it, and it is said which ones were passed by.

2026-11-21  Receivables and payables are monetary items too, and stay as they are: an invoice keeps its own
rate until it is settled, and then the whole difference is realised at once, on the day and in the document
that shows why (`ledger.settlement`).  Revalued month by month, each of its allocations would need the rate of
the last revaluation, and the open amount in base currency would be no sum of what its documents say.  The
price: a balance sheet between invoice and payment shows them at the rate of the invoice.  With terms of a
month that is one month's movement; who needs it on the day writes it by hand and takes it back after.

2026-11-21  A second run finds nothing.  A document that comes late for a day that was revalued makes a run
for that day find its difference, and what was revalued for later days is then to be run again, oldest first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.day import later, to_date, zone
from pos_app.ledger.document import Document, JournalEntry
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.making.journal_entry import journal_entry
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.master import codes
from pos_app.store.report_queries import foreign_money
from pos_app.store.report_queries.foreign_money import Held
from pos_app.store.stock.recorded import Recorded

MONEY: Final = frozenset(
    {AccountRole.CASH, AccountRole.SAFE, AccountRole.MPESA, AccountRole.BANK, AccountRole.CARD}
)


class Revalued(NamedTuple):
    """Foreign money, and what it is worth in base currency at the day's rate."""

    held: Held
    worth: int

    @property
    def difference(self) -> int:
        """What it gains (positive) or loses."""
        return self.worth - self.held.base_amount


class Found(NamedTuple):
    """What there is to revalue, and foreign balances of assets that nobody said are money."""

    revalued: tuple[Revalued, ...]
    passed_by: tuple[Held, ...]


def look(office: Office, on: int | None = None, also: Sequence[str] = ()) -> Found:
    """What a revaluation at the end of a local day (None: today) would change; `also` are account codes.

    Raises `Refused` for a day to come, an account that is no asset, and where a rate is missing.
    """
    with office.read() as books:
        office.need(books.connection, Permission.JOURNAL_ENTRY)
        return _found(books, _day(books, on), also)


def revalue(office: Office, on: int | None = None, also: Sequence[str] = ()) -> list[Recorded]:
    """Record it: an entry for each business where something differs, all in one transaction; maybe none.

    Raises `Refused` as `look` does, and when the day is locked.
    """
    with office.read() as books:
        day = _day(books, on)

    def build(books: Books) -> list[Document]:
        found = _found(books, day, also).revalued
        businesses = dict.fromkeys(one.held.business_id for one in found)
        return [
            _entry(books, day, business, [one for one in found if one.held.business_id == business])
            for business in businesses
        ]

    return office.record_all(PostingDetails(on=day), build)


def _day(books: Books, on: int | None) -> int:
    day = books.day(PostingDetails(on=on))
    if day > books.today:
        raise Refused("revaluation-in-future")
    return day


def _found(books: Books, day: int, also: Sequence[str]) -> Found:
    named = {books.account_named(code).code for code in also}
    assets = [one for one in codes.accounts(books.connection, books.org_id) if one.type is AccountType.ASSET]
    wrong = named - {one.code for one in assets}
    if wrong:
        raise Refused("not-an-asset", account=min(wrong))
    chosen = [one.code for one in assets if one.role in MONEY or one.code in named]
    unsaid = [one.code for one in assets if one.role is None and one.code not in named]
    revalued = [
        Revalued(one, worth_of(one.amount, books.rate(one.currency, day)) if one.amount else 0)
        for one in _held(books, chosen, day)
    ]
    return Found(tuple(one for one in revalued if one.difference), tuple(_held(books, unsaid, day)))


def _held(books: Books, accounts: Sequence[str], day: int) -> list[Held]:
    if not accounts:
        return []
    home = books.organisation.currency.code
    return foreign_money.held(books.connection, books.org_id, home, accounts, _end_of(books, day))


def _end_of(books: Books, day: int) -> datetime:
    """The first moment after a local day."""
    midnight = datetime.combine(to_date(later(day, 1)), datetime.min.time())
    return midnight.replace(tzinfo=zone(books.organisation.time_zone)).astimezone(books.now.tzinfo)


def _entry(books: Books, day: int, business_id: int, revalued: Sequence[Revalued]) -> JournalEntry:
    head = books.head_fields(PostingDetails(on=day), business_id=business_id)
    # At the end of the day, after all that it revalues; today's day is not over.
    head["occurred_at"] = min(books.now, _end_of(books, day) - timedelta(microseconds=1))
    lines = [
        EntryLine(
            business_id=business_id,
            account=one.held.account,
            amount=0,
            base_amount=one.difference,
            currency=one.held.currency,
        )
        for one in revalued
    ]
    # Each for itself: what a currency won and what another one lost are both to be seen.
    difference = books.account(AccountRole.EXCHANGE_DIFFERENCE, business_id)
    lines += [
        EntryLine(
            business_id=business_id,
            account=difference,
            amount=0,
            base_amount=-one.difference,
            description=f"{one.held.currency} on {one.held.account}",
        )
        for one in revalued
    ]
    description = f"Foreign money at the rates of {to_date(day).isoformat()}"
    return journal_entry(head, EntryPurpose.REVALUATION, description, lines)
