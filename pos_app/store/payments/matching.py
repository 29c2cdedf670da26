"""Which sale each payment is of, and what is missing on either side: by code, in one statement each.

Nothing is written down by a match: the code of a document (`used_code`) and the code of a payment are equal
or they are not, whichever came first, and a void lets go of the payment in the same instant.

Decisions
---------
2026-12-01  One message is money once, and so is one payment: of two documents with one code the first has the
payment, and the second waits for two people (`journal.double_codes`).  A payment of another amount, or that
went to another business's number, is that document's all the same: the code says so, and a person is shown
the difference.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.head import split_key
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import used_codes
from pos_app.store.engine import privacy
from pos_app.store.payments import received
from pos_app.store.payments.received import COLUMNS, Payment
from pos_app.store.tables.columns import kept, micros, moment_of
from pos_app.store.tables.payment_tables import HELD, RETURNED, SETTLED, STANDING
from pos_app.store.tables.used_code_table import USED


class Verdict(StrEnum):
    """How a payment and the documents stand to each other."""

    MATCHED = "matched"
    #: Money that came and no document took: it is on account until a cashier picks it up.
    OPEN = "open"
    AMOUNT = "amount"
    NUMBER = "number"
    #: It waits for a person (`HELD`).
    HELD = "held"
    RETURNED = "returned"
    #: It went back to who paid, and a document stands by it all the same.
    RETURNED_TAKEN = "returned-taken"
    SETTLED = "settled"
    #: A document says that it was paid, and nobody confirmed it.
    MISSING = "missing"


#: What a person has to look at.
ODD: Final = (Verdict.AMOUNT, Verdict.NUMBER, Verdict.HELD, Verdict.RETURNED_TAKEN, Verdict.MISSING)


class Side(NamedTuple):
    """A document that took money by a code: `amount` in minor units of `currency`, for a business."""

    document_id: int
    number: str
    depot_id: int
    business_id: int
    amount: int
    currency: str
    occurred_at: datetime


class Match(NamedTuple):
    """A payment, a document, or both, and how they stand; `code` as it is written."""

    verdict: Verdict
    code: str
    payment: Payment | None
    document: Side | None

    @property
    def at(self) -> datetime:
        """When it was paid, or booked where nothing was confirmed."""
        if self.payment is not None:
            return self.payment.paid_at
        if self.document is not None:
            return self.document.occurred_at
        raise ValueError("neither side")

    @property
    def business_id(self) -> int:
        """Whose till number was paid, or on whose account it was booked."""
        if self.payment is not None:
            return self.payment.business_id
        return 0 if self.document is None else self.document.business_id


class Figures(NamedTuple):
    """How many stand how, and how much money that is: by verdict, (number, minor units)."""

    by_verdict: dict[Verdict, tuple[int, int]]

    def count(self, *verdicts: Verdict) -> int:
        """How many stand so."""
        return sum(self.by_verdict.get(one, (0, 0))[0] for one in verdicts)

    def amount(self, *verdicts: Verdict) -> int:
        """How much money stands so, in minor units."""
        return sum(self.by_verdict.get(one, (0, 0))[1] for one in verdicts)


class Asked(NamedTuple):
    """From a moment until before another, of which business and depot (0: of all)."""

    since: datetime
    until: datetime
    business_id: int = 0
    depot_id: int = 0


#: A transfer between our own places carries a code and has no tender: it is told by its journal alone.
_DOCUMENT: Final = (
    "u.document_id, u.series, u.number, coalesce(dp.letter, ''), u.depot_id, a.business_id,"
    " coalesce(t.paid, t.amount), coalesce(t.paid_currency, d.currency), d.occurred_at"
)
_OF_CODE: Final = (
    " LEFT JOIN document AS d ON d.org_id = u.org_id AND d.document_id = u.document_id"
    " LEFT JOIN tender AS t ON t.org_id = u.org_id AND t.document_id = u.document_id"
    " AND t.tender_no = u.place AND t.kind = 'mpesa'"
    " LEFT JOIN account AS a ON a.org_id = t.org_id AND a.code = t.account_code"
    " LEFT JOIN depot AS dp ON dp.org_id = u.org_id AND dp.depot_id = u.depot_id"
)
_VERDICT: Final = (
    f"CASE WHEN p.state = '{RETURNED}' AND u.document_id IS NOT NULL THEN '{Verdict.RETURNED_TAKEN.value}'"
    f" WHEN p.state IN ('{HELD}', '{RETURNED}', '{SETTLED}') THEN p.state"
    f" WHEN u.document_id IS NULL THEN '{Verdict.OPEN.value}'"
    f" WHEN t.document_id IS NOT NULL AND coalesce(t.paid, t.amount) <> p.amount"
    f" THEN '{Verdict.AMOUNT.value}'"
    f" WHEN a.business_id IS NOT NULL AND a.business_id <> p.business_id THEN '{Verdict.NUMBER.value}'"
    f" ELSE '{Verdict.MATCHED.value}' END"
)
_BESIDE: Final = (
    f" FROM received_payment AS p LEFT JOIN used_code AS u ON u.org_id = p.org_id AND u.code = p.code"
    f" AND u.state = '{USED}'{_OF_CODE} WHERE p.org_id = :org"
)
_PAYMENTS: Final = (
    f"{_BESIDE} AND p.day BETWEEN :first_day AND :last_day"
    " AND p.paid_at_us >= :since_us AND p.paid_at_us < :until_us"
    " AND (:business = 0 OR p.business_id = :business)"
    " AND (:depot = 0 OR coalesce(u.depot_id, :depot) = :depot)"
)
_UNCONFIRMED: Final = (
    f" FROM used_code AS u{_OF_CODE} WHERE u.org_id = :org AND u.state = '{USED}'"
    " AND t.document_id IS NOT NULL AND coalesce(t.paid, t.amount) > 0"
    " AND NOT EXISTS (SELECT 1 FROM received_payment AS p WHERE p.org_id = u.org_id AND p.code = u.code)"
)
_MISSING: Final = (
    f"{_UNCONFIRMED} AND u.day BETWEEN :first_day AND :last_day"
    " AND d.occurred_at >= :since AND d.occurred_at < :until"
    " AND (:business = 0 OR a.business_id = :business) AND (:depot = 0 OR u.depot_id = :depot)"
)


def figures(connection: Connection, org_id: int, asked: Asked) -> Figures:
    """How all of it stands, counted by the database."""
    found: dict[Verdict, tuple[int, int]] = {}
    for own in by_business(connection, org_id, asked).values():
        for verdict, (count, amount) in own.by_verdict.items():
            before = found.get(verdict, (0, 0))
            found[verdict] = before[0] + count, before[1] + amount
    return Figures(found)


def by_business(connection: Connection, org_id: int, asked: Asked) -> dict[int, Figures]:
    """The same of each business; under 0 what documents took on an account that is no business's own."""
    bound = _bound(connection, org_id, asked)
    found: dict[int, dict[Verdict, tuple[int, int]]] = {}
    for row in connection.execute(
        text(
            f"SELECT p.business_id, {_VERDICT} AS verdict, count(*), sum(p.amount){_PAYMENTS} GROUP BY 1, 2"
        ),
        bound,
    ):
        found.setdefault(int(row[0]), {})[Verdict(row[1])] = (int(row[2]), int(row[3]))
    for row in connection.execute(
        text(
            "SELECT coalesce(a.business_id, 0), count(*), sum(coalesce(t.paid, t.amount))"
            f"{_MISSING} GROUP BY 1"
        ),
        bound,
    ):
        found.setdefault(int(row[0]), {})[Verdict.MISSING] = (int(row[1]), int(row[2]))
    return {business_id: Figures(own) for business_id, own in found.items()}


