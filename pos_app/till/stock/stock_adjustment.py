"""Correcting stock without a count: damage, loss, own use, goods found; always with its reason."""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.stock import SIGN_OF, AdjustmentReason
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.products import goods_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


class StockAdjustments:
    """Corrects what lies at this depot, or at another place of it such as a vehicle."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def adjust(
        self,
        reason: AdjustmentReason,
        products: Mapping[int, int],
        *,
        note: str = "",
        location_id: int | None = None,
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record an adjustment: product to thousandths, as many as were damaged, lost, used or found.

        For any other reason the quantity is signed and `note` says why.  Needs a manager.  Raises
        `NeedsApproval`, or `Refused` for no reason, a product that is none, and a quantity that is not
        more than zero.
        """
        context = self._context
        approver = require(context.signed_in(), Action.ADJUST_STOCK, approval)
        sign = SIGN_OF.get(reason)
        if sign is not None and any(quantity < 0 for quantity in products.values()):
            raise Refused("adjustment-with-sign", reason=reason.value)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            signed = {key: (sign or 1) * quantity for key, quantity in products.items()}
            return making_stock.stock_adjustment(
                context.head_fields(request, approver=approver, note=note),
                goods_of(context, connection, signed),
                location_id=context.location_id if location_id is None else location_id,
                reason=reason,
            )

        return recording.record(context, request, build)
