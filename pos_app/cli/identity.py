"""Who is at the shell: a PIN or a token, proved against the home that the command is for.

A person is named by `--by` and proves it with their PIN (asked without echo, from a file or standard input,
or in BOHARI_PIN), with a token in BOHARI_TOKEN, or with the session that `bohari login` left.

Decisions
---------
2026-11-21  The PIN comes from BOHARI_PIN or is asked on a terminal, never from an option: a command line
stands in the process list and in a shell's history.

2026-11-29  Every command that changes or shows money, people or secrets asks who, at a till and at the
centre.  Before, history could be booked under an owner's name with nobody there, and the two people of a
decision were two words of one shell.  It is a lock for people, not for whoever owns the files: who can read
a home's key can read its database without us.

2026-11-29  Wrong PINs count as at a till's window and lock the same way, at the centre too: a shell tries
faster than a finger.
"""

import contextlib
import getpass
import os
import socket
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos_app.cli import session_file
from pos_app.cli.needs import Needs
from pos_app.cli.told import Told
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import WORDS
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes, people, shell_tokens
from pos_app.store.master.attempts import Attempts
from pos_app.store.master.codes import PersonCode
from pos_app.store.master.shell_tokens import API, SESSION, WEB, ShellToken
from pos_app.store.organisation import rights
from pos_app.store.organisation.rights import Rights
from pos_app.store.tables.columns import micros
from pos_app.till.session.sign_in import is_pin

PIN: Final = "BOHARI_PIN"
TOKEN: Final = "BOHARI_TOKEN"  # noqa: S105 - the name of a variable
SECOND_PIN: Final = "BOHARI_WITH_PIN"
SECOND_TOKEN: Final = "BOHARI_WITH_TOKEN"  # noqa: S105 - the name of a variable
_STANDARD_INPUT: Final = "-"
_MOST_PIN: Final = 64


@dataclass(frozen=True)
class Side:
    """The database in which people are looked up, and where in it: at a till its business and depot."""

    database: Database
    org_id: int
    terminal_no: int
    clock: Clock
    home: Path
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Actor:
    """Somebody who proved who they are; `limits` are a token's rights (None: all that the person has)."""

    person: PersonCode
    limits: frozenset[str] | None = None
    token: ShellToken | None = None

    @property
    def person_id(self) -> int:
        """Their key."""
        return self.person.person_id


@dataclass(frozen=True)
class Actors:
    """Who acts, and with whom where two must agree."""

    first: Actor
    second: Actor | None = None

    @property
    def agreeing(self) -> Actor:
        """The second of two."""
        if self.second is None:
            raise TypeError("this command asks one person")
        return self.second


def asked(actors: Actors | None) -> Actors:
    """Who acts, of a command that asks."""
    if actors is None:
        raise TypeError("this command asks nobody")
    return actors


#: Who proved to act for all commands of a block; None outside of `acting`.
_ACTING: Final[ContextVar[Actor | None]] = ContextVar("acting", default=None)


@contextlib.contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Every command of the block is by this person, who has proved it; each is held against their rights."""
    token = _ACTING.set(actor)
    try:
        yield
    finally:
        _ACTING.reset(token)


def prove(side: Side, told: Told, needs: Needs) -> Actors:
    """Who is at the shell, with the right that is needed.

    Raises `Refused` for nobody, a stranger, a token that does not count and a right that is not there, and
    `WrongPin` for a PIN that is not theirs or that comes too early after one.
    """
    with side.database.read() as connection:
        held = rights.load(connection, side.org_id)
    first = _ACTING.get() or identify(side, told.by, told.pin_file)
    _may(side, held, first, needs)
    if not needs.two:
        return Actors(first)
    with side.database.read() as connection:
        same = _known(side, told.second).person_id == first.person_id
    if same:
        raise Refused("two-people-decide")
    second = _second(side, told)
    _may(side, held, second, needs)
    return Actors(first, second)


def identify(side: Side, by: str, pin_file: str = "", *, afresh: bool = False) -> Actor:
    """Who is at the shell; `afresh` takes the PIN of a person only, no session.  Raises as `prove`."""
    named = _known(side, by) if by.strip() else None
    if pin_file and named is not None:
        return _by_pin(side, named, PIN, pin_file)
    shown = "" if afresh else os.environ.get(TOKEN, "")
    if shown:
        actor = _by_token(side, shown)
        if named is None or actor.person_id == named.person_id:
            return actor
    elif not afresh:
        found = of_session(side)
        if found is not None and (named is None or found.person_id == named.person_id):
            return found
    if named is None:
        raise Refused("nobody-named", variable=TOKEN)
    return _by_pin(side, named, PIN, "")


def account() -> str:
    """The account and the machine that run this command, as far as the system tells."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError, ImportError):
        return socket.gethostname()