def payments(
    connection: Connection, org_id: int, asked: Asked, verdicts: tuple[Verdict, ...] = (), most: int = 500
) -> list[Match]:
    """Payments with the documents that took them, the latest first; with `verdicts` those alone."""
    which = "".join(f", '{one.value}'" for one in verdicts)[2:]
    only = f" AND {_VERDICT} IN ({which})" if which else ""
    rows = connection.execute(
        text(
            f"SELECT {COLUMNS}, {_VERDICT}, {_DOCUMENT}{_PAYMENTS}{only}"
            " ORDER BY p.paid_at_us DESC, p.payment_id LIMIT :most"
        ),
        {**_bound(connection, org_id, asked), "most": most},
    )
    return [_match(connection, org_id, row) for row in rows]


def of_payment(connection: Connection, org_id: int, payment_id: int) -> Match | None:
    """A payment by its key, with the document that took it."""
    row = connection.execute(
        text(f"SELECT {COLUMNS}, {_VERDICT}, {_DOCUMENT}{_BESIDE} AND p.payment_id = :key"),
        {"org": org_id, "key": payment_id},
    ).first()
    return None if row is None else _match(connection, org_id, row)


def _match(connection: Connection, org_id: int, row: Any) -> Match:
    paid = received.of_row(connection, org_id, row)
    at = len(Payment._fields)
    return Match(Verdict(row[at]), paid.code, paid, _side(row[at + 1 :]))


