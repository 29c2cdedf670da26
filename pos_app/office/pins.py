"""A new PIN for a person: drawn for them by who may change people, or chosen by themselves."""

import contextlib
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger import new_pin
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters import own_rights
from pos_app.office.office import Office
from pos_app.store.master import codes, house_rules, pins, shell_tokens
from pos_app.store.master.pin_hash import given_pin

_TRIES: Final = 100


def draw(office: Office, code: str) -> str:
    """Give somebody a PIN that nobody chose; gives it, to be told once.

    Raises `Refused` for nobody of this code, and for who may not change people.
    """
    with office.change(Permission.EDIT_PEOPLE) as books:
        person = codes.person(books.connection, books.org_id, code)
        if person is not None:
            own_rights.need_over(office, books, person.person_id)
        pin = drawn(books.connection, books.org_id, books.now)
        _give(books, code, pin)
    return pin


def choose(office: Office, pin: str) -> None:
    """Give who is at work the PIN that they chose.  Raises `Refused` for one that may be nobody's."""
    with office.change_own() as books:
        _check(books.connection, books.org_id, books.now, pin)
        _give(books, office.person.code, pin)


def drawn(connection: Connection, org_id: int, now: datetime) -> str:
    """A PIN that nobody chose and that a thief does not try first."""
    digits = house_rules.at_depot(connection, org_id, None)[HouseRule.LEAST_PIN_DIGITS]
    for _ in range(_TRIES):
        pin = f"{secrets.randbelow(10**digits):0{digits}d}"
        with contextlib.suppress(Refused):
            _check(connection, org_id, now, pin)
            return pin
    raise Refused("new-pin-trivial")


def _check(connection: Connection, org_id: int, now: datetime, pin: str) -> None:
    """Raise `Refused` unless this may be somebody's new PIN in this organisation."""
    org = {"org": org_id}
    moments = connection.scalars(text("SELECT enrolled_at FROM terminal WHERE org_id = :org"), org).all()
    numbers = connection.scalars(
        text(
            "SELECT phone FROM depot WHERE org_id = :org UNION SELECT phone FROM business WHERE org_id = :org"
            " UNION SELECT mpesa_till FROM business WHERE org_id = :org"
            " UNION SELECT mpesa_paybill FROM business WHERE org_id = :org"
        ),
        org,
    ).all()
    least = house_rules.at_depot(connection, org_id, None)[HouseRule.LEAST_PIN_DIGITS]
    days = {moment.date() for moment in moments} | {now.date()}
    new_pin.check(pin, least, days, [str(number) for number in numbers])


def _give(books: Books, code: str, pin: str) -> None:
    person = codes.person(books.connection, books.org_id, code)
    if person is None:
        raise Refused("person-unknown", code=code[:40])
    pins.put(books.connection, books.org_id, person.person_id, given_pin(pin))
    shell_tokens.end_sessions(books.connection, books.org_id, person.person_id, books.now)
