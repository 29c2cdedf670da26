"""Who acts at the centre: the person that a command names, proved by their PIN.

Decisions
---------
2026-11-21  The PIN comes from BOHARI_PIN or is asked on a terminal, never from an option: a command line
stands in the process list and in a shell's history.  A wrong one is in the audit log.  It is not counted and
locked as at a till: whoever runs commands on the centre's home can read its database anyway; the PIN keeps
colleagues from booking under each other's names by mistake, not a thief out.
"""

import contextlib
import getpass
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pos_app import bootstrap
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.office.office import Office
from pos_app.store import audit
from pos_app.till.sign_in import is_pin

PIN: Final = "BOHARI_PIN"


class Who(NamedTuple):
    """A central home, and the code of who acts there."""

    home: Path
    by: str

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Office]:
        """The office with this person at work.

        Raises `Refused` for a stranger, and for a PIN that is missing or wrong.
        """
        with bootstrap.central(self.home) as centre:
            org_id = centre.organisation().org_id
            office = Office(centre.database, centre.clock, org_id, self.by.strip() or "?")
            _prove(office)
            yield office


@contextlib.contextmanager
def looking(home: Path) -> Iterator[Office]:
    """The office of a central home with nobody at work: its books can be read."""
    with bootstrap.central(home) as centre:
        yield Office(centre.database, centre.clock, centre.organisation().org_id)


def _prove(office: Office) -> None:
    pin = os.environ.get(PIN, "")
    if not pin:
        if not sys.stdin.isatty():
            raise Refused(f"Say who you are: put the PIN of {office.person.name} into {PIN}.")
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
    raise Refused(f"That is not the PIN of {office.person.name}.")
