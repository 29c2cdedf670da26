"""Two records of one customer become one: what stands with the double is carried to the one that stays.

Decisions
---------
2026-11-30  Nothing that was recorded changes: papers keep the name under which they were written.  What is
open is carried by documents of today, each in its business, its currency and at its own base amount, so that
nothing is gained or lost by a rate.  Each open invoice or bill becomes an entry that opens the same amount,
due on the same day, with the party that stays, and a settlement closes the old one; what else stands on the
account (credit, deposit, advance, shares) follows by an entry; cylinders are taken back and lent again.

2026-11-30  Prices and days to pay are those of the party that stays; what was agreed only with the other one
comes along.  Of two limits the larger one holds and not their sum: nobody meant to lend twice.

2026-11-30  A till that has not heard of it goes on selling to the record that went.  That is no fault: the
same command again carries what came since.  A till that has heard says so at the next basket of that
customer, and sells to the one that stays.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pos_app.ledger.chart import PARTY_ACCOUNT
from pos_app.ledger.document import Document, JournalEntry
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.making.journal_entry import journal_entry
from pos_app.ledger.making.stock import Moved
from pos_app.ledger.party_credit import Free, PartyCredit
from pos_app.ledger.permission import Permission
from pos_app.ledger.settlement import Open, allocate
from pos_app.office.books import Books, PostingDetails
from pos_app.office.masters import prices
from pos_app.office.masters.party_contacts import party
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.master.codes import PartyCode
from pos_app.store.organisation import party_doubles, party_standing
from pos_app.store.organisation.party_doubles import Alike
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.columns import micros


class Merged(NamedTuple):
    """The party that stays, the one that went, and the documents that carried what was open."""

    kept: PartyCode
    gone: PartyCode
    documents: list[Recorded]


class _Pot(NamedTuple):
    """Where money of a party stands: in which role, business and currency."""

    role: PartyRole
    business_id: int
    currency: str


class _Both(NamedTuple):
    """The party that stays and the one that goes."""

    kept: PartyCode
    lost: PartyCode


class _Standing(NamedTuple):
    """What stands in one of them: the journal's sum (debit positive) and the open items."""

    amount: int
    base_amount: int
    items: list[Open]


def doubles(office: Office) -> list[Alike]:
    """Records of parties that may be one customer, by telephone, tax number or the letters of their names."""
    with office.read() as books:
        return party_doubles.find(books.connection, books.org_id)


def merge(office: Office, keep: str, gone: str) -> Merged:
    """Carry all that stands with one party to another, and archive it pointing there, in one transaction.

    Merged already into the same: carries what came since.  Raises `Refused` for one and the same, for a
    party that stays and is archived, for drafts that wait, and for a currency of which no rate is known.
    """
    found: list[PartyCode] = []

    def build(books: Books) -> list[Document]:
        office.need(books.connection, Permission.EDIT_MASTER)
        audit.actor(books.connection, person_id=office.person.person_id)
        kept, lost = _two(books, keep, gone)
        found.extend((kept, lost))
        if party_doubles.into(books.connection, books.org_id, lost.party_id) != kept.party_id:
            prices.take_over(books, kept, lost)
        party_doubles.take_over(books.connection, books.org_id, kept, lost, micros(books.now))
        return [*_money(books, _Both(kept, lost)), *_goods(books, kept, lost)]

    made = office.record_all(PostingDetails(), build)
    kept, lost = found
    return Merged(kept, lost, made)


def _two(books: Books, keep: str, gone: str) -> tuple[PartyCode, PartyCode]:
    kept, lost = party(books, keep), party(books, gone)
    if kept.party_id == lost.party_id:
        raise Refused("merge-with-itself", name=kept.name)
    if not kept.active:
        raise Refused("party-inactive-office", name=kept.name)
    into = party_doubles.into(books.connection, books.org_id, lost.party_id)
    if into not in (None, kept.party_id):
        raise Refused("merged-into-another", name=lost.name)
    waiting = party_standing.drafts(books.connection, books.org_id, lost.party_id)
    if waiting:
        raise Refused("party-papers-wait", name=lost.name, count=waiting)
    return kept, lost


# --- money ----------------------------------------------------------------------------------------------


