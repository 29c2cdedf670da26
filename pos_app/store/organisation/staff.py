"""People and their roles at the centre: hiring, giving and taking roles, leaving, and what a role may do.

Nothing is overwritten: a role that is taken ends at a moment, so that documents of before keep standing.
The functions work inside the caller's transaction.

Decisions
---------
2026-11-20  A person's first role has no beginning: no till can know them before the feed has brought
them, and a till whose clock is behind must not have its first sales quarantined.  Every later role
begins at its moment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import DEFAULT_ROLES
from pos_app.store.master import enrolment, master_edit
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros


@dataclass(frozen=True)
class Role:
    """A role that somebody has now; empty codes mean everywhere."""

    role: str
    business: str
    depot: str


@dataclass(frozen=True)
class Member:
    """A person as the office sees them."""

    person_id: int
    code: str
    name: str
    title: str
    active: bool
    roles: tuple[Role, ...]


def add_default_roles(connection: Connection, org_id: int) -> None:
    """The roles that an organisation begins with, and what each may do."""
    grants = [(code, one.value) for code, (_, held) in DEFAULT_ROLES.items() for one in sorted(held)]
    connection.execute(
        master.role.insert(),
        [{"org_id": org_id, "code": code, "name": name} for code, (name, _) in DEFAULT_ROLES.items()],
    )
    connection.execute(
        master.role_permission.insert(),
        [
            {"org_id": org_id, "grant_id": number, "role": role, "permission": one}
            for number, (role, one) in enumerate(grants, start=1)
        ],
    )


def give(
    connection: Connection,
    org_id: int,
    person_id: int,
    role: str,
    at: datetime | None,
    *,
    business_id: int | None = None,
    depot_id: int | None = None,
) -> int:
    """Give a person a role from `at` on (None: from ever); gives the assignment's key.

    What they have already stays one.  Raises `Refused` when there is no such role.
    """
    enrolment.lock_organisation(connection, org_id)
    known = connection.execute(
        text("SELECT 1 FROM role WHERE org_id = :org AND code = :role AND active = 1"),
        {"org": org_id, "role": role},
    ).scalar_one_or_none()
    if known is None:
        raise Refused("role-unknown", role=role[:40])
    for one in _in_force(connection, org_id, person_id):
        if (one.role, one.business_id, one.depot_id) == (role, business_id, depot_id):
            return int(one.assignment_id)
    had_one = connection.execute(
        text("SELECT 1 FROM person_role WHERE org_id = :org AND person_id = :person LIMIT 1"),
        {"org": org_id, "person": person_id},
    ).scalar_one_or_none()
    key = master_edit.next_id(connection, org_id, master.person_role)
    connection.execute(
        master.person_role.insert().values(
            org_id=org_id,
            assignment_id=key,
            person_id=person_id,
            role=role,
            business_id=business_id,
            depot_id=depot_id,
            valid_from_us=micros(at) if at is not None and had_one is not None else 0,
        )
    )
    return key


def take(
    connection: Connection,
    org_id: int,
    person_id: int,
    role: str,
    at: datetime,
    *,
    business_id: int | None = None,
    depot_id: int | None = None,
) -> None:
    """End a role of a person at `at`.  Raises `Refused` when they do not have it there."""
    enrolment.lock_organisation(connection, org_id)
    for one in _in_force(connection, org_id, person_id):
        if (one.role, one.business_id, one.depot_id) == (role, business_id, depot_id):
            _end(connection, org_id, int(one.assignment_id), at)
            return
    raise Refused("role-not-held")


def leave(connection: Connection, org_id: int, person_id: int, at: datetime) -> None:
    """A person left: every role ends at `at` and nobody can sign in under their name any more."""
    enrolment.lock_organisation(connection, org_id)
    for one in _in_force(connection, org_id, person_id):
        _end(connection, org_id, int(one.assignment_id), at)
    master_edit.change(connection, master.person, org_id, person_id, active=0, pin_hash="")


def members(connection: Connection, org_id: int) -> list[Member]:
    """Everybody, by code, with the roles that are in force."""
    businesses = _codes(connection, "business", org_id)
    depots = _codes(connection, "depot", org_id)
    roles: dict[int, list[Role]] = {}
    for one in _in_force(connection, org_id, None):
        roles.setdefault(int(one.person_id), []).append(
            Role(one.role, businesses.get(one.business_id, ""), depots.get(one.depot_id, ""))
        )
    rows = connection.execute(
        text("SELECT person_id, code, name, role, active FROM person WHERE org_id = :org ORDER BY code"),
        {"org": org_id},
    )
    return [
        Member(int(row[0]), row[1], row[2], row[3], bool(row[4]), tuple(roles.get(int(row[0]), ())))
        for row in rows
    ]


def depots(connection: Connection, org_id: int) -> dict[str, int]:
    """The keys of the depots by code."""
    return {code: int(key) for key, code in _codes(connection, "depot", org_id).items() if key is not None}


def _codes(connection: Connection, table: str, org_id: int) -> dict[int | None, str]:
    rows = connection.execute(
        text(f"SELECT {table}_id, code FROM {table} WHERE org_id = :org"), {"org": org_id}
    )
    return {int(row[0]): str(row[1]) for row in rows}


def _in_force(connection: Connection, org_id: int, person_id: int | None) -> list[Any]:
    """Assignments without an end, of one person or of all."""
    one = "" if person_id is None else " AND person_id = :person"
    values = {"org": org_id} if person_id is None else {"org": org_id, "person": person_id}
    return list(
        connection.execute(
            text(
                "SELECT assignment_id, person_id, role, business_id, depot_id FROM person_role"
                f" WHERE org_id = :org AND valid_to_us IS NULL{one} ORDER BY assignment_id"
            ),
            values,
        )
    )


def _end(connection: Connection, org_id: int, assignment_id: int, at: datetime) -> None:
    master_edit.change(connection, master.person_role, org_id, assignment_id, valid_to_us=micros(at))
