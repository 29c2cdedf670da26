"""What stands open or lies somewhere, for the lists of who looks: drafts, open invoices and bills, stock,
what customers hold, vouchers and deposits owed, flags, locks, and the audit log.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.reports.model import period as days
from pos_app.store.documents import audit
from pos_app.store.documents.audit import AuditRecord
from pos_app.store.documents.audit_words import Words
from pos_app.store.journal import flags as flagged
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.flags import Flagged
from pos_app.store.journal.invoice_drafts import Draft, Kind
from pos_app.store.master import codes, locations, periods
from pos_app.store.receivables import chits as standing_chits
from pos_app.store.receivables import open_items
from pos_app.store.receivables.chits import Standing
from pos_app.store.receivables.open_items import OpenOf
from pos_app.store.report_queries import chart_of_accounts
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level

#: So many entries of the audit log, and so many holdings of customers, are looked through.
_MOST: Final = 20_000
#: The audit log is read so many entries at once, and searched through so many at most.
_AT_ONCE: Final = 2_000
_MOST_SOUGHT: Final = 200_000


class Whose(NamedTuple):
    """A party by code and name."""

    code: str
    name: str


class OpenRow(NamedTuple):
    """What is open of an invoice or a bill, whose it is, and by how many days it is overdue."""

    item: OpenOf
    party: Whose
    overdue: int


class DraftRow(NamedTuple):
    """A draft, whose it is, and the code of its business.

    Of one that was opened also the codes of the place of its goods and of that one's depot, and when it is
    due (YYYYMMDD) by what was agreed for it alone; None is as the party always pays.
    """

    draft: Draft
    party: Whose
    business: str
    place: str = ""
    depot: str = ""
    due_on: int | None = None


class Told(NamedTuple):
    """An entry of the audit log, and what it says in words."""

    entry: AuditRecord
    words: str


class Locked(NamedTuple):
    """Through which day (YYYYMMDD) a business is locked; without a code all are."""

    business: str
    through: int


def need(office: Office, books: Books, *permissions: Permission) -> None:
    """Raise `Refused` unless who acts may do one of these in the whole organisation."""
    for one in permissions[:-1]:
        try:
            office.need_everywhere(books.connection, one)
        except Refused:
            continue
        return
    office.need_everywhere(books.connection, permissions[-1])


def _parties(books: Books) -> dict[int, Whose]:
    found = chart_of_accounts.parties(books.connection, books.org_id)
    return {key: Whose(one.code, one.name) for key, one in found.items()}


def _whose(parties: dict[int, Whose], key: int) -> Whose:
    return parties.get(key, Whose(str(key), ""))


def drafts(office: Office) -> list[DraftRow]:
    """The invoices and bills that wait to be posted, newest first."""
    with office.read() as books:
        need(office, books, Permission.SEE_REPORTS, Permission.INVOICE, Permission.BILL)
        parties, businesses = _parties(books), {key: code for code, key in books.businesses().items()}
        return [
            DraftRow(one, _whose(parties, one.party_id), businesses.get(one.business_id, ""))
            for one in invoice_drafts.waiting(books.connection, books.org_id)
        ]


def _agreed(books: Books, draft: Draft) -> int | None:
    role = PartyRole.CUSTOMER if draft.kind == "invoice" else PartyRole.VENDOR
    if draft.due_on is None and draft.terms_days == books.terms_days(draft.party_id, role):
        return None
    return invoice_drafts.due_of(draft)


def draft(office: Office, kind: Kind, request_id: str) -> DraftRow:
    """One of them.  Raises `Refused` where none of the kind waits under this request."""
    found = next((one for one in drafts(office) if one.draft.request_id == request_id), None)
    if found is None or found.draft.kind != kind:
        raise Refused("draft-gone")
    with office.read() as books:
        at = next((one.location_id for one in found.draft.lines if one.location_id is not None), None)
        known = {one.location_id: one for one in locations.all_of(books.connection, books.org_id)}
        place = None if at is None else known.get(at)
        depot = None
        if place is not None and place.depot_id is not None:
            depot = codes.depot_of(books.connection, books.org_id, place.depot_id)
        return found._replace(
            place="" if place is None else place.code,
            depot="" if depot is None else depot.code,
            due_on=_agreed(books, found.draft),
        )


def open_of(office: Office, role: PartyRole) -> list[OpenRow]:
    """What customers have to pay, or what we owe vendors, what is due first first."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        parties, today = _parties(books), to_date(books.today)
        found = open_items.of_role(books.connection, books.org_id, role)
        rows = [
            OpenRow(
                one,
                _whose(parties, one.party_id),
                max(0, (today - to_date(one.open.due_on)).days) if one.open.due_on else 0,
            )
            for one in found
        ]
    return sorted(rows, key=lambda one: (one.item.open.due_on, one.item.open.invoice_id))


