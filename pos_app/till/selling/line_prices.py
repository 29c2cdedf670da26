"""What the lines of a basket cost by lists and promotions, now: all at once, for breaks count them together.

Decisions
---------
2026-11-30  A line keeps what the product itself cost when it was scanned; what lists and contracts say of it
is taken anew at every change, when a basket is opened or its payment begins, and once more in the transaction
that records, by the moment of the document.  Where that makes another total without the person's doing (a
price of tomorrow has begun, the feed brought another list), they are told, and nothing is recorded before
they have been: the same way as with a rate of tax that changes (`day_rates`).

2026-11-30  A promotion that ends with the basket open, at midnight or at the end of its hours, is such a
price: the next change, or the payment, tells what the total was and what it is.  Until then nothing moves by
itself on the screen, and what was paid before the end keeps it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from pos_app.ledger.pricing.quoting import Quote
from pos_app.till.selling.basket_state import BasketLine
from pos_app.till.session import prices
from pos_app.till.session.context import Context
from pos_app.till.session.prices import Priced

#: What lists and promotions say of each line; None of a line whose price is none of theirs.
Prices = Sequence[Quote | None]


def of_lines(
    context: Context,
    connection: Connection,
    party_id: int | None,
    lines: Sequence[BasketLine],
    moment: datetime | None = None,
) -> Prices:
    """What each line costs a customer (None: anybody), now or at a moment."""
    by_lists = [
        Priced(line.product_id, line.quantity, line.base, line.is_fixed) for line in lines if line.is_by_lists
    ]
    found = iter(prices.quoted(context, connection, party_id, by_lists, moment) if by_lists else ())
    return [next(found) if line.is_by_lists else None for line in lines]


def take(lines: Sequence[BasketLine], prices_now: Prices) -> None:
    """Put the lines at these prices."""
    for line, price in zip(lines, prices_now, strict=True):
        if price is not None:
            line.take(price)


def differ(lines: Sequence[BasketLine], prices_now: Prices) -> bool:
    """Whether any line stands at another list price, or has something else off by a promotion."""
    return any(
        price is not None
        and (
            price.price != line.list_price
            or (
                not line.changed
                and (price.discount, price.promotion_id) != (line.discount, line.promotion_id)
            )
        )
        for line, price in zip(lines, prices_now, strict=True)
    )
