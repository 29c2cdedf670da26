"""Meters at customers' places: which they have, where each stands now, and what a unit costs them."""

from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.price import Price
from pos_app.ledger.quantity import ONE, quantity_text
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


def check_reads(context: Context, connection: Connection, basket: BasketState) -> None:
    """Raise `Refused` where what a basket read of a customer's meters does not go on from where they stand.

    A basket may wait while another one reads the same meter: both would charge what ran through it.
    """
    party_id = basket.party_id
    reads = [line for line in basket.lines if line.meter]
    if party_id is None or not reads:
        return
    of_party = party_meters.of_party(connection, context.org_id, party_id)
    first = {(one.product_id, one.code): one.first_reading for one in of_party}
    stands: dict[tuple[int, str], int | None] = {}
    for line in reads:
        its = line.product_id, line.meter
        if its not in stands:
            stood = meter_readings.of_meter(connection, context.org_id, party_id, *its)
            stands[its] = first.get(its) if stood is None else stood
        begun = line.meter_before if line.meter_replaced is None else line.meter_replaced
        now = stands[its]
        if now is not None and begun != now:
            raise Refused("meter-read-meanwhile", meter=line.meter, stood=quantity_text(now))
        stands[its] = line.meter_after
