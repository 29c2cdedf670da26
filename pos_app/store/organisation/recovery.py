"""The recovery key of an organisation: the only other way to the owner's right when every PIN is lost.

It is printed once, at founding, and used once; only its MAC is kept.  The functions work inside the
caller's transaction.
"""

import hmac
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.store.engine import pepper
from pos_app.store.tables.columns import kept
from pos_app.store.tables.shell_tables import recovery_key

#: Without 0 O 1 I L U, as an enrolment code: it is read off paper years later.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 30 characters of 30 letters each are 147 random bits.
_SIGNS: Final = 30
_GROUP: Final = 4
_CHECKS: Final = 2
#: The greatest prime below 30 × 30: its remainders are what two characters can say.
_PRIME: Final = 887


def renew(connection: Connection, org_id: int, at: datetime) -> str:
    """A new key, in groups of four, the last two characters a check; the one of before counts no more."""
    connection.execute(
        text("UPDATE recovery_key SET ended_at = :at WHERE org_id = :org AND ended_at IS NULL"),
        {"at": kept(connection, at), "org": org_id},
    )
    last = connection.execute(
        text("SELECT coalesce(max(key_no), 0) FROM recovery_key WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))
    connection.execute(
        recovery_key.insert().values(
            org_id=org_id, key_no=int(last) + 1, key_hash=_marked(connection, org_id, signs), made_at=at
        )
    )
    whole = signs + _check(signs)
    return "-".join(whole[start : start + _GROUP] for start in range(0, len(whole), _GROUP))


def plain(written: str) -> str:
    """The key of what somebody typed, without its check.

    Raises `Refused` when it cannot be one: a character is wrong, missing or at another's place.
    """
    signs = "".join(one for one in written.upper() if not one.isspace() and one != "-")
    key, check = signs[:-_CHECKS], signs[-_CHECKS:]
    if len(key) != _SIGNS or not set(signs) <= set(_ALPHABET) or check != _check(key):
        raise Refused("recovery-key-mistyped")
    return key


def counts(connection: Connection, org_id: int, key: str) -> bool:
    """Whether this is the key that counts now."""
    kept_hash = connection.execute(
        text("SELECT key_hash FROM recovery_key WHERE org_id = :org AND ended_at IS NULL"), {"org": org_id}
    ).scalar_one_or_none()
    return kept_hash is not None and hmac.compare_digest(bytes(kept_hash), _marked(connection, org_id, key))


def _marked(connection: Connection, org_id: int, key: str) -> bytes:
    """What is kept of a key: nobody who writes in the database alone can make it of a key of their own."""
    return pepper.mark(connection, org_id, "recovery_key", key)


def _check(key: str) -> str:
    """Two characters, which differ when any one of the key is wrong or any two of it changed places."""
    # The place of a character weighs a power of 30, and no two of these powers are alike modulo this prime.
    rest = 0
    for sign in key:
        rest = (rest * len(_ALPHABET) + _ALPHABET.index(sign)) % _PRIME
    return _ALPHABET[rest // len(_ALPHABET)] + _ALPHABET[rest % len(_ALPHABET)]
