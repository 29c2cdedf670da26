"""Posting rules for goods that are sold: sales, refunds, invoices, credit notes."""

from collections import defaultdict
from collections.abc import Iterable

from pos_app.ledger import chit
from pos_app.ledger.invoicing import CreditNote, Invoice
from pos_app.ledger.line import GoodsLine, PartyRole, ReturnableLine
from pos_app.ledger.posting.chits import chit_items
from pos_app.ledger.posting.lines import PostingLine, close, difference_account_of, lines_of, tender_entries
from pos_app.ledger.posting.loyalty import points_entries, points_items
from pos_app.ledger.posting.posting import OpenItem, Posting, StockMove
from pos_app.ledger.trade import Refund, Sale, Trade


def post_sale(document: Sale) -> Posting:
    """Revenue and tax earned, what is no sale owed, money taken, goods out."""
    return _post_trade(document, direction=1)


def post_refund(document: Refund) -> Posting:
    """A sale backwards."""
    return _post_trade(document, direction=-1)


def _post_trade(document: Trade, direction: int) -> Posting:
    """Revenue and tax by account, tenders and change each by themselves, goods out of stock."""
    entries = _goods_entries(document.lines, direction)
    entries += tender_entries(document, document.tenders, document.change, document.party_id, direction)
    if document.rounding:
        entries.append(
            PostingLine(document.business_id, document.rounding_account, -direction * document.rounding)
        )
    entries += points_entries(document, document.points, document.party_id, direction)
    lines = lines_of(document, entries, difference_account_of(document.tenders))
    items = chit_items(document, chit.moved(document.lines, document.tenders, direction))
    items += points_items(document, document.points, document.party_id, direction)
    return Posting(lines, _goods_moves(document.lines, document.returnables, direction), items)


def post_invoice(document: Invoice) -> Posting:
    """Revenue and tax earned, the customer owes it; the invoice is open by its total."""
    owed = PostingLine(
        document.business_id,
        document.receivable_account,
        document.total,
        PartyRole.CUSTOMER,
        document.party_id,
    )
    closed = close(document, [owed, *_goods_entries(document.lines, 1)])
    item = OpenItem(
        business_id=document.business_id,
        party_role=PartyRole.CUSTOMER,
        party_id=document.party_id,
        invoice_id=document.document_id,
        due_on=document.due_on,
        amount=document.total,
        base_amount=closed.bases[0],
    )
    items = (item, *chit_items(document, chit.moved(document.lines, (), 1)))
    return Posting(closed.lines, _goods_moves(document.lines, document.returnables, 1), items)


def post_credit_note(document: CreditNote) -> Posting:
    """An invoice backwards; what it takes off the invoice is at the invoice's rate and business."""
    credited = PostingLine(
        document.invoice_business_id or document.business_id,
        document.receivable_account,
        -document.total,
        PartyRole.CUSTOMER,
        document.party_id,
        base=-document.base_amount,
    )
    lines = lines_of(document, [credited, *_goods_entries(document.lines, -1)], document.difference_account)
    item = OpenItem(
        business_id=document.invoice_business_id or document.business_id,
        party_role=PartyRole.CUSTOMER,
        party_id=document.party_id,
        invoice_id=document.invoice_id,
        due_on=document.invoice_due_on,
        amount=-document.total,
        base_amount=-document.base_amount,
    )
    items = (item, *chit_items(document, chit.moved(document.lines, (), -1)))
    return Posting(lines, _goods_moves(document.lines, document.returnables, -1), items)


def _goods_entries(lines: Iterable[GoodsLine], direction: int) -> list[PostingLine]:
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for line in lines:
        sums[line.business_id, line.revenue_account] -= direction * line.net
        if line.tax:
            sums[line.business_id, line.tax_account] -= direction * line.tax
    return [PostingLine(business, account, amount) for (business, account), amount in sums.items()]


def _goods_moves(
    lines: Iterable[GoodsLine], returnables: Iterable[ReturnableLine], direction: int
) -> tuple[StockMove, ...]:
    """Goods out of (in direction -1: back into) their locations, and returnables, signed as they are.

    A returnable says itself which way it goes, so that a refund too can give one out.
    """
    moves = [
        StockMove(
            location_id=line.location_id,
            product_id=line.product_id,
            quantity=-direction * line.quantity,
        )
        for line in lines
        if line.location_id is not None
    ]
    for one in returnables:
        moves += given(one.product_id, one.quantity, one.location_id, one.party_location_id)
    return tuple(moves)


def given(product_id: int, quantity: int, here: int, there: int) -> tuple[StockMove, StockMove]:
    """What is given from one location to another: as two moves; negative comes back."""
    return (
        StockMove(location_id=here, product_id=product_id, quantity=-quantity),
        StockMove(location_id=there, product_id=product_id, quantity=quantity),
    )
