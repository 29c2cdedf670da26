"""Who acts at the centre: the person that a command names, proved by their PIN.

Decisions
---------
2026-11-21  The PIN comes from BOHARI_PIN or is asked on a terminal, never from an option: a command line
stands in the process list and in a shell's history.  A wrong one is in the audit log.  It is not counted and
locked as at a till: whoever runs commands on the centre's home can read its database anyway; the PIN keeps
colleagues from booking under each other's names by mistake, not a thief out.

2026-11-21  Master data and people may be changed with nobody named, because the first import comes before
anybody has a PIN.  The audit log then still says whose account of the machine it was.
"""

import contextlib
import getpass
import os
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app import bootstrap
from pos_app.cli.command import Call, Opens
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.organisation import rights, staff
from pos_app.store.tables.columns import micros
from pos_app.till.session.sign_in import is_pin

PIN: Final = "BOHARI_PIN"


@contextlib.contextmanager
def _at_work(call: Call) -> Iterator[Office]:
    """Raises `Refused` for a stranger, and for a PIN that is missing or wrong."""
    with bootstrap.central(call.home, org=call.org) as centre:
        org_id = centre.organisation().org_id
        office = Office(centre.database, centre.clock, org_id, call.by.strip() or "?")
        _prove(office)
        yield office


@contextlib.contextmanager
def _looking(call: Call) -> Iterator[Office]:
    with bootstrap.central(call.home, org=call.org) as centre:
        yield Office(centre.database, centre.clock, centre.organisation().org_id)


#: The office of a centre with a person at work, whom `--by` names and their PIN proves.
AT_WORK: Final = Opens[Office](_at_work, by=True)
#: The office with nobody at work: its books can be read.
LOOKING: Final = Opens[Office](_looking)


def _prove(office: Office) -> None:
    pin = os.environ.get(PIN, "")
    if not pin:
        if not sys.stdin.isatty():
            raise Refused("pin-not-given", name=office.person.name, variable=PIN)
        pin = getpass.getpass(f"PIN of {office.person.name}: ")
    if is_pin(office.person.pin_hash, pin):
        return
    with office.database.write() as connection:
        audit.write(
            connection,
            org_id=office.org_id,
            at=office.clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            person_id=office.person.person_id,
            action="sign_in_failed",
            subject=f"person {office.person.person_id}",
        )
    raise Refused("pin-not-theirs", name=office.person.name)


class Author(NamedTuple):
    """Who changes what is no document, as the audit log keeps it; nobody by name is None."""

    person_id: int | None
    address: str


def declare(connection: Connection, org_id: int, by: str, permission: Permission, now: datetime) -> Author:
    """Say for the rest of the transaction who changes things: the person `by`, and this machine's account.

    Raises `Refused` when `by` is nobody here, or somebody who may not.
    """
    author = Author(None, _account())
    if by:
        person = next((one for one in staff.members(connection, org_id) if one.code == by), None)
        if person is None:
            raise Refused("person-unknown", code=by[:40])
        if not rights.load(connection, org_id).allows(person.person_id, permission, 0, 0, micros(now)):
            raise Refused("person-may-not", name=person.name, deed=WORDS[permission])
        author = author._replace(person_id=person.person_id)
    audit.actor(connection, person_id=author.person_id, address=author.address)
    return author


def _account() -> str:
    """The account and the machine that run this command, as far as the system tells."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError, ImportError):
        return socket.gethostname()
