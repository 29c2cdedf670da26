"""`bohari person`: who works here, their roles and where they hold, hiring and leaving."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

import typer
from sqlalchemy import Connection

from pos_app.cli import acting
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.store.organisation import founding, master_import, staff
from pos_app.store.organisation.staff import Member, Role
from pos_app.till.session.sign_in import hash_pin

app: Final = noun()
person_app: Final = group(app, "person", "Who works here, and what they may do.")

Editor = Annotated[str, typer.Option("--by", metavar="CODE", help="Who does this, for the audit log.")]
Business = Annotated[str, typer.Option(help="Only in this business.")]
Depot = Annotated[str, typer.Option(help="Only at this depot.")]
RoleName = Annotated[
    str, typer.Option("--role", help="owner, accountant, manager, cashier, driver, auditor, ...")
]

_PIN_DIGITS: Final = 6


@command(person_app, "list", CENTRE)
def list_people(at: AtCentre) -> Answer:
    """Everybody, with their roles."""
    with at.database.read() as connection:
        found = staff.members(connection, at.org_id)
    people = [
        {
            "code": one.code,
            "name": one.name,
            "title": one.title,
            "active": one.active,
            "roles": [
                {"role": each.role, "business": each.business, "depot": each.depot} for each in one.roles
            ],
        }
        for one in found
    ]
    lines = [f"{one.code:<12} {one.name:<24} {_text(one.roles) if one.active else 'left'}" for one in found]
    return Answer({"people": people}, lines)


@command(person_app, "add", CENTRE)
def add(
    at: AtCentre,
    code: Code,
    *,
    name: Annotated[str, typer.Option(help="Their name.")],
    role: RoleName,
    depot: Depot = "",
    by: Editor = "",
) -> Answer:
    """Hire somebody; prints their PIN once."""
    if not code.strip() or not name.strip():
        raise Refused("person-needs-code-and-name")
    pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"
    with at.database.write() as connection:
        people = _act(connection, at.org_id, by, at.clock.now())
        if code.strip() in people:
            raise Refused("person-code-taken", code=code[:40], name=people[code.strip()].name)
        founding.add_person(
            connection,
            at.org_id,
            code.strip(),
            name.strip(),
            role=role,
            pin_hash=hash_pin(pin),
            depot_id=_key(staff.depots(connection, at.org_id), depot, "depot"),
        )
    lines = [f"{name.strip()} is {role} now; PIN {pin}, shown once."]
    return Answer({"code": code.strip(), "role": role, "depot": depot, "pin": pin}, lines)


@dataclass(frozen=True)
class Change:
    """Which role begins or ends, where it holds, and who says so."""

    role: RoleName
    business: Business = ""
    depot: Depot = ""
    by: Editor = ""


@command(person_app, "give", CENTRE)
def give(at: AtCentre, code: Code, change: Change) -> Answer:
    """Give a role from now on."""
    return _change_role(at, code, change, staff.give, "is")


@command(person_app, "take", CENTRE)
def take(at: AtCentre, code: Code, change: Change) -> Answer:
    """Take a role from now on."""
    return _change_role(at, code, change, staff.take, "is no longer")


def _change_role(at: AtCentre, code: str, change: Change, do: Callable[..., object], said: str) -> Answer:
    if change.business and change.depot:
        raise Refused("role-needs-place")
    org_id, now = at.org_id, at.clock.now()
    with at.database.write() as connection:
        person = _person(_act(connection, org_id, change.by, now), code)
        place = {
            "business_id": _key(master_import.businesses(connection, org_id), change.business, "business"),
            "depot_id": _key(staff.depots(connection, org_id), change.depot, "depot"),
        }
        do(connection, org_id, person.person_id, change.role, now, **place)
    values = {"code": code, "role": change.role, "business": change.business, "depot": change.depot}
    return Answer(values, [f"{person.name} {said} {change.role} from now on."])


@command(person_app, "leave", CENTRE)
def leave(at: AtCentre, code: Code, *, by: Editor = "") -> Answer:
    """Somebody left: all roles end now."""
    with at.database.write() as connection:
        person = _person(_act(connection, at.org_id, by, at.clock.now()), code)
        staff.leave(connection, at.org_id, person.person_id, at.clock.now())
    return Answer({"code": code}, [f"{person.name} may do nothing any more; what was recorded stays."])


def _act(connection: Connection, org_id: int, by: str, now: datetime) -> dict[str, Member]:
    """Everybody by code, after saying in the audit log who acts.

    Raises `Refused` when `by` names somebody who may not change people.
    """
    acting.declare(connection, org_id, by, Permission.EDIT_PEOPLE, now)
    return {one.code: one for one in staff.members(connection, org_id)}


def _person(people: dict[str, Member], code: str) -> Member:
    if code not in people:
        raise Refused("person-unknown", code=code[:40])
    return people[code]


def _key(known: dict[str, int], code: str, what: str) -> int | None:
    if not code:
        return None
    if code not in known:
        raise Refused("no-such-code", what=what, code=code[:20])
    return known[code]


def _text(roles: tuple[Role, ...]) -> str:
    return (
        ", ".join(f"{one.role} ({one.business or one.depot or 'everywhere'})" for one in roles) or "no role"
    )
