"""Who works here, hiring, and the roles that somebody is given and loses, as the office does it."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import pins
from pos_app.office.books import Books
from pos_app.office.masters import own_rights
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Office
from pos_app.store.master import codes
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding, staff
from pos_app.store.organisation.staff import Member


def everybody(office: Office) -> list[Member]:
    """Everybody who works here or left, by code, with their roles."""
    with office.read() as books:
        return staff.members(books.connection, books.org_id)


def hire(office: Office, code: str, name: str, role: str, depot: str = "") -> str:
    """Somebody begins to work here in a role, at a depot (empty: everywhere); gives their PIN, told once.

    Raises `Refused` for a code that is taken, and for an unknown role or depot.
    """
    tidy, called = checked_code(code), checked_name(name)
    with office.change(Permission.EDIT_PEOPLE) as books:
        known = {one.code: one for one in staff.members(books.connection, books.org_id)}
        taken = codes.alike(known, tidy)
        if taken is not None:
            raise Refused("person-code-taken", code=tidy[:40], name=taken.name)
        depot_id = books.depot(depot).depot_id if depot else None
        giver = own_rights.giver_of(office)
        own_rights.need_role(books.connection, books.org_id, giver, role, books.now, depot_id=depot_id)
        pin = pins.drawn(books.connection, books.org_id, books.now)
        founding.add_person(
            books.connection,
            books.org_id,
            tidy,
            called,
            role=role,
            pin_hash=given_pin(pin),
            depot_id=depot_id,
        )
    return pin


def give_role(office: Office, code: str, role: str, *, business: str = "", depot: str = "") -> None:
    """Somebody has a role from now on, everywhere or in one business or at one depot.  Raises `Refused`."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        person = _at_work(books, code)
        where = _place(books, business, depot)
        giver = own_rights.giver_of(office)
        own_rights.need_role(books.connection, books.org_id, giver, role, books.now, **where)
        staff.give(books.connection, books.org_id, person.person_id, role, books.now, **where)


def take_role(office: Office, code: str, role: str, *, business: str = "", depot: str = "") -> None:
    """Somebody has a role no more.  Raises `Refused` where they do not have it there."""
    with office.change(Permission.EDIT_PEOPLE) as books:
        person = _at_work(books, code)
        where = _place(books, business, depot)
        staff.take(books.connection, books.org_id, person.person_id, role, books.now, **where)


def _at_work(books: Books, code: str) -> Member:
    person = staff.member(books.connection, books.org_id, code)
    if not person.active:
        raise Refused("person-left", name=person.name)
    return person


def _place(books: Books, business: str, depot: str) -> dict[str, int | None]:
    if business and depot:
        raise Refused("role-needs-place")
    return {
        "business_id": books.business(business) if business else None,
        "depot_id": books.depot(depot).depot_id if depot else None,
    }
