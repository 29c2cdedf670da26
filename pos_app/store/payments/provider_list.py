"""The provider's own list of a day held against what we know: what we missed, and what it does not know.

Decisions
---------
2026-12-01  A confirmation is posted by whoever knows our address; the list is asked of the provider itself.
So what stands here and is not in its list is a contradiction that a person sees, and no till is told of it
meanwhile: it may be a list that comes late.  What the list has and nobody told us is a payment like any
other.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import Sentence, kept_code, said
from pos_app.ledger.currency import currency
from pos_app.ledger.money import decimal_text
from pos_app.ledger.mpesa_code import alike
from pos_app.payments import daraja_messages
from pos_app.payments.provider import Confirmed, Provider
from pos_app.store.payments import notices, received
from pos_app.store.payments.notices import Came
from pos_app.store.payments.received import Payment, Taken, To

#: Under which name an odd row of a list stands among what came.
WHAT: Final = "list"
#: So long after a payment the list may not have it yet.
LATE: Final = timedelta(minutes=15)
_ODD: Final = {Taken.HELD: kept_code("payment-old"), Taken.DIFFERS: kept_code("payment-differs")}


class Compared(NamedTuple):
    """How many rows the list has, how many of them are new to us, otherwise than ours, and not in it."""

    listed: int
    new: int
    odd: int
    unlisted: int

    @property
    def sentence(self) -> Sentence:
        """It in words."""
        return said(
            "payment-list-held", listed=self.listed, new=self.new, odd=self.odd, unlisted=self.unlisted
        )


class Day(NamedTuple):
    """What was asked for: a number of a business, from a moment until before another, and when."""

    business_id: int
    number: str
    since: datetime
    until: datetime
    now: datetime


def hold(connection: Connection, org_id: int, asked: Day, listed: Sequence[Confirmed]) -> Compared:
    """Take in what is new, and lay before a person what is otherwise; in the caller's transaction."""
    to = To(asked.business_id, daraja_messages.CURRENCY, asked.now)
    new = odd = 0
    for paid in listed:
        taken = received.take(connection, org_id, paid, to)
        new += taken in (Taken.NEW, Taken.HELD)
        if taken in _ODD:
            odd += 1
            _tell(connection, org_id, asked, paid, _ODD[taken])
    known = {alike(one.code) for one in listed}
    until = min(asked.until, asked.now - LATE)
    standing = received.within(
        connection, org_id, (Provider.MPESA.value, asked.number), asked.since, max(until, asked.since)
    )
    unlisted = [one for one in standing if alike(one.code) not in known]
    for one in unlisted:
        _tell(connection, org_id, asked, one, kept_code("payment-not-listed"))
    return Compared(len(listed), new, odd, len(unlisted))


def _tell(connection: Connection, org_id: int, asked: Day, paid: Confirmed | Payment, reason: str) -> None:
    amount = decimal_text(paid.amount, currency(daraja_messages.CURRENCY))
    words = f"{paid.code} {paid.paid_at:%Y-%m-%dT%H:%MZ} {amount}"
    # The same row of the same list is shown once, however often the list is asked for.
    key = hashlib.sha256(f"{WHAT} {reason} {asked.business_id} {words}".encode()).hexdigest()[:16]
    came = Came(asked.business_id, WHAT, "", words.encode(), asked.now, key)
    notices.put(connection, org_id, came, said(reason))
