"""Looking at stock: what lies here, what is short, what to order again, what it cost, and why it is so."""

from dataclasses import dataclass

from pos_app.ledger.errors import Refused
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Step
from pos_app.store.master import catalogue, locations
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.session.context import Context


@dataclass(frozen=True)
class Reorder:
    """A product at or below its reorder level here; quantities in thousandths.

    `order` brings it up to its target; `average_cost` in minor units of the home currency, where known.
    """

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: int
    minimum: int
    order: int
    average_cost: int | None


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
            for short in locations.short(connection, context.org_id, context.location_id):
                product = catalogue.by_id(connection, context.shop(), short.product_id)
                if product is None:
                    continue
                cost = stock_levels.average_cost(
                    connection, context.org_id, product.business_id, short.product_id
                )
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
