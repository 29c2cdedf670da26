"""Counting stock: what is there is what the books say afterwards, the difference is posted.

What the books expected is read inside the transaction of the count, so that a sale in between is neither
missed nor counted twice.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import Document, StockCount
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.making.stock import Counted
from pos_app.ledger.stock import CountedArea
from pos_app.store.balances import balances
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.products import product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


class Difference(NamedTuple):
    """What a count found of a product, in thousandths."""

    product_id: int
    expected: int
    counted: int

    @property
    def quantity(self) -> int:
        """More (positive) or less than the books had."""
        return self.counted - self.expected


class StockCounts:
    """Counts what lies at this depot, or at another place of it such as a vehicle."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def count(
        self,
        counted: Mapping[int, int],
        *,
        unit_costs: Mapping[int, int] | None = None,
        location_id: int | None = None,
        areas: Sequence[CountedArea] = (),
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record a count: product to thousandths; products that were not counted stay as they are.

        `areas` say what lay on which shelf, where it was counted so; they come to what was counted.
        With `unit_costs` (minor units) the difference of those products is opening stock, valued at once;
        all others the centre values.  Needs a manager.  Raises `NeedsApproval`, or `Refused` for a product
        that is none or has no stock, and a count below nothing.
        """
        context = self._context
        approver = require(context.signed_in(), Action.STOCK_COUNT, approval)
        place = context.location_id if location_id is None else location_id
        costs = unit_costs or {}
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            return making_stock.stock_count(
                context.head_fields(request, approver=approver, note=note),
                context.accounts,
                [self._counted(connection, place, key, counted[key], costs.get(key)) for key in counted],
                location_id=place,
                areas=areas,
            )

        return recording.record(context, request, build)

    def compare(
        self, counted: Mapping[int, int], *, location_id: int | None = None, approval: Approval | None = None
    ) -> list[Difference]:
        """What a count finds against the books as they are now, before it is recorded.

        Who may count may see it.  Raises `NeedsApproval`, or `Refused` as `count` does.
        """
        context = self._context
        require(context.signed_in(), Action.STOCK_COUNT, approval)
        place = context.location_id if location_id is None else location_id
        with context.database.read() as connection:
            found = [self._counted(connection, place, key, counted[key], None) for key in counted]
        return [Difference(one.product.product_id, one.expected, one.counted) for one in found]

    def differences(self, document_id: int) -> list[Difference]:
        """What a recorded count found.  Raises `Refused` when this till does not have it."""
        context = self._context
        with context.database.read() as connection:
            document = recording.named(connection, context, StockCount, document_id, "stock count")
        return [Difference(line.product_id, line.expected, line.counted) for line in document.lines]

    def _counted(
        self, connection: Connection, place: int, product_id: int, counted: int, unit_cost: int | None
    ) -> Counted:
        product = product_in(self._context, connection, product_id)
        key = {"org_id": self._context.org_id, "location_id": place, "product_id": product_id}
        expected = balances.current(connection, STOCK_LEVEL, key)["quantity"]
        return Counted(product, expected, counted, unit_cost)
