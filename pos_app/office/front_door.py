"""The door of the back office in a browser: whose office it is, who signs in from where, who is still there.

Decisions
---------
2026-11-30  Code and PIN, and beside them what the person has: a password, a one-time code, or both.  All are
asked on one page and one sentence answers whatever is wrong, so that nobody hears which of them was right.  A
wrong try counts as a wrong PIN does at a till and at a shell, in the same row, and locks the same way.

2026-11-30  A session is a row beside those of shells, known by a MAC of what the cookie holds.  It ends half
an hour after the last page, twelve hours after the sign-in, with a new PIN or password of its person, and
when somebody ends it; a page that looks by itself does not keep it.

2026-12-01  What proves somebody is changed by who proves themselves: with all that they sign in with, or by
having signed in within ten minutes.  A machine that was left open gives nobody a key that stays.

2026-11-30  A right counts here where it holds for the whole organisation, as for the commands that show: the
pages show all businesses and depots together.  Who has a role at one depot alone has their own account here,
and works at their till.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.log import events
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes, organisations, passkeys, people, shell_tokens, web_secrets
from pos_app.store.master.attempts import Attempts, WrongPin
from pos_app.store.master.codes import PersonCode
from pos_app.store.master.pin_hash import hash_pin, is_pin
from pos_app.store.master.shell_tokens import WEB, ShellToken
from pos_app.store.master.web_secrets import Typed
from pos_app.store.organisation import rights
from pos_app.store.tables.columns import micros

#: Without a page for so long a session is over, and in any case after `LONGEST`.
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
#: So long after a sign-in nobody is asked again for what proves them, when they change it.
FRESH: Final = timedelta(minutes=10)
#: When a session was used last is noted no more often than this.
_NOTED_EVERY: Final = timedelta(minutes=1)
_MOST_CODE: Final = 64
_MOST_BROWSER: Final = 160
#: Checked where nobody has the code, so that it takes as long.
_NOBODYS_PIN: Final = hash_pin("0000")


class Proof(NamedTuple):
    """What somebody types to sign in; what they do not have stays empty."""

    code: str
    pin: str
    password: str = ""
    one_time: str = ""


class Where(NamedTuple):
    """From where somebody speaks: the address of their machine, and what their browser calls itself."""

    address: str
    browser: str

    @property
    def told(self) -> str:
        """As the audit log says it."""
        return f"{self.address} {self.browser[:_MOST_BROWSER]}".strip()


class Session(NamedTuple):
    """Somebody who is signed in; `may` is what they may do in the whole organisation."""

    org_id: int
    key: int
    person_id: int
    code: str
    name: str
    organisation: str
    may: frozenset[str]
    until: datetime
    since: datetime


class _NotProved(Exception):
    """Takes back what was used up for nothing."""


class FrontDoor:
    """Of all organisations of one centre; used by many threads at once."""

    def __init__(
        self, database: Database, clock: Clock, named_by: Callable[[str], int | None] | None = None
    ) -> None:
        """`named_by` tells which organisation the name of a host is that of (None: of none)."""
        self._database = database
        self._clock = clock
        self._named_by = named_by
        self._rights = rights.Known()

    # --- whose office --------------------------------------------------------------------------------

    def organisation(self, host: str, label: str = "") -> int:
        """The organisation that an address names, or a person by its label, or else the only one.

        Raises `Refused` where it must be said and is not, or is none.
        """
        named = self.named(host)
        if named is not None:
            return named
        served = organisations.served(self._database)
        if len(served) == 1 and not label.strip():
            return served[0]
        if not label.strip():
            raise Refused("web-organisation-not-said")
        with self._database.without_tenant().read() as connection:
            found = organisations.of_label(connection, label.strip().lower())
        if found is None:
            raise Refused("web-organisation-unknown", label=label[:40])
        return found

    def named(self, host: str) -> int | None:
        """The organisation that the name of a host is that of; None where it names none."""
        return self._named_by(host) if self._named_by is not None else None

    def is_asked(self, host: str) -> bool:
        """Whether a person must say which organisation they are of."""
        if self.named(host) is not None:
            return False
        return len(organisations.served(self._database)) != 1

    # --- signing in ----------------------------------------------------------------------------------

    def sign_in(self, org_id: int, proof: Proof, where: Where) -> str:
        """Let somebody in; gives what their cookie holds.

        Raises `WrongPin` with how long to wait, `Refused` for who has no second proof or may do nothing.
        """
        database, now = self._database.for_org(org_id), self._clock.now()
        with database.read() as connection:
            person = codes.person(connection, org_id, proof.code.strip()[:_MOST_CODE])
        if person is None:
            is_pin(_NOBODYS_PIN, proof.pin)
            raise WrongPin("web-sign-in-wrong", until=now + timedelta(seconds=1), wait="1 s")
        self._prove(database, org_id, person, proof, where)
        with database.write() as connection:
            return self.let_in(connection, org_id, person.person_id, where)

    def let_in(self, connection: Connection, org_id: int, person_id: int, where: Where) -> str:
        """Begin a session of somebody who proved themselves; gives what their cookie holds.

        Raises `Refused` for who may do nothing.
        """
        now = self._clock.now()
        if not rights.load(connection, org_id).has_role(person_id, micros(now)):
            raise Refused("cannot-sign-in")
        # First the log: its lock is what keeps two who sign in at once from one key.
        self.note(connection, org_id, "session.begun", person_id, where=where)
        _, shown = shell_tokens.make(
            connection,
            org_id,
            person_id,
            kind=WEB,
            name=where.browser[:_MOST_BROWSER],
            account=where.address,
            at=now,
            until=now + LONGEST,
        )
        events.WEB_SIGNED_IN.log(person_id=person_id)
        return shown

    def is_fresh(self, session: Session) -> bool:
        """Whether somebody proved themselves so lately that nothing more is asked for what proves them."""
        return self._clock.now() - session.since <= FRESH

    def proves_again(self, session: Session, proof: Proof, where: Where) -> None:
        """Who is signed in proves that it is still them, unless they signed in just now.

        Raises `WrongPin` as a sign-in does, and `Refused` where nothing was typed.
        """
        if self.is_fresh(session):
            return
        if not (proof.pin or proof.password or proof.one_time):
            raise Refused("proof-needed", minutes=FRESH // timedelta(minutes=1))
        database = self._database.for_org(session.org_id)
        with database.read() as connection:
            person = codes.person(connection, session.org_id, session.code)
        if person is None:
            raise Refused("nobody-signed-in")
        self._prove(database, session.org_id, person, proof, where)

    def agrees(self, session: Session, proof: Proof, where: Where) -> str:
        """The code of the second of two people, who proves themselves at a page of the first.

        Raises `WrongPin` as a sign-in does, and `Refused` where both are one.
        """
        database = self._database.for_org(session.org_id)
        with database.read() as connection:
            person = codes.person(connection, session.org_id, proof.code.strip()[:_MOST_CODE])
        if person is None:
            is_pin(_NOBODYS_PIN, proof.pin)
            until = self._clock.now() + timedelta(seconds=1)
            raise WrongPin("web-sign-in-wrong", until=until, wait="1 s")
        if person.person_id == session.person_id:
            raise Refused("two-people-decide")
        self._prove(database, session.org_id, person, proof, where)
        return person.code

    def _prove(self, database: Database, org_id: int, person: PersonCode, proof: Proof, where: Where) -> None:
        attempts = Attempts(database, org_id, self._clock)
        state = attempts.state(person.person_id)
        has_pin, now = is_pin(person.pin_hash, proof.pin), self._clock.now()
        try:
            with database.write() as connection:
                has = web_secrets.of(connection, org_id, person.person_id)
                has_passkey = bool(passkeys.of(connection, org_id, person.person_id))
                typed = Typed(proof.password, proof.one_time)
                proved = web_secrets.proves(connection, org_id, person.person_id, typed, now)
                if not (has_pin and proved):
                    raise _NotProved
        except _NotProved:
            if has_pin and not has.any and has_passkey:
                raise Refused("web-passkey-alone", name=person.name) from None
            if has_pin and not has.any:
                raise Refused("web-no-second-proof", name=person.name, code=person.code) from None
            wrong = attempts.failed(
                person.person_id,
                state,
                lambda connection, failures: self.note(
                    connection, org_id, "sign_in_failed", person.person_id, where=where, after=failures
                ),
                events.SIGN_IN_REFUSED,
            )
            raise WrongPin("web-sign-in-wrong", until=wrong.until, wait=wrong.facts["wait"]) from None
        attempts.forgive(person.person_id, state)

    def note(
        self,
        connection: Connection,
        org_id: int,
        action: str,
        person_id: int,
        *,
        where: Where,
        after: str = "",
    ) -> None:
        """Write what somebody did at the door into the audit log."""
        audit.write(
            connection,
            org_id=org_id,
            at=self._clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            person_id=person_id,
            address=where.told,
            action=action,
            subject=f"person {person_id}",
            after=after,
        )

    # --- being there ---------------------------------------------------------------------------------

    def find(self, org_id: int, shown: str, *, keeps: bool = True) -> Session | None:
        """Who holds this cookie and is still there; `keeps` unless the page looked by itself."""
        database, now = self._database.for_org(org_id), self._clock.now()
        with database.read() as connection:
            token = shell_tokens.find(connection, org_id, shown)
            if token is None or not _is_there(token, now):
                return None
            found = people.person(connection, org_id, token.person_id)
            organisation = organisations.get(connection, org_id)
            held = self._rights.of(connection, org_id)
        if found is None or organisation is None:
            return None
        person, at_us = found[0], micros(now)
        if keeps and now - _last(token) >= _NOTED_EVERY:
            with database.note() as connection:
                shell_tokens.note_use(connection, org_id, token.token_id, now)
        may = frozenset(one.value for one in Permission if held.allows(person.person_id, one, 0, 0, at_us))
        return Session(
            org_id,
            token.token_id,
            person.person_id,
            person.code,
            person.name,
            organisation.name,
            may,
            token.expires_at,
            token.made_at,
        )

    def office(self, session: Session, where: Where) -> Office:
        """The office with this person at work in it.  Raises `Refused` for who left meanwhile."""
        office = Office(self._database, self._clock, session.org_id, session.code)
        office.address = where.told
        return office

    def database(self, org_id: int) -> Database:
        """The database as it is seen for an organisation."""
        return self._database.for_org(org_id)

    @property
    def clock(self) -> Clock:
        """What time it is here."""
        return self._clock


def _last(token: ShellToken) -> datetime:
    return token.used_at or token.made_at


def _is_there(token: ShellToken, now: datetime) -> bool:
    return token.kind == WEB and token.holds(now) and now - _last(token) <= IDLE