# --- the ways to prove it -----------------------------------------------------------------------------


def _second(side: Side, told: Told) -> Actor:
    person = _known(side, told.second)
    shown = os.environ.get(SECOND_TOKEN, "")
    if shown and not told.second_pin_file:
        actor = _by_token(side, shown)
        if actor.person_id != person.person_id:
            raise Refused("token-of-somebody-else", name=person.name)
        return actor
    return _by_pin(side, person, SECOND_PIN, told.second_pin_file)


def _known(side: Side, code: str) -> PersonCode:
    with side.database.read() as connection:
        found = codes.person(connection, side.org_id, code.strip())
    if found is None:
        raise Refused("person-unknown", code=code[:40])
    return found


def _by_pin(side: Side, person: PersonCode, variable: str, pin_file: str) -> Actor:
    attempts = Attempts(side.database, side.org_id, side.clock)
    state = attempts.state(person.person_id)
    if is_pin(person.pin_hash, _pin(person, variable, pin_file)):
        attempts.forgive(person.person_id, state)
        return Actor(person)
    raise attempts.failed(
        person.person_id,
        state,
        lambda connection, failures: audit.write(
            connection,
            org_id=side.org_id,
            at=side.clock.now(),
            terminal_no=side.terminal_no,
            person_id=person.person_id,
            address=account(),
            action="sign_in_failed",
            subject=f"person {person.person_id}",
            after=failures,
        ),
        events.SIGN_IN_REFUSED,
    )


def _pin(person: PersonCode, variable: str, pin_file: str) -> str:
    if pin_file == _STANDARD_INPUT:
        return sys.stdin.readline(_MOST_PIN).strip()
    if pin_file:
        try:
            with Path(pin_file).open(encoding="utf-8", errors="replace") as file:
                return file.readline(_MOST_PIN).strip()
        except OSError as error:
            raise Unavailable("path-unreadable", path=pin_file, why=error.strerror) from error
    pin = os.environ.get(variable, "")
    if pin:
        return pin
    if not sys.stdin.isatty():
        raise Refused("pin-not-given", variable=variable)
    return getpass.getpass(f"PIN of {person.name}: ")


def _by_token(side: Side, shown: str) -> Actor:
    """Whose token this is.  Raises `Refused` when it does not count here, now, for this account."""
    with side.database.read() as connection:
        token = shell_tokens.find(connection, side.org_id, shown)
        found = None if token is None else people.person(connection, side.org_id, token.person_id)
    now = side.clock.now()
    if (
        token is None
        or not token.holds(now)
        or token.kind in (WEB, API)
        or (token.account and token.account != account())
    ):
        raise Refused("token-counts-not")
    if found is None:
        raise Refused("token-of-who-left")
    person, pin_hash = found
    if token.kind != SESSION:
        with side.database.write() as connection:
            shell_tokens.note_use(connection, side.org_id, token.token_id, now)
    return Actor(
        PersonCode(person.person_id, person.code, person.name, pin_hash), token.rights or None, token
    )


def of_session(side: Side) -> Actor | None:
    """Whoever signed in at this account and is still; an old session is as none."""
    shown = session_file.read(side.home, side.org_id)
    if not shown:
        return None
    try:
        return _by_token(side, shown)
    except Refused:
        return None


def _may(side: Side, held: Rights, actor: Actor, needs: Needs) -> None:
    """Raise `Refused` when the person, or their token, has none of the permissions."""
    now = micros(side.clock.now())
    for permission in needs.permissions:
        if actor.limits is not None and permission.value not in actor.limits:
            continue
        if held.allows(actor.person_id, permission, *side.place, now) or (
            needs.somewhere and held.allows_somewhere(actor.person_id, permission, now)
        ):
            return
    name, deed = actor.person.name, WORDS[needs.permissions[0]]
    if needs.somewhere:
        raise Refused("person-may-not-here", name=name, deed=deed)
    raise Refused("person-may-not", name=name, deed=deed)
