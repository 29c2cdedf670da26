"""What a customer bought before at this till, to be bought again: last baskets, and what most of them have.

Decisions
---------
2026-12-01  The usual is what at least half of a customer's last baskets have, each in the middle quantity of
those that have it.  It needs two baskets: of one nobody knows what is usual in it.  It is counted from this
till's own books, so that it is there when the line is not, and taken at today's prices like any scan.

2026-12-01  A deposit, a voucher, a reading and things that were collected are no goods to take once more:
the first comes with its full one by itself, the others are asked for.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.pack import Packed
from pos_app.ledger.tax import NO_SALE
from pos_app.store.documents import documents
from pos_app.store.master import catalogue, packs
from pos_app.till.selling.basket import Basket
from pos_app.till.session.context import Context

#: So many of the last baskets say what is usual, and so many of them are offered one by one.
_LOOKED_AT: Final = 20
_OFFERED: Final = 5
_LEAST: Final = 2


class Again(NamedTuple):
    """So much of a product, in thousandths; in packs where it went in packs."""

    product_id: int
    description: str
    quantity: int
    packed: Packed | None = None


class Before(NamedTuple):
    """Goods that were bought before: on one document, or (`at` is None) as usual."""

    at: datetime | None
    goods: tuple[Again, ...]


class UsualGoods:
    """The last baskets of a customer at this till, and what they have in common."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, party_id: int) -> list[Before]:
        """What is usual, where two baskets or more say so; then the last baskets, newest first."""
        context = self._context
        with context.database.read() as connection:
            keys = documents.bought_by(connection, context.org_id, party_id, _LOOKED_AT)
            found = [documents.get(connection, context.org_id, key) for key in keys]
        baskets = [Before(one.occurred_at, _goods(one)) for one in found if one is not None]
        baskets = [one for one in baskets if one.goods]
        usual = _usual([one.goods for one in baskets])
        return [*([Before(None, usual)] if usual else []), *baskets[:_OFFERED]]

    def put(self, basket: Basket, goods: Iterable[Again]) -> list[str]:
        """Add them to a basket at what they cost this customer today; gives the names of what could not be.

        That is what is not sold any more, or not in these packs.  Raises `Refused` where the basket itself
        takes no more.
        """
        wanted = list(goods)
        context, left = self._context, []
        with context.database.read() as connection:
            keys = [one.product_id for one in wanted]
            sold = catalogue.still_sold(connection, context.org_id, keys)
            known = {one.product_id: one for one in catalogue.by_ids(connection, context.shop(), keys)}
            in_packs = [
                None
                if one.packed is None
                else packs.of_unit(connection, context.org_id, one.product_id, one.packed.unit)
                for one in wanted
            ]
        for one, pack in zip(wanted, in_packs, strict=True):
            product = known.get(one.product_id)
            packed_otherwise = one.packed is not None and (
                pack is None or pack.packed.size != one.packed.size
            )
            if product is None or one.product_id not in sold or packed_otherwise:
                left.append(one.description)
                continue
            basket.add(product, one.quantity, pack=pack)
        return left


def _goods(document: Document) -> tuple[Again, ...]:
    """What of a sale or an invoice can be bought again, of one product in one pack together."""
    if not isinstance(document, Sale | Invoice):
        return ()
    found: dict[tuple[int, Packed | None], Again] = {}
    for line in document.lines:
        if not _is_goods(line):
            continue
        key = line.product_id, line.pack
        before = found.get(key)
        quantity = line.quantity + (before.quantity if before else 0)
        found[key] = Again(line.product_id, line.description, quantity, line.pack)
    return tuple(found.values())


def _is_goods(line: GoodsLine) -> bool:
    is_plain = line.tax_code not in NO_SALE and line.chit is None and line.weighed is None
    return is_plain and line.quantity > 0 and line.meter_after is None and line.origin_line is None


def _usual(baskets: Sequence[tuple[Again, ...]]) -> tuple[Again, ...]:
    """What at least half of the baskets have, in the middle of its quantities; the newest name it."""
    if len(baskets) < _LEAST:
        return ()
    seen: dict[tuple[int, Packed | None], list[Again]] = {}
    for goods in baskets:
        for one in goods:
            seen.setdefault((one.product_id, one.packed), []).append(one)
    return tuple(
        every[0]._replace(quantity=sorted(one.quantity for one in every)[(len(every) - 1) // 2])
        for every in seen.values()
        if len(every) >= _LEAST and 2 * len(every) >= len(baskets)
    )


def need_some(baskets: Sequence[Before], name: str) -> Sequence[Before]:
    """What was bought before.  Raises `Refused` where a customer bought nothing here yet."""
    if not baskets:
        raise Refused("bought-nothing-here-yet", name=name)
    return baskets