def missing(connection: Connection, org_id: int, asked: Asked, most: int = 500) -> list[Match]:
    """Documents that say they were paid by a code that nobody confirmed, the latest first."""
    rows = connection.execute(
        text(
            f"SELECT {_DOCUMENT}, t.reference{_MISSING}"
            " ORDER BY d.occurred_at DESC, u.document_id LIMIT :most"
        ),
        {**_bound(connection, org_id, asked), "most": most},
    )
    return [_unconfirmed(connection, org_id, row) for row in rows]


def of_document(connection: Connection, org_id: int, document_id: int) -> list[Match]:
    """What a document says it was paid by and nobody confirmed."""
    rows = connection.execute(
        text(f"SELECT {_DOCUMENT}, t.reference{_UNCONFIRMED} AND u.document_id = :key ORDER BY u.place"),
        {"org": org_id, "key": document_id},
    )
    return [_unconfirmed(connection, org_id, row) for row in rows]


def _unconfirmed(connection: Connection, org_id: int, row: Any) -> Match:
    code = privacy.of(connection).decrypt_text(org_id, privacy.REFERENCE, row[-1])
    return Match(Verdict.MISSING, code, None, _side(row[:-1]))


def taker(connection: Connection, org_id: int, code: str) -> str:
    """The printed number of the document that stands by a payment's code; empty where none does."""
    holder = used_codes.holder(connection, org_id, code)
    return "" if holder is None else holder.number


def confirmed(connection: Connection, org_id: int, keys: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these tenders (document, place) a provider confirmed, with just their amount."""
    found: set[tuple[int, int]] = set()
    for document_id in sorted({one[0] for one in keys}):
        rows = connection.execute(
            text(
                "SELECT u.place FROM used_code AS u JOIN received_payment AS p ON p.org_id = u.org_id"
                " AND p.code = u.code JOIN tender AS t ON t.org_id = u.org_id"
                " AND t.document_id = u.document_id AND t.tender_no = u.place"
                f" WHERE u.org_id = :org AND u.document_id = :document AND u.state = '{USED}'"
                f" AND p.state = '{STANDING}' AND p.amount = coalesce(t.paid, t.amount)"
            ),
            {"org": org_id, "document": document_id},
        )
        found |= {(document_id, int(row[0])) for row in rows}
    return found & set(keys)


def of_stretch(connection: Connection, org_id: int, low: int, beyond: int) -> tuple[int, int]:
    """Of the documents from a key on and before another: what was confirmed of their codes, and what was not.

    In minor units, as it was paid; a document that was voided holds no code.
    """
    row = connection.execute(
        text(
            "SELECT coalesce(sum(coalesce(t.paid, t.amount)) FILTER (WHERE p.payment_id IS NOT NULL), 0),"
            " coalesce(sum(coalesce(t.paid, t.amount)) FILTER (WHERE p.payment_id IS NULL), 0)"
            " FROM used_code AS u JOIN tender AS t ON t.org_id = u.org_id"
            " AND t.document_id = u.document_id AND t.tender_no = u.place AND t.kind = 'mpesa'"
            " LEFT JOIN received_payment AS p ON p.org_id = u.org_id AND p.code = u.code"
            f" WHERE u.org_id = :org AND u.document_id >= :low AND u.document_id < :beyond"
            f" AND u.state = '{USED}' AND coalesce(t.paid, t.amount) > 0"
        ),
        {"org": org_id, "low": low, "beyond": beyond},
    ).one()
    return int(row[0]), int(row[1])


def is_confirming(connection: Connection, org_id: int) -> bool:
    """Whether any payment was ever confirmed here: else there is nothing to hold sales against."""
    found = connection.execute(
        text("SELECT 1 FROM received_payment WHERE org_id = :org LIMIT 1"), {"org": org_id}
    )
    return found.first() is not None


def _bound(connection: Connection, org_id: int, asked: Asked) -> dict[str, Any]:
    return {
        "org": org_id,
        "first_day": int(f"{asked.since.astimezone(UTC):%Y%m%d}"),
        "last_day": int(f"{asked.until.astimezone(UTC):%Y%m%d}"),
        "since_us": micros(asked.since),
        "until_us": micros(asked.until),
        "since": kept(connection, asked.since),
        "until": kept(connection, asked.until),
        "business": asked.business_id,
        "depot": asked.depot_id,
    }


def _side(row: Any) -> Side | None:
    if row[0] is None or row[8] is None:
        return None
    number = printed_number(row[3], split_key(int(row[0]))[0], row[1], int(row[2]))
    return Side(
        int(row[0]),
        number,
        int(row[4]),
        int(row[5] or 0),
        int(row[6] or 0),
        str(row[7]),
        moment_of(row[8]),
    )
