"""Nobody gives more than they have: the rights of who gives a role, grants a right, or draws another's PIN.

Decisions
---------
2026-12-01  Who may change people could make somebody an owner, or themselves, and a job's token with that
right alone could do the same.  So a role is given, and a right granted, by who holds all of it where it is
given; and what proves somebody (PIN, password, codes) is given by who may do all that they may.  Taking
away needs no more than before: the last one who may change people stays (`store.organisation.staff`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.organisation import rights, staff
from pos_app.store.tables.columns import micros


class Giver(NamedTuple):
    """Who gives: their key, and what a token limits them to (None: all that they have)."""

    person_id: int
    limits: frozenset[str] | None = None


def giver_of(office: Office) -> Giver:
    """Who is at work in the office."""
    return Giver(office.person.person_id, office.limits)


def need(
    connection: Connection,
    org_id: int,
    giver: Giver,
    wanted: Iterable[str],
    at: datetime,
    *,
    place: tuple[int, int] = (0, 0),
) -> None:
    """Raise `Refused` unless the giver holds all of these, in a business and at a depot (0: everywhere)."""
    held, at_us = rights.load(connection, org_id), micros(at)
    for name in sorted(set(wanted)):
        within = giver.limits is None or name in giver.limits
        if not within or not held.allows(giver.person_id, name, *place, at_us):
            raise Refused("right-above-own", deed=WORDS[Permission(name)])


def need_role(
    connection: Connection,
    org_id: int,
    giver: Giver,
    role: str,
    at: datetime,
    *,
    business_id: int | None = None,
    depot_id: int | None = None,
) -> None:
    """Raise `Refused` unless the giver may do all that a role may, where it is given."""
    if role not in staff.roles(connection, org_id):
        # One that is none, or archived: whoever gives it says so.
        return
    wanted = staff.granted(connection, org_id, role)
    need(connection, org_id, giver, wanted, at, place=(business_id or 0, depot_id or 0))


def need_over(office: Office, books: Books, person_id: int) -> None:
    """Raise `Refused` unless who is at work may do all that somebody else may."""
    giver = giver_of(office)
    if person_id == giver.person_id and giver.limits is None:
        return
    held, at_us = rights.load(books.connection, books.org_id), micros(books.now)
    theirs = [one.value for one in Permission if held.allows_somewhere(person_id, one, at_us)]
    need(books.connection, books.org_id, giver, theirs, books.now)
