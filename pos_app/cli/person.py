"""`bohari person`: who works here, their roles and where they hold, hiring and leaving."""

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from sqlalchemy import Connection

from pos_app.cli import acting, history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import pins, second_proofs
from pos_app.office.masters import own_rights, people
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.own_rights import Giver
from pos_app.office.masters.people import Said
from pos_app.office.office import Office
from pos_app.store.master import approval_secrets, codes
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding, master_import, staff, staff_parties
from pos_app.store.organisation.staff import Member, Role

app: Final = noun()
person_app: Final = group(app, "person", "Who works here, and what they may do.")

Business = Annotated[str, typer.Option(help="Only in this business.")]
Depot = Annotated[str, typer.Option(help="Only at this depot.")]


def _as_kept(role: str) -> str:
    """The code of a role as `bohari role` keeps it, however it is typed."""
    return role.strip().lower()


RoleName = Annotated[
    str,
    typer.Option(
        "--role", callback=_as_kept, help="owner, accountant, manager, cashier, driver, auditor, ..."
    ),
]

#: Whoever works here may choose their own PIN; another's asks for more.
_ANYTHING: Final = (Permission.EDIT_PEOPLE, *Permission)
#: Where a program gives the PIN that a person chose: a command line stands in the process list.
NEW_PIN: Final = "BOHARI_NEW_PIN"
NEW_PASSWORD: Final = "BOHARI_NEW_PASSWORD"  # noqa: S105 - the name of a variable


@command(person_app, "list", CENTRE, needs(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT))
def list_people(at: AtCentre) -> Answer:
    """Everybody, with their roles, and whether their PIN proves what they approve."""
    with at.database.read() as connection:
        found = staff.members(connection, at.org_id)
        named = staff.works_at(connection, at.org_id)
        proving = approval_secrets.owners(connection, at.org_id)
    rows = [_row(one, named.get(one.person_id), proves=one.person_id in proving) for one in found]
    lines = [f"{one.code:<12} {one.name:<24} {_text(one.roles) if one.active else 'left'}" for one in found]
    bare = [one.code for one in found if one.active and one.person_id not in proving]
    if bare:
        lines.append(
            f"A name alone approves for {', '.join(bare)}, until “bohari person pin” gives a new PIN."
        )
    return Answer({"people": rows}, lines)


@command(person_app, "add", CENTRE, needs(Permission.EDIT_PEOPLE))
def add(
    at: AtCentre,
    code: Code,
    *,
    name: Annotated[str, typer.Option(help="Their name.")],
    role: RoleName,
    depot: Depot = "",
    is_staff: Annotated[
        bool, typer.Option("--staff", help="An employee in the books too, who can draw advances.")
    ] = False,
) -> Answer:
    """Hire somebody; prints their PIN once."""
    if not code.strip() or not name.strip():
        raise Refused("person-needs-code-and-name")
    with at.database.write() as connection:
        acting.declare(connection, at.actor)
        depot_id = _key(staff.depots(connection, at.org_id), depot, "depot")
        giver, now = Giver(at.actor.person_id, at.actor.limits), at.clock.now()
        own_rights.need_role(connection, at.org_id, giver, role, now, depot_id=depot_id)
        pin = pins.drawn(connection, at.org_id, now)
        person_id = founding.add_person(
            connection,
            at.org_id,
            code.strip(),
            name.strip(),
            role=role,
            pin_hash=given_pin(pin),
            depot_id=depot_id,
        )
        if is_staff:
            staff_parties.make(connection, at.org_id, person_id, code.strip(), name.strip())
    lines = [f"{name.strip()} is {role} now; PIN {pin}, shown once."]
    values = {"code": code.strip(), "role": role, "depot": depot, "pin": pin, "staff": is_staff}
    return Answer(values, lines)


@command(person_app, "staff", AT_WORK, needs(Permission.EDIT_PEOPLE))
def make_staff(office: Office, code: Code) -> Answer:
    """Somebody who works here is an employee in the books too: their advances and debts stand there."""
    found, party = people.make_staff(office, code)
    told = f"{found.name} is the party {party} as an employee; limits by “bohari parties edit {party}”."
    return Answer({"code": found.code, "party": party}, [told])


@dataclass(frozen=True)
class Change:
    """Which role begins or ends, and where it holds."""

    role: RoleName
    business: Business = ""
    depot: Depot = ""


@command(person_app, "give", CENTRE, needs(Permission.EDIT_PEOPLE))
def give(at: AtCentre, code: Code, change: Change) -> Answer:
    """Give a role from now on."""
    return _change_role(at, code, change, staff.give, "is")


@command(person_app, "take", CENTRE, needs(Permission.EDIT_PEOPLE))
def take(at: AtCentre, code: Code, change: Change) -> Answer:
    """Take a role from now on."""
    return _change_role(at, code, change, staff.take, "is no longer")


