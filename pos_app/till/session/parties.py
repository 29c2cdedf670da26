"""Parties at the till in any of their roles: customers, vendors, employees, members."""

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.store.master import party_terms, people
from pos_app.store.master.party_terms import Terms
from pos_app.store.master.people import Party
from pos_app.till.session.context import Context


class Parties:
    """Whoever the organisation deals with, from the feed."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def search(self, role: PartyRole, words: str = "", limit: int = 50) -> list[Party]:
        """Active parties in a role whose name, code or phone has the words, or is a slip away."""
        with self._context.database.read() as connection:
            return people.found_parties(connection, self._context.org_id, role, words, limit)

    def get(self, party_id: int, role: PartyRole) -> Party:
        """The party, with its terms in a role.  Raises `Refused` when it has not that role, or is gone."""
        with self._context.database.read() as connection:
            return party_in(self._context, connection, party_id, role)

    def roles(self, party_id: int) -> dict[PartyRole, Terms]:
        """As what the party stands in the books."""
        with self._context.database.read() as connection:
            return party_terms.roles_of(connection, self._context.org_id, party_id)


def need_dealt_with(context: Context, connection: Connection, party_id: int | None) -> None:
    """Raise `Refused` for a customer who is archived: nothing of ours is lent to them."""
    party = None if party_id is None else people.party(connection, context.org_id, party_id)
    if party is not None and not party.active:
        raise Refused("party-inactive", name=party.name)


def party_in(context: Context, connection: Connection, party_id: int, role: PartyRole) -> Party:
    """An active party in a role.  Raises `Refused` for anybody else."""
    party = people.party(connection, context.org_id, party_id, role)
    if party is None:
        raise Refused("party-not-at-till")
    if role not in party_terms.roles_of(connection, context.org_id, party_id):
        raise Refused("party-not-in-role", name=party.name, role=role.value)
    if not party.active:
        raise Refused("party-inactive", name=party.name)
    return party
