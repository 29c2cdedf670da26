"""Locked periods, and the end of a year: income and expense of each business to its retained earnings.

Decisions
---------
2026-11-21  A closing entry is dated the last moment of its year, in the period that must be locked before it
is made: it is the one document that the lock lets by, and only from the centre's own chain.  So nothing of
the year can move after it was closed, and the closing moves nothing that was reported.

2026-11-21  A year is closed once: where its entry stands, it is refused; voided, it can be made again.

2026-11-21  Each currency is closed in itself: an account that earned dollars has no dollars left, and
retained earnings have them, at what they were worth.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.day import to_date, zone
from pos_app.ledger.document import Document, JournalEntry
from pos_app.ledger.errors import Refused
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.making.journal_entry import journal_entry
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.master import periods
from pos_app.store.organisation import master_import
from pos_app.store.report_queries import account_movements, results
from pos_app.store.report_queries.results import Result
from pos_app.store.stock import valuation
from pos_app.store.stock.recorded import Recorded


class Closed(NamedTuple):
    """A business whose year was closed: its code, the entry, and its profit in minor units of base."""

    business: str
    made: Recorded
    profit: int


def lock(office: Office, through: int, *, business: str = "", reason: str = "") -> int | None:
    """Lock a business (no code: all) through a local day; an earlier day than before opens the rest again.

    Gives the business's key.  Raises `Refused` for a day that is not over.
    """
    check_day(through, "The period")
    with office.read() as books:
        business_id = books.business(business) if business else None
        if through >= books.today:
            raise Refused("period-not-over")
    with office.change(Permission.PERIOD_LOCK, business_id=business_id or 0) as books:
        periods.put_lock(books.connection, books.org_id, business_id, through, reason=reason.strip()[:200])
    return business_id


def year_end(office: Office, year: int) -> list[Closed]:
    """Close a year for every business that earned or spent something in it, all in one transaction.

    Raises `Refused` while a day of it is not locked, while stock waits to be valued, and when it was closed.
    """
    check_day(year * 10_000 + 1231, "The year")
    with office.read() as books:
        office.need(books.connection, Permission.JOURNAL_ENTRY)
    if year * 10_000 + 1231 >= office.today:
        raise Refused("year-not-over", year=year)
    profits: dict[int, int] = {}

    def build(books: Books) -> list[Document]:
        names = {key: code for code, key in master_import.businesses(books.connection, books.org_id).items()}
        _check_locked(books, year, names)
        # Who closes a year again is told so, and sends nobody to value stock for it.
        _check_once(books, year)
        if valuation.waiting(books.connection, books.org_id):
            raise Refused("stock-not-valued")
        end = datetime(year + 1, 1, 1, tzinfo=zone(books.organisation.time_zone)).astimezone(UTC)
        made: list[Document] = []
        for business_id in sorted(names):
            found = [
                one
                for one in results.before(books.connection, books.org_id, end)
                if one.business_id == business_id
            ]
            if found:
                profits[business_id] = -sum(one.base_amount for one in found)
                made.append(_closing(books, business_id, year, end, found))
        if not made:
            raise Refused("nothing-to-close", year=year)
        return made

    made = office.record_all(PostingDetails(on=year * 10_000 + 1231), build)
    with office.read() as books:
        names = {key: code for code, key in master_import.businesses(books.connection, books.org_id).items()}
    return [Closed(names[one.document.business_id], one, profits[one.document.business_id]) for one in made]


def _check_locked(books: Books, year: int, names: dict[int, str]) -> None:
    through = periods.locked_through(books.connection, books.org_id)
    last = year * 10_000 + 1231
    for business_id, code in names.items():
        if max(through.get(None, 0), through.get(business_id, 0)) < last:
            raise Refused("books-not-locked", business=code, day=to_date(last).isoformat())


def _check_once(books: Books, year: int) -> None:
    local = zone(books.organisation.time_zone)
    for document_id in account_movements.closings(books.connection, books.org_id):
        one = documents.get(books.connection, books.org_id, document_id)
        if not isinstance(one, JournalEntry) or one.occurred_at.astimezone(local).year != year:
            continue
        if not documents.is_voided(books.connection, books.org_id, document_id):
            raise Refused("year-closed-already", year=year, number=books.number(one))


def _closing(books: Books, business_id: int, year: int, end: datetime, results: list[Result]) -> JournalEntry:
    retained = books.account(AccountRole.RETAINED_EARNINGS, business_id)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    lines: list[EntryLine] = []
    for one in results:
        lines += _lines(business_id, one.account, one.currency, -one.amount, -one.base_amount)
        sums[one.currency][0] += one.amount
        sums[one.currency][1] += one.base_amount
    for currency, (amount, base) in sums.items():
        lines += _lines(business_id, retained, currency, amount, base)
    head = books.head_fields(PostingDetails(), business_id=business_id)
    head["occurred_at"] = (end - timedelta(microseconds=1)).astimezone(books.now.tzinfo)
    return journal_entry(head, EntryPurpose.YEAR_END, f"Result of {year} to retained earnings", lines)


def _lines(business_id: int, account: str, currency: str, amount: int, base: int) -> list[EntryLine]:
    """A line, or two where amount and base amount have unlike signs (refunds at another rate)."""
    parts = [(amount, base)] if amount * base >= 0 else [(amount, 0), (0, base)]
    return [
        EntryLine(business_id=business_id, account=account, amount=part, base_amount=worth, currency=currency)
        for part, worth in parts
        if part or worth
    ]
