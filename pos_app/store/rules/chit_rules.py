"""What only the books can judge of vouchers and deposit slips: whether one was issued, and what is left.

Asked by `book_rules`, inside the transaction that records and again at ingest.

Decisions
---------
2026-11-29  What is left on a chit is judged at the centre too, unlike what is open of an invoice: an invoice
paid twice is the customer's credit and shows with their name, and a voucher spent at two tills that were
offline is nobody's.  The first that reaches the centre stands, the second waits in quarantine for two people.
They accept it (the goods are gone; the chit goes below nothing and stays in the list) or reject it.

2026-11-29  A till honours what it made itself and what the feed brought.  A chit that was issued an hour ago
at a till which is offline is not known elsewhere, and is refused with that sentence: the number alone proves
nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import chit as chits
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import day_of, to_date
from pos_app.ledger.document import CreditNote, DepositReturn, Document, Invoice, Refund, Reversal, Sale
from pos_app.ledger.goods_only import goods_of, paid_so
from pos_app.ledger.head import Head
from pos_app.ledger.line import Chit
from pos_app.ledger.money import grouped_text
from pos_app.store.documents.document_rows import content_of
from pos_app.store.rules.books import Books
from pos_app.store.side import on_till

_SELLS: Final = (Sale, Invoice)
_TRADE: Final = (*_SELLS, Refund, CreditNote)


class Change(NamedTuple):
    """What a document adds to a chit that was issued by `issued_by`, in minor units."""

    chit: Chit
    issued_by: int
    amount: int


def changes(document: Document) -> list[Change]:
    """What a document adds to chits or takes from them; a void the opposite of what it voids."""
    of, sign = _told(document)
    moved: Iterable[chits.Moved]
    if isinstance(of, _TRADE):
        moved = chits.moved(of.lines, getattr(of, "tenders", ()), 1 if isinstance(of, _SELLS) else -1)
    elif isinstance(of, DepositReturn):
        moved = (chits.Moved(of.chit, -of.total),)
    else:
        return []
    return [Change(chit, chit.document_id or of.document_id, sign * amount) for chit, amount in moved]


def _told(document: Document) -> tuple[Head, int]:
    return (content_of(document).of, -1) if isinstance(document, Reversal) else (document, 1)


def numbers_of(documents: Sequence[Document]) -> list[int]:
    """The numbers of the chits that documents take from, in order: who judges them waits for each other."""
    return sorted({one.chit.number for document in documents for one in changes(document) if one.amount < 0})


def identity(books: Books, document: Document) -> str:
    """Why a chit that a document names is none that was issued, in a sentence; else empty."""
    for one in changes(document):
        if one.issued_by != document.document_id and not _is_issued(books, one, document.currency):
            return said("chit-unknown", number=_name(one.chit))
    return ""


def _is_issued(books: Books, named: Change, currency: str) -> bool:
    chit = named.chit
    wanted = (chit.business_id, chit.role, chit.number, named.issued_by, chit.expires_on, currency)
    if wanted in books.items:
        return True
    return _row(books, named, currency) is not None


def refusal(books: Books, document: Document) -> str:
    """Why a document takes more from a chit than is left on it, in a sentence; else empty.

    The documents of the batch before it count as if they were in the books.
    """
    wanted: dict[tuple[int, int], tuple[Change, int]] = {}
    for one in changes(document):
        if one.issued_by == document.document_id:
            continue
        key = (one.chit.number, one.issued_by)
        wanted[key] = one, wanted.get(key, (one, 0))[1] + one.amount
    for key, (one, amount) in wanted.items():
        if amount >= 0:
            continue
        left = (_row(books, one, document.currency) or 0) + _of_the_batch(books, key)
        if -amount > left:
            return _too_little(one.chit, left, document.currency)
    return ""


def _too_little(chit: Chit, left: int, currency: str) -> str:
    if left <= 0:
        return said("chit-spent", number=_name(chit))
    return said("chit-too-small", number=_name(chit), left=grouped_text(left, find_currency(currency)))


def expired(books: Books, document: Document) -> str:
    """Why a voucher pays no more: its last day was before the document's; else empty.

    Asked where it is recorded alone; a void takes back whatever the day.
    """
    if isinstance(document, Reversal):
        return ""
    for one in changes(document):
        last = one.chit.expires_on
        if one.amount < 0 and last and last < _day_of(books, document):
            return said("voucher-expired", number=_name(one.chit), day=to_date(last).isoformat())
    return ""


def for_no_goods(document: Document) -> str:
    """Why vouchers and points do not pay a sale: they pay for goods, and more is paid so; else empty.

    Asked where it is recorded alone: what tills of before took for a deposit was taken.
    """
    if not isinstance(document, Sale):
        return ""
    goods = goods_of((line.tax_code, line.gross) for line in document.lines)
    if paid_so(document.tenders) <= goods:
        return ""
    return said("goods-only-pays", left=grouped_text(goods, find_currency(document.currency)))


def _day_of(books: Books, document: Document) -> int:
    zone = books.connection.execute(
        text("SELECT time_zone FROM organisation WHERE org_id = :org"), {"org": books.org_id}
    ).scalar_one_or_none()
    return day_of(document.occurred_at, str(zone or "UTC"))


def _of_the_batch(books: Books, key: tuple[int, int]) -> int:
    """What documents that come before and are not written yet add to a chit."""
    return sum(
        one.amount
        for document in books.here.values()
        for one in changes(document)
        if (one.chit.number, one.issued_by) == key
    )


def _row(books: Books, named: Change, currency: str) -> int | None:
    """What is left on a chit by the books; None when they have none that is issued so."""
    chit = named.chit
    found = books.connection.execute(
        text(
            "SELECT amount FROM open_invoice WHERE org_id = :org AND party_role = :role"
            " AND party_id = :number AND business_id = :business AND invoice_id = :issued"
            " AND due_on = :expires AND currency = :currency"
        ),
        {
            "org": books.org_id,
            "role": chit.role.value,
            "number": chit.number,
            "business": chit.business_id,
            "issued": named.issued_by,
            "expires": chit.expires_on,
            "currency": currency,
        },
    ).scalar_one_or_none()
    return None if found is None else int(found)


def _name(chit: Chit) -> str:
    return chits.text_of(chit.role, chit.number)


def wait_for_others(connection: Connection, documents: Sequence[Document]) -> None:
    """Who takes from a chit waits until who takes from it too has committed; a till has one writer."""
    if on_till(connection):
        return
    for number in numbers_of(documents):
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