def stock_at(office: Office, place: str) -> list[Level]:
    """What lies at a place (a code; else the centre's depot), by name.  Raises `Refused`."""
    with office.read() as books:
        need(office, books, Permission.SEE_REPORTS, Permission.ADJUST_STOCK)
        found = books.location(place)
        return stock_levels.at(books.connection, books.org_id, found.location_id)


def places(office: Office) -> list[tuple[str, str]]:
    """The places where stock lies: codes and names."""
    with office.read() as books:
        return [(one.code, one.name) for one in locations.all_of(books.connection, books.org_id)]


def held(office: Office) -> list[tuple[str, Level]]:
    """What customers hold of ours: cylinders, bottles."""
    with office.read() as books:
        need(office, books, Permission.SEE_REPORTS, Permission.RETURNABLES)
        return stock_levels.held_by_parties(books.connection, books.org_id, _MOST)


def chits(office: Office) -> list[Standing]:
    """Vouchers and deposit slips on which something is left."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return standing_chits.outstanding(books.connection, books.org_id)


def flags(office: Office, *, everything: bool) -> list[Flagged]:
    """What nobody has looked at, or all that was ever flagged; the newest first."""
    with office.read() as books:
        need(office, books, Permission.DECIDE, Permission.SEE_AUDIT)
        read = flagged.everything if everything else flagged.waiting
        return read(books.connection, books.org_id)[::-1]


def audit_log(
    office: Office, since: str, action: str, *, words: str = "", before: int | None = None, most: int = _MOST
) -> list[Told]:
    """The newest entries since a day and of an action or a group of them, newest first, at most so many.

    `words` stand in who, what, the action or the address; `before` is the key of an entry that was seen.
    Raises `Refused` for a day that is none, and where words are sought in too many entries.
    """
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_AUDIT)
        zone = days.zone_of(books.organisation.time_zone)
        month = books.now - timedelta(days=31)
        begin = days.midnight(days.parse_day(since, "--since"), zone) if since else month
        saying, wanted, found = Words(books.connection, books.org_id), words.casefold().split(), list[Told]()
        for _ in range(_MOST_SOUGHT // _AT_ONCE):
            read = audit.read(
                books.connection, books.org_id, since=begin, action=action, most=_AT_ONCE, before=before
            )
            told = [Told(one, saying.said(one)) for one in reversed(read)]
            found += [one for one in told if _says(one, wanted)]
            if len(found) >= most or len(read) < _AT_ONCE:
                return found[:most]
            before = read[0].entry_id
        raise Refused("audit-search-too-wide", count=_MOST_SOUGHT)


def _says(told: Told, wanted: list[str]) -> bool:
    """Whether each word stands somewhere in an entry."""
    entry = told.entry
    texts = [one.casefold() for one in (entry.person, told.words, entry.action, entry.address)]
    return all(any(word in one for one in texts) for word in wanted)


def locks(office: Office) -> list[Locked]:
    """Which periods are locked."""
    with office.read() as books:
        need(office, books, Permission.PERIOD_LOCK, Permission.SEE_REPORTS)
        names = {key: code for code, key in books.businesses().items()}
        found = periods.locked_through(books.connection, books.org_id)
        return [Locked(names.get(key, "") if key else "", day) for key, day in found.items()]
