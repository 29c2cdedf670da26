"""Purchases: what was ordered, what came, and what it cost beyond its price.

What came is stock at once, valued at the order's price, and owed as goods received not invoiced
until the vendor's bill (see `invoice`) comes for it.  Quantities are in thousandths, amounts in minor
units of the document's currency.

Decisions
---------
2026-12-01  What is bought by the case keeps what a case costs (`pack_cost`), not a piece's price with
decimals: a line comes to as many cases times that, exactly, however many there are, and the pieces of a case
that came half come to their part of it, rounded once.  `unit_cost` says beside it how many
whole minor units a piece is then, for whoever reads pieces alone.
"""

from msgspec import Struct

from pos_app.ledger.head import Head
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.pack import Packed, each_of
from pos_app.ledger.price import Price
from pos_app.ledger.quantity import ONE, extend


class BoughtLine:
    """A line of goods at their cost; a mixin without fields of its own (see `ledger.priced`)."""

    __slots__ = ()

    quantity: int
    unit_cost: int
    pack: Packed | None
    pack_cost: int

    def comes_to(self, quantity: int) -> int:
        """What so many thousandths of it cost, in minor units."""
        if self.pack is None:
            return extend(self.unit_cost, quantity)
        return cost_in_packs(self.pack, self.pack_cost, quantity)

    @property
    def price(self) -> Price:
        """What one of the product's unit costs, in minor units."""
        return self.unit_cost if self.pack is None else each_of(self.pack_cost, self.pack.size)

    @property
    def packs(self) -> int:
        """How many whole packs the goods are (0: they are counted by the piece), in thousandths."""
        pack = self.pack
        return 0 if pack is None or self.quantity % pack.size else pack.count(self.quantity) * ONE


def cost_in_packs(pack: Packed, pack_cost: int, quantity: int) -> int:
    """What so many thousandths cost where one pack costs `pack_cost` minor units."""
    return divide_half_up(pack_cost * quantity, pack.size)


class OrderLine(Struct, BoughtLine, frozen=True, kw_only=True, omit_defaults=True):
    """One product of an order; `net` is what `quantity` comes to at `unit_cost`, or in packs at theirs."""

    product_id: int
    sku: str = ""
    description: str = ""
    quantity: int
    unit: str = "pc"
    unit_cost: int
    net: int
    business_id: int
    pack: Packed | None = None
    pack_cost: int = 0


class PurchaseOrder(Head, frozen=True, kw_only=True, omit_defaults=True, tag="purchase_order"):
    """What was ordered of a vendor, to come to a location; posts nothing.

    `expected_on` is YYYYMMDD where a day was promised.
    """

    party_id: int
    location_id: int
    lines: tuple[OrderLine, ...]
    total: int
    expected_on: int | None = None
    reference: str = ""


class ReceiptLine(Struct, BoughtLine, frozen=True, kw_only=True, omit_defaults=True):
    """One product that came; `order_line` is the index of the line on the order, where there is one."""

    product_id: int
    description: str = ""
    order_line: int | None = None
    quantity: int
    unit_cost: int
    net: int
    business_id: int
    inventory_account: str
    grni_account: str
    pack: Packed | None = None
    pack_cost: int = 0


class GoodsReceipt(Head, frozen=True, kw_only=True, omit_defaults=True, tag="goods_receipt"):
    """Goods of a vendor came to a location, all of an order or a part of it."""

    order_id: int | None = None
    party_id: int
    location_id: int
    lines: tuple[ReceiptLine, ...]
    total: int
    reference: str = ""


class LandedLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By how much freight or duty raises the value of one product."""

    product_id: int
    business_id: int
    value: int
    inventory_account: str


class LandedCost(Head, frozen=True, kw_only=True, omit_defaults=True, tag="landed_cost"):
    """Freight, duty and the like on a receipt: value without quantity, owed on `accrued_account`.

    The carrier's own bill debits that account.
    """

    receipt_id: int
    accrued_account: str
    lines: tuple[LandedLine, ...]
    total: int
    description: str = ""


def share_by_value(total: int, values: tuple[int, ...]) -> tuple[int, ...]:
    """Share `total` out in proportion to `values` (all of nothing: to the first), adding up exactly."""
    whole = sum(values)
    if whole <= 0:
        return (total, *(0 for _ in values[1:])) if values else ()
    shares, so_far, given = [], 0, 0
    for value in values:
        so_far += value
        upto = (2 * total * so_far + whole) // (2 * whole)
        shares.append(upto - given)
        given = upto
    return tuple(shares)
