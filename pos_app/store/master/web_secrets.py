"""What a person proves beside their PIN in a browser: a password, a one-time code, or both.

Decisions
---------
2026-11-30  Both lie closed with the key of personal values, bound to their person, as PINs do: a copied
database tells nobody's, and a row that somebody writes into it opens nothing.  A code is taken once: its step
is kept in the transaction that takes it.
"""

import hashlib
from datetime import datetime
from typing import Any, Final, NamedTuple

import argon2
from sqlalchemy import Connection, text

from pos_app.ledger import one_time_code
from pos_app.ledger.errors import Damaged
from pos_app.log import events
from pos_app.store.engine import pepper

#: OWASP's second choice for argon2id: 19 MiB, two rounds, one lane.
_hasher: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Checked where there is nothing to check, so that nobody hears from the time it takes who has a password.
_NOBODYS: Final = _hasher.hash(hashlib.sha256(b"nobody").hexdigest())


class Kept(NamedTuple):
    """Which of the two a person has."""

    password: bool
    codes: bool

    @property
    def any(self) -> bool:
        """Whether they can sign in in a browser at all."""
        return self.password or self.codes


class Typed(NamedTuple):
    """What somebody typed; what they do not have is empty."""

    password: str
    code: str


def of(connection: Connection, org_id: int, person_id: int) -> Kept:
    """What a person has."""
    row = _row(connection, org_id, person_id)
    return Kept(bool(row and row.password_hash), bool(row and row.totp_secret))


def put_password(connection: Connection, org_id: int, person_id: int, password: str) -> None:
    """Give a person this password; an empty one takes it away."""
    plain = _hasher.hash(password) if password else ""
    closed = pepper.close(connection, org_id, person_id, "web_password", plain)
    _put(connection, org_id, person_id, "password_hash", closed)


def put_codes(connection: Connection, org_id: int, person_id: int, secret: bytes) -> None:
    """Give a person this secret of one-time codes; an empty one takes it away."""
    plain = one_time_code.written(secret) if secret else ""
    closed = pepper.close(connection, org_id, person_id, "web_totp", plain)
    _put(connection, org_id, person_id, "totp_secret", closed)


def proves(connection: Connection, org_id: int, person_id: int, typed: Typed, at: datetime) -> bool:
    """Whether these are what the person has: each of the two that they have, and at least one.

    A code that fits is used up, if the caller's transaction commits.
    """
    row = _row(connection, org_id, person_id)
    if row is None:
        _is(_NOBODYS, typed.password)
        return False
    kept = _opened(connection, org_id, person_id, "web_password", row.password_hash)
    is_password = _is(kept or _NOBODYS, typed.password)
    secret = _opened(connection, org_id, person_id, "web_totp", row.totp_secret)
    if (kept and not is_password) or not (kept or secret):
        return False
    if not secret:
        return not row.totp_secret
    step = one_time_code.step_of(one_time_code.read(secret), typed.code, at, int(row.totp_step))
    if step is None:
        return False
    taken = connection.execute(
        text(
            "UPDATE web_secret SET totp_step = :step"
            " WHERE org_id = :org AND person_id = :person AND totp_step < :step"
        ),
        {"org": org_id, "person": person_id, "step": step},
    )
    return taken.rowcount == 1


def _is(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _opened(connection: Connection, org_id: int, person_id: int, what: str, kept: str) -> str:
    """What was closed; nothing where it does not open, or was never closed although it can be."""
    bare = bool(kept) and not kept.startswith(pepper.CLOSED)
    if bare and pepper.close(connection, org_id, person_id, what, kept) != kept:
        return ""
    try:
        return pepper.reveal(connection, org_id, person_id, what, kept)
    except Damaged as damage:
        events.PIN_DOES_NOT_OPEN.log(damage, person_id=person_id)
        return ""


def _row(connection: Connection, org_id: int, person_id: int) -> Any:
    return connection.execute(
        text(
            "SELECT password_hash, totp_secret, totp_step FROM web_secret"
            " WHERE org_id = :org AND person_id = :person"
        ),
        {"org": org_id, "person": person_id},
    ).one_or_none()


def _put(connection: Connection, org_id: int, person_id: int, column: str, value: str) -> None:
    connection.execute(
        text(
            f"INSERT INTO web_secret (org_id, person_id, {column}) VALUES (:org, :person, :value)"
            f" ON CONFLICT (org_id, person_id) DO UPDATE SET {column} = excluded.{column}"
        ),
        {"org": org_id, "person": person_id, "value": value},
    )
