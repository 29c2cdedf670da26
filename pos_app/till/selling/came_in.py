"""M-Pesa that came and no sale took yet, as this till knows it: picked with a key, offline too.

What the centre heard of comes with the feed.  What is picked is a tender as any other, with the code of its
message; what nobody heard of is typed as before.

Decisions
---------
2026-12-01  What came in the last two days is offered, the one of just this amount first: a customer who paid
stands before the cashier, or comes back tomorrow for the gas.  Older money that no sale took is found by its
code, which the customer has on their phone.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pos_app.ledger.line import TenderKind
from pos_app.ledger.mpesa_code import alike, mpesa_code
from pos_app.store.payments import matching, open_payments, received
from pos_app.store.payments.received import Payment
from pos_app.till.selling.takings import Takings
from pos_app.till.selling.tendering import Due
from pos_app.till.session.context import Context

_OFFERED: Final = timedelta(days=2)
_MOST: Final = 20


class Came(NamedTuple):
    """A payment as the cashier sees it: minor units, from whom, when, and whether it is just what is due."""

    code: str
    amount: int
    who: str
    paid_at: datetime
    number: str
    business_id: int
    fits: bool


class CameIn:
    """The payments of this shop's numbers."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def is_told(self) -> bool:
        """Whether payments are confirmed here at all; else codes are typed and nothing is offered."""
        with self._context.database.read() as connection:
            return matching.is_confirming(connection, self._context.org_id)

    def offered(self, takings: Takings) -> list[Came]:
        """What no sale took yet, that of just the amount due first, then the latest."""
        places = {one.business_id: one for one in takings.mpesa_places() if one.number}
        since = self._context.clock.now() - _OFFERED
        with self._context.database.read() as connection:
            found = open_payments.listed(
                connection, self._context.org_id, tuple(places), int(f"{since:%Y%m%d}"), _MOST
            )
        taken = {alike(one.reference) for one in takings.tenders}
        rows = [
            _came(one, places[one.business_id].due)
            for one in found
            if alike(one.code) not in taken and one.currency == takings.rate.currency.code
        ]
        return sorted(rows, key=lambda one: not one.fits)

    def find(self, takings: Takings, code: str) -> Came | None:
        """The payment with a code that was typed, whenever it came; None where nobody confirmed it.

        Raises `Refused` for what is no code.
        """
        with self._context.database.read() as connection:
            found = received.of_code(connection, self._context.org_id, mpesa_code(code))
        if found is None:
            return None
        dues = {one.business_id: one.due for one in takings.mpesa_places()}
        return _came(found, dues.get(found.business_id, 0))

    def take(self, takings: Takings, came: Came) -> Due:
        """Take a payment as a tender.  Raises `Refused` as `Takings.add_tender` does."""
        return takings.add_tender(TenderKind.MPESA, came.amount, came.code, "", came.business_id)


def _came(paid: Payment, due: int) -> Came:
    fits = paid.amount == due
    return Came(paid.code, paid.amount, paid.who, paid.paid_at, paid.number, paid.business_id, fits)
