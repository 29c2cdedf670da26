"""Full ones collected from a supplier against empties; the difference is on account, in cylinders.

Decisions
---------
2026-12-01  What is collected is two documents, as a person at the supplier's signs two things: the goods,
with what their fills cost, and the cylinders that are owed, which is what was handed over less what came.
The request of the second is drawn from that of the first, so that pressing again writes neither twice and
brings the second after a first that stood alone.
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.permission import Permission
from pos_app.store.master import pairs
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.purchasing.receiving import Receiving
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.products import goods_of, product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval


class Collecting:
    """Takes full ones in and hands empties over."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._receiving = Receiving(context)

    def owed(self, products: Mapping[int, Ordered], empties: Mapping[int, int]) -> dict[int, int]:
        """By cylinder what the supplier has of ours more than before, in thousandths (below nothing: we have
        of theirs); `empties` are those handed over for each full one's product.

        Raises `Refused` for empties of what comes in none.
        """
        context = self._context
        sums: dict[int, int] = {}
        with context.database.read() as connection:
            for key in {*products, *empties}:
                cylinder = pairs.pair_of(connection, context.org_id, key).empty_id
                if cylinder:
                    came = products[key].quantity if key in products else 0
                    sums[cylinder] = sums.get(cylinder, 0) + empties.get(key, 0) - came
                elif empties.get(key):
                    raise Refused("comes-in-no-cylinder", name=product_in(context, connection, key).name[:60])
        return {key: quantity for key, quantity in sums.items() if quantity}

    def collect(
        self,
        vendor_id: int,
        products: Mapping[int, Ordered],
        empties: Mapping[int, int],
        *,
        currency: str = "",
        reference: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what came and what of cylinders is owed for it.  Gives the goods' document.

        Raises as `Receiving.without_order` and `owed`, and for who may not move cylinders.
        """
        context, request = self._context, request_id or new_request()
        owed = self.owed(products, empties)
        if owed:
            context.need(Permission.RETURNABLES)
        done = self._receiving.without_order(
            vendor_id,
            products,
            currency=currency,
            reference=reference,
            approval=approval,
            request_id=request,
        )
        if owed:
            second = hashlib.sha256(f"{request} cylinders".encode()).hexdigest()[: len(request)]
            recording.record(
                context,
                second,
                lambda connection: self._owed(connection, second, vendor_id, owed, reference),
            )
        return done

    def _owed(
        self,
        connection: Connection,
        request: str,
        vendor_id: int,
        owed: Mapping[int, int],
        reference: str,
    ) -> Document:
        """The document of the cylinders: what they have of ours more, or less."""
        context = self._context
        return making_stock.returnable_move(
            context.head_fields(request, note=reference),
            goods_of(context, connection, owed),
            location_id=context.location_id,
            party_id=vendor_id,
            role=PartyRole.VENDOR,
        )
