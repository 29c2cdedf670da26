"""People and their roles at the centre: hiring, giving and taking roles, leaving, and what a role may do.

Nothing is overwritten: a role that is taken ends at a moment, so that documents of before keep standing.
The functions work inside the caller's transaction.

Decisions
---------
2026-11-20  A person's first role has no beginning: no till can know them before the feed has brought
them, and a till whose clock is behind must not have its first sales quarantined.  Every later role
begins at its moment.

2026-11-30  A code is one person's in any case and has no blank in it: it is typed at a sign-in and in
commands, where nobody sees whether `mg` or `MG` was meant, or where it ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import DEFAULT_ROLES, HISTORIAN, Permission
from pos_app.store.master import codes, enrolment, master_edit, passkeys, shell_tokens, unknown
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

#: Letters of a person's code at most.
_MOST_CODE: Final = 40


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
    if role == HISTORIAN:
        # A permit ends by itself: it is given for hours, not for ever.
        raise Refused("historian-by-permit")
    enrolment.lock_organisation(connection, org_id)
    active = connection.execute(
        text("SELECT active FROM role WHERE org_id = :org AND code = :role"), {"org": org_id, "role": role}
    ).scalar_one_or_none()
    if active is None:
        raise unknown.role(connection, org_id, role)
    if not active:
        raise Refused("role-archived", role=role[:40])
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
    _bind(connection, org_id, person_id, role)
    return key


def _bind(connection: Connection, org_id: int, person_id: int, role: str) -> None:
    """Whoever may change people and is of no depot signs in at the first one alone, until others are named.

    Such a PIN on a stolen till would open more than that till.
    """
    if Permission.EDIT_PEOPLE.value not in granted(connection, org_id, role):
        return
    connection.execute(
        text(
            "INSERT INTO person_depot (org_id, person_id, depot_id)"
            " SELECT p.org_id, p.person_id, min(d.depot_id) FROM person AS p JOIN depot AS d ON"
            " d.org_id = p.org_id WHERE p.org_id = :org"
            " AND p.person_id = :person AND p.depot_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM person_depot AS w WHERE w.org_id = p.org_id AND"
            " w.person_id = p.person_id) GROUP BY p.org_id, p.person_id"
        ),
        {"org": org_id, "person": person_id},
    )
    _bring_again(connection, org_id, person_id)


def work_at(connection: Connection, org_id: int, person_id: int, depot_id: int, *, works: bool) -> None:
    """Let a person sign in at a depot, or no longer; the feed brings their PIN there or takes it away."""
    connection.execute(
        text(
            "INSERT INTO person_depot (org_id, person_id, depot_id, active)"
            " VALUES (:org, :person, :depot, :works) ON CONFLICT (org_id, person_id, depot_id) DO"
            " UPDATE SET active = excluded.active"
        ),
        {"org": org_id, "person": person_id, "depot": depot_id, "works": int(works)},
    )
    _bring_again(connection, org_id, person_id)


def put_at(connection: Connection, org_id: int, person_id: int, depot_id: int | None) -> None:
    """Let a person be of another depot, or (None) of no one: their PIN is brought there.

    Their roles hold where they were given.
    """
    enrolment.lock_organisation(connection, org_id)
    master_edit.change(connection, master.person, org_id, person_id, depot_id=depot_id)
    for one in _in_force(connection, org_id, person_id):
        _bind(connection, org_id, person_id, one.role)


def works_at(connection: Connection, org_id: int) -> dict[int, list[str]]:
    """The codes of the depots that are named for each person; who is missing signs in everywhere."""
    rows = connection.execute(
        text(
            "SELECT w.person_id, d.code, w.active FROM person_depot AS w"
            " JOIN depot AS d ON d.org_id = w.org_id AND d.depot_id = w.depot_id"
            " WHERE w.org_id = :org ORDER BY d.code"
        ),
        {"org": org_id},
    )
    named: dict[int, list[str]] = {}
    for person_id, code, active in rows:
        named.setdefault(int(person_id), []).extend([str(code)] if active else [])
    return named


def _bring_again(connection: Connection, org_id: int, person_id: int) -> None:
    """Give the person's row a new stamp, so that the feed brings it to every till as it is now."""
    connection.execute(
        text("UPDATE person SET active = active WHERE org_id = :org AND person_id = :person"),
        {"org": org_id, "person": person_id},
    )


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
            break
    else:
        raise Refused("role-not-held")
    _keep_someone(connection, org_id)


