"""Entries by hand: what no other document says, and the balances with which the books open.

Decisions
---------
2026-11-21  No entry by hand touches the inventory: its value is the sum of what documents say of quantities
and cost, and a hand on it would part the balance sheet from the stock valuation for ever.  Opening stock is
counted with its cost; what is wrong later is counted, adjusted or landed.  For the same reason goods received
and not invoiced, and what stands between currencies, are left to their documents.

2026-11-21  What stands between us and parties is booked on a party: the receivables of the balance sheet are
the sum of the customers' balances.  A party on any other account would be on no statement.

2026-11-21  Each open invoice of the opening is an entry of its own, so that it has a number of its own to be
paid by; everything of one file is recorded in one transaction, and a file comes in once.  Opening stock is a
count, so an opening with stock needs the rights to both, which the owner has.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final, NamedTuple

from pos_app.ledger.chart import PARTY_ACCOUNT, AccountRole
from pos_app.ledger.document import Document, JournalEntry, StockCount
from pos_app.ledger.errors import Refused
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.making.journal_entry import journal_entry
from pos_app.ledger.making.stock import Counted
from pos_app.ledger.rules.amounts import check_day
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.master.codes import AccountCode
from pos_app.store.stock.recorded import Recorded

_ROLE_OF_ACCOUNT: Final = {account: role for role, account in PARTY_ACCOUNT.items()}
_BY_DOCUMENTS: Final = frozenset({AccountRole.INVENTORY, AccountRole.GRNI, AccountRole.EXCHANGE_CLEARING})


class Row(NamedTuple):
    """One line: debit positive, credit negative, in minor units of the entry's currency.

    `business` and `party` are codes (no business: the entry's).  `due_on` makes it an open invoice or bill.
    """

    account: str
    amount: int
    business: str = ""
    party: str = ""
    due_on: int | None = None
    description: str = ""


class OpeningStock(NamedTuple):
    """A product at a place with what one cost: thousandths, and minor units of the base currency."""

    sku: str
    location: str
    quantity: int
    unit_cost: int


class OpeningRow(NamedTuple):
    """A row of the opening in its currency (empty: the books' own), at a rate (None: the day's)."""

    row: Row
    currency: str = ""
    rate_micro: int | None = None


def entry(
    office: Office, description: str, rows: Sequence[Row], occasion: PostingDetails | None = None
) -> Recorded:
    """Record an entry by hand.  Raises `Refused` when it does not balance, or touches what it must not."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        head = books.head_fields(occasion)
        lines = tuple(_line(books, one, head["business_id"]) for one in rows)
        _check_clearing(books, lines)
        return journal_entry(head, EntryPurpose.MANUAL, description, lines)

    return office.record(occasion, build)


def _line(books: Books, row: Row, business_id: int) -> EntryLine:
    business = books.business(row.business) if row.business else business_id
    account = books.account_named(row.account, business)
    if account.role in _BY_DOCUMENTS:
        raise Refused("account-made-of-documents", code=account.code, name=account.name)
    role = _party_role(account, row)
    party = books.party(row.party, role) if role is not None else None
    if row.due_on is not None:
        check_day(row.due_on, "The due date")
    return EntryLine(
        business_id=business,
        account=account.code,
        amount=row.amount,
        party_role=role,
        party_id=None if party is None else party.party_id,
        due_on=row.due_on,
        description=row.description.strip()[:200],
    )


def _party_role(account: AccountCode, row: Row) -> PartyRole | None:
    role = None if account.role is None else _ROLE_OF_ACCOUNT.get(account.role)
    if role is None and row.party:
        raise Refused("account-without-party", code=account.code, name=account.name)
    if role is not None and not row.party:
        raise Refused("account-needs-party", code=account.code, name=account.name)
    return role


def _check_clearing(books: Books, lines: Sequence[EntryLine]) -> None:
    """Businesses may owe each other by hand; what one is owed another owes."""
    left: dict[str, int] = defaultdict(int)
    for line in lines:
        if books.account_named(line.account).role is AccountRole.CLEARING:
            left[line.account] += line.amount
    if any(left.values()):
        raise Refused("businesses-do-not-cancel")


# --- opening --------------------------------------------------------------------------------------------


def opening(
    office: Office,
    rows: Sequence[OpeningRow],
    stock: Sequence[OpeningStock],
    occasion: PostingDetails | None = None,
    *,
    source: bytes,
) -> list[Recorded]:
    """Record the balances with which the books open, all of them or nothing.

    The other side of each is the opening equity of its business, where a trial balance that is whole leaves
    nothing.  `source` is what they came from: the same twice is refused.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> list[Document]:
        made: list[Document] = []

        def next_(currency: str = "", rate_micro: int | None = None) -> PostingDetails:
            return replace(occasion, currency=currency, rate_micro=rate_micro)

        for (currency, rate), group in _by_currency(rows).items():
            plain = [one for one in group if one.due_on is None]
            if plain:
                made.append(_opening_entry(books, plain, next_(currency, rate)))
            for one in group:
                if one.due_on is not None:
                    made.append(_opening_entry(books, [one], next_(currency, rate)))
        places = dict.fromkeys(one.location for one in stock)
        for place in places:
            here = [one for one in stock if one.location == place]
            made.append(_opening_count(books, place, here, next_()))
        if not made:
            raise Refused("opening-empty")
        return made

    # The request follows from what is brought in: the same twice is the same.
    digest = sha256(b"opening %d " % office.org_id + source).hexdigest()
    request = sha256(f"{digest} 0".encode()).hexdigest()[:32]
    return office.record_all(replace(occasion, request_id=request), build)


def _by_currency(rows: Sequence[OpeningRow]) -> dict[tuple[str, int | None], list[Row]]:
    found: dict[tuple[str, int | None], list[Row]] = {}
    for one in rows:
        found.setdefault((one.currency, one.rate_micro), []).append(one.row)
    return found


def _opening_entry(books: Books, rows: Sequence[Row], occasion: PostingDetails) -> JournalEntry:
    head = books.head_fields(occasion)
    lines = [_line(books, one, head["business_id"]) for one in rows]
    if len(rows) == 1 and rows[0].due_on is not None:
        head["business_id"] = lines[0].business_id
    left: dict[int, int] = defaultdict(int)
    for line in lines:
        left[line.business_id] -= line.amount
    lines += [
        EntryLine(
            business_id=business,
            account=books.account(AccountRole.OPENING_EQUITY, business),
            amount=amount,
        )
        for business, amount in left.items()
        if amount
    ]
    description = rows[0].description.strip()[:200] if len(rows) == 1 else ""
    return journal_entry(head, EntryPurpose.OPENING, description or "Opening balances", lines)


def _opening_count(
    books: Books, place: str, stock: Sequence[OpeningStock], occasion: PostingDetails
) -> StockCount:
    location = books.location(place, occasion.depot)
    head = books.head_fields(occasion, depot_id=location.depot_id)
    day = books.day(occasion)
    counted = [
        Counted(books.product(one.sku, location.location_id, day), 0, one.quantity, one.unit_cost)
        for one in stock
    ]
    accounts = books.accounts(head["business_id"])
    return making_stock.stock_count(head, accounts, counted, location_id=location.location_id)