def _change_role(at: AtCentre, code: str, change: Change, do: Callable[..., object], said: str) -> Answer:
    if change.business and change.depot:
        raise Refused("role-needs-place")
    org_id, now = at.org_id, at.clock.now()
    with at.database.write() as connection:
        person = _person(_act(connection, at), code)
        place = {
            "business_id": _key(master_import.businesses(connection, org_id), change.business, "business"),
            "depot_id": _key(staff.depots(connection, org_id), change.depot, "depot"),
        }
        if do is staff.give:
            giver = Giver(at.actor.person_id, at.actor.limits)
            own_rights.need_role(connection, org_id, giver, change.role, now, **place)
        do(connection, org_id, person.person_id, change.role, now, **place)
    values = {"code": code, "role": change.role, "business": change.business, "depot": change.depot}
    return Answer(values, [f"{person.name} {said} {change.role} from now on."])


@command(person_app, "leave", CENTRE, needs(Permission.EDIT_PEOPLE))
def leave(at: AtCentre, code: Code) -> Answer:
    """Somebody left: all roles end now."""
    with at.database.write() as connection:
        person = _person(_act(connection, at), code)
        staff.leave(connection, at.org_id, person.person_id, at.clock.now())
        still = staff_parties.unsettled(connection, at.org_id, person.person_id)
    return _left(person, still)


def _left(person: Member, still: str | None) -> Answer:
    lines = [f"{person.name} may do nothing any more; what was recorded stays."]
    return Answer({"code": person.code, "unsettled": still or ""}, [*lines, *([still] if still else [])])


@command(person_app, "show", LOOKING, needs(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT))
def show_person(office: Office, code: Code) -> Answer:
    """One of them, at work or left: roles, depot, where they sign in."""
    found = people.show(office, code)
    one = found.person
    where = "everywhere" if found.works_at is None else ", ".join(found.works_at) or "no depot"
    proves = "proves what they approve" if found.proves else "their name alone approves"
    last = revision(office, "person", one.code)
    values = {
        **_row(one, found.works_at, proves=found.proves),
        "depot": found.depot,
        "party": found.party,
        "revision": last,
    }
    lines = [
        f"{one.code} {one.name}, {one.title}" + ("" if one.active else ", left"),
        f"roles     {_text(one.roles)}",
        f"signs in  {found.depot or where}" if one.active else "signs in  nowhere",
    ]
    lines += [f"PIN       {proves}"] * one.active
    lines += [f"party     {found.party}"] * bool(found.party)
    return Answer(values, [*lines, f"revision  {last}"])


@command(person_app, "edit", AT_WORK, needs(Permission.EDIT_PEOPLE))
def edit_person(
    office: Office,
    code: Code,
    *,
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    title: Annotated[
        str | None, typer.Option(help="What they are called on screens and lists; it allows nothing.")
    ] = None,
    depot: Annotated[
        str | None, typer.Option(metavar="CODE", help="Where they sign in; empty: at no one depot.")
    ] = None,
    seen: history.Seen = None,
) -> Answer:
    """Another name, title or depot; what is not said stays, and roles hold where they were given."""
    with as_seen(office, "person", code, seen):
        found = people.edit(office, code, Said(name, title, depot))
    values = {"code": found.code, "name": found.name, "title": found.title}
    lines = [f"{found.name} ({found.code}) is changed; tills know it as soon as they have synced."]
    if depot is not None:
        lines.append(f"Roles hold as they did: {_text(found.roles)}.")
    return Answer(values, lines)


@command(person_app, "archive", AT_WORK, needs(Permission.EDIT_PEOPLE))
def archive_person(office: Office, code: Code) -> Answer:
    """Somebody left: all roles end now, as “leave”; they can be brought back."""
    return _left(*people.archive(office, code))


@command(person_app, "restore", AT_WORK, needs(Permission.EDIT_PEOPLE))
def restore_person(office: Office, code: Code) -> Answer:
    """Somebody who left is back, with no role and no PIN yet."""
    found = people.restore(office, code)
    told = f"{found.name} is back; “bohari person give” and “bohari person pin” say what they may do."
    return Answer({"code": found.code}, [told])


@command(person_app, "pin", AT_WORK, somewhere(*_ANYTHING))
def pin(
    office: Office,
    code: Code,
    *,
    chosen: Annotated[
        bool, typer.Option("--chosen", help="Your own choice: it is asked for, or in BOHARI_NEW_PIN.")
    ] = False,
) -> Answer:
    """Another PIN for somebody, drawn and printed once; for yourself, drawn or chosen.  The old one ends."""
    if chosen:
        if code.strip().lower() != office.person.code.lower():
            raise Refused("pin-of-another-is-drawn")
        pins.choose(office, _typed_twice())
        return Answer({"code": office.person.code}, [f"{office.person.name} has another PIN from now on."])
    drawn = pins.draw(office, code)
    lines = [f"The PIN of {code} is {drawn} from now on, shown once; tills hear of it with their next pull."]
    return Answer({"code": code, "pin": drawn}, lines)


