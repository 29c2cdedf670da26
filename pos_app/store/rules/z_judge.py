"""The judge of Zs: what a close says of its stretch, held against the documents of it that the centre has.

Decisions
---------
2026-12-01  A till whose program or file was edited signs whatever Z it likes.  So the centre makes its
figures anew: where the stretch begins, what its receipts come to, the grand total, what the drawer should
have held, and the other money by kind.  A Z that says something else is booked, as the count happened, and
flagged.  A document of the stretch that lies in quarantine is not in the books: its Z is flagged too, and
rightly so, for the money that it tells of is not in them.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import DrawerClose, Sale
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.flagging import Z_CASH, Z_GAP, Z_MONEY, Z_TOTALS, Found
from pos_app.ledger.money import decimal_text
from pos_app.store.balances import balances
from pos_app.store.documents import other_money, stretches
from pos_app.store.documents.rows import Sealed
from pos_app.store.documents.stretches import Before
from pos_app.store.tables.projections import DRAWER_CASH


def judge(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    """Where the closes of a terminal, in its order, say what its documents do not."""
    for at, one in enumerate(batch):
        document = one.document
        if not isinstance(document, DrawerClose):
            continue
        behind = batch[:at]
        yield from _cash(connection, org_id, document, behind)
        if document.stretch is not None:
            yield from _stretch(connection, org_id, document, document.stretch, behind)


def _cash(
    connection: Connection, org_id: int, close: DrawerClose, behind: Sequence[Sealed]
) -> Iterator[Found]:
    """What the drawer should have held: all that moved it here, and what comes with this batch."""
    key = {"org_id": org_id, "drawer_id": close.drawer_id, "currency": close.currency}
    held = balances.current(connection, DRAWER_CASH, key)["amount"] + sum(
        line.amount
        for one in behind
        for line in one.posting.lines
        if line.drawer_id == close.drawer_id and (line.currency or one.document.currency) == close.currency
    )
    if held != close.expected:
        money = find_currency(close.currency)
        facts = {"said": decimal_text(close.expected, money), "held": decimal_text(held, money)}
        yield Found(close.document_id, Z_CASH, facts)


def _stretch(
    connection: Connection, org_id: int, close: DrawerClose, stretch: Stretch, behind: Sequence[Sealed]
) -> Iterator[Found]:
    before, money = before_of(connection, org_id, close, behind), find_currency(close.currency)
    if stretch.first_seq != before.seq + 1:
        facts: dict[str, int | str] = {"first": stretch.first_seq, "last": before.seq}
        yield Found(close.document_id, Z_GAP, facts)
    sales = _sold(connection, org_id, close, behind, before.seq)
    if before.stretch is not None:
        total = before.stretch.grand_total + sales
    else:
        total = _sold(connection, org_id, close, behind, 0)
    if (stretch.sales, stretch.grand_total) != (sales, total):
        facts = {
            "said": decimal_text(stretch.sales, money),
            "held": decimal_text(sales, money),
            "said_in_all": decimal_text(stretch.grand_total, money),
            "held_in_all": decimal_text(total, money),
        }
        yield Found(close.document_id, Z_TOTALS, facts)
    yield from _money(connection, org_id, close, behind, before.seq)


def before_of(connection: Connection, org_id: int, close: DrawerClose, behind: Sequence[Sealed]) -> Before:
    """The close before it, which may come in the same batch.

    The one that stands there, not the one before the shift that it names: a till that names a shift of last
    week would close the same receipts twice, and both would add up.
    """
    for one in reversed(behind):
        document = one.document
        if isinstance(document, DrawerClose) and not stretches.is_part(document, close):
            return stretches.told_of(document)
    return stretches.behind(connection, org_id, close)


def _sold(
    connection: Connection, org_id: int, close: DrawerClose, behind: Sequence[Sealed], after_seq: int
) -> int:
    sold = stretches.sold(
        connection, org_id, close.terminal_no, close.currency, after_seq=after_seq, upto_seq=close.seq
    )
    return sold + sum(
        one.document.total
        for one in behind
        if isinstance(one.document, Sale)
        and one.document.seq > after_seq
        and one.document.currency == close.currency
    )


def _money(
    connection: Connection, org_id: int, close: DrawerClose, behind: Sequence[Sealed], after_seq: int
) -> Iterator[Found]:
    """What it says that the shift took beside cash, kind by kind."""
    if not close.other_money:
        return
    known = other_money.payments(connection, org_id, close.terminal_no, after_seq + 1, close.seq)
    came = [
        each
        for one in behind
        if one.document.seq > after_seq
        for each in other_money.of_document(one.document)
    ]
    held, money = other_money.sums([*((one.kind, one.amount) for one in known), *came]), None
    for place, (kind, said, here) in enumerate(other_money.differing(close.other_money, held), 1):
        money = money or find_currency(close.currency)
        facts = {
            "role": kind.value,
            "said": decimal_text(said.amount, money),
            "held": decimal_text(here.amount, money),
        }
        yield Found(close.document_id, Z_MONEY, facts, place)
