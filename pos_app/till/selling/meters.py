"""Meters at customers' places: which they have, where each stands now, and what a unit costs them."""

from typing import NamedTuple

from pos_app.ledger.price import Price
from pos_app.ledger.quantity import ONE
from pos_app.store.master import catalogue, party_meters
from pos_app.store.master.catalogue import Product
from pos_app.store.stock import meter_readings
from pos_app.till.selling.basket_state import BasketState
from pos_app.till.session.context import Context
from pos_app.till.session.prices import Priced, listed


class OwnMeter(NamedTuple):
    """A customer's meter: what runs through it, where it stood last (thousandths), what a unit costs them."""

    product: Product
    code: str
    serial: str
    stood: int
    rate: Price


class Meters:
    """The meters of customers, as this till knows them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, basket: BasketState) -> list[OwnMeter]:
        """The meters of the customer of a basket, by their codes; what the basket read already counts."""
        context, party_id = self._context, basket.party_id
        if party_id is None:
            return []
        read = {(one.product_id, one.meter): one.meter_after for one in basket.lines if one.meter}
        found = []
        with context.database.read() as connection:
            for one in party_meters.of_party(connection, context.org_id, party_id):
                product = catalogue.by_id(connection, context.shop(), one.product_id)
                if product is None:
                    continue
                stood = read.get((one.product_id, one.code))
                if stood is None:
                    its = party_id, one.product_id, one.code
                    stood = meter_readings.of_meter(connection, context.org_id, *its)
                asked = Priced(product.product_id, ONE, product.price)
                (price,) = listed(context, connection, party_id, [asked])
                last = one.first_reading if stood is None else stood
                found.append(OwnMeter(product, one.code, one.serial, last, price.price))
        return found
