"""`bohari person`: who works here, their roles and where they hold, hiring and leaving."""

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from pos_app import bootstrap
from pos_app.cli import acting
from pos_app.cli.answer import Answer
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.store.organisation import founding, master_import, staff
from pos_app.store.organisation.staff import Member, Role
from pos_app.till.session.sign_in import hash_pin

_PIN_DIGITS = 6


def list_people(home: Path) -> Answer:
    """Everybody with the roles that are in force."""
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        with centre.for_org(organisation).read() as connection:
            found = staff.members(connection, organisation.org_id)
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


def add(home: Path, code: str, *, name: str, role: str, depot: str, by: str) -> Answer:
    """Hire: a person with a role at a depot, or everywhere; gives their PIN, once."""
    if not code.strip() or not name.strip():
        raise Refused("A person needs a code and a name.")
    pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        org_id = organisation.org_id
        with centre.for_org(organisation).write() as connection:
            people = _act(connection, org_id, by, centre.clock.now())
            if code.strip() in people:
                raise Refused(f"“{code[:40]}” is {people[code.strip()].name} already; choose another code.")
            founding.add_person(
                connection,
                org_id,
                code.strip(),
                name.strip(),
                role=role,
                pin_hash=hash_pin(pin),
                depot_id=_key(staff.depots(connection, org_id), depot, "depot"),
            )
    lines = [f"{name.strip()} is {role} now; PIN {pin}, shown once."]
    return Answer({"code": code.strip(), "role": role, "depot": depot, "pin": pin}, lines)


def change_role(
    home: Path, code: str, role: str, *, business: str, depot: str, by: str, take: bool
) -> Answer:
    """Give a person a role, or take it, from now on: in a business, at a depot, or everywhere."""
    if business and depot:
        raise Refused("A role holds in a business or at a depot; name one of them.")
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        org_id, now = organisation.org_id, centre.clock.now()
        with centre.for_org(organisation).write() as connection:
            person = _person(_act(connection, org_id, by, now), code)
            place = {
                "business_id": _key(master_import.businesses(connection, org_id), business, "business"),
                "depot_id": _key(staff.depots(connection, org_id), depot, "depot"),
            }
            if take:
                staff.take(connection, org_id, person.person_id, role, now, **place)
            else:
                staff.give(connection, org_id, person.person_id, role, now, **place)
    said = "is no longer" if take else "is"
    values = {"code": code, "role": role, "business": business, "depot": depot}
    return Answer(values, [f"{person.name} {said} {role} from now on."])


def leave(home: Path, code: str, by: str) -> Answer:
    """A person left: all roles end now, and nobody signs in under their name any more."""
    with bootstrap.central(home) as centre:
        organisation = centre.organisation()
        org_id, now = organisation.org_id, centre.clock.now()
        with centre.for_org(organisation).write() as connection:
            person = _person(_act(connection, org_id, by, now), code)
            staff.leave(connection, org_id, person.person_id, now)
    return Answer({"code": code}, [f"{person.name} may do nothing any more; what was recorded stays."])


def _act(connection: Connection, org_id: int, by: str, now: datetime) -> dict[str, Member]:
    """Everybody by code, after saying in the audit log who acts.

    Raises `Refused` when `by` names somebody who may not change people.
    """
    acting.declare(connection, org_id, by, Permission.EDIT_PEOPLE, now)
    return {one.code: one for one in staff.members(connection, org_id)}


def _person(people: dict[str, Member], code: str) -> Member:
    if code not in people:
        raise Refused(f"There is nobody “{code[:40]}” here; “bohari person list” shows the codes.")
    return people[code]


def _key(known: dict[str, int], code: str, what: str) -> int | None:
    if not code:
        return None
    if code not in known:
        raise Refused(f"There is no {what} “{code[:20]}”; check its code.")
    return known[code]


def _text(roles: tuple[Role, ...]) -> str:
    return (
        ", ".join(f"{one.role} ({one.business or one.depot or 'everywhere'})" for one in roles) or "no role"
    )
