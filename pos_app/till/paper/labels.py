"""Labels on the roll of the receipt printer: of what is scanned, at this depot's prices of now.

Decisions
---------
2026-12-01  A label is a print job like a receipt's, one job each: a roll that ends stops them where it ended,
the rest wait for the next roll, and the one that may be half printed waits for a person's look.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import Connection

from pos_app.devices.bars import best_kind
from pos_app.devices.element_string import element_string
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.paper import BarcodeKind, WidthChars
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.price import price_text
from pos_app.ledger.product_type import ProductType
from pos_app.ledger.quantity import ONE
from pos_app.reports.model.label import Label
from pos_app.store.journal import print_jobs
from pos_app.store.master import catalogue
from pos_app.till.session import prices
from pos_app.till.session.context import Context
from pos_app.till.session.prices import Priced
from pos_app.till.session.products import product_in

#: What such a print job is.
LABEL: Final = "label"
#: So many at once; more is a sheet of the office.
MOST: Final = 200
_NARROW_MM: Final = 58


class Labels:
    """Prints labels at this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def queue(self, wanted: Mapping[int, int], kind: BarcodeKind | None = None) -> int:
        """Queue so many labels of each product (thousandths; whole ones), each read back before.

        Gives how many.  Raises `Refused` for too many, for parts of one, and for a code that no bars of this
        kind say on this roll.
        """
        # The layout loads a picture library: with the first label, not with the window.
        from pos_app.reports.slips.label_slip import label_job

        context = self._context
        if any(count <= 0 or count % ONE for count in wanted.values()):
            raise Refused("labels-not-whole")
        copies = {key: count // ONE for key, count in wanted.items()}
        if sum(copies.values()) > MOST:
            raise Refused("labels-too-many", most=MOST)
        width: WidthChars = 32 if context.place.rules[HouseRule.RECEIPT_WIDTH] == _NARROW_MM else 42
        with context.database.read() as connection:
            each = {key: self._label(connection, key, kind) for key in copies}
        for label in each.values():
            label_job(label, width)
        with context.database.write() as connection:
            for key, count in copies.items():
                content = msgspec.json.encode(each[key]).decode()
                for _ in range(count):
                    print_jobs.add(
                        connection, context.org_id, what=LABEL, at=context.clock.now(), content=content
                    )
        return sum(copies.values())

    def _label(self, connection: Connection, product_id: int, kind: BarcodeKind | None) -> Label:
        context = self._context
        product = product_in(context, connection, product_id)
        line = Priced(product_id, ONE, product.price)
        price = prices.listed(context, connection, None, [line])[0].price
        code = catalogue.barcode_of(connection, context.org_id, product_id) or product.sku
        chosen = kind or best_kind(code)
        if chosen == "gs1-128":
            try:
                code = element_string(code)
            except InvalidBarcode as error:
                raise Refused("label-code-unfit", name=product.name[:60], why=error.sentence) from error
        money = context.place.currency
        weighed = product.type_ is ProductType.WEIGHED and product.unit
        shown = f"{money.code} {price_text(price, money)}" + (f" / {product.unit}" if weighed else "")
        below = product.sku if weighed or not product.unit else f"{product.sku} / {product.unit}"
        return Label(product.name, shown, below, code, chosen)


def label_of(content: str) -> Label:
    """The label of a print job."""
    return msgspec.json.decode(content, type=Label)
