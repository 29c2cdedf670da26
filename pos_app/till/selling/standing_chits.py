"""What is left on vouchers and deposit slips as this till knows it, and whether one pays.

A till that is offline honours what it issued itself and what the feed brought.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from pos_app.ledger import chit as chits
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Chit
from pos_app.ledger.money import grouped_text
from pos_app.store.receivables import chits as books
from pos_app.store.receivables.chits import Standing
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session.context import Context


def usable(context: Context, connection: Connection, typed: str) -> Standing:
    """The chit of a scanned or typed number, with more than nothing left on it.

    Raises `Refused` for a mistyped number, one that is not known here, a chit that is spent and a voucher
    whose last day has passed.
    """
    wanted = chits.read(typed)
    if wanted is None:
        raise Refused("chit-number-wrong", text=typed.strip()[:24])
    name = chits.text_of(*wanted)
    found = books.find(connection, context.org_id, wanted)
    if found is None or found.currency != context.place.currency.code:
        raise Refused("chit-unknown", number=name)
    if found.left <= 0:
        raise Refused("chit-spent", number=name)
    last = found.chit.expires_on
    if last and last < context.today:
        raise Refused("voucher-expired", number=name, day=to_date(last).isoformat())
    return found


def laid_down(context: Context, typed: str, amount: int, before: Iterable[TenderEntry]) -> Chit:
    """The chit with which so much is paid, beside the tenders `before`.

    Raises `Refused` as `usable`, and for more than is left on it.
    """
    with context.database.read() as connection:
        found = usable(context, connection, typed)
    taken = sum(one.amount for one in before if one.chit is not None and one.chit.number == found.chit.number)
    if amount > found.left - taken:
        raise Refused(
            "chit-too-small",
            number=chits.text_of(found.chit.role, found.chit.number),
            left=grouped_text(found.left - taken, context.place.currency),
        )
    return found.chit
