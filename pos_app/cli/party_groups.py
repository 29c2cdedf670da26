"""`bohari customer-group`: customers who get the same prices."""

from typing import Annotated, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Name
from pos_app.ledger.permission import Permission
from pos_app.office.masters import party_groups
from pos_app.office.office import Office

app: Final = noun()
groups_app: Final = group(app, "customer-group", "Customers who get the same prices.")

GroupCode = Annotated[str, typer.Argument(metavar="GROUP", help="The group's code.")]
Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's code.")]


@command(groups_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_groups(office: Office) -> Answer:
    """Every group with who is in it."""
    found = party_groups.groups(office)
    rows = [
        {"code": one.row.code, "name": one.row.name, "active": one.row.active, "customers": one.members}
        for one in found
    ]
    lines = [
        f"{one.row.code:<12} {one.row.name:<24} {', '.join(one.members) or 'nobody'}"
        f"{'' if one.row.active else ', archived'}"
        for one in found
    ]
    return Answer({"groups": rows}, [*lines, f"{counted(len(rows), 'group')}."])


@command(groups_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add(office: Office, code: GroupCode, *, name: Name) -> Answer:
    """Add a group that nobody is in yet."""
    party_groups.add(office, code, name)
    return Answer({"code": code.strip()}, [f"{code.strip()} is a group of customers."])


@command(groups_app, "join", AT_WORK, somewhere(Permission.EDIT_MASTER))
def join(office: Office, code: GroupCode, customer: Customer) -> Answer:
    """A customer is in a group from now on."""
    new = party_groups.join(office, code, customer)
    said = f"{customer} is in {code}." if new else f"{customer} is in {code} already."
    return Answer({"group": code, "customer": customer, "changed": new}, [said])


@command(groups_app, "leave", AT_WORK, somewhere(Permission.EDIT_MASTER))
def leave(office: Office, code: GroupCode, customer: Customer) -> Answer:
    """A customer is in a group no more."""
    party_groups.leave(office, code, customer)
    return Answer({"group": code, "customer": customer}, [f"{customer} is not in {code}."])


@command(groups_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit(office: Office, code: GroupCode, *, name: Name) -> Answer:
    """A group is called otherwise; its code stays."""
    party_groups.rename(office, code, name)
    return Answer({"code": code, "name": name.strip()}, [f"{code} is called {name.strip()}."])


@command(groups_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive(office: Office, code: GroupCode) -> Answer:
    """Put a group away: from now on nobody is in it."""
    party_groups.archive(office, code)
    return Answer({"code": code, "active": False}, [f"{code} is put away."])


@command(groups_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore(office: Office, code: GroupCode) -> Answer:
    """Bring a group back, with whom it had."""
    party_groups.restore(office, code)
    return Answer({"code": code, "active": True}, [f"{code} is back."])


@command(groups_app, "history", LOOKING, history.MAY_SEE)
def group_history(office: Office, code: GroupCode) -> Answer:
    """Who joined and left, when, and what it was called."""
    return history.told(office, "customer-group", code)
