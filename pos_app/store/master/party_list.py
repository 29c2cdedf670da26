"""The parties of an organisation with the roles that they have, as a list of the office."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.store.engine import privacy
from pos_app.store.engine.letters import folded_sql, like_pattern, order_sql
from pos_app.store.master.party_terms import Terms


@dataclass(frozen=True, slots=True)
class Listed:
    """One party; its telephone stays closed."""

    code: str
    name: str
    active: bool
    roles: tuple[Terms, ...]


def all_of(connection: Connection, org_id: int, role: str = "") -> list[Listed]:
    """Everybody by name, as letters sort, or those who have a role now."""
    rows = connection.execute(
        text(
            "SELECT p.party_id, p.code, p.name, p.active, r.role, r.terms_days, r.credit_limit"
            " FROM party AS p LEFT JOIN party_role AS r ON r.org_id = p.org_id AND r.party_id = p.party_id"
            " AND r.active = 1 WHERE p.org_id = :org"
            f" ORDER BY {order_sql(connection, 'p.name')}, p.code, r.role"
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


def page(
    connection: Connection,
    org_id: int,
    role: str,
    *,
    words: str,
    archived: bool,
    after: str,
    most: int,
    backwards: bool = False,
) -> list[Listed]:
    """At most so many parties who have a role, by code, from the one after a code on; `backwards` from the
    one before it, the last first.
    """
    name, code = (folded_sql(connection, column) for column in ("p.name", "p.code"))
    like = f" AND ({name} LIKE :pattern ESCAPE '\\' OR {code} LIKE :pattern ESCAPE '\\')"
    rows = connection.execute(
        text(
            "SELECT p.code, p.name, p.active, r.role, r.terms_days, r.credit_limit FROM party AS p"
            " JOIN party_role AS r ON r.org_id = p.org_id AND r.party_id = p.party_id AND r.active = 1"
            " WHERE p.org_id = :org AND r.role = :role AND p.active = :active"
            f' AND p.code COLLATE "C" {"<" if backwards else ">"} :after{like if words.strip() else ""}'
            f' ORDER BY p.code COLLATE "C"{" DESC" if backwards else ""} LIMIT :most'
        ),
        {
            "org": org_id,
            "role": role,
            "active": int(not archived),
            "after": after or ("\U0010ffff" * 4 if backwards else ""),
            "pattern": like_pattern(words),
            "most": most,
        },
    )
    return [
        Listed(row[0], row[1], bool(row[2]), (Terms(PartyRole(row[3]), int(row[4]), int(row[5])),))
        for row in rows
    ]


def particulars(connection: Connection, org_id: int, party_id: int) -> dict[str, str]:
    """At the centre: telephone, address and tax number of a party, opened; empty where nobody said them."""
    names = list(privacy.OF_PARTY)
    row = connection.execute(
        text(f"SELECT {', '.join(names)} FROM party WHERE org_id = :org AND party_id = :party"),
        {"org": org_id, "party": party_id},
    ).one()
    private = privacy.of(connection)
    return {
        name: private.decrypt_text(org_id, privacy.OF_PARTY[name], value) if value else ""
        for name, value in zip(names, row, strict=True)
    }
