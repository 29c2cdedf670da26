"""Who the tests' command lines are: a token of an owner, or of who `--by` names, made in the home itself.

So a test that is about something else need not sign in; one that is about who may, says so with `BOHARI_PIN`
or an empty `BOHARI_TOKEN`.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.ledger.permission import Permission
from pos_app.store.documents import terminal
from pos_app.store.master import codes, shell_tokens
from pos_app.store.organisation import rights, staff
from pos_app.store.tables.columns import micros

#: Commands that ask nobody: no token is made for them.
_OPEN: Final = frozenset(
    {"server", "enrol", "till", "syncd", "status", "verify", "doctor", "demo", "demo-month", "db",
     "login", "recover", "restore", "--help"}
)  # fmt: skip
_FIRST: Final = ""
_made: dict[tuple[Path, str, str], str] = {}


def told(words: Sequence[str], home: Path | None, given: Mapping[str, str]) -> dict[str, str]:
    """The variables with which a command line proves who it is; none where the test does that itself."""
    if home is None or not words or words[0] in _OPEN or given.get("BOHARI_PIN") or "BOHARI_TOKEN" in given:
        return {}
    if words[0] == "init" and "--another" not in words:
        return {}
    org = "" if words[0] == "init" else _after(words, "--org") or given.get("BOHARI_ORG", "")
    found = {"BOHARI_TOKEN": _token(home, org, _after(words, "--by") or _FIRST, given)}
    if "--with" in words:
        found["BOHARI_WITH_TOKEN"] = _token(home, org, _after(words, "--with"), given)
    return {name: token for name, token in found.items() if token}


def _after(words: Sequence[str], option: str) -> str:
    return words[words.index(option) + 1] if option in words[:-1] else ""


def _token(home: Path, org: str, code: str, given: Mapping[str, str]) -> str:
    key = (home.resolve(), org, code)
    if key not in _made:
        # A home that is broken, empty or of nobody has no token: the command says what is wrong with it.
        with contextlib.suppress(Exception), environment(given):
            _made[key] = _make(home, org, code)
    return _made.get(key, "")


def _make(home: Path, org: str, code: str) -> str:
    if bootstrap.kind_of(home) is HomeKind.TILL:
        database = bootstrap.till_database(home)
        try:
            with database.write() as connection:
                return _of(connection, terminal.load(connection).org_id, code)
        finally:
            database.close()
    with bootstrap.central(home, org=org) as centre:
        one = centre.organisation() if org or centre.settings.org else centre.oldest()
        with centre.for_org(one).write() as connection:
            return _of(connection, one.org_id, code)


def _of(connection: Connection, org_id: int, code: str) -> str:
    now = datetime.now(UTC)
    if code:
        person = codes.person(connection, org_id, code)
        person_id = person.person_id if person else 0
    else:
        held = rights.load(connection, org_id)
        everybody = sorted(one.person_id for one in staff.members(connection, org_id) if one.active)
        person_id = next(
            one for one in everybody if held.allows_somewhere(one, Permission.IMPORT_HISTORY, micros(now))
        )
    _, shown = shell_tokens.make(
        connection,
        org_id,
        person_id,
        kind=shell_tokens.TOKEN,
        name="tests",
        at=now,
        until=now + timedelta(days=2),
    )
    return shown


@contextlib.contextmanager
def environment(given: Mapping[str, str]) -> Iterator[None]:
    """These variables, until the block ends."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
