"""The slow hash of a PIN: the one way to what is kept of it, and to whether it was that one.

Beside it the secret with which its owner proves approvals (see `ledger.approving`), wrapped by a key that
the PIN gives, as slowly.
"""

import base64
import secrets
from typing import Final, NamedTuple

import argon2
from argon2.low_level import Type, hash_secret_raw

from pos_app.ledger.approving import SECRET_BYTES
from pos_app.ledger.errors import Refused

#: So many digits a PIN has, those of before included; what a new one needs is the house's (`ledger.new_pin`).
PIN_DIGITS: Final = (4, 8)

#: A PIN has few digits, so its hash must be slow; 50 ms a try on an old till's processor.
_TIME_COST: Final = 2
_MEMORY_KIB: Final = 32_768
_hasher: Final = argon2.PasswordHasher(time_cost=_TIME_COST, memory_cost=_MEMORY_KIB, parallelism=1)

#: What a wrapped secret begins with: how it was done.
_WRAPPED: Final = "wrap1:"
_SALT_BYTES: Final = 16
#: Each salt gives a key of its own, which closes one secret: there is no second use of it to tell apart.
_NONCE: Final = bytes(12)
_ABOUT: Final = b"bohari approval secret 1"


class NewPin(NamedTuple):
    """What is kept of a PIN that was just given: its hash, its owner's new secret, and that one wrapped.

    One of before the secrets has none.
    """

    pin_hash: str
    secret: bytes = b""
    wrap: str = ""


def given_pin(pin: str, secret: bytes = b"") -> NewPin:
    """A secret of its own for a new PIN: what an old one opens proves nothing that comes after it.

    Only a demonstration that must come out the same again says which `secret`.  Raises `Refused` when the PIN
    is not 4 to 8 digits.
    """
    pin_hash, secret = hash_pin(pin), secret or secrets.token_bytes(SECRET_BYTES)
    return NewPin(pin_hash, secret, _wrap(secret, pin))


def unwrap(wrap: str, pin: str) -> bytes | None:
    """The secret of whoever has this PIN; None where there is none, or it was wrapped with another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not wrap.startswith(_WRAPPED):
        return None
    try:
        kept = base64.b64decode(wrap.removeprefix(_WRAPPED), validate=True)
        secret = AESGCM(_key(pin, kept[:_SALT_BYTES])).decrypt(_NONCE, kept[_SALT_BYTES:], _ABOUT)
    except (InvalidTag, ValueError, argon2.exceptions.HashingError):
        return None
    return secret if len(secret) == SECRET_BYTES else None


def _wrap(secret: bytes, pin: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt = secrets.token_bytes(_SALT_BYTES)
    closed = AESGCM(_key(pin, salt)).encrypt(_NONCE, secret, _ABOUT)
    return _WRAPPED + base64.b64encode(salt + closed).decode()


def _key(pin: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        pin.encode(),
        salt,
        time_cost=_TIME_COST,
        memory_cost=_MEMORY_KIB,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )


def hash_pin(pin: str) -> str:
    """The argon2id hash of a PIN.  Raises `Refused` when it is not 4 to 8 digits."""
    if not pin.isascii() or not pin.isdigit() or not PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]:
        raise Refused("pin-malformed")
    return _hasher.hash(pin)


def is_pin(pin_hash: str, pin: str) -> bool:
    """Whether this is the PIN of that hash; no hash is nobody's."""
    try:
        return _hasher.verify(pin_hash, pin)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
