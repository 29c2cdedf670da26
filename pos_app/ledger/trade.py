"""Sales and refunds: goods or services over the counter, and the money for them in the same document."""

from pos_app.ledger.head import Head
from pos_app.ledger.line import Change, GoodsLine, Points, ReturnableLine, Tender


class Trade(Head, frozen=True, kw_only=True, omit_defaults=True):
    """What a sale and a refund share: lines, stored totals, tenders.

    All amounts are in minor units and positive in the document's own direction: `total` is what
    the customer pays on a sale and what the shop hands back on a refund.  `rounding` is what cash
    rounding adds to the total; tenders less change are `total + rounding`.  `points` are given to the
    customer by a sale, and taken back by the refund of one that gave some.
    """

    party_id: int | None = None
    lines: tuple[GoodsLine, ...]
    subtotal: int
    tax_total: int
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    change: Change | None = None
    returnables: tuple[ReturnableLine, ...] = ()
    points: Points | None = None


class Sale(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="sale"):
    """Goods or services given out, and the money taken for them.

    `over_limit` is by how much, in minor units, it took the customer beyond their credit limit as the
    till knew it.  `order_id` is the key of the service order that it collects: its lines name the order's
    by their `origin_line`.
    """

    over_limit: int = 0
    order_id: int | None = None


class Refund(Trade, frozen=True, kw_only=True, omit_defaults=True, tag="refund"):
    """Goods taken back and money handed back; `original_id` is the sale's key where it is known.

    `cash_instead` is how much of its cash, in minor units, goes back for what came another way.
    """

    original_id: int | None = None
    cash_instead: int = 0
    reason: str = ""
