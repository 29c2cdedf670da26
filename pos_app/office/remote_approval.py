"""Approving from afar at the centre: what a till's challenge asks, the code that answers it, and what a phone
keeps to answer without internet (see `ledger.remote_approval`).
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, text

from pos_app.ledger import remote_approval
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import SELLERS_OWN, WORDS, Permission
from pos_app.ledger.remote_approval import Asked, Keys
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.feed import feed
from pos_app.store.master import approval_secrets, people, pins
from pos_app.store.organisation import rights
from pos_app.store.tables.columns import micros

#: Every place of a till, by number: its name, its depot, and what that is called.
_TILLS: Final = (
    "SELECT t.terminal_no, t.name, t.depot_id, d.name AS depot, d.business_id FROM terminal AS t"
    " JOIN depot AS d ON d.org_id = t.org_id AND d.depot_id = t.depot_id"
    " WHERE t.org_id = :org AND t.active = 1 ORDER BY t.terminal_no"
)


class Told(NamedTuple):
    """What is asked, as a person reads it; `amount` is empty where no sum is named."""

    challenge: str
    action: str
    amount: str
    till: str
    cashier: str


class Phone(NamedTuple):
    """What a phone keeps: the keys of a person, and the names by which it shows what is asked."""

    keys: Keys
    person: str
    currency: Currency
    tills: dict[int, str]
    people: dict[int, str]


def told(office: Office, typed: str) -> Told:
    """What a challenge asks.  Raises `Refused` for a slip in it, and for who may not approve that there."""
    with office.read() as books:
        return _told(office, books, typed)[0]


def answer(office: Office, typed: str) -> tuple[Told, str]:
    """Approve it: what was asked, and the code for the till.  It is written into the audit log."""
    with office.change_own() as books:
        shown, asked = _told(office, books, typed)
        code = remote_approval.answered(_keys(office, books.connection), shown.challenge)
        subject = f"terminal {asked.terminal_no} person {asked.person_id}"
        after = f"{asked.action} {asked.amount} {office.organisation.currency.code}"
        office.note(books, "approval.answered", subject, after=after)
        return shown, remote_approval.grouped(code)


def phone(office: Office) -> Phone:
    """What a phone of who is at work needs to answer without internet; it is written into the audit log.

    It is good until their next PIN.
    """
    with office.change_own() as books:
        connection = books.connection
        rows = connection.execute(text(_TILLS), {"org": office.org_id}).all()
        own = office.person
        if not any(_may(office, connection, row, Permission.APPROVE) for row in rows):
            raise Refused("may-not-approve", name=own.name)
        found = Phone(
            _keys(office, connection),
            own.name,
            office.organisation.currency,
            {int(row.terminal_no): _till_name(row) for row in rows},
            {one.person_id: one.name for one in people.people(connection, office.org_id)},
        )
        office.note(books, "approval.phone", f"person {own.person_id}")
        return found


def _told(office: Office, books: Books, typed: str) -> tuple[Told, Asked]:
    connection, asked = books.connection, remote_approval.read(typed)
    rows = connection.execute(text(_TILLS), {"org": office.org_id}).all()
    till = next((row for row in rows if int(row.terminal_no) == asked.terminal_no), None)
    if till is None:
        raise Refused("no-such-terminal", terminal=asked.terminal_no)
    own, action = office.person, Permission(asked.action)
    if asked.person_id == own.person_id and action in SELLERS_OWN:
        raise Refused("approver-is-seller", name=own.name)
    for one in (Permission.APPROVE, action):
        if not _may(office, connection, till, one):
            raise Refused("person-may-not-here", name=own.name, deed=WORDS[one])
    if not feed.signs_in_at(connection, office.org_id, own.person_id, int(till.depot_id)):
        raise Refused("remote-approval-pin-elsewhere", depot=till.depot)
    money = office.organisation.currency
    amount = f"{grouped_text(asked.amount, money)} {money.code}" if asked.amount else ""
    cashier = people.person_name(connection, office.org_id, asked.person_id)
    return Told(remote_approval.written(asked), asked.action, amount, _till_name(till), cashier), asked


def _till_name(till: Row[Any]) -> str:
    return f"{till.name or till.terminal_no}, {till.depot}"


def _may(office: Office, connection: Connection, till: Row[Any], permission: Permission) -> bool:
    if office.limits is not None and permission.value not in office.limits:
        return False
    held = rights.load(connection, office.org_id)
    business, depot = int(till.business_id), int(till.depot_id)
    return held.allows(office.person.person_id, permission, business, depot, micros(office.clock.now()))


def _keys(office: Office, connection: Connection) -> Keys:
    """Raises `Refused` for whoever got their PIN before it proved anything."""
    own = office.person.person_id
    known = approval_secrets.of_people(connection, office.org_id, [own]).get(own, [])
    wrap = pins.wrap_of(connection, office.org_id, own)
    if not known or not known[-1].secret or not wrap:
        raise Refused("remote-approval-without-secret")
    return remote_approval.keys_of(known[-1].secret, wrap)
