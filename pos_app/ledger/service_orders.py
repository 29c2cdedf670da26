"""Services on things that customers leave with us, as a laundry does: taken in, worked on, collected.

An order and its steps post nothing: the money comes with the sale or the invoice that collects it
(`Sale.order_id`), whose lines name the order's (`GoodsLine.origin_line`) at the prices agreed on intake.
Quantities are in thousandths of a piece or a kilogram, amounts in minor units of the document's currency.

Decisions
---------
2026-11-21  What is left of an order is what was taken in, less what was collected, less what was given back
unwashed or cancelled: line by line, in one sum.  So a part of an order can be collected and paid, a void of
any of these opens it again by itself, and nothing of an order is given out twice.

2026-11-21  A price is agreed when the things are taken in, with whoever may allow another than the list's;
the sale that collects them charges it and needs nobody's leave again.

2026-12-01  What promotions take off is agreed on intake too: the customer was told, and collects it when
they may be over.  A part that is collected has its share of it, so that the parts add up to the order; what
goes back unwashed takes its share along, also where it was what made three for two: a manager lets it go.

2026-11-21  Of a customer who is not known an order keeps a name and no telephone: telephone numbers belong to
parties, where they are closed at the centre and can be forgotten.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from pos_app.ledger.head import Head
from pos_app.ledger.priced import PricedLine, SettledLine


class ServiceLine(Struct, PricedLine, SettledLine, frozen=True, kw_only=True, omit_defaults=True):
    """One service on some things: "Shirt, wash and iron", three, "blue; stain on the collar".

    `unit_price` is what was agreed; `list_price` what the list said where that was another price, and
    `price_approver_id` who allowed it.  `price_fine`, `list_price_fine` and tax are as on a
    `line.GoodsLine`.  `note` describes the things.  `discount` is what the promotion of this key, named as it
    was then, takes off the line, in minor units; a person takes nothing off but by another price.
    """

    product_id: int
    sku: str = ""
    description: str = ""
    quantity: int
    unit: str = "pc"
    unit_price: int
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool = True
    net: int
    tax: int
    business_id: int
    list_price: int | None = None
    price_approver_id: int | None = None
    note: str = ""
    price_fine: int = 0
    list_price_fine: int = 0
    discount: int = 0
    promotion_id: int | None = None
    promotion: str = ""


class ServiceOrder(Head, frozen=True, kw_only=True, omit_defaults=True, tag="service_order"):
    """Things were taken in and are kept at a location; posts nothing.

    Of a customer without a party there is a `customer_name`.  `tag` is what hangs on the things where it is
    not the order's own printed number.  `promised_on` is YYYYMMDD.
    """

    party_id: int | None = None
    customer_name: str = ""
    location_id: int
    tag: str = ""
    promised_on: int
    lines: tuple[ServiceLine, ...]
    subtotal: int
    tax_total: int
    total: int


class Step(StrEnum):
    """What happens to an order between intake and collection."""

    READY = "ready"
    RETURNED = "returned"
    CANCELLED = "cancelled"


#: These give things back without the service and without money: they close what they name.
CLOSING: Final = frozenset({Step.RETURNED, Step.CANCELLED})


class ServiceStepLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So much of a line of the order (`order_line` is its index) is given back without the service."""

    order_line: int
    product_id: int
    quantity: int
    description: str = ""


class ServiceStep(Head, frozen=True, kw_only=True, omit_defaults=True, tag="service_step"):
    """An order is ready to be collected, or (with lines and a reason) given back as it came.

    `order_number` is the order's as printed.
    """

    order_id: int
    order_number: str = ""
    step: Step
    reason: str = ""
    lines: tuple[ServiceStepLine, ...] = ()
