"""Orders to vendors, as a depot's manager makes them: what goes on the reorder list is ordered here."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import Document, PurchaseOrder
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import purchasing as making_purchasing
from pos_app.store.orders import open_orders_till
from pos_app.store.orders.open_orders_till import Asked
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.parties import party_in
from pos_app.till.session.products import product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


class Ordered(NamedTuple):
    """How much of a product, in thousandths, and what a unit costs in minor units of the order's currency."""

    quantity: int
    unit_cost: int


class OpenOrder(NamedTuple):
    """An order and what of each of its lines has not come yet, in thousandths."""

    order: PurchaseOrder
    number: str
    left: tuple[int, ...]


class Orders:
    """Orders that come to this depot, and what is still to come of them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def order(
        self,
        vendor_id: int,
        products: Mapping[int, Ordered],
        *,
        currency: str = "",
        expected_on: int | None = None,
        reference: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record an order of these products (by key) for this depot; needs a manager.

        Raises `NeedsApproval`, or `Refused` for a vendor or a product that is none.
        """
        context = self._context
        approver = require(context.signed_in(), Action.PURCHASE, approval)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            party_in(context, connection, vendor_id, PartyRole.VENDOR)
            rate = rate_of(context, connection, currency)
            lines = [
                making_purchasing.order_line(
                    product_in(context, connection, key), one.quantity, one.unit_cost
                )
                for key, one in products.items()
            ]
            return making_purchasing.purchase_order(
                context.head_fields(
                    request, approver=approver, currency=rate.currency.code, rate_micro=rate.minor
                ),
                lines,
                party_id=vendor_id,
                location_id=context.location_id,
                expected_on=expected_on,
                reference=reference,
            )

        return recording.record(context, request, build)

    def open(self, words: str = "", most: int = open_orders_till.MOST) -> list[OpenOrder]:
        """The orders of which something is still to come to this depot, newest first, at most `most`.

        Those of this till, of the office and of other tills, each once; `words` look for a printed number or
        a vendor's name.
        """
        context = self._context
        asked = Asked(context.org_id, context.terminal.depot_id, "purchase_order", words, most)
        with context.database.read() as connection:
            found = open_orders_till.coming(connection, asked)
        return [
            OpenOrder(one.document, one.number, tuple(max(left, 0) for left in one.left.values()))
            for one in found
            if isinstance(one.document, PurchaseOrder)
        ]
