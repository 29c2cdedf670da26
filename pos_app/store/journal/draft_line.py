"""One line of an invoice or a bill that is not posted yet, and the line of the document that it becomes."""

import msgspec

from pos_app.ledger.errors import Refused
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.pack import Packed
from pos_app.ledger.priced import PricedLine
from pos_app.ledger.purchasing import cost_in_packs


class DraftLine(msgspec.Struct, PricedLine, frozen=True, kw_only=True, omit_defaults=True):
    """One line: goods or a service on an invoice, anything bought on a bill.

    `unit_price` and `discount` in minor units, `quantity` in thousandths.  `account` is the revenue account
    of an invoice's line and the expense or inventory account of a bill's.  The prices and their approver are
    as on a `ledger.line.GoodsLine`, the receipt's fields as on a `ledger.invoicing.BillLine`.  Of what is
    bought in packs one costs `pack_cost` minor units, which is exact where `unit_price` is not.
    """

    description: str
    business_id: int
    account: str
    quantity: int = 1000
    unit_price: int
    discount: int = 0
    unit: str = "pc"
    tax_code: str = ""
    tax_rate_bp: int = 0
    tax_inclusive: bool = True
    tax_account: str = ""
    product_id: int | None = None
    sku: str = ""
    location_id: int | None = None
    list_price: int | None = None
    price_approver_id: int | None = None
    receipt_id: int | None = None
    receipt_line: int | None = None
    received_net: int | None = None
    received_base: int | None = None
    price_variance_account: str = ""
    price_fine: int = 0
    list_price_fine: int = 0
    batch: str = ""
    expires_on: int | None = None
    promotion_id: int | None = None
    promotion: str = ""
    pack: Packed | None = None
    note: str = ""
    note_inside: bool = False
    pack_cost: int = 0

    @property
    def extended(self) -> int:
        """What it comes to, in minor units, before tax is split off or added."""
        if self.pack is None or not self.pack_cost:
            return super().extended
        return cost_in_packs(self.pack, self.pack_cost, self.quantity) - self.discount


def goods_line(line: DraftLine) -> GoodsLine:
    """A line of an invoice before its tax.  Raises `Refused` for one that is of no product."""
    if line.product_id is None:
        raise Refused("draft-line-no-product", line=line.description[:40])
    return GoodsLine(
        product_id=line.product_id,
        sku=line.sku,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_fine=line.price_fine,
        discount=line.discount,
        tax_code=line.tax_code,
        tax_rate_bp=line.tax_rate_bp,
        tax_inclusive=line.tax_inclusive,
        net=0,
        tax=0,
        business_id=line.business_id,
        revenue_account=line.account,
        tax_account=line.tax_account,
        location_id=line.location_id,
        list_price=line.list_price,
        list_price_fine=line.list_price_fine,
        price_approver_id=line.price_approver_id,
        batch=line.batch,
        expires_on=line.expires_on,
        promotion_id=line.promotion_id,
        promotion=line.promotion,
        pack=line.pack,
        note=line.note,
        note_inside=line.note_inside,
    )


def bill_line(line: DraftLine) -> BillLine:
    """A line of a bill, a vendor's credit or an expense, before its tax."""
    return BillLine(
        description=line.description,
        account=line.account,
        business_id=line.business_id,
        net=line.extended,
        tax_code=line.tax_code,
        tax_rate_bp=line.tax_rate_bp,
        tax_inclusive=line.tax_inclusive,
        tax_account=line.tax_account,
        product_id=line.product_id,
        quantity=line.quantity if line.product_id is not None else None,
        location_id=line.location_id,
        receipt_id=line.receipt_id,
        receipt_line=line.receipt_line,
        received_net=line.received_net,
        received_base=line.received_base,
        price_variance_account=line.price_variance_account,
    )
