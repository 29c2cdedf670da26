"""What only the books can judge of our own places of money: that none pays out what does not lie in it.

A rule of amount (see `book_rules`), asked at the centre.

Decisions
---------
2026-11-30  Nobody hands notes out of a safe in which none lie: by what the office records a safe is never
below nothing, in any business and currency, whatever would take it there (a payment, an advance, a transfer,
an entry by hand, a void of what came in).  Money of another business is moved to this one first.  A bank may
lend, and says so on its own paper: an account that may be overdrawn (`bohari accounts overdraft`) is not
judged, every other bank account is.  M-Pesa and cards are not judged: what tills took there today comes with
their documents.

2026-11-30  A till judges its own drawer and not the safe: what the others put into it since morning it hears
when the line is up, and the notes lie there all the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document
from pos_app.ledger.head import Head
from pos_app.ledger.money import grouped_text
from pos_app.ledger.posting.posting import JournalLine
from pos_app.ledger.posting.rules import post
from pos_app.ledger.treasury import MoneyTransfer
from pos_app.store.balances import balances
from pos_app.store.rules.books import Books
from pos_app.store.side import on_till
from pos_app.store.tables.projections import ACCOUNT_BALANCE

#: What holds money of which the centre knows all: notes in a safe, and what lies at a bank.
_HELD: Final = frozenset({AccountRole.SAFE.value, AccountRole.BANK.value})
#: Of a business, an account and a currency.
Purse = tuple[int, str, str]


def refusal(books: Books, document: Document) -> str:
    """Why a document may not take what it takes out of our places of money; empty where it may."""
    if on_till(books.connection):
        return ""
    taken = {purse: amount for purse, amount in moved(document, post(document).lines).items() if amount < 0}
    if not taken:
        return ""
    names = _judged(books.connection, books.org_id, {purse[1] for purse in taken}, _named(document))
    for purse, amount in sorted(taken.items()):
        if purse[1] not in names:
            continue
        held = _held(books, purse)
        if held + amount < 0:
            money, (name, is_safe) = find_currency(purse[2]), names[purse[1]]
            left = f"{money.code} {grouped_text(max(held, 0), money)}"
            if is_safe:
                return said("purse-holds-too-little", code=purse[1], name=name, held=left)
            # Another place may be one that lends: then its account says so.
            return said("bank-holds-too-little", code=purse[1], name=name, held=left)
    return ""


def moved(document: Head, lines: Iterable[JournalLine]) -> dict[Purse, int]:
    """What a document adds to each account of each business, in minor units of each currency."""
    sums: dict[Purse, int] = defaultdict(int)
    for line in lines:
        if line.party_role is None and line.drawer_id is None:
            sums[line.business_id, line.account, line.currency or document.currency] += line.amount
    return sums


def _named(document: Document) -> set[str]:
    """The accounts that a document itself calls a place of money, whatever their role."""
    found = {one.account for one in getattr(document, "tenders", ())}
    if isinstance(document, MoneyTransfer):
        found |= {document.from_account, document.to_account}
    return found


def _judged(
    connection: Connection, org_id: int, codes: set[str], named: set[str]
) -> dict[str, tuple[str, bool]]:
    """Of these accounts those that may not go below nothing: their name, and whether each is a safe."""
    rows = connection.execute(
        text(
            "SELECT code, name, role FROM account WHERE org_id = :org AND code = ANY (:codes)"
            f" AND type = '{AccountType.ASSET.value}' AND may_overdraw = 0"
        ),
        {"org": org_id, "codes": sorted(codes)},
    )
    return {
        str(code): (str(name), role == AccountRole.SAFE.value)
        for code, name, role in rows
        if role in _HELD or (role is None and str(code) in named)
    }


def _held(books: Books, purse: Purse) -> int:
    key = {
        "org_id": books.org_id,
        "business_id": purse[0],
        "account_code": purse[1],
        "currency": purse[2],
    }
    return balances.current(books.connection, ACCOUNT_BALANCE, key)["amount"]
