"""The fingerprint of a key of the centre: sixteen letters that a person can read over a telephone.

78 bits of its SHA-256: nobody makes another key with the same one.  It ends an enrolment code.
"""

import hashlib
from typing import Final

#: Without 0 O 1 I L U, as the codes of enrolment.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
_GROUP: Final = 4
#: The letters of a one-time code, before those of a fingerprint.
_CODE_LENGTH: Final = 10


def of(public_key: bytes) -> str:
    """The fingerprint of a public key, in groups of four."""
    number = int.from_bytes(hashlib.sha256(b"bohari centre key " + public_key).digest())
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return "-".join(letters[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def plain(typed: str) -> str:
    """A fingerprint as it is compared, however it was typed; empty when it is none."""
    letters = _letters(typed)
    return letters if len(letters) == LENGTH and not set(letters) - set(_ALPHABET) else ""


def with_code(code: str, public_key: bytes) -> str:
    """What a person types at a new till: the one-time code, and which centre it is of."""
    return f"{code}-{of(public_key)}"


def parted(typed: str) -> tuple[str, str]:
    """One-time code and plain fingerprint of what a person typed; the fingerprint is empty where only
    the code was typed.
    """
    letters = _letters(typed)
    if len(letters) == _CODE_LENGTH + LENGTH:
        return letters[:_CODE_LENGTH], letters[_CODE_LENGTH:]
    return typed, ""


def _letters(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())
