"""Looking at stock: what lies here, what is short, what to order again, what it cost, and why it is so."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.document import PurchaseOrder
from pos_app.ledger.errors import Refused
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Step
from pos_app.store.master import catalogue, locations, supplies
from pos_app.store.orders import open_orders_till
from pos_app.store.orders.open_orders_till import Asked
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.session.context import Context

#: More orders than these are not open at a depot that knows what it is waiting for.
_MOST_ORDERS: Final = 2_000


@dataclass(frozen=True)
class Reorder:
    """A product at or below its reorder level here; quantities in thousandths.

    `order` brings it up to its target, `on_order` is to come already; `vendor_id` is of whom it is bought (0:
    nobody said).  `average_cost` in minor units of the home currency, or what the office says
    that it costs, where known.
    """

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: int
    minimum: int
    order: int
    average_cost: int | None
    on_order: int = 0
    vendor_id: int = 0

    @property
    def proposal(self) -> int:
        """What is still to be ordered, in thousandths, with what is to come already."""
        return max(self.order - self.on_order, 0)


class Stock:
    """The stock of this depot."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def levels(self, location_id: int | None = None) -> list[Level]:
        """What lies here, or at another place, by product name."""
        context = self._context
        place = context.location_id if location_id is None else location_id
        with context.database.read() as connection:
            return stock_levels.at(connection, context.org_id, place)

    def reorder_list(self) -> list[Reorder]:
        """What is at or below its reorder level here, by product."""
        context = self._context
        found = []
        with context.database.read() as connection:
            to_come = _on_order(connection, context)
            vendors = supplies.vendors_of(connection, context.org_id)
            for short in locations.short(connection, context.org_id, context.location_id):
                product = catalogue.by_id(connection, context.shop(), short.product_id)
                if product is None:
                    continue
                cost = stock_levels.average_cost(
                    connection, context.org_id, product.business_id, short.product_id
                )
                if cost is None:
                    cost = supplies.cost_of(connection, context.org_id, short.product_id)
                found.append(
                    Reorder(
                        short.product_id,
                        product.sku,
                        product.name,
                        product.unit,
                        short.quantity,
                        short.minimum,
                        short.order,
                        cost,
                        to_come.get(short.product_id, 0),
                        vendors.get(short.product_id, 0),
                    )
                )
        return found

    def reorder_levels(self) -> dict[int, int]:
        """At which quantity each product is ordered again here, in thousandths; only those with a level."""
        context = self._context
        with context.database.read() as connection:
            return locations.reorder_levels(connection, context.org_id, context.location_id)

    def average_cost(self, product_id: int) -> int | None:
        """What a unit of a product cost on average, in minor units; None while the centre has valued none.

        Raises `Refused` for a product that is none.
        """
        context = self._context
        with context.database.read() as connection:
            product = catalogue.by_id(connection, context.shop(), product_id)
            if product is None:
                raise Refused("product-not-at-till")
            return stock_levels.average_cost(connection, context.org_id, product.business_id, product_id)

    def explain(self, product_id: int, location_id: int | None = None) -> list[Step]:
        """Why so much of a product lies here (or at a place), document by document, oldest first.

        `change` and `balance` in thousandths; the first step is what other terminals moved.
        """
        context = self._context
        key = {
            "org_id": context.org_id,
            "location_id": context.location_id if location_id is None else location_id,
            "product_id": product_id,
        }
        with context.database.read() as connection:
            return balances.explain(connection, STOCK_LEVEL, key)


def _on_order(connection: Connection, context: Context) -> dict[int, int]:
    """What is still to come to this depot of each product, over all open orders, in thousandths."""
    asked = Asked(context.org_id, context.terminal.depot_id, "purchase_order", most=_MOST_ORDERS)
    found: dict[int, int] = {}
    for one in open_orders_till.coming(connection, asked):
        if isinstance(one.document, PurchaseOrder):
            for place, line in enumerate(one.document.lines):
                left = max(one.left.get(place, 0), 0)
                found[line.product_id] = found.get(line.product_id, 0) + left
    return found
