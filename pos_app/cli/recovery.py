"""`bohari recover` and `recovery-key`: back to the owner's right when nobody's PIN is left.

Decisions
---------
2026-11-29  The recovery key is the only way past a PIN, and it is paper: printed at founding, kept with the
deeds, used once.  A wrong one counts as a wrong PIN does, so that nobody tries them; a mistyped one does not,
its check characters tell.
"""

import sys
from datetime import datetime
from typing import Final

import typer
from sqlalchemy import Connection

from pos_app.cli import acting, identity
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs, open_to_all
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.log import recovery_events
from pos_app.office.pins import drawn
from pos_app.store.documents import audit
from pos_app.store.master import codes, master_edit, pins, shell_tokens
from pos_app.store.master.attempts import Attempts
from pos_app.store.master.codes import PersonCode
from pos_app.store.master.pin_hash import NewPin, given_pin
from pos_app.store.organisation import founding, recovery, rights, staff
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

app: Final = noun()

#: Stands for the recovery key where wrong tries are counted; no person has this key.
_KEY: Final = -1
_OWNER: Final = "owner"


@command(app, "recover", CENTRE, open_to_all("It asks for the recovery key."))
def recover(at: AtCentre, code: Code = "OWNER") -> Answer:
    """A new PIN for an owner with the recovery key of founding; prints the PIN and the next key, once.

    The key is asked, or is the first line of standard input. Whoever CODE names may change people
    afterwards: somebody who left is back, and an owner of that code is made where there is none.
    """
    key = recovery.plain(_asked())
    attempts = Attempts(at.database, at.org_id, at.clock)
    state = attempts.state(_KEY)
    with at.database.read() as connection:
        right = recovery.counts(connection, at.org_id, key)
    if not right:
        raise attempts.failed(
            _KEY,
            state,
            lambda connection, failures: _note(connection, at, "recovery_failed", None, failures),
            recovery_events.RECOVERY_REFUSED,
        )
    attempts.forgive(_KEY, state)
    with at.database.write() as connection:
        pin = drawn(connection, at.org_id, at.clock.now())
        if not recovery.counts(connection, at.org_id, key):
            raise Refused("recovery-key-used")
        person = _owner(connection, at, code.strip(), given_pin(pin))
        following = recovery.renew(connection, at.org_id, at.clock.now())
        _note(connection, at, "recovered", person.person_id, person.code)
    recovery_events.RECOVERED.log(org_id=at.org_id, person_id=person.person_id)
    _alert(at, person)
    values = {"person": person.code, "pin": pin, "recovery_key": following}
    return Answer(
        values,
        [
            f"{person.name} ({person.code}) has a new PIN: {pin}",
            f"The next recovery key: {following}",
            "Both are shown once. The key that you typed counts no more.",
        ],
    )


@command(app, "recovery-key", CENTRE, needs(Permission.EDIT_PEOPLE))
def recovery_key(at: AtCentre) -> Answer:
    """A new recovery key, printed once; the one of before counts no more."""
    with at.database.write() as connection:
        acting.declare(connection, at.actor)
        key = recovery.renew(connection, at.org_id, at.clock.now())
        _note(connection, at, "recovery_key.made", at.actor.person_id)
    return Answer({"recovery_key": key}, [key, "Shown once; keep it on paper, apart from the machine."])


def _asked() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Recovery key", hide_input=True))
    return sys.stdin.readline(200)


def _owner(connection: Connection, at: AtCentre, code: str, pin: NewPin) -> PersonCode:
    """Whoever gets the right, made able to use it."""
    now = at.clock.now()
    known = {one.code.lower(): one for one in staff.members(connection, at.org_id)}.get(code.lower())
    if known is None:
        if not code:
            raise Refused("person-needs-code-and-name")
        key = founding.add_person(connection, at.org_id, code, "Owner", role=_OWNER, pin_hash=pin)
        return PersonCode(key, code, "Owner", pin.pin_hash)
    master_edit.change(connection, master.person, at.org_id, known.person_id, active=1)
    pins.put(connection, at.org_id, known.person_id, pin)
    shell_tokens.end_sessions(connection, at.org_id, known.person_id, now)
    if not _may_edit(connection, at.org_id, known.person_id, now):
        staff.give(connection, at.org_id, known.person_id, _OWNER, now)
    found = codes.person(connection, at.org_id, known.code)
    if found is None:
        raise Refused("person-unknown", code=code[:40])
    return found


def _may_edit(connection: Connection, org_id: int, person_id: int, now: datetime) -> bool:
    held = rights.load(connection, org_id)
    return held.allows(person_id, Permission.EDIT_PEOPLE, 0, 0, micros(now))


def _note(connection: Connection, at: AtCentre, action: str, person_id: int | None, after: str = "") -> None:
    audit.write(
        connection,
        org_id=at.org_id,
        at=at.clock.now(),
        terminal_no=SERVER_TERMINAL_NO,
        person_id=person_id,
        address=identity.account(),
        action=action,
        subject="recovery key",
        after=after,
    )


def _alert(at: AtCentre, person: PersonCode) -> None:
    """Tell the owner's address, where there is one, that somebody came in by the key."""
    from sync.server.webhook import Webhook

    alert = Webhook(at.centre.settings.alert_webhook)
    try:
        alert.post({"alert": "recovered", "org_id": at.org_id, "person": person.code})
    finally:
        alert.close()
