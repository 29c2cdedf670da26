"""The judge of deposits: whether a customer had as much as was taken out, by whatever document.

Decisions
---------
2026-12-01  What goes out of a deposit beyond what there was calls somebody, whoever was offline: a sale that
it paid, an invoice that it settled, cash that was handed out of it.  The document that brought it below
nothing has the flag, as far as it did; a void that takes money back is looked at as every void is.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.currency import currency
from pos_app.ledger.document import Reversal
from pos_app.ledger.flagging import DEPOSIT_BEYOND, Found
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick

HELD: Final = (
    "SELECT party_id, currency, -amount FROM party_balance WHERE org_id = ?"
    " AND party_role = 'depositor' AND party_id = ANY (?)"
)


def judge(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    """Which documents of a batch take more out of a deposit than there was."""
    drawing = {party_id for one in batch for (party_id, _), amount in _moved(one).items() if amount < 0}
    if not drawing:
        return
    rows = quick(connection, HELD, org_id, sorted(drawing)).fetchall()
    held = {(int(row[0]), str(row[1])): int(row[2]) for row in rows}
    for one in batch:
        for key, amount in _moved(one).items():
            left = held[key] = held.get(key, 0) + amount
            if amount < 0 and left < 0 and not isinstance(one.document, Reversal):
                beyond = decimal_text(min(-left, -amount), currency(key[1]))
                yield Found(one.document.document_id, DEPOSIT_BEYOND, {"beyond": beyond})


def _moved(sealed: Sealed) -> dict[tuple[int, str], int]:
    """What a document puts into deposits (below nothing: takes out), by party and currency."""
    moved: dict[tuple[int, str], int] = {}
    for line in sealed.posting.lines:
        if line.party_role is PartyRole.DEPOSITOR and line.party_id is not None:
            key = line.party_id, line.currency or sealed.document.currency
            moved[key] = moved.get(key, 0) - line.amount
    return moved
