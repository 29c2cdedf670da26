"""Products at the till by their keys, as the use cases ask for them inside a transaction."""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.making.stock import Moved
from pos_app.store.master import catalogue
from pos_app.store.master.catalogue import Product
from pos_app.till.session.context import Context


def product_in(context: Context, connection: Connection, product_id: int) -> Product:
    """A product as it stands here and today.  Raises `Refused` for one that this till does not know."""
    product = catalogue.by_id(connection, context.shop(), product_id)
    if product is None:
        raise Refused("product-not-at-till")
    return product


def goods_of(context: Context, connection: Connection, quantities: Mapping[int, int]) -> list[Moved]:
    """Products and their thousandths, by key.  Raises `Refused` for one that this till does not know."""
    return [Moved(product_in(context, connection, key), quantity) for key, quantity in quantities.items()]
