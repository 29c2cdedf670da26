"""Payments as their provider confirmed them: taken in once each, and found by their code.

Decisions
---------
2026-12-01  A payment is known by provider and code: its key is made of both, so that the same message, heard
twice, at the same moment, by two processes or by callback and query, is one row.  With another amount or to
another number it is no copy but a contradiction: what stands stays, and a person is shown the other.

2026-12-01  A payment that is older than `OLD` when it comes waits for a person (`HELD`): who replays a year
of messages, or reads an old code to a cashier, buys nothing with it.  What a till sold before the message
came needs no such rule: the code of the sale and that of the message meet whenever both are there.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.mpesa_code import alike
from pos_app.payments.provider import Confirmed
from pos_app.store.engine import privacy
from pos_app.store.tables.columns import from_micros, micros
from pos_app.store.tables.payment_tables import HELD, STANDING

#: A message that comes so long after its payment is shown to a person first.
OLD: Final = timedelta(days=31)
#: A provider's clock may be ahead by so much.
AHEAD: Final = timedelta(hours=2)


class Taken(StrEnum):
    """What became of a payment that was told."""

    NEW = "new"
    AGAIN = "again"
    HELD = "held"
    DIFFERS = "differs"


class To(NamedTuple):
    """Whose payment it is, in which currency, and when it came to be known."""

    business_id: int
    currency: str
    at: datetime


class Payment(NamedTuple):
    """A payment as it stands: amount in minor units of `currency`, to `number` of a business."""

    payment_id: int
    provider: str
    business_id: int
    number: str
    code: str
    amount: int
    currency: str
    phone: str
    payer: str
    reference: str
    paid_at: datetime
    received_at: datetime
    source: str
    state: str
    note: str

    @property
    def who(self) -> str:
        """Who paid, in the fewest words that a cashier knows them by."""
        phone = self.phone if len(self.phone) <= _MOST_PHONE else ""
        return " ".join(filter(None, (self.payer, phone)))


#: A longer telephone is the hash of one: nobody knows it by that.
_MOST_PHONE: Final = 16

_CLOSED: Final = (
    ("code", privacy.REFERENCE),
    ("written", privacy.REFERENCE),
    ("phone", privacy.PHONE),
    ("payer", privacy.PAYER),
    ("reference", privacy.PAYER),
)
#: The columns of a `Payment`, in its order.
COLUMNS: Final = (
    "p.payment_id, p.provider, p.business_id, p.number, p.written, p.amount, p.currency, p.phone, p.payer,"
    " p.reference, p.paid_at_us, p.received_at_us, p.source, p.state, p.note"
)


def key_of(connection: Connection, org_id: int, provider: str, code: str) -> int:
    """The key of the payment with this code."""
    mark = privacy.of(connection).blind_index(org_id, privacy.REFERENCE, alike(code))
    return int.from_bytes(hashlib.sha256(f"{provider} {mark}".encode()).digest()[:8]) >> 2


def take(connection: Connection, org_id: int, paid: Confirmed, to: To) -> Taken:
    """Keep a payment at the centre, in the caller's transaction; says whether it is new."""
    now = to.at
    is_odd = now - paid.paid_at > OLD or paid.paid_at - now > AHEAD
    at = paid.paid_at.astimezone(UTC)
    row: dict[str, Any] = {
        "org_id": org_id,
        "payment_id": key_of(connection, org_id, paid.provider, paid.code),
        "provider": paid.provider.value,
        "business_id": to.business_id,
        "number": paid.number,
        "code": alike(paid.code),
        "written": paid.code,
        "amount": paid.amount,
        "currency": to.currency,
        "phone": paid.phone,
        "payer": paid.payer,
        "reference": paid.reference,
        "paid_at_us": micros(paid.paid_at),
        "received_at_us": micros(now),
        "day": at.year * 10_000 + at.month * 100 + at.day,
        "source": paid.source.value,
        "state": HELD if is_odd else STANDING,
    }
    private = privacy.of(connection)
    for name, field in _CLOSED:
        row[name] = private.encrypt_text(org_id, field, str(row[name]))
    written = connection.execute(
        text(
            f"INSERT INTO received_payment ({', '.join(row)})"
            f" VALUES ({', '.join(f':{name}' for name in row)})"
            " ON CONFLICT (org_id, payment_id) DO NOTHING"
        ),
        row,
    )
    if written.rowcount:
        return Taken.HELD if is_odd else Taken.NEW
    same = connection.execute(
        text(
            "SELECT amount = :amount AND business_id = :business_id AND currency = :currency AND code = :code"
            " FROM received_payment WHERE org_id = :org_id AND payment_id = :payment_id"
        ),
        row,
    ).scalar_one()
    return Taken.AGAIN if same else Taken.DIFFERS


