"""Cylinders and bottles that customers hold, full or empty: given and taken back without a sale.

Within a sale they go with it (`Basket.give_returnable`).  A returnable is stock like any other: what a
customer holds is the stock at that customer, and those without a name share one place.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.ledger.document import SERIES, Document, ReturnableMove
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.stock import ReturnableQuantity, location_of
from pos_app.store import people, stock_levels
from pos_app.store.stock_levels import Level
from pos_app.till import recording
from pos_app.till.context import Context, new_request
from pos_app.till.done import Done
from pos_app.till.transfers import need_goods


class Returnables:
    """Gives returnables out and takes them back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def move(
        self,
        party_id: int | None,
        products: Mapping[int, int],
        *,
        note: str = "",
        request_id: str | None = None,
    ) -> Done:
        """Record what changed hands: product to thousandths, positive given, negative taken back.

        `party_id` None is somebody without a name.  More may come back than the books say they
        held: the answer's `short` says so.  Raises `Refused` for a customer who is not known and a
        product that is none.
        """
        context = self._context
        context.need(Permission.RETURNABLES)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            if party_id is not None and people.party(connection, context.org_id, party_id) is None:
                raise Refused("This till does not know that customer; let it synchronise, then try again.")
            for product_id, quantity in products.items():
                need_goods(context, connection, product_id, quantity)
            head = context.head(SERIES[ReturnableMove], request_id=request)
            head["note"] = note.strip()[:200]
            return ReturnableMove(
                **head,
                shift=context.shift_id,
                party_id=party_id,
                party_role=PartyRole.CUSTOMER,
                location_id=context.location_id,
                party_location_id=location_of(party_id),
                lines=tuple(
                    ReturnableQuantity(product_id=product_id, quantity=quantity)
                    for product_id, quantity in products.items()
                ),
            )

        return recording.record(context, request, build)

    def held(self, party_id: int | None) -> list[Level]:
        """What a customer holds of ours, by product; all depots together, as far as the till knows."""
        context = self._context
        with context.database.read() as connection:
            return stock_levels.at(connection, context.org_id, location_of(party_id))
