"""The customers as the office keeps them: all that a file of them says of each, opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.store.engine import privacy

_EVERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; `credit_limit` in minor units of the base currency."""

    code: str
    name: str
    phone: str
    credit_limit: int
    active: int
    address: str
    tax_number: str
    terms_days: int
    groups: tuple[str, ...]


def by_code(connection: Connection, org_id: int, code: str) -> Customer | None:
    """The customer of this code, archived or not."""
    return next(_read(connection, org_id, " AND p.code = :code", code), None)


def all_of(connection: Connection, org_id: int) -> Iterator[Customer]:
    """Every customer by code, archived ones too, read a batch at a time."""
    return _read(connection, org_id)


def _read(connection: Connection, org_id: int, where: str = "", code: str = "") -> Iterator[Customer]:
    private = privacy.of(connection)
    within = _groups(connection, org_id)
    after: tuple[str, int] = ("", 0)
    while True:
        rows = connection.execute(
            text(
                "SELECT p.party_id, p.code, p.name, p.phone, r.credit_limit, p.active, p.address,"
                " p.tax_number, r.terms_days FROM party AS p JOIN party_role AS r ON r.org_id = p.org_id"
                " AND r.party_id = p.party_id"
                f" WHERE p.org_id = :org AND r.role = :role AND r.active = 1{where}"
                ' AND (p.code COLLATE "C", p.party_id) > (:after_code, :after_id)'
                f' ORDER BY p.code COLLATE "C", p.party_id LIMIT {_EVERY}'
            ),
            {
                "org": org_id,
                "role": PartyRole.CUSTOMER.value,
                "code": code,
                "after_code": after[0],
                "after_id": after[1],
            },
        ).all()
        for row in rows:
            phone, address, tax_number = (
                private.decrypt_text(org_id, field, closed)
                for field, closed in zip(privacy.OF_PARTY.values(), (row[3], row[6], row[7]), strict=True)
            )
            groups = within.get(int(row[0]), ())
            yield Customer(
                row[1], row[2], phone, int(row[4]), int(row[5]), address, tax_number, int(row[8]), groups
            )
        if len(rows) < _EVERY:
            return
        after = str(rows[-1][1]), int(rows[-1][0])


def _groups(connection: Connection, org_id: int) -> dict[int, tuple[str, ...]]:
    """The codes of the groups that customers are in now, by their keys."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT m.party_id, g.code FROM party_group_member AS m JOIN party_group AS g"
            " ON g.org_id = m.org_id AND g.group_id = m.group_id"
            " WHERE m.org_id = :org AND m.valid_to_us IS NULL ORDER BY g.code"
        ),
        {"org": org_id},
    )
    found: dict[int, tuple[str, ...]] = {}
    for party_id, code in rows:
        found[int(party_id)] = (*found.get(int(party_id), ()), str(code))
    return found