def _keep_someone(connection: Connection, org_id: int) -> None:
    """Raise `Refused` where nobody would be left who may change people everywhere: nobody could mend it."""
    left = connection.execute(
        text(
            "SELECT 1 FROM person AS p JOIN person_role AS h ON h.org_id = p.org_id"
            " AND h.person_id = p.person_id AND h.valid_to_us IS NULL AND h.business_id IS NULL"
            " AND h.depot_id IS NULL"
            " JOIN role AS r ON r.org_id = h.org_id AND r.code = h.role AND r.active = 1"
            " JOIN role_permission AS g ON g.org_id = r.org_id AND g.role = r.code AND g.valid_to_us IS NULL"
            " WHERE p.org_id = :org AND p.active = 1 AND g.permission = :permission LIMIT 1"
        ),
        {"org": org_id, "permission": Permission.EDIT_PEOPLE.value},
    ).one_or_none()
    if left is None:
        raise Refused("last-who-edits-people")


def permit_history(
    connection: Connection, org_id: int, person_id: int, depot_id: int, *, at: datetime, until: datetime
) -> None:
    """Let a person bring history in at a depot from `at` until `until`, whatever its tills have recorded."""
    enrolment.lock_organisation(connection, org_id)
    if HISTORIAN not in roles(connection, org_id):
        connection.execute(master.role.insert().values(org_id=org_id, code=HISTORIAN, name="Historian"))
        grant(connection, org_id, HISTORIAN, Permission.IMPORT_HISTORY, at)
    connection.execute(
        master.person_role.insert().values(
            org_id=org_id,
            assignment_id=master_edit.next_id(connection, org_id, master.person_role),
            person_id=person_id,
            role=HISTORIAN,
            depot_id=depot_id,
            valid_from_us=micros(at),
            valid_to_us=micros(until),
        )
    )


def leave(connection: Connection, org_id: int, person_id: int, at: datetime) -> None:
    """A person left: every role ends at `at` and nobody can sign in under their name any more.

    Raises `Refused` for the last one who may change people.
    """
    enrolment.lock_organisation(connection, org_id)
    for one in _in_force(connection, org_id, person_id):
        _end(connection, org_id, int(one.assignment_id), at)
    master_edit.change(connection, master.person, org_id, person_id, active=0, pin_hash="", approval_wrap="")
    # Who is brought back proves themselves anew: no page, shell or job of before goes on.
    shell_tokens.end_sessions(connection, org_id, person_id, at, and_tokens=True)
    connection.execute(
        text(
            "UPDATE web_secret SET password_hash = '', totp_secret = ''"
            " WHERE org_id = :org AND person_id = :person"
        ),
        {"org": org_id, "person": person_id},
    )
    for one in passkeys.of(connection, org_id, person_id):
        passkeys.remove(connection, org_id, one.key)
    _keep_someone(connection, org_id)


def grant(connection: Connection, org_id: int, role: str, permission: Permission, at: datetime) -> bool:
    """Let a role do something from `at` on; gives whether that is new.  Raises `Refused` for no such role."""
    enrolment.lock_organisation(connection, org_id)
    if permission in granted(connection, org_id, role):
        return False
    connection.execute(
        master.role_permission.insert().values(
            org_id=org_id,
            grant_id=master_edit.next_id(connection, org_id, master.role_permission),
            role=role,
            permission=permission.value,
            valid_from_us=micros(at),
        )
    )
    return True


def revoke(connection: Connection, org_id: int, role: str, permission: Permission, at: datetime) -> bool:
    """Let a role do something no longer, from `at` on; gives whether it could.

    Raises `Refused` for no such role, and for the right to change people of the last role that has it.
    """
    enrolment.lock_organisation(connection, org_id)
    if permission not in granted(connection, org_id, role):
        return False
    if permission is Permission.EDIT_PEOPLE:
        others = [one for one in roles(connection, org_id) if one != role]
        if all(permission not in granted(connection, org_id, one) for one in others):
            raise Refused("last-role-that-edits-people")
    keys = connection.execute(
        text(
            "SELECT grant_id FROM role_permission WHERE org_id = :org AND role = :role"
            " AND permission = :permission AND valid_to_us IS NULL"
        ),
        {"org": org_id, "role": role, "permission": permission.value},
    ).all()
    for (key,) in keys:
        master_edit.change(connection, master.role_permission, org_id, int(key), valid_to_us=micros(at))
    if permission is Permission.EDIT_PEOPLE:
        _keep_someone(connection, org_id)
    return True


