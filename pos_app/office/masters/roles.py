"""Roles of one's own, as the office keeps them; what a role may do is granted and revoked apart."""

import re
from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import own_rights
from pos_app.office.office import Office
from pos_app.store.master import master_edit, unknown
from pos_app.store.organisation import staff
from pos_app.store.tables import master

_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_NAME: Final = 200


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


def rename_role(office: Office, code: str, name: str) -> None:
    """Call a role something else.  Raises `Refused`."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        wanted = code.strip().lower()
        if wanted not in staff.roles(books.connection, books.org_id):
            raise unknown.role(books.connection, books.org_id, wanted)
        master_edit.change(books.connection, master.role, books.org_id, wanted, name=_name(name))


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