#: Said of a second proof that is given or taken.
_SIGNED_OUT: Final = "Their sessions, here and in a browser, ended: “bohari login” again."

NoneAnyMore = Annotated[bool, typer.Option("--none", help="Take theirs away.")]


@command(person_app, "password", AT_WORK, needs(Permission.EDIT_PEOPLE))
def password(office: Office, code: Code, *, none: NoneAnyMore = False) -> Answer:
    """A password for the back office in a browser, beside the PIN: asked for, or in BOHARI_NEW_PASSWORD."""
    name = second_proofs.give_password(office, code, "" if none else _typed_twice(NEW_PASSWORD, "password"))
    told = f"{name} has no password any more." if none else f"{name} has another password from now on."
    return Answer({"code": code}, [told, _SIGNED_OUT])


@command(person_app, "totp", AT_WORK, needs(Permission.EDIT_PEOPLE))
def totp(office: Office, code: Code, *, none: NoneAnyMore = False) -> Answer:
    """One-time codes of an authenticator for the back office, beside the PIN; the secret is printed once."""
    made = second_proofs.give_codes(office, code, none=none)
    if none:
        return Answer({"code": code}, [f"{code} is asked for no one-time code any more.", _SIGNED_OUT])
    lines = [
        f"Type this into the authenticator of {code}, or draw the address as a QR code; shown once:",
        made.secret,
        made.uri,
        _SIGNED_OUT,
    ]
    return Answer({"code": code, "secret": made.secret, "uri": made.uri}, lines)


def _typed_twice(variable: str = NEW_PIN, what: str = "PIN") -> str:
    """What somebody chose.  Raises `Refused` when nobody can be asked, or they typed two."""
    given = os.environ.get(variable, "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refused("new-pin-not-given" if what == "PIN" else "new-password-not-given", variable=variable)
    first = getpass.getpass(f"New {what}: ")
    if first != getpass.getpass("The same again: "):
        raise Refused("new-pin-differs" if what == "PIN" else "new-password-differs")
    return first


@command(person_app, "works", CENTRE, needs(Permission.EDIT_PEOPLE))
def works(
    at: AtCentre,
    code: Code,
    *,
    depot: Annotated[str, typer.Option(help="The depot's code.")],
    no_longer: Annotated[bool, typer.Option("--no-longer", help="Not there any more.")] = False,
) -> Answer:
    """Let somebody of no one depot sign in at this one: their PIN is brought there and to no other."""
    with at.database.write() as connection:
        person = _person(_act(connection, at), code)
        depot_id = _key(staff.depots(connection, at.org_id), depot, "depot")
        if depot_id is None:
            raise Refused("no-such-code", what="depot", code=depot[:20])
        staff.work_at(connection, at.org_id, person.person_id, depot_id, works=not no_longer)
        named = staff.works_at(connection, at.org_id)[person.person_id]
    where = ", ".join(named) or "no depot"
    return Answer({"code": code, "works_at": named}, [f"{person.name} signs in at {where} from now on."])


def _act(connection: Connection, at: AtCentre) -> dict[str, Member]:
    """Everybody by code, after saying in the audit log who acts."""
    acting.declare(connection, at.actor)
    return {one.code: one for one in staff.members(connection, at.org_id)}


def _person(known: dict[str, Member], code: str) -> Member:
    found = codes.alike(known, code.strip())
    if found is None:
        raise Refused("person-unknown", code=code[:40])
    return found


def _row(member: Member, works_at: list[str] | None, *, proves: bool) -> dict[str, Any]:
    roles = [{"role": each.role, "business": each.business, "depot": each.depot} for each in member.roles]
    return {
        "code": member.code,
        "name": member.name,
        "title": member.title,
        "active": member.active,
        "proves": proves,
        "works_at": works_at,
        "roles": roles,
    }


def _key(known: dict[str, int], code: str, what: str) -> int | None:
    if not code:
        return None
    found = codes.alike(known, code)
    if found is None:
        raise Refused("no-such-code", what=what, code=code[:20])
    return found


def _text(roles: tuple[Role, ...]) -> str:
    return (
        ", ".join(f"{one.role} ({one.business or one.depot or 'everywhere'})" for one in roles) or "no role"
    )


@command(person_app, "history", LOOKING, history.MAY_SEE)
def person_history(office: Office, code: Code) -> Answer:
    """Who changed a person and their roles, when, before and since."""
    return history.told(office, "person", code)
