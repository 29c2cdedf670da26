"""Receiving goods of a vendor: against an order, all of it or a part, or without one."""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.document import Document, PurchaseOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import purchasing as making_purchasing
from pos_app.ledger.making.purchasing import Came, bought
from pos_app.ledger.quantity import quantity_text
from pos_app.store.master import locations, supplies
from pos_app.store.orders import open_orders_till
from pos_app.store.stock import stock_levels
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import Rate, rate_of
from pos_app.till.session.parties import party_in
from pos_app.till.session.products import product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


class Receiving:
    """Takes goods into the depot's stock."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def against_order(
        self,
        order: PurchaseOrder,
        came: Mapping[int, int] | None = None,
        *,
        beside: Mapping[int, Ordered] | None = None,
        reference: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what came of an order: line index to thousandths, or (None) all that is still to come.

        `beside` are products (by key) that came with it and are not on it, or more than it asked for, at what
        one costs in the order's currency.  `reference` is the number of the vendor's delivery note.  Needs a
        manager.  Raises `NeedsApproval`, or `Refused` for a line that the order does not have, and for more
        of a line than was ordered.
        """
        context = self._context
        approver = require(context.signed_in(), Action.RECEIVE_GOODS, approval)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            if open_orders_till.is_voided(connection, context.org_id, order.document_id):
                raise Refused("order-voided")
            rate = self._rate_of_order(connection, order)
            lines = [
                Came(
                    order.lines[place],
                    quantity,
                    product_in(context, connection, order.lines[place].product_id),
                    place,
                )
                for place, quantity in sorted(self._left(connection, order, came).items())
            ]
            lines += [
                bought(product_in(context, connection, key), one.quantity, one.unit_cost)
                for key, one in (beside or {}).items()
            ]
            return making_purchasing.goods_receipt(
                context.head_fields(
                    request, approver=approver, currency=rate.currency.code, rate_micro=rate.minor
                ),
                context.accounts,
                lines,
                party_id=order.party_id,
                location_id=self._place(connection, order),
                order_id=order.document_id,
                reference=reference,
            )

        return recording.record(context, request, build)

    def without_order(
        self,
        vendor_id: int,
        products: Mapping[int, Ordered],
        *,
        currency: str = "",
        reference: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record goods (by key) that nobody ordered here, at what the vendor's paper says they cost.

        Raises `NeedsApproval`, or `Refused` for a vendor or a product that is none.
        """
        context = self._context
        approver = require(context.signed_in(), Action.RECEIVE_GOODS, approval)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            party_in(context, connection, vendor_id, PartyRole.VENDOR)
            rate = rate_of(context, connection, currency)
            return making_purchasing.goods_receipt(
                context.head_fields(
                    request, approver=approver, currency=rate.currency.code, rate_micro=rate.minor
                ),
                context.accounts,
                [
                    bought(product_in(context, connection, key), one.quantity, one.unit_cost)
                    for key, one in products.items()
                ],
                party_id=vendor_id,
                location_id=context.location_id,
                reference=reference,
            )

        return recording.record(context, request, build)

    def last_cost(self, product_id: int) -> int | None:
        """What a unit cost on average so far, or what the office says that it costs, in minor units of the
        home currency; a start for the entry.
        """
        context = self._context
        with context.database.read() as connection:
            product = product_in(context, connection, product_id)
            average = stock_levels.average_cost(connection, context.org_id, product.business_id, product_id)
            return supplies.cost_of(connection, context.org_id, product_id) if average is None else average

    def _left(
        self, connection: Connection, order: PurchaseOrder, came: Mapping[int, int] | None
    ) -> dict[int, int]:
        """Quantities by line; what came already is asked inside the transaction."""
        before = open_orders_till.came_of(connection, self._context.org_id, order.document_id, "origin_line")
        left = {place: line.quantity - before.get(place, 0) for place, line in enumerate(order.lines)}
        if came is None:
            found = {place: quantity for place, quantity in left.items() if quantity > 0}
            if not found:
                raise Refused("order-came-already")
            return found
        for place, quantity in came.items():
            if place not in left:
                raise Refused("order-line-unknown")
            if quantity > left[place]:
                line = order.lines[place]
                still = f"{quantity_text(max(left[place], 0))} {line.unit}"
                raise Refused("more-than-to-come", line=line.description[:60], left=still)
        return {place: quantity for place, quantity in came.items() if quantity}

    def _place(self, connection: Connection, order: PurchaseOrder) -> int:
        """Where the goods of an order are put: where it says, when that is one of this depot's places."""
        context = self._context
        own = {
            one.location_id
            for one in locations.all_of(connection, context.org_id)
            if one.depot_id == context.terminal.depot_id
        }
        return order.location_id if order.location_id in own else context.location_id

    def _rate_of_order(self, connection: Connection, order: PurchaseOrder) -> Rate:
        """The order's currency at today's rate: what came is owed from today."""
        return rate_of(self._context, connection, order.currency)
