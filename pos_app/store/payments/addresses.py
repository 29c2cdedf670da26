"""The addresses at which a business hears of its payments: whose they are, and who may post there.

    /paid/7-1/Gk3…/confirmation

The part in the middle is made of the centre's own key, which is in no database, for each business by itself:
nobody guesses it, and it needs no table.  Words of the provider's name must not stand in the path: Daraja
does not take such addresses.
"""

import hmac
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.engine import privacy

PATH: Final = "/paid"
CONFIRMATION: Final = "confirmation"
VALIDATION: Final = "validation"
ANSWER: Final = "answer"
RESULT: Final = "result"
TIMEOUT: Final = "timeout"
WHATS: Final = (CONFIRMATION, VALIDATION, ANSWER, RESULT, TIMEOUT)


class Payee(NamedTuple):
    """A business that is paid: its name, and the numbers at which customers pay it (empty: it has none)."""

    business_id: int
    code: str
    name: str
    till: str
    paybill: str
    active: bool

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers that it has."""
        return frozenset(filter(None, (self.till, self.paybill)))


def payees(connection: Connection, org_id: int) -> Mapping[int, Payee]:
    """Every business of an organisation, by its key."""
    rows = connection.execute(
        text(
            "SELECT business_id, code, name, mpesa_till, mpesa_paybill, active FROM business"
            " WHERE org_id = :org ORDER BY business_id"
        ),
        {"org": org_id},
    )
    return {int(row[0]): Payee(int(row[0]), row[1], row[2], row[3], row[4], bool(row[5])) for row in rows}


def path_of(connection: Connection, org_id: int, business_id: int) -> str:
    """The path under which a business hears of its payments, without what it hears."""
    return f"{PATH}/{org_id}-{business_id}/{_mark(connection, org_id, business_id)}"


def is_mark(connection: Connection, org_id: int, business_id: int, shown: str) -> bool:
    """Whether this is the part of a business's address that nobody guesses."""
    mark = _mark(connection, org_id, business_id)
    return hmac.compare_digest(mark.encode(), shown.encode("utf-8", "replace"))


def _mark(connection: Connection, org_id: int, business_id: int) -> str:
    return privacy.of(connection).blind_index(org_id, privacy.PAYMENT_ADDRESS, str(business_id))
