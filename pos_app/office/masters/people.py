"""People as the office keeps them: what they are called, where their PIN is brought, leaving and coming back.

Decisions
---------
2026-11-30  Who is brought back has no role and no PIN: what they could do when they left may be somebody
else's work by now.  Both are given anew.
"""

from typing import NamedTuple

from pos_app.language import Sentence
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters.coded import checked_name, checked_title
from pos_app.office.office import Office
from pos_app.store.master import approval_secrets, master_edit
from pos_app.store.organisation import staff, staff_parties
from pos_app.store.organisation.staff import Member
from pos_app.store.tables import master


class Said(NamedTuple):
    """What is said of a person; None stays as it is.

    `title` is what they are called on screens and lists and allows nothing; `depot` is where their PIN is
    brought to (empty: where they work, of no one depot).
    """

    name: str | None = None
    title: str | None = None
    depot: str | None = None


class Shown(NamedTuple):
    """A person, the code of the depot that they are of (empty: none), the depots that are named for them
    (None: everywhere), whether their PIN proves what they approve, and the code of the party that they are
    in the books (empty: none).
    """

    person: Member
    depot: str
    works_at: list[str] | None
    proves: bool
    party: str


def show(office: Office, code: str) -> Shown:
    """All that is said of a person, also of who left.  Raises `Refused` for an unknown code."""
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        found = staff.member(connection, org_id, code)
        return Shown(
            found,
            staff.depot_of(connection, org_id, found.person_id),
            staff.works_at(connection, org_id).get(found.person_id),
            found.person_id in approval_secrets.owners(connection, org_id),
            (staff_parties.of(connection, org_id, found.person_id) or (0, "", ""))[1],
        )


def edit(office: Office, code: str, said_of: Said) -> Member:
    """Change what is said of a person who works here.  Their roles hold where they were given.

    Raises `Refused` for an unknown code, who left, an unknown depot, and a text that cannot be printed.
    """
    with office.change(Permission.EDIT_PEOPLE) as books:
        found = _at_work(books, code)
        changes: dict[str, str] = {}
        if said_of.name is not None:
            changes["name"] = checked_name(said_of.name)
        if said_of.title is not None:
            changes["role"] = checked_title(said_of.title)
        if changes:
            master_edit.change(books.connection, master.person, books.org_id, found.person_id, **changes)
        if said_of.depot is not None:
            wanted = said_of.depot.strip()
            depot_id = books.depot(wanted).depot_id if wanted else None
            staff.put_at(books.connection, books.org_id, found.person_id, depot_id)
        return staff.member(books.connection, books.org_id, found.code)


def make_staff(office: Office, code: str) -> tuple[Member, str]:
    """Make somebody who works here an employee in the books too; gives the code of the party.

    Raises `Refused` for who left, and where a party of their code is somebody else.
    """
    with office.change(Permission.EDIT_PEOPLE) as books:
        found = _at_work(books, code)
        known = staff_parties.of(books.connection, books.org_id, found.person_id)
        if known is None:
            staff_parties.make(books.connection, books.org_id, found.person_id, found.code, found.name)
            known = staff_parties.of(books.connection, books.org_id, found.person_id)
        return found, found.code if known is None else known[1]


def archive(office: Office, code: str) -> tuple[Member, Sentence | None]:
    """Somebody left: every role ends now, and their PIN opens nothing.  Gives what they still owe or hold.

    Raises `Refused` for who left already, and for the last one who may change people everywhere.
    """
    with office.change(Permission.EDIT_PEOPLE) as books:
        found = _at_work(books, code)
        staff.leave(books.connection, books.org_id, found.person_id, books.now)
        return found, staff_parties.unsettled(books.connection, books.org_id, found.person_id)


def restore(office: Office, code: str) -> Member:
    """Somebody who left is back, with no role and no PIN yet.  Raises `Refused` for who did not leave."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        found = staff.member(books.connection, books.org_id, code)
        if found.active:
            raise Refused("person-works-here", name=found.name)
        master_edit.change(books.connection, master.person, books.org_id, found.person_id, active=1)
        return found


def _at_work(books: Books, code: str) -> Member:
    found = staff.member(books.connection, books.org_id, code)
    if not found.active:
        raise Refused("person-left", name=found.name)
    return found
