"""Refills: full ones that go out, and what comes back for them; all of it is one line of the basket.

Decisions
---------
2026-12-01  The empty that a pair names is the cylinder itself, whatever is in it: its stock at a place counts
the full ones too, and the stock of the full product counts the fills.  So a refill with its empty moves a
cylinder out and one in, one without an empty lends one, and what the depots, the customers, the suppliers and
the road have of cylinders adds up to what is owned, at any time (see `store.stock.cylinders`).

2026-12-01  A line of full ones says what comes back for all of them.  The deposit that is taken instead, or
the cylinder that is sold with its fill, is a line of its own, with its own tax and its own slip, tied to the
line of the full ones: their quantities move together, and both go together.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.store.master import catalogue, pairs
from pos_app.store.master.catalogue import Product, Shop
from pos_app.till.selling.basket_state import BasketLine, BasketState


class Back(StrEnum):
    """What comes back for a full one: an empty of its kind; none, and a deposit is taken; one of another
    brand; none, and the cylinder is sold; none, and the customer holds it.
    """

    EMPTY = "empty"
    DEPOSIT = "deposit"
    OTHER = "other"
    SOLD = "sold"
    LENT = "lent"


#: For these the full one's cylinder stays ours, at the customer's.
_LENDS: Final = (Back.DEPOSIT, Back.LENT, Back.OTHER)
#: For these another line is tied to the full ones.
TIED: Final = (Back.DEPOSIT, Back.SOLD)


class Moved(NamedTuple):
    """Cylinders or bottles that change hands: thousandths, positive given, negative taken back."""

    product_id: int
    quantity: int


def paired(connection: Connection, shop: Shop, line: BasketLine, product: Product) -> BasketLine:
    """A new line, which knows its cylinder where its product comes in one; its empty comes back."""
    if line.quantity <= 0 or not product.behaviour.comes_back:
        return line
    keys = pairs.pair_of(connection, shop.org_id, product.product_id)
    cylinder = catalogue.by_id(connection, shop, keys.empty_id) if keys.empty_id else None
    if cylinder is not None:
        line.back, line.cylinder_id, line.cylinder = Back.EMPTY, cylinder.product_id, cylinder.name
    return line


def is_tied(line: BasketLine) -> bool:
    """Whether a line is the deposit or the cylinder of another one."""
    return line.tie != 0 and not line.cylinder_id


def tied_to(lines: Sequence[BasketLine], line: BasketLine) -> list[int]:
    """Where the lines stand that are tied to one of full ones."""
    if not line.tie or is_tied(line):
        return []
    return [at for at, one in enumerate(lines) if one.tie == line.tie and is_tied(one)]


def follow(lines: Sequence[BasketLine]) -> bool:
    """Give what is tied the quantity of its full ones; says whether any had another."""
    changed = False
    whole = {one.tie: one.quantity for one in lines if one.tie and one.cylinder_id}
    for one in lines:
        if is_tied(one) and one.quantity != whole[one.tie]:
            one.quantity, changed = whole[one.tie], True
    return changed


def of_line(line: BasketLine) -> list[Moved]:
    """The cylinders that change hands with a line."""
    if not line.back or line.quantity <= 0 or line.back == Back.SOLD:
        return []
    out = Moved(line.cylinder_id, line.quantity)
    if line.back == Back.EMPTY:
        return [out, Moved(line.cylinder_id, -line.quantity)]
    return [out, *([Moved(line.other_id, -line.quantity)] if line.back == Back.OTHER else [])]


def moved(state: BasketState) -> list[Moved]:
    """All cylinders and bottles that change hands with a basket: of each product those given, then those
    taken back.
    """
    beside = [Moved(one.product_id, one.quantity) for one in state.returnables]
    every = [*beside, *(one for line in state.lines for one in of_line(line))]
    return [
        *_summed(one for one in every if one.quantity > 0),
        *_summed(one for one in every if one.quantity < 0),
    ]


def _summed(every: Iterable[Moved]) -> list[Moved]:
    sums: dict[int, int] = {}
    for one in every:
        sums[one.product_id] = sums.get(one.product_id, 0) + one.quantity
    return [Moved(key, quantity) for key, quantity in sums.items()]


def lends(state: BasketState) -> bool:
    """Whether the customer holds more of ours afterwards, of anything."""
    given = any(one.quantity > 0 for one in state.returnables)
    return given or any(line.quantity > 0 and line.back in _LENDS for line in state.lines)
