"""`bohari role`: the roles that people have, and what each may do."""

from typing import Annotated, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs
from pos_app.cli.options import Name
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.masters import roles
from pos_app.office.masters.history import as_seen
from pos_app.office.office import Office

app: Final = noun()
role_app: Final = group(app, "role", "What a role may do.")

RoleCode = Annotated[str, typer.Argument(metavar="ROLE", help="owner, accountant, manager, cashier, ...")]
PermissionName = Annotated[
    str, typer.Argument(metavar="PERMISSION", help="refund, price, pay-vendor, ... as “bohari role list”.")
]
AnyRole = Annotated[str, typer.Argument(metavar="ROLE", help="The code of a role of one's own.")]


@command(role_app, "list", LOOKING, needs(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT))
def list_roles(office: Office) -> Answer:
    """Every role, and what it may do."""
    found = roles.listed(office)
    rows = [{"role": one.code, "name": one.name, "may": sorted(one.may)} for one in found if one.active]
    gone = [one.code for one in found if not one.active]
    lines = [f"{one.code:<12} {', '.join(sorted(one.may))}" for one in found if one.active]
    return Answer({"roles": rows, "archived": gone}, [*lines, *(f"{code:<12} archived" for code in gone)])


@command(role_app, "grant", AT_WORK, needs(Permission.EDIT_PEOPLE))
def grant(office: Office, role: RoleCode, permission: PermissionName) -> Answer:
    """Let everybody with a role do something, from now on."""
    return _change_right(office, role, permission, True, "may now {deed}", "may {deed} already")


@command(role_app, "revoke", AT_WORK, needs(Permission.EDIT_PEOPLE))
def revoke(office: Office, role: RoleCode, permission: PermissionName) -> Answer:
    """Let everybody with a role do something no longer, from now on; what was recorded stays."""
    return _change_right(office, role, permission, False, "may no longer {deed}", "may not {deed}")


def _change_right(office: Office, role: str, permission: str, is_given: bool, *said: str) -> Answer:
    chosen, code = _permission(permission), role.strip().lower()
    changed = roles.edit_role(office, role, may={chosen: is_given})
    words = (said[0] if changed else said[1]).format(deed=WORDS[chosen])
    values = {"role": code, "permission": chosen.value, "changed": changed}
    return Answer(values, [f"Who is {code} {words}."])


def _permission(typed: str) -> Permission:
    """The permission that is meant, in any case and with - or _.  Raises `Refused` with what there is."""
    try:
        return Permission(typed.strip().lower().replace("-", "_"))
    except ValueError:
        raise Refused(
            "permission-unknown", typed=typed[:40], words=", ".join(one.value for one in Permission)
        ) from None


@command(role_app, "add", AT_WORK, needs(Permission.EDIT_PEOPLE))
def add_role(
    office: Office,
    role: AnyRole,
    *,
    name: Name,
    like: Annotated[str, typer.Option(metavar="ROLE", help="It may do what this one may.")] = "",
) -> Answer:
    """A role of one's own; “bohari role grant” and “revoke” say what it may do."""
    held = sorted(roles.add_role(office, role, name, like))
    code = role.strip().lower()
    return Answer({"role": code, "may": held}, [f"{code} may {', '.join(held) or 'nothing yet'}."])


@command(role_app, "edit", AT_WORK, needs(Permission.EDIT_PEOPLE))
def edit_role(office: Office, role: AnyRole, *, name: Name, seen: history.Seen = None) -> Answer:
    """Another name for a role; its code stays."""
    code = role.strip().lower()
    with as_seen(office, "role", code, seen):
        roles.edit_role(office, role, name=name)
    return Answer({"role": code, "name": name.strip()}, [f"{code} is called {name.strip()}."])


@command(role_app, "archive", AT_WORK, needs(Permission.EDIT_PEOPLE))
def archive_role(office: Office, role: AnyRole) -> Answer:
    """Nobody may be given the role any more; refused while somebody has it."""
    roles.archive_role(office, role)
    return Answer({"role": role.strip().lower()}, [f"Nobody may be given {role.strip().lower()} any more."])


@command(role_app, "restore", AT_WORK, needs(Permission.EDIT_PEOPLE))
def restore_role(office: Office, role: AnyRole) -> Answer:
    """An archived role may be given again."""
    roles.restore_role(office, role)
    return Answer({"role": role.strip().lower()}, [f"{role.strip().lower()} may be given again."])


@command(role_app, "history", LOOKING, history.MAY_SEE)
def role_history(office: Office, role: AnyRole) -> Answer:
    """Who changed a role and what it may do, when, before and since."""
    return history.told(office, "role", role.strip().lower())
