"""Purchases: what was ordered, what came, and what it cost beyond its price.

What came is stock at once, valued at the order's price, and owed as goods received not invoiced
until the vendor's bill (see `invoice`) comes for it.  Quantities are in thousandths, amounts in minor
units of the document's currency.
"""

from msgspec import Struct

from pos_app.ledger.head import Head


class OrderLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product of an order; `net` is `unit_cost` times `quantity`, rounded once."""

    product_id: int
    sku: str = ""
    description: str = ""
    quantity: int
    unit: str = "pc"
    unit_cost: int
    net: int
    business_id: int


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


class ReceiptLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
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
