"""The payments of a stretch that are no cash: what a close is held against, at the till and at the centre."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, text

from pos_app.ledger.closing import OTHER_MONEY, MoneyCount
from pos_app.ledger.document import Document, document_key
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.line import TenderKind
from pos_app.store.documents.document_rows import content_of, tender_rows
from pos_app.store.tables.columns import moment_of

#: The rows of `document_rows.tender_rows`: where the kind and the amount stand.
_KIND, _AMOUNT = 4, 5
_KINDS: Final = tuple(kind.value for kind in OTHER_MONEY)


class Payment(NamedTuple):
    """One payment: the `place`-th tender (from 0) of a document; `amount` in minor units of base currency.

    Negative where money went out, or a void took it back.  At the centre the reference lies closed.
    """

    document_id: int
    place: int
    kind: TenderKind
    amount: int
    reference: str
    series: str
    number: int
    at: datetime


class Sum(NamedTuple):
    """So many payments of a kind, and what they come to in minor units."""

    times: int = 0
    amount: int = 0

    def plus(self, amount: int) -> "Sum":
        """With one payment more."""
        return Sum(self.times + 1, self.amount + amount)


_PAYMENTS: Final = text(
    "SELECT l.document_id, l.tender_no, l.kind, l.amount, d.rate_micro, l.reference, d.series, d.number,"
    " d.occurred_at FROM tender AS l"
    " JOIN document AS d ON d.org_id = l.org_id AND d.document_id = l.document_id"
    " WHERE l.org_id = :org AND l.document_id >= :low AND l.document_id < :beyond AND l.kind IN :kinds"
    " ORDER BY l.document_id, l.tender_no"
).bindparams(bindparam("kinds", expanding=True))


def payments(
    connection: Connection, org_id: int, terminal_no: int, first_seq: int, beyond_seq: int | None = None
) -> list[Payment]:
    """The payments of a terminal's documents from a sequence on, and before `beyond_seq` (None: all)."""
    end = document_key(terminal_no + 1, 0) if beyond_seq is None else document_key(terminal_no, beyond_seq)
    rows = connection.execute(
        _PAYMENTS,
        {
            "org": org_id,
            "low": document_key(terminal_no, first_seq),
            "beyond": end,
            "kinds": list(_KINDS),
        },
    )
    return [
        Payment(
            int(key),
            int(place),
            TenderKind(kind),
            worth_of(int(amount), int(rate)),
            reference,
            series,
            int(number),
            moment_of(at),
        )
        for key, place, kind, amount, rate, reference, series, number, at in rows
    ]


def of_document(document: Document) -> list[tuple[TenderKind, int]]:
    """The same of a document that is no row yet: kind and amount of each payment."""
    return [
        (TenderKind(row[_KIND]), worth_of(row[_AMOUNT], document.rate_micro))
        for row in tender_rows(content_of(document), (0, 0), 0)
        if row[_KIND] in _KINDS
    ]


def sums(each: Iterable[tuple[TenderKind, int]]) -> dict[TenderKind, Sum]:
    """What payments come to, by kind."""
    found: dict[TenderKind, Sum] = {}
    for kind, amount in each:
        found[kind] = found.get(kind, Sum()).plus(amount)
    return found


def differing(told: Iterable[MoneyCount], held: dict[TenderKind, Sum]) -> list[tuple[TenderKind, Sum, Sum]]:
    """Where a close tells of another sum than the documents have: the kind, what it tells, what they have."""
    claimed = {one.kind: Sum(one.times, one.expected) for one in told}
    if not claimed:
        # Nobody counted it.
        return []
    return [
        (kind, claimed.get(kind, Sum()), held.get(kind, Sum()))
        for kind in OTHER_MONEY
        if claimed.get(kind, Sum()) != held.get(kind, Sum())
    ]