def find(connection: Connection, org_id: int, payment_id: int) -> Payment | None:
    """A payment by its key."""
    row = connection.execute(
        text(f"SELECT {COLUMNS} FROM received_payment AS p WHERE p.org_id = :org AND p.payment_id = :key"),
        {"org": org_id, "key": payment_id},
    ).one_or_none()
    return None if row is None else of_row(connection, org_id, row)


def of_code(connection: Connection, org_id: int, code: str) -> Payment | None:
    """The payment with a code, as documents keep one; None where none came."""
    closed = privacy.of(connection).encrypt_text(org_id, privacy.REFERENCE, alike(code))
    row = connection.execute(
        text(f"SELECT {COLUMNS} FROM received_payment AS p WHERE p.org_id = :org AND p.code = :code"),
        {"org": org_id, "code": closed},
    ).first()
    return None if row is None else of_row(connection, org_id, row)


def within(
    connection: Connection, org_id: int, to: tuple[str, str], since: datetime, until: datetime
) -> list[Payment]:
    """What stands as paid to a number of a provider (`to`) from a moment until before another."""
    rows = connection.execute(
        text(
            f"SELECT {COLUMNS} FROM received_payment AS p WHERE p.org_id = :org AND p.provider = :provider"
            f" AND p.number = :number AND p.state = '{STANDING}' AND p.day BETWEEN :first_day AND :last_day"
            " AND p.paid_at_us >= :since AND p.paid_at_us < :until ORDER BY p.paid_at_us, p.payment_id"
        ),
        {
            "org": org_id,
            "provider": to[0],
            "number": to[1],
            "first_day": int(f"{since.astimezone(UTC):%Y%m%d}"),
            "last_day": int(f"{until.astimezone(UTC):%Y%m%d}"),
            "since": micros(since),
            "until": micros(until),
        },
    )
    return [of_row(connection, org_id, row) for row in rows]


def say(connection: Connection, org_id: int, payment_id: int, state: str, note: str) -> None:
    """What a payment is from now on, and why; in the caller's transaction."""
    connection.execute(
        text(
            "UPDATE received_payment SET state = :state, note = :note"
            " WHERE org_id = :org AND payment_id = :key"
        ),
        {"org": org_id, "key": payment_id, "state": state, "note": note},
    )


def of_row(connection: Connection, org_id: int, row: Sequence[Any]) -> Payment:
    """A payment of the first columns of a row (`COLUMNS`), opened."""
    private = privacy.of(connection)

    def opened(field: privacy.Field, closed: str) -> str:
        return private.decrypt_text(org_id, field, closed) if closed else ""

    return Payment(
        int(row[0]),
        str(row[1]),
        int(row[2]),
        str(row[3]),
        opened(privacy.REFERENCE, row[4]),
        int(row[5]),
        str(row[6]),
        opened(privacy.PHONE, row[7]),
        opened(privacy.PAYER, row[8]),
        opened(privacy.PAYER, row[9]),
        from_micros(int(row[10])),
        from_micros(int(row[11])),
        str(row[12]),
        str(row[13]),
        str(row[14]),
    )
