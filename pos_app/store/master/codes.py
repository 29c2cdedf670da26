"""What a code that a person writes stands for: a party, a depot, a place, an account, a drawer, a tax code.

The one way from a code to what it names; each function gives None for a code that nothing has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, text

from pos_app.ledger.chart import AccountRole, AccountType, role_of
from pos_app.store.master import pins

#: A code is known whatever its case; where several are alike but for that, the one that is spelt so.
_ANY_CASE: Final = "lower(code) = lower(:code)"
Kept = TypeVar("Kept")
_EXACT_FIRST: Final = "CASE WHEN code = :code THEN 0 ELSE 1 END"


@dataclass(frozen=True, slots=True)
class PartyCode:
    """A party by its key; its roles are asked of `party_terms`."""

    party_id: int
    code: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class DepotCode:
    """A depot with the business that it belongs to, its place and the letters of its numbers."""

    depot_id: int
    code: str
    business_id: int
    location_id: int
    number_prefix: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class LocationCode:
    """A place where stock lies; `depot_id` is None where it belongs to no depot."""

    location_id: int
    code: str
    kind: str
    depot_id: int | None


@dataclass(frozen=True, slots=True)
class AccountCode:
    """An account of the chart; `business_id` None is shared, `role` None is posted to by hand only.

    `may_overdraw`: whether it may go below nothing (see `rules.purse_rules`).
    """

    code: str
    name: str
    type: AccountType
    role: AccountRole | None
    business_id: int | None
    may_overdraw: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class DrawerCode:
    """A cash drawer and the business of its depot."""

    drawer_id: int
    business_id: int


@dataclass(frozen=True, slots=True)
class PersonCode:
    """Somebody who works here, with the hash of their PIN."""

    person_id: int
    code: str
    name: str
    pin_hash: str


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A tax code and how it is applied: "inclusive", "exclusive", "exempt" or "zero"."""

    code: str
    treatment: str
    active: bool


def party(connection: Connection, org_id: int, code: str) -> PartyCode | None:
    """The party with this code, else with one that is alike but for its case; active or not."""
    for where in ("code = :code", "lower(code) = lower(:code)"):
        row = connection.execute(
            text(
                f"SELECT party_id, code, name, active FROM party WHERE org_id = :org AND {where}"
                " ORDER BY party_id LIMIT 1"
            ),
            {"org": org_id, "code": code},
        ).one_or_none()
        if row is not None:
            return PartyCode(int(row[0]), row[1], row[2], bool(row[3]))
    return None


_DEPOT = "SELECT depot_id, code, business_id, location_id, letter, active FROM depot WHERE org_id = :org"


