"""The door of programs: whose token it is that they show, and what it lets them do.

Decisions
---------
2026-11-30  A token of the API is a row beside those of jobs and of a kind of its own: one that lies in the
environment of a job opens nothing from outside, and one that another program was given opens no shell.
It names its organisation, so that a program needs no address of its own for each; where the address names
one too, it must be the same.

2026-11-30  A token acts in the name of a person, who may be one that was added for the program alone, and
can do what it was given and that person may at the moment of asking, in the whole organisation: who loses a
role, or leaves, takes it from their tokens in the same instant.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.front_door import Where
from pos_app.office.office import Office
from pos_app.store.engine.engine import Database
from pos_app.store.master import people, shell_tokens
from pos_app.store.master.shell_tokens import API
from pos_app.store.organisation import rights
from pos_app.store.tables.columns import micros

#: What a token of the API begins with: so it is known for one wherever it lies.
PREFIX: Final = "bohariapi"
_OF_SHELL: Final = "bohari"
_MOST_DIGITS: Final = 17
_MOST_SHOWN: Final = 120
_NOTED_EVERY: Final = timedelta(minutes=1)


class Caller(NamedTuple):
    """A program that showed a token: `may` is what it may do in the whole organisation."""

    org_id: int
    token_id: int
    person_id: int
    may: frozenset[str]
    office: Office


def written(org_id: int, shown: str) -> str:
    """A token as its program shows it, of what `shell_tokens.make` gave."""
    return f"{PREFIX}_{org_id}_{shown.partition('_')[2]}"


class ApiDoor:
    """Of all organisations of one centre; used by many threads at once."""

    def __init__(
        self, database: Database, clock: Clock, named_by: Callable[[str], int | None] | None = None
    ) -> None:
        """`named_by` tells which organisation the name of a host is that of (None: of none)."""
        self._database = database
        self._clock = clock
        self._named_by = named_by
        self._rights = rights.Known()

    def caller(self, host: str, shown: str, where: Where) -> Caller:
        """Who holds this token.  Raises `Refused` for what is none, or counts no more."""
        prefix, _, rest = shown.strip()[:_MOST_SHOWN].partition("_")
        org, _, own = rest.partition("_")
        named = self._named_by(host) if self._named_by is not None else None
        if (
            prefix != PREFIX
            or not (org.isascii() and org.isdecimal() and len(org) <= _MOST_DIGITS)
            or (named is not None and named != int(org))
        ):
            raise Refused("api-token-counts-not")
        return self._found(int(org), f"{_OF_SHELL}_{own}", where)

    def _found(self, org_id: int, shown: str, where: Where) -> Caller:
        database, now = self._database.for_org(org_id), self._clock.now()
        with database.read() as connection:
            token = shell_tokens.find(connection, org_id, shown)
            if token is None or token.kind != API or not token.holds(now):
                raise Refused("api-token-counts-not")
            found = people.person(connection, org_id, token.person_id)
            held = self._rights.of(connection, org_id)
        if found is None:
            raise Refused("token-of-who-left")
        person, at_us = found[0], micros(now)
        if token.used_at is None or now - token.used_at >= _NOTED_EVERY:
            with database.note() as connection:
                shell_tokens.note_use(connection, org_id, token.token_id, now)
        may = frozenset(
            one.value
            for one in Permission
            if one.value in token.rights and held.allows(person.person_id, one, 0, 0, at_us)
        )
        office = Office(self._database, self._clock, org_id, person.code)
        office.address, office.limits = f"api {token.token_id} {where.told}", token.rights
        return Caller(org_id, token.token_id, person.person_id, may, office)