def add_role(
    connection: Connection, org_id: int, code: str, name: str, *, held: Iterable[str], at: datetime
) -> None:
    """A role of the organisation's own with these permissions, from `at` on.

    Raises `Refused` for a code that is taken, archived ones and the program's own among them.
    """
    enrolment.lock_organisation(connection, org_id)
    if code == HISTORIAN or code in archived(connection, org_id) or code in roles(connection, org_id):
        raise Refused("role-code-taken", role=code[:40])
    connection.execute(master.role.insert().values(org_id=org_id, code=code, name=name))
    for one in sorted(held):
        grant(connection, org_id, code, Permission(one), at)


def archive_role(connection: Connection, org_id: int, code: str) -> None:
    """Nobody may be given a role any more.  Raises `Refused` while somebody has it, and for no such role."""
    enrolment.lock_organisation(connection, org_id)
    if code not in roles(connection, org_id):
        raise unknown.role(connection, org_id, code)
    holders = [
        one.name for one in members(connection, org_id) if any(each.role == code for each in one.roles)
    ]
    if holders:
        raise Refused("role-still-held", role=code, names=", ".join(holders)[:200])
    master_edit.change(connection, master.role, org_id, code, active=0)


def archived(connection: Connection, org_id: int) -> dict[str, str]:
    """The names of the roles that nobody may be given any more, by code."""
    rows = connection.execute(
        text("SELECT code, name FROM role WHERE org_id = :org AND active = 0 ORDER BY code"), {"org": org_id}
    )
    return {str(row[0]): str(row[1]) for row in rows}


def roles(connection: Connection, org_id: int) -> dict[str, str]:
    """The names of the roles by code."""
    rows = connection.execute(
        text("SELECT code, name FROM role WHERE org_id = :org AND active = 1 ORDER BY code"), {"org": org_id}
    )
    return {str(row[0]): str(row[1]) for row in rows}


def granted(connection: Connection, org_id: int, role: str) -> set[str]:
    """What a role may do now.  Raises `Refused` when there is no such role."""
    if role not in roles(connection, org_id):
        raise unknown.role(connection, org_id, role)
    rows = connection.execute(
        text(
            "SELECT permission FROM role_permission WHERE org_id = :org AND role = :role"
            " AND valid_to_us IS NULL"
        ),
        {"org": org_id, "role": role},
    )
    return {str(row[0]) for row in rows}


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


def check_new_code(connection: Connection, org_id: int, code: str) -> None:
    """Raise `Refused` for a code that nobody can type again, and for one that is somebody's in any case.

    Who left keeps theirs: what they recorded is told under it.
    """
    if not 0 < len(code) <= _MOST_CODE or not code.isprintable() or any(one.isspace() for one in code):
        raise Refused("person-code-unusable", code=code[:40], most=_MOST_CODE)
    enrolment.lock_organisation(connection, org_id)
    row = connection.execute(
        text("SELECT code, name FROM person WHERE org_id = :org AND lower(code) = lower(:code) LIMIT 1"),
        {"org": org_id, "code": code},
    ).one_or_none()
    if row is not None:
        raise Refused("person-code-taken", code=row[0], name=row[1])


def member(connection: Connection, org_id: int, code: str) -> Member:
    """The person with this code, in any case, also who left.  Raises `Refused` for nobody."""
    everybody = {one.code: one for one in members(connection, org_id)}
    found = codes.alike(everybody, code.strip())
    if found is None:
        raise Refused("person-unknown", code=code.strip()[:40])
    return found


def depot_of(connection: Connection, org_id: int, person_id: int) -> str:
    """The code of the depot that a person is of; empty for who is of none."""
    found = connection.scalar(
        text(
            "SELECT d.code FROM person AS p JOIN depot AS d ON d.org_id = p.org_id"
            " AND d.depot_id = p.depot_id WHERE p.org_id = :org AND p.person_id = :person"
        ),
        {"org": org_id, "person": person_id},
    )
    return str(found or "")


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
