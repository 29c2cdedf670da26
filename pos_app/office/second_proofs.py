"""What people prove beside their PIN in a browser: passwords and authenticators, given, chosen, taken away.

Decisions
---------
2026-11-30  Twelve signs at least and no rule of which (NIST SP 800-63B): a sentence is a password.  What is
the person's own code or name, or the organisation's, or one sign again and again, is none.
"""

import secrets
from collections.abc import Iterable
from typing import Final, NamedTuple

from pos_app.ledger import one_time_code
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters import own_rights
from pos_app.office.office import Office
from pos_app.store.master import codes, shell_tokens, web_secrets
from pos_app.store.master.codes import PersonCode
from pos_app.store.master.web_secrets import Kept

LEAST_SIGNS: Final = 12
MOST_SIGNS: Final = 200


class Authenticator(NamedTuple):
    """A secret of one-time codes: as it is typed, and as a QR code holds it."""

    secret: str
    uri: str


def of(office: Office) -> Kept:
    """What who is at work has."""
    with office.read() as books:
        return web_secrets.of(books.connection, books.org_id, office.person.person_id)


def give_password(office: Office, code: str, password: str) -> str:
    """Give somebody a password, or (empty) take theirs away; gives their name.  Their sessions end.

    Raises `Refused` for nobody of this code, a password that is none, and who may not change people.
    """
    with office.change(Permission.EDIT_PEOPLE) as books:
        person = _found(books, code)
        own_rights.need_over(office, books, person.person_id)
        if password:
            _check(books, person, password)
        web_secrets.put_password(books.connection, books.org_id, person.person_id, password)
        shell_tokens.end_sessions(books.connection, books.org_id, person.person_id, books.now)
        return person.name


def choose_password(office: Office, password: str) -> None:
    """Give who is at work the password that they chose; their other sessions end with this one."""
    with office.change_own() as books:
        _check(books, office.person, password)
        web_secrets.put_password(books.connection, books.org_id, office.person.person_id, password)
        shell_tokens.end_sessions(books.connection, books.org_id, office.person.person_id, books.now)


def check_own(office: Office, password: str) -> None:
    """Raise `Refused` unless who is at work may choose this password."""
    with office.read() as books:
        _check(books, office.person, password)


def give_codes(office: Office, code: str, *, none: bool = False) -> Authenticator:
    """Give somebody a new secret of one-time codes, or take theirs away (`none`).  Their sessions end.

    Raises `Refused` for nobody of this code and who may not change people.
    """
    drawn = b"" if none else secrets.token_bytes(one_time_code.SECRET_BYTES)
    with office.change(Permission.EDIT_PEOPLE) as books:
        person = _found(books, code)
        own_rights.need_over(office, books, person.person_id)
        web_secrets.put_codes(books.connection, books.org_id, person.person_id, drawn)
        shell_tokens.end_sessions(books.connection, books.org_id, person.person_id, books.now)
    return _shown(office, person.code, drawn)


def drawn_codes(office: Office) -> Authenticator:
    """A new secret for who is at work, which counts from `choose_codes` on."""
    return _shown(office, office.person.code, secrets.token_bytes(one_time_code.SECRET_BYTES))


def shown_again(office: Office, secret: str) -> Authenticator:
    """A secret that was drawn and is not chosen yet.  Raises `Refused` for what is none."""
    return _shown(office, office.person.code, _secret(secret))


def choose_codes(office: Office, secret: str, typed: str) -> None:
    """Take a drawn secret, once a code of it shows that the authenticator has it.  Raises `Refused`."""
    known = check_codes(office, secret, typed)
    with office.change_own() as books:
        web_secrets.put_codes(books.connection, books.org_id, office.person.person_id, known)
        shell_tokens.end_sessions(books.connection, books.org_id, office.person.person_id, books.now)


def check_codes(office: Office, secret: str, typed: str) -> bytes:
    """A drawn secret of which a code was typed.  Raises `Refused` for another code."""
    known = _secret(secret)
    if one_time_code.step_of(known, typed, office.clock.now(), 0) is None:
        raise Refused("one-time-code-wrong")
    return known


def _secret(text: str) -> bytes:
    try:
        found = one_time_code.read(text.strip())
    except ValueError:
        found = b""
    if len(found) != one_time_code.SECRET_BYTES:
        raise Refused("one-time-secret-unreadable")
    return found


def _shown(office: Office, code: str, secret: bytes) -> Authenticator:
    issuer = f"Bohari {office.organisation.name}"
    return Authenticator(one_time_code.written(secret), one_time_code.uri(secret, issuer, code))


def _found(books: Books, code: str) -> PersonCode:
    person = codes.person(books.connection, books.org_id, code.strip())
    if person is None:
        raise Refused("person-unknown", code=code[:40])
    return person


def _check(books: Books, person: PersonCode, password: str) -> None:
    check_password(password, (person.code, person.name, books.organisation.name))


def check_password(password: str, names: Iterable[str]) -> None:
    """Raise `Refused` unless this may be the password of whoever is called so."""
    plain = password.strip().casefold()
    if len(password.strip()) < LEAST_SIGNS:
        raise Refused("password-short", least=LEAST_SIGNS)
    if len(password) > MOST_SIGNS:
        raise Refused("password-long", most=MOST_SIGNS)
    if plain in {one.casefold() for one in names} or len(set(plain)) < 4:
        raise Refused("password-guessed-first")
