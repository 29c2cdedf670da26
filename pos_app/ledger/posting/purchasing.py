"""Posting rules for what we buy: receipts, landed cost, bills, vendors' credits, expenses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import Bill, BillLine, VendorCredit
from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting.lines import PostingLine, close, difference_account_of, tender_entries
from pos_app.ledger.posting.posting import CostLine, OpenItem, Posting, StockMove
from pos_app.ledger.posting.settlement import rounding_entries
from pos_app.ledger.purchasing import GoodsReceipt, LandedCost, PurchaseOrder
from pos_app.ledger.treasury import Expense


def post_purchase_order(document: PurchaseOrder) -> Posting:
    """An order is a promise: nothing is posted."""
    return Posting((), ())


def post_goods_receipt(document: GoodsReceipt) -> Posting:
    """Stock comes and is valued, and is owed until the bill comes; line by line, so each stands alone."""
    entries = []
    for line in document.lines:
        entries.append(PostingLine(line.business_id, line.inventory_account, line.net))
        entries.append(PostingLine(line.business_id, line.grni_account, -line.net))
    closed = close(document, entries)
    moves = tuple(
        StockMove(location_id=document.location_id, product_id=line.product_id, quantity=line.quantity)
        for line in document.lines
    )
    costs = tuple(
        CostLine(
            business_id=line.business_id, product_id=line.product_id, quantity=line.quantity, value=value
        )
        for line, value in zip(document.lines, closed.bases[::2], strict=True)
    )
    return Posting(closed.lines, moves, (), costs)


def post_landed_cost(document: LandedCost) -> Posting:
    """Stock is worth more, and somebody is owed for it."""
    entries = []
    for line in document.lines:
        entries.append(PostingLine(line.business_id, line.inventory_account, line.value))
        entries.append(PostingLine(line.business_id, document.accrued_account, -line.value))
    closed = close(document, entries)
    costs = tuple(
        CostLine(business_id=line.business_id, product_id=line.product_id, quantity=0, value=value)
        for line, value in zip(document.lines, closed.bases[::2], strict=True)
    )
    return Posting(closed.lines, (), (), costs)


def post_bill(document: Bill) -> Posting:
    """We owe the vendor what the lines and their tax come to; the bill is open by its total."""
    owed = PostingLine(
        document.business_id,
        document.payable_account,
        -document.total,
        PartyRole.VENDOR,
        document.party_id,
    )
    posting, bases = _bought(document, [owed], document.lines, 1, document.difference_account)
    item = OpenItem(
        business_id=document.business_id,
        party_role=PartyRole.VENDOR,
        party_id=document.party_id,
        invoice_id=document.document_id,
        due_on=document.due_on,
        amount=document.total,
        base_amount=-bases[0],
    )
    return posting._replace(open_items=(item,))


def post_vendor_credit(document: VendorCredit) -> Posting:
    """A bill backwards; what it takes off the bill is at the bill's rate and business."""
    credited = PostingLine(
        document.bill_business_id or document.business_id,
        document.payable_account,
        document.total,
        PartyRole.VENDOR,
        document.party_id,
        base=document.base_amount,
    )
    posting, _ = _bought(document, [credited], document.lines, -1, document.difference_account)
    item = OpenItem(
        business_id=document.bill_business_id or document.business_id,
        party_role=PartyRole.VENDOR,
        party_id=document.party_id,
        invoice_id=document.bill_id,
        due_on=document.bill_due_on,
        amount=-document.total,
        base_amount=-document.base_amount,
    )
    return posting._replace(open_items=(item,))


def post_expense(document: Expense) -> Posting:
    """Bought and paid at once; what its coins are more than that is a cost of its own."""
    paid = [
        *tender_entries(document, document.tenders, None, document.party_id, -1),
        *rounding_entries(document, 1),
    ]
    posting, _ = _bought(document, paid, document.lines, 1, difference_account_of(document.tenders))
    return posting


def _bought(
    document: Head,
    before: Sequence[PostingLine],
    lines: Sequence[BillLine],
    direction: int,
    difference_account: str,
) -> tuple[Posting, tuple[int, ...]]:
    """What the lines post after the entries `before`, and the base amounts of all entries.

    Each line is a journal line of its own, so that every amount on a vendor's paper is found again;
    tax is one line for each account.
    """
    entries = list(before)
    places = []
    tax: dict[tuple[int, str], int] = defaultdict(int)
    for line in lines:
        places.append(len(entries))
        entries += _line_entries(line, direction)
        if line.tax:
            tax[line.business_id, line.tax_account] += direction * line.tax
    entries += [PostingLine(business, account, amount) for (business, account), amount in tax.items()]
    closed = close(document, entries, difference_account)
    values = [closed.bases[place] for place in places]
    moves, costs = _stocked(lines, direction, values)
    return Posting(closed.lines, moves, (), costs), closed.bases


def _line_entries(line: BillLine, direction: int) -> list[PostingLine]:
    if line.received_net is None:
        return [PostingLine(line.business_id, line.account, direction * line.net)]
    # Only a bill bills a receipt, so there is no other direction.
    variance = line.net - line.received_net
    return [
        PostingLine(line.business_id, line.account, line.received_net, base=line.received_base),
        PostingLine(line.business_id, line.price_variance_account, variance),
    ]


def _stocked(
    lines: Iterable[BillLine], direction: int, values: Iterable[int]
) -> tuple[tuple[StockMove, ...], tuple[CostLine, ...]]:
    """Moves and cost of the lines that bring goods without a receipt; `values` in base currency."""
    moves, costs = [], []
    for line, value in zip(lines, values, strict=True):
        if line.location_id is None or line.product_id is None or line.quantity is None:
            continue
        quantity = direction * line.quantity
        moves.append(StockMove(location_id=line.location_id, product_id=line.product_id, quantity=quantity))
        costs.append(
            CostLine(business_id=line.business_id, product_id=line.product_id, quantity=quantity, value=value)
        )
    return tuple(moves), tuple(costs)