def _money(books: Books, both: _Both) -> Iterator[Document]:
    for pot, standing in sorted(_pots(books, both.lost.party_id).items()):
        sign = -1 if pot.role is PartyRole.VENDOR else 1
        owed = [one for one in standing.items if one.amount > 0]
        for one in owed:
            amounts = sign * one.amount, sign * one.base_amount
            yield _entry(books, pot, both, amounts, due=one)
        rest = standing.amount - sign * sum(one.amount for one in owed)
        base = standing.base_amount - sign * sum(one.base_amount for one in owed)
        if rest or base:
            yield _entry(books, pot, both, (rest, base))
        if owed:
            yield _settled(books, pot, both.lost, standing.items)


def _pots(books: Books, party_id: int) -> dict[_Pot, _Standing]:
    """All that stands with a party; nothing where it comes to nothing."""
    connection, org_id = books.connection, books.org_id
    standing = party_standing.in_businesses(connection, org_id, party_id)
    while True:
        found = open_items.of_party(connection, org_id, party_id)
        again = party_standing.in_businesses(connection, org_id, party_id)
        if again == standing:
            break
        # A till's documents came in between two statements: the items would not be what the sums are of.
        standing = again
    items: dict[_Pot, list[Open]] = defaultdict(list)
    for one in found:
        items[_Pot(one.role, one.open.business_id, one.currency)].append(one.open)
    sums = {
        _Pot(role, business_id, currency): (amount, base)
        for role, business_id, currency, amount, base in standing
    }
    return {pot: _Standing(*sums.get(pot, (0, 0)), items.get(pot, [])) for pot in {**sums, **items}}


def _entry(
    books: Books,
    pot: _Pot,
    both: _Both,
    amounts: tuple[int, int],
    due: Open | None = None,
) -> JournalEntry:
    account = books.account(PARTY_ACCOUNT[pot.role], pot.business_id)
    amount, base = amounts
    number = f"{due.invoice_number}: " if due is not None and due.invoice_number else ""
    words = f"{number}{both.lost.code} is {both.kept.code}"
    lines = [
        EntryLine(
            business_id=pot.business_id,
            account=account,
            amount=times * amount,
            base_amount=times * base,
            party_role=pot.role,
            party_id=whose.party_id,
            due_on=due.due_on if due is not None and whose is both.kept else None,
            description=words,
        )
        for times, whose in ((1, both.kept), (-1, both.lost))
    ]
    return journal_entry(_head(books, pot), EntryPurpose.MANUAL, words, lines)


def _settled(books: Books, pot: _Pot, lost: PartyCode, items: list[Open]) -> Document:
    """What the entries left to the credit of the party that goes closes what is open of theirs."""
    owed = [one for one in items if one.amount > 0]
    credits = [
        one._replace(amount=-one.amount, base_amount=max(-one.base_amount, 0))
        for one in items
        if one.amount < 0
    ]
    total, base = sum(one.amount for one in owed), sum(one.base_amount for one in owed)
    used = allocate(total, credits)
    free = Free(total - sum(one.amount for one in used), base - sum(one.base_amount for one in used))
    return making_settlement.settlement(
        _head(books, pot),
        books.accounts(pot.business_id),
        party_id=lost.party_id,
        role=pot.role,
        credit=PartyCredit(tuple(credits), free, total),
        allocations=allocate(total, owed),
    )


def _head(books: Books, pot: _Pot) -> HeadFields:
    return books.head_fields(PostingDetails(currency=pot.currency), business_id=pot.business_id)


# --- goods ----------------------------------------------------------------------------------------------


def _goods(books: Books, kept: PartyCode, lost: PartyCode) -> Iterator[Document]:
    held = party_standing.held(books.connection, books.org_id, lost.party_id)
    if not held:
        return
    place = books.location("")
    goods = []
    for product_id, quantity in held:
        product = books.known_product(product_id, place.location_id, books.today)
        if product is None:
            raise Refused("merge-holds-unsold", name=lost.name)
        goods.append(Moved(product, quantity))
    for times, whose in ((-1, lost), (1, kept)):
        yield making_stock.returnable_move(
            books.head_fields(PostingDetails(), depot_id=place.depot_id),
            [Moved(one.product, times * one.quantity) for one in goods],
            location_id=place.location_id,
            party_id=whose.party_id,
            role=PartyRole.CUSTOMER,
        )
