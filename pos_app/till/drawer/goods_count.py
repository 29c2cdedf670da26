"""Full and empty cylinders and bottles counted with the drawer: blind, by figure or scanner.

A count at the close says what lay there; it changes no stock.  Whoever sees a difference counts stock, which
is a document of its own with an approval of its own (`till.stock.stock_count`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.closing import PieceCount
from pos_app.ledger.errors import Refused
from pos_app.store.stock import full_and_empty
from pos_app.till.session.context import Context


class Kind(NamedTuple):
    """What is counted: full ones of a kind, or the empty ones without a fill.  How many is not told."""

    product_id: int
    sku: str
    name: str
    is_empty: bool


def kinds(connection: Connection, context: Context) -> list[Kind]:
    """What lies at this depot and is counted at a close, full ones first."""
    found = full_and_empty.at_place(connection, context.org_id, context.location_id)
    return [Kind(one.product_id, one.sku, one.name, one.is_empty) for one in found]


def counted(connection: Connection, context: Context, goods: Mapping[int, int]) -> tuple[PieceCount, ...]:
    """What the close tells of them, against the books as they are in this transaction.

    Raises `Refused` for what is not counted here, and for fewer than none.
    """
    known = {
        one.product_id: one.quantity
        for one in full_and_empty.at_place(connection, context.org_id, context.location_id)
    }
    for key, pieces in goods.items():
        if key not in known:
            raise Refused("close-goods-unknown")
        if pieces < 0:
            raise Refused("close-pieces-impossible")
    return tuple(
        PieceCount(product_id=key, expected=known[key], counted=pieces)
        for key, pieces in sorted(goods.items())
    )
