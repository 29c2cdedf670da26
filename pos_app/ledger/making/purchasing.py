"""How what is bought becomes a document: an order, the goods that come of it, the freight on them."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields, note_of, reference_of
from pos_app.ledger.making.stock import Product
from pos_app.ledger.pack import Packed, each_of
from pos_app.ledger.price import split
from pos_app.ledger.purchasing import (
    GoodsReceipt,
    LandedCost,
    LandedLine,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
    cost_in_packs,
    share_by_value,
)
from pos_app.ledger.quantity import extend


def order_line(product: Product, quantity: int, cost: int, pack: Packed | None = None) -> OrderLine:
    """So much of a product (thousandths) at the cost of one, or of one pack, in minor units of the order's
    currency.
    """
    unit_cost = cost if pack is None else split(each_of(cost, pack.size))[0]
    net = extend(cost, quantity) if pack is None else cost_in_packs(pack, cost, quantity)
    return OrderLine(
        product_id=product.product_id,
        sku=product.sku,
        description=product.name,
        quantity=quantity,
        unit=product.unit,
        unit_cost=unit_cost,
        net=net,
        business_id=product.business_id,
        pack=pack,
        pack_cost=0 if pack is None else cost,
    )


def purchase_order(
    head: HeadFields,
    lines: Sequence[OrderLine],
    *,
    party_id: int,
    location_id: int,
    expected_on: int | None = None,
    reference: str = "",
) -> PurchaseOrder:
    """Goods ordered of a vendor, to come to a place."""
    return PurchaseOrder(
        **head,
        series=SERIES[PurchaseOrder],
        party_id=party_id,
        location_id=location_id,
        lines=tuple(lines),
        total=sum(line.net for line in lines),
        expected_on=expected_on,
        reference=reference_of(reference),
    )


class Came(NamedTuple):
    """What came: as it was ordered (or would have been), and how much of it in thousandths.

    `place` is the index of the line on its order.  `product` is None when no catalogue has it any more.
    """

    ordered: OrderLine
    quantity: int
    product: Product | None
    place: int | None = None


def bought(product: Product, quantity: int, cost: int, pack: Packed | None = None) -> Came:
    """What came without an order (see `order_line`)."""
    return Came(order_line(product, quantity, cost, pack), quantity, product)


def goods_receipt(
    head: HeadFields,
    accounts: Accounts,
    came: Sequence[Came],
    *,
    party_id: int,
    location_id: int,
    order_id: int | None = None,
    reference: str = "",
) -> GoodsReceipt:
    """Goods of a vendor came.  Raises `Refused` for a service: nobody finds it on a shelf."""
    lines = tuple(_receipt_line(accounts, one) for one in came)
    return GoodsReceipt(
        **head,
        series=SERIES[GoodsReceipt],
        clearing_account=accounts.clearing(line.business_id for line in lines),
        order_id=order_id,
        party_id=party_id,
        location_id=location_id,
        lines=lines,
        total=sum(line.net for line in lines),
        reference=reference_of(reference),
    )


def _receipt_line(accounts: Accounts, came: Came) -> ReceiptLine:
    line = came.ordered
    if came.product is not None and not came.product.stocked:
        raise Refused("service-not-received", name=line.description[:60])
    return ReceiptLine(
        product_id=line.product_id,
        description=line.description,
        order_line=came.place,
        quantity=came.quantity,
        unit_cost=line.unit_cost,
        net=line.comes_to(came.quantity),
        business_id=line.business_id,
        inventory_account=accounts.of(AccountRole.INVENTORY, line.business_id),
        grni_account=accounts.of(AccountRole.GRNI, line.business_id),
        pack=line.pack,
        pack_cost=line.pack_cost,
    )


def landed_cost(
    head: HeadFields, accounts: Accounts, receipt: GoodsReceipt, amount: int, description: str
) -> LandedCost:
    """Freight or duty on a receipt, shared out over its products by value."""
    shares = share_by_value(amount, tuple(line.net for line in receipt.lines))
    lines = tuple(
        LandedLine(
            product_id=line.product_id,
            business_id=line.business_id,
            value=share,
            inventory_account=line.inventory_account,
        )
        for line, share in zip(receipt.lines, shares, strict=True)
    )
    return LandedCost(
        **head,
        series=SERIES[LandedCost],
        clearing_account=accounts.clearing(line.business_id for line in lines),
        receipt_id=receipt.document_id,
        accrued_account=accounts.of(AccountRole.LANDED_ACCRUED),
        lines=lines,
        total=amount,
        description=note_of(description),
    )
