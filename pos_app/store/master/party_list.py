"""The parties of an organisation with the roles that they have, as a list of the office."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.store.master.party_terms import Terms


@dataclass(frozen=True, slots=True)
class Listed:
    """One party; its telephone stays closed."""

    code: str
    name: str
    active: bool
    roles: tuple[Terms, ...]


def all_of(connection: Connection, org_id: int, role: str = "") -> list[Listed]:
    """Everybody by code, or those who have a role now."""
    rows = connection.execute(
        text(
            "SELECT p.party_id, p.code, p.name, p.active, r.role, r.terms_days, r.credit_limit"
            " FROM party AS p LEFT JOIN party_role AS r ON r.org_id = p.org_id AND r.party_id = p.party_id"
            " AND r.active = 1 WHERE p.org_id = :org ORDER BY p.code, r.role"
        ),
        {"org": org_id},
    )
    heads: dict[int, tuple[str, str, bool]] = {}
    roles: dict[int, list[Terms]] = {}
    for row in rows:
        heads[int(row[0])] = (row[1], row[2], bool(row[3]))
        if row[4] is not None:
            terms = Terms(PartyRole(row[4]), int(row[5]), int(row[6]))
            roles.setdefault(int(row[0]), []).append(terms)
    return [
        Listed(code, name, active, tuple(roles.get(key, ())))
        for key, (code, name, active) in heads.items()
        if not role or any(one.role.value == role for one in roles.get(key, ()))
    ]
