"""Stock that goes to another place in two steps: sent here, received there; in between it is on its way."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import Document, TransferSent
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import stock as making_stock
from pos_app.store.master import locations
from pos_app.store.master.locations import Location
from pos_app.store.orders import open_orders_till
from pos_app.store.orders.open_orders_till import Asked, OpenOrder
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.products import goods_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The window speaks of places as the till does, without knowing the store.
__all__ = ["Location", "OnTheWay", "Transfers"]


class OnTheWay(NamedTuple):
    """A transfer of which something did not arrive yet: product to thousandths."""

    sent: TransferSent
    number: str
    left: dict[int, int]


class Transfers:
    """Sends stock to other places and receives it here."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def places(self) -> list[Location]:
        """Where goods can be sent: depots, vehicles, places at customers and suppliers, the scrap."""
        context = self._context
        with context.database.read() as connection:
            found = locations.all_of(connection, context.org_id)
        return [one for one in found if one.kind != "transit" and one.location_id != context.location_id]

    def send(
        self,
        to_location: int,
        products: Mapping[int, int],
        *,
        from_location: int | None = None,
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record that goods (product to thousandths) left for a place, from this depot or `from_location`.

        Raises `NeedsApproval`, or `Refused` for the place that they are at, a place or product that is none.
        """
        context = self._context
        approver = require(context.signed_in(), Action.TRANSFER_STOCK, approval)
        start = context.location_id if from_location is None else from_location
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            return making_stock.transfer_sent(
                context.head_fields(request, approver=approver, note=note),
                goods_of(context, connection, products),
                from_location=start,
                transit_location=self._transit(connection, start, to_location),
                to_location=to_location,
            )

        return recording.record(context, request, build)

    def on_the_way(self) -> list[OnTheWay]:
        """The transfers that this till sent and of which something did not arrive as far as it knows."""
        with self._context.database.read() as connection:
            return _listed(open_orders_till.made_here(connection, self._context.org_id, "transfer_sent"))

    def arriving(self, words: str = "", most: int = open_orders_till.MOST) -> list[OnTheWay]:
        """What is on its way to this depot and its vehicles, whoever sent it, newest first, at most `most`.

        `words` look for a printed number.
        """
        context = self._context
        asked = Asked(context.org_id, context.terminal.depot_id, "transfer_sent", words, most)
        with context.database.read() as connection:
            return _listed(open_orders_till.coming(connection, asked))

    def receive(
        self,
        sent: TransferSent,
        received: Mapping[int, int] | None = None,
        *,
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what came of a transfer: product to thousandths, or (None) all that is still on its way.

        What did not come stays on its way, to be looked for.  Raises `NeedsApproval`, or `Refused` for more
        than was sent and for products that were not.
        """
        context = self._context
        approver = require(context.signed_in(), Action.TRANSFER_STOCK, approval)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            if open_orders_till.is_voided(connection, context.org_id, sent.document_id):
                raise Refused("transfer-voided")
            came = open_orders_till.came_of(connection, context.org_id, sent.document_id, "product_id")
            return making_stock.transfer_received(
                context.head_fields(request, approver=approver, note=note),
                sent,
                making_stock.left_of_transfer(sent, came),
                received,
            )

        return recording.record(context, request, build)

    def _transit(self, connection: Connection, start: int, end: int) -> int:
        """Where goods lie while they are on their way; both ends must be places that there are."""
        found = locations.all_of(connection, self._context.org_id)
        known = {one.location_id for one in found if one.kind != "transit"}
        if not {start, end} <= known:
            raise Refused("place-not-at-till")
        transit = next((one.location_id for one in found if one.kind == "transit"), None)
        if transit is None:
            raise Refused("no-transit-place")
        return transit


def _listed(orders: list[OpenOrder]) -> list[OnTheWay]:
    """Transfers as the screen lists them, with what is left of each product."""
    return [
        OnTheWay(one.document, one.number, {product: left for product, left in one.left.items() if left > 0})
        for one in orders
        if isinstance(one.document, TransferSent)
    ]
