"""Cylinders and bottles that others hold, full or empty: given and taken back without a sale.

Within a sale they go with it (`Basket.give_returnable`).  A returnable is stock like any other: what a
customer holds is the stock at that customer, and those without a name share one place.  What a supplier holds
of ours (empties that went to be filled) is the stock at that supplier.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.permission import Permission
from pos_app.ledger.stock import PARTY_LOCATIONS, location_of
from pos_app.store.master import people
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.parties import need_dealt_with, party_in
from pos_app.till.session.products import goods_of
from pos_app.till.session.recorded import Recorded


class Holder(NamedTuple):
    """Who holds returnables, and what; `party_id` None and no name: all those without a name together."""

    party_id: int | None
    name: str
    levels: tuple[Level, ...]


class Returnables:
    """Gives returnables out and takes them back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def move(
        self,
        party_id: int | None,
        products: Mapping[int, int],
        *,
        role: PartyRole = PartyRole.CUSTOMER,
        note: str = "",
        request_id: str | None = None,
    ) -> Recorded:
        """Record what changed hands: product to thousandths, positive given, negative taken back.

        `party_id` None is a customer without a name; with `role` VENDOR it is a supplier.  More may come
        back than the books say they held: the answer's `short` says so.  Raises `Refused` for a party that is
        not known in that role, a product that is none, and for lending to who is archived: they only bring.
        """
        context = self._context
        context.need(Permission.RETURNABLES)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            self._check_party(connection, party_id, role)
            if any(quantity > 0 for quantity in products.values()):
                need_dealt_with(context, connection, party_id)
            return making_stock.returnable_move(
                context.head_fields(request, note=note),
                goods_of(context, connection, products),
                location_id=context.location_id,
                party_id=party_id,
                role=role,
            )

        return recording.record(context, request, build)

    def holders(self, most: int = 1000) -> list[Holder]:
        """Who holds something of ours, by name; all depots together, as far as the till knows."""
        context = self._context
        with context.database.read() as connection:
            found = stock_levels.held_by_parties(connection, context.org_id, most)
        levels: dict[int, list[Level]] = {}
        for _name, level in found:
            levels.setdefault(level.location_id, []).append(level)
        names = {level.location_id: name for name, level in found}
        return [
            Holder(None if place == location_of(None) else place - PARTY_LOCATIONS, names[place], tuple(held))
            for place, held in levels.items()
        ]

    def _check_party(self, connection: Connection, party_id: int | None, role: PartyRole) -> None:
        """Raise `Refused` for somebody whom the till does not know."""
        context = self._context
        if role is not PartyRole.CUSTOMER:
            if party_id is None:
                raise Refused("returnables-without-supplier")
            party_in(context, connection, party_id, role)
        elif party_id is not None and people.party(connection, context.org_id, party_id) is None:
            raise Refused("that-customer-not-at-till")

    def held(self, party_id: int | None) -> list[Level]:
        """What a customer or a supplier holds of ours, by product; all depots together, as far as the till
        knows.
        """
        context = self._context
        with context.database.read() as connection:
            return stock_levels.at(connection, context.org_id, location_of(party_id))
