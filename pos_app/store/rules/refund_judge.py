"""The judge of refunds: whether what came back stands on the receipt that is named, over all tills and times.

Decisions
---------
2026-11-29  A receipt is refunded at the till that made it, which has all that came of it, so no honest till
brings more back than was sold, offline or not: whatever does is flagged. It is booked, for the money has left
the drawer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Document, Refund, Reversal, Sale
from pos_app.ledger.flagging import REFUND_MORE, REFUND_OF_NOTHING, REFUND_OTHERWISE, Found
from pos_app.ledger.head import split_key
from pos_app.ledger.quantity import quantity_text
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import quick

GONE: Final = (
    "SELECT d.original_id, l.origin_line, sum(l.quantity), sum(l.net + l.tax)"
    " FROM document AS d JOIN document_line AS l ON l.org_id = d.org_id AND l.document_id = d.document_id"
    " WHERE d.org_id = ? AND d.kind = 'refund' AND d.original_id = ANY (?) AND l.origin_line IS NOT NULL"
    f" AND {documents.not_voided()}"
    " GROUP BY d.original_id, l.origin_line"
)
VOIDED: Final = "SELECT reverses_id FROM document WHERE org_id = ? AND reverses_id = ANY (?)"


@dataclass
class _Receipt:
    """A receipt with what came back of each line so far: thousandths, and minor units."""

    sale: Sale
    is_voided: bool
    quantity: dict[int, int] = field(default_factory=dict)
    money: int = 0

    def take(self, refund: Refund, direction: int) -> None:
        """What a refund brings back, or (-1) its void takes away again."""
        for line in refund.lines:
            if line.origin_line is not None:
                back = self.quantity.get(line.origin_line, 0)
                self.quantity[line.origin_line] = back + direction * line.quantity
                self.money += direction * line.gross


def judge(connection: Connection, org_id: int, batch: Sequence[Sealed]) -> Iterator[Found]:
    """What in a batch came back of receipts that do not have it."""
    wanted = {
        one.document.original_id
        for one in batch
        if isinstance(one.document, Refund) and one.document.original_id is not None
    }
    if not wanted:
        return
    receipts = _receipts(connection, org_id, sorted(wanted), batch)
    for one in batch:
        document = one.document
        if isinstance(document, Reversal):
            _void(receipts, document)
        elif isinstance(document, Refund) and document.original_id is not None:
            yield from _judged(document, receipts.get(document.original_id))


def _receipts(
    connection: Connection, org_id: int, wanted: list[int], batch: Sequence[Sealed]
) -> dict[int, _Receipt]:
    known: dict[int, Document] = {one.document.document_id: one.document for one in batch}
    missing = [key for key in wanted if key not in known]
    for key, (_, body) in documents.sealed_bodies(connection, org_id, missing).items():
        known[key] = canonical.decode(body)
    voided = {int(row[0]) for row in quick(connection, VOIDED, org_id, wanted).fetchall()}
    found = {key: _Receipt(sale, key in voided) for key in wanted if isinstance(sale := known.get(key), Sale)}
    for key, place, quantity, money in quick(connection, GONE, org_id, wanted).fetchall():
        if key in found:
            found[key].quantity[int(place)] = -int(quantity)
            found[key].money -= int(money)
    return found


def _void(receipts: dict[int, _Receipt], document: Reversal) -> None:
    if document.original_id in receipts:
        receipts[document.original_id].is_voided = True
        return
    original = canonical.decode(bytes(document.original))
    if isinstance(original, Refund) and original.original_id in receipts:
        receipts[original.original_id].take(original, -1)


def _judged(refund: Refund, receipt: _Receipt | None) -> Iterator[Found]:
    key, number = refund.document_id, "/".join(map(str, split_key(refund.original_id or 0)))
    if receipt is None or receipt.is_voided:
        yield Found(key, REFUND_OF_NOTHING, {"receipt": number})
        return
    receipt.take(refund, 1)
    sale = receipt.sale
    if (sale.terminal_no, sale.currency) != (refund.terminal_no, refund.currency):
        yield Found(key, REFUND_OTHERWISE, {"receipt": number})
    for place, line in enumerate(refund.lines, 1):
        if line.origin_line is None:
            continue
        if not 0 <= line.origin_line < len(sale.lines):
            yield Found(key, REFUND_OTHERWISE, {"receipt": number}, place)
            continue
        sold = sale.lines[line.origin_line]
        if (sold.product_id, sold.price) != (line.product_id, line.price):
            yield Found(key, REFUND_OTHERWISE, {"receipt": number}, place)
        back = receipt.quantity[line.origin_line]
        if abs(back) > abs(sold.quantity) or back * sold.quantity < 0:
            facts = {"receipt": number, "sold": quantity_text(sold.quantity), "back": quantity_text(back)}
            yield Found(key, REFUND_MORE, facts, place)
    most = sum(line.gross for line in sale.lines if line.gross > 0)
    if receipt.money > most:
        yield Found(key, REFUND_MORE, {"receipt": number, "sold": str(most), "back": str(receipt.money)})
