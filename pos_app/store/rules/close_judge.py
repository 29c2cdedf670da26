"""The judge of drawers and closes by what the house ruled: whose a drawer is, what is counted and explained.

Decisions
---------
2026-12-01  A till refuses all of this by itself.  What comes all the same was made by a program or a file
that somebody edited, or before the till heard of the rule: so a rule counts only where it held when the
document was recorded and ever since (`Then.ruled`), and what it finds is flagged, never kept out: the money
moved.  A Z without a stretch is of a program of before there were any; behind one that
had a stretch it is somebody's doing.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, text

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import CashMovement, DrawerClose, DrawerOpen, Payment, Refund, Sale
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.flagging import (
    CLOSE_GOODS_UNCOUNTED,
    CLOSE_MONEY_UNCOUNTED,
    CLOSE_UNREASONED,
    DRAWER_OF_ANOTHER,
    HANDED_UNALLOWED,
    Z_GAP,
    Found,
)
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.store.documents import other_money
from pos_app.store.documents.rows import Sealed
from pos_app.store.master import people
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules.then import Then
from pos_app.store.rules.z_judge import before_of
from pos_app.store.tables.columns import micros

#: What a till records in the shift of whose drawer it is.
_IN_SHIFT = (Sale, Refund, Payment, CashMovement)


def judge(
    connection: Connection, org_id: int, batch: Sequence[Sealed], then: Then, held: Rights
) -> Iterator[Found]:
    """What of a terminal's documents, in its order, the house had ruled otherwise."""
    yield from _whose(connection, org_id, batch, then)
    for at, one in enumerate(batch):
        close = one.document
        if not isinstance(close, DrawerClose):
            continue
        yield from _unreasoned(close, then)
        if close.stretch is not None:
            yield from _uncounted(connection, org_id, close, then, batch[:at])
        elif close.currency == then.base:
            # A close of another currency has none: that of our own comes behind it, of the same shift.
            before = before_of(connection, org_id, close, batch[:at])
            if before.stretch is not None:
                yield Found(close.document_id, Z_GAP, {"first": 0, "last": before.seq})
        if close.handed_to_id is not None and not held.allows(
            close.handed_to_id,
            Permission.DRAWER.value,
            close.business_id,
            close.depot_id,
            micros(close.recorded_at),
        ):
            name = people.person_name(connection, org_id, close.handed_to_id)
            yield Found(close.document_id, HANDED_UNALLOWED, {"whose": name})


def _whose(connection: Connection, org_id: int, batch: Sequence[Sealed], then: Then) -> Iterator[Found]:
    """Money in and out of the drawer of somebody else."""
    asked = [
        one
        for one in batch
        if isinstance(one.document, _IN_SHIFT)
        and one.document.shift is not None
        and any(line.drawer_id is not None for line in one.posting.lines)
        and all(_ruled(then, HouseRule.DRAWER_OF_PERSON, one))
    ]
    if not asked:
        return
    opened = {
        one.document.document_id: one.document.person_id
        for one in batch
        if isinstance(one.document, DrawerOpen)
    }
    shifts = sorted({one.document.shift for one in asked if one.document.shift} - opened.keys())
    if shifts:
        rows = connection.execute(_OPENED, {"org": org_id, "keys": shifts})
        opened |= {int(key): int(person_id) for key, person_id in rows}
    for one in asked:
        whose = opened.get(one.document.shift or 0)
        if whose is not None and whose != one.document.person_id:
            name = people.person_name(connection, org_id, whose)
            yield Found(one.document.document_id, DRAWER_OF_ANOTHER, {"whose": name})


_OPENED = text(
    "SELECT document_id, person_id FROM document WHERE org_id = :org AND document_id IN :keys"
    " AND kind = 'drawer_open'"
).bindparams(bindparam("keys", expanding=True))


def _ruled(then: Then, rule: HouseRule, sealed: Sealed) -> list[int]:
    return then.ruled(rule, sealed.document.depot_id, micros(sealed.document.recorded_at))


def _unreasoned(close: DrawerClose, then: Then) -> Iterator[Found]:
    """A difference that wanted a word; the mildest rule of the time counts."""
    if close.reason.strip():
        return
    least = max(then.ruled(HouseRule.CLOSE_REASON_FROM, close.depot_id, micros(close.recorded_at)))
    over = abs(close.counted - close.expected)
    differs = [
        worth_of(over, close.rate_micro),
        *(abs(one.counted - one.expected) for one in close.other_money),
    ]
    most = max(differs)
    if most and most >= least:
        base = find_currency(then.base)
        facts = {"amount": decimal_text(most, base), "least": decimal_text(least, base)}
        yield Found(close.document_id, CLOSE_UNREASONED, facts)


def _uncounted(
    connection: Connection, org_id: int, close: DrawerClose, then: Then, behind: Sequence[Sealed]
) -> Iterator[Found]:
    """What of the shift was to be counted beside the cash, and was not."""
    at_us = micros(close.recorded_at)
    if not close.other_money and all(then.ruled(HouseRule.COUNT_OTHER_MONEY, close.depot_id, at_us)):
        first = before_of(connection, org_id, close, behind).seq + 1
        payments = len(other_money.payments(connection, org_id, close.terminal_no, first, close.seq))
        payments += sum(
            len(other_money.of_document(one.document)) for one in behind if one.document.seq >= first
        )
        if payments:
            yield Found(close.document_id, CLOSE_MONEY_UNCOUNTED, {"payments": payments})
    if not close.pieces and all(then.ruled(HouseRule.COUNT_CYLINDERS, close.depot_id, at_us)):
        kinds = int(connection.execute(_KINDS, {"org": org_id}).scalar_one())
        if kinds:
            yield Found(close.document_id, CLOSE_GOODS_UNCOUNTED, {"products": kinds})


#: Full ones that come back empty; of each the empty one is counted too.
_KINDS = text(
    "SELECT count(*) FROM returnable_pair AS r JOIN product AS p ON p.org_id = r.org_id"
    " AND p.product_id = r.product_id WHERE r.org_id = :org AND r.empty_id <> 0 AND p.active = 1"
)
