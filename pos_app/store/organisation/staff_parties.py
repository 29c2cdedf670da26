"""Who of the staff is which party: an employee draws advances and buys on account as one, and leaves as both.

Decisions
---------
2026-11-30  Somebody at work and the party that they are in the books stay two rows, linked: their PIN and
their roles are no business of the accountant's, what they owe is none of the depot's.  One word makes both.
Who leaves and owes may do nothing any more at once; the party stays open until it is settled, and leaving
says so.
"""

from sqlalchemy import Connection, text

from pos_app.language import Sentence
from pos_app.ledger.errors import Refused
from pos_app.ledger.letters import folded
from pos_app.ledger.line import PartyRole
from pos_app.store.master import codes, master_edit, party_terms
from pos_app.store.organisation import party_standing
from pos_app.store.tables import master


def make(connection: Connection, org_id: int, person_id: int, code: str, name: str) -> int:
    """Make a person an employee in the books too, under the same code; gives the party's key.

    A party of this code and name is taken for theirs.  Raises `Refused` where the code is somebody else's.
    """
    found = codes.party(connection, org_id, code)
    if found is not None and folded(found.name) != folded(name):
        raise Refused("party-code-taken", code=code[:40])
    if found is None:
        party_id = master_edit.next_id(connection, org_id, master.party)
        connection.execute(
            master.party.insert().values(org_id=org_id, party_id=party_id, code=code, name=name, active=1)
        )
    else:
        party_id = found.party_id
        master_edit.change(connection, master.party, org_id, party_id, active=1)
    if PartyRole.EMPLOYEE not in party_terms.roles_of(connection, org_id, party_id):
        party_terms.put_role(connection, org_id, party_id, PartyRole.EMPLOYEE)
    master_edit.change(connection, master.person, org_id, person_id, party_id=party_id)
    return party_id


def of(connection: Connection, org_id: int, person_id: int) -> tuple[int, str, str] | None:
    """The party that a person is, by key, code and name; None for who is none."""
    row = connection.execute(
        text(
            "SELECT p.party_id, p.code, p.name FROM person AS w JOIN party AS p ON p.org_id = w.org_id"
            " AND p.party_id = w.party_id WHERE w.org_id = :org AND w.person_id = :person"
        ),
        {"org": org_id, "person": person_id},
    ).one_or_none()
    return None if row is None else (int(row[0]), str(row[1]), str(row[2]))


def unsettled(connection: Connection, org_id: int, person_id: int) -> Sentence | None:
    """What a person still owes, is owed or holds as a party; None for nothing."""
    party = of(connection, org_id, person_id)
    if party is None:
        return None
    return party_standing.unsettled(connection, org_id, {party[0]: party[2]}).get(party[0])
