"""Roles as the office keeps them: what each is called, and what it may do."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import own_rights
from pos_app.office.office import Office
from pos_app.store.master import master_edit, unknown
from pos_app.store.organisation import staff
from pos_app.store.tables import master

_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_NAME: Final = 200


class Shown(NamedTuple):
    """A role, what it may do, and how many people have it somewhere."""

    code: str
    name: str
    may: frozenset[str]
    active: bool
    people: int


def listed(office: Office) -> list[Shown]:
    """Every role by its code; of one that is archived nothing is left that it may do."""
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        held = [{role.role for role in one.roles} for one in staff.members(connection, org_id) if one.active]
        found = [
            Shown(
                code,
                name,
                frozenset(staff.granted(connection, org_id, code)),
                True,
                sum(code in one for one in held),
            )
            for code, name in staff.roles(connection, org_id).items()
        ]
        gone = staff.archived(connection, org_id).items()
    found += [Shown(code, name, frozenset(), False, 0) for code, name in gone]
    return sorted(found, key=lambda one: one.code)


def show(office: Office, code: str) -> Shown:
    """One role.  Raises `Refused` where there is none."""
    wanted = code.strip().lower()
    for one in listed(office):
        if one.code == wanted:
            return one
    with office.read() as books:
        raise unknown.role(books.connection, books.org_id, wanted)


def edit_role(
    office: Office, code: str, *, name: str | None = None, may: Mapping[Permission, bool] | None = None
) -> bool:
    """Call a role something else, let it do something from now on or no longer; gives whether that is new.

    Raises `Refused`: nobody grants what they do not have, and somebody can always change people.
    """
    wanted = code.strip().lower()
    with office.change(Permission.EDIT_PEOPLE) as books:
        connection, org_id = books.connection, books.org_id
        called = staff.roles(connection, org_id)
        if wanted not in called:
            raise unknown.role(connection, org_id, wanted)
        changed = False
        if name is not None and _name(name) != called[wanted]:
            master_edit.change(connection, master.role, org_id, wanted, name=_name(name))
            changed = True
        before = staff.granted(connection, org_id, wanted)
        given = {one for one, is_given in (may or {}).items() if is_given and one.value not in before}
        own_rights.need(
            connection, org_id, own_rights.giver_of(office), [one.value for one in given], books.now
        )
        for one in sorted(given):
            changed |= staff.grant(connection, org_id, wanted, one, books.now)
        for one, is_given in (may or {}).items():
            if not is_given:
                changed |= staff.revoke(connection, org_id, wanted, one, books.now)
    return changed


def add_role(office: Office, code: str, name: str, like: str = "") -> set[str]:
    """Add a role that may do what another one may (`like`; empty: nothing yet); gives what it may do.

    Raises `Refused` for a code that is taken or is none, and for an unknown role to be like.
    """
    wanted = code.strip().lower()
    if not _CODE.fullmatch(wanted):
        raise Refused("role-code-unusable", role=code.strip()[:40])
    with office.change(Permission.EDIT_PEOPLE) as books:
        held = staff.granted(books.connection, books.org_id, like.strip().lower()) if like.strip() else set()
        giver = own_rights.giver_of(office)
        own_rights.need(books.connection, books.org_id, giver, held, books.now)
        staff.add_role(books.connection, books.org_id, wanted, _name(name), held=held, at=books.now)
    return held


def archive_role(office: Office, code: str) -> None:
    """Let nobody be given a role any more.  Raises `Refused` while somebody has it."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        staff.archive_role(books.connection, books.org_id, code.strip().lower())


def restore_role(office: Office, code: str) -> None:
    """Let a role be given again.  Raises `Refused` for one that is not archived."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        wanted = code.strip().lower()
        if wanted not in staff.archived(books.connection, books.org_id):
            raise Refused("role-not-archived", role=wanted[:40])
        master_edit.change(books.connection, master.role, books.org_id, wanted, active=1)


def _name(name: str) -> str:
    wanted = name.strip()
    if not wanted or len(wanted) > _MOST_NAME or not wanted.isprintable():
        raise Refused("role-name-unusable")
    return wanted
