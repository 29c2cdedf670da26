"""Posting rules for stock that moves without a sale, and for what it is worth."""

from collections import defaultdict

from pos_app.ledger.posting.goods import given
from pos_app.ledger.posting.lines import PostingLine, close, lines_of
from pos_app.ledger.posting.posting import CostLine, Posting, StockMove
from pos_app.ledger.quantity import extend
from pos_app.ledger.stock import (
    ReturnableMove,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
)


def post_stock_count(document: StockCount) -> Posting:
    """The difference moves the stock; where a line says what a unit costs, it is valued at once."""
    entries, moves, costs = [], [], []
    for line in document.lines:
        difference = line.counted - line.expected
        if not difference:
            continue
        moves.append(
            StockMove(location_id=document.location_id, product_id=line.product_id, quantity=difference)
        )
        if line.unit_cost is None:
            continue
        business = document.business_id if line.business_id is None else line.business_id
        value = extend(line.unit_cost, difference)
        entries.append(PostingLine(business, line.inventory_account, value))
        entries.append(PostingLine(business, line.contra_account, -value))
        costs.append(
            CostLine(business_id=business, product_id=line.product_id, quantity=difference, value=value)
        )
    return Posting(close(document, entries).lines, tuple(moves), (), tuple(costs))


def post_transfer_sent(document: TransferSent) -> Posting:
    """Out of one place, onto the way."""
    moves = [
        move
        for line in document.lines
        for move in given(line.product_id, line.quantity, document.from_location, document.transit_location)
    ]
    return Posting((), tuple(moves))


def post_transfer_received(document: TransferReceived) -> Posting:
    """What came, off the way; what did not come stays on it."""
    moves = [
        move
        for line in document.lines
        if line.received
        for move in given(line.product_id, line.received, document.transit_location, document.to_location)
    ]
    return Posting((), tuple(moves))


def post_stock_adjustment(document: StockAdjustment) -> Posting:
    """Stock alone; the centre values it."""
    moves = tuple(
        StockMove(location_id=document.location_id, product_id=line.product_id, quantity=line.quantity)
        for line in document.lines
    )
    return Posting((), moves)


def post_returnable(document: ReturnableMove) -> Posting:
    """From the depot to the party, or back."""
    moves = [
        move
        for line in document.lines
        for move in given(line.product_id, line.quantity, document.location_id, document.party_location_id)
    ]
    return Posting((), tuple(moves))


def post_stock_valuation(document: StockValuation) -> Posting:
    """Cost out of inventory, summed by account; the cost lines say it product by product."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for line in document.lines:
        sums[line.business_id, line.contra_account] += line.value
        sums[line.business_id, line.inventory_account] -= line.value
    entries = [PostingLine(business, account, amount) for (business, account), amount in sums.items()]
    costs = tuple(
        CostLine(
            business_id=line.business_id,
            product_id=line.product_id,
            quantity=-line.quantity,
            value=-line.value,
        )
        for line in document.lines
    )
    return Posting(lines_of(document, entries), (), (), costs)