def depot(connection: Connection, org_id: int, code: str) -> DepotCode | None:
    """The depot with this code."""
    row = connection.execute(
        text(f"{_DEPOT} AND {_ANY_CASE} ORDER BY {_EXACT_FIRST}, depot_id LIMIT 1"),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else _depot(row)


def _depot(row: Any) -> DepotCode:
    return DepotCode(int(row[0]), row[1], int(row[2]), int(row[3]), row[4], bool(row[5]))


def depot_of(connection: Connection, org_id: int, depot_id: int) -> DepotCode | None:
    """The depot with this key."""
    row = connection.execute(
        text(f"{_DEPOT} AND depot_id = :depot"), {"org": org_id, "depot": depot_id}
    ).one_or_none()
    return None if row is None else _depot(row)


def location(connection: Connection, org_id: int, code: str) -> LocationCode | None:
    """The place with this code; the oldest, should several have it."""
    row = connection.execute(
        text(
            "SELECT location_id, code, kind, depot_id FROM location WHERE org_id = :org"
            f" AND {_ANY_CASE} ORDER BY {_EXACT_FIRST}, location_id LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else LocationCode(int(row[0]), row[1], row[2], row[3])


def account(connection: Connection, org_id: int, code: str) -> AccountCode | None:
    """The account with this code."""
    row = connection.execute(
        text(
            "SELECT code, name, type, role, business_id, may_overdraw, active FROM account"
            f" WHERE org_id = :org AND {_ANY_CASE} ORDER BY {_EXACT_FIRST}, code LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else _account(row)


def accounts(connection: Connection, org_id: int) -> list[AccountCode]:
    """All accounts of the chart, by code."""
    rows = connection.execute(
        text(
            "SELECT code, name, type, role, business_id, may_overdraw, active FROM account"
            " WHERE org_id = :org ORDER BY code"
        ),
        {"org": org_id},
    )
    return [_account(row) for row in rows]


def _account(row: Any) -> AccountCode:
    return AccountCode(
        row[0], row[1], AccountType(row[2]), role_of(row[3]), row[4], bool(row[5]), bool(row[6])
    )


def drawer(connection: Connection, org_id: int, code: str) -> DrawerCode | None:
    """The drawer with this code."""
    row = connection.execute(
        text(
            "SELECT w.drawer_id, d.business_id FROM drawer AS w JOIN depot AS d ON d.org_id = w.org_id"
            " AND d.depot_id = w.depot_id WHERE w.org_id = :org AND lower(w.code) = lower(:code)"
            " ORDER BY CASE WHEN w.code = :code THEN 0 ELSE 1 END, w.drawer_id LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else DrawerCode(int(row[0]), int(row[1]))


def person(connection: Connection, org_id: int, code: str) -> PersonCode | None:
    """The person with this code who works here now."""
    row = connection.execute(
        text(
            "SELECT person_id, code, name, pin_hash FROM person"
            f" WHERE org_id = :org AND {_ANY_CASE} AND active = 1 ORDER BY {_EXACT_FIRST}, person_id LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is None:
        return None
    person_id = int(row[0])
    return PersonCode(person_id, row[1], row[2], pins.of(connection, org_id, person_id, row[3]))


def tax_code(connection: Connection, org_id: int, code: str) -> TaxCode | None:
    """The tax code that is spelt so, or alike but for its case; archived or not."""
    row = connection.execute(
        text(
            f"SELECT code, treatment, active FROM tax_code WHERE org_id = :org AND {_ANY_CASE}"
            f" ORDER BY {_EXACT_FIRST}, code LIMIT 1"
        ),
        {"org": org_id, "code": code},
    ).one_or_none()
    return None if row is None else TaxCode(row[0], row[1], bool(row[2]))


def alike(known: Mapping[str, Kept], code: str) -> Kept | None:
    """What a code stands for out of a few that were read: the one spelt so, else alike but for its case."""
    if code in known:
        return known[code]
    return next((known[one] for one in sorted(known) if one.lower() == code.lower()), None)


def seat(connection: Connection, org_id: int, terminal_no: int) -> int | None:
    """The depot at which a terminal stands, as the centre knows it."""
    found = connection.execute(
        text("SELECT depot_id FROM terminal WHERE org_id = :org AND terminal_no = :terminal"),
        {"org": org_id, "terminal": terminal_no},
    ).scalar_one_or_none()
    return None if found is None else int(found)


def usual_tax_code(connection: Connection, org_id: int, business_id: int) -> str | None:
    """The tax code that most goods of a business have, else the first that is a tax on sales."""
    found = connection.execute(
        text(
            "SELECT t.code FROM tax_code AS t"
            " LEFT JOIN product AS p ON p.org_id = t.org_id AND p.tax_code = t.code AND p.active = 1"
            " AND p.business_id = :business WHERE t.org_id = :org AND t.active = 1"
            " AND t.treatment <> 'none' GROUP BY t.code ORDER BY count(p.product_id) DESC, t.code LIMIT 1"
        ),
        {"org": org_id, "business": business_id},
    ).scalar_one_or_none()
    return None if found is None else str(found)
