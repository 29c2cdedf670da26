"""The vault of the centre: closes personal values with keys derived from the one that it is given.

Apart from `privacy`, because only the centre loads the cryptography; a till starts without it.
"""

import base64
import binascii
import hmac
import os
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pos_app.ledger.errors import Damaged
from pos_app.store.engine.privacy import BODY, MARK_CHARACTERS, Field
from pos_app.store.engine.signing import Signing

VARIABLE: Final = "BOHARI_PRIVACY_KEY"
KEY_BYTES: Final = 32
_MARK_BYTES: Final = 16
_NONCE_BYTES: Final = 12
#: The first byte of everything closed: how it was done.
_FORM: Final = b"\x01"


class _Keys(NamedTuple):
    """What one organisation's values are closed with."""

    whole: AESGCM
    field: AESSIV
    marking: bytes


class Vault:
    """The centre's: everything is closed with keys derived from one of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        """Raises `Damaged` when the key has a wrong length."""
        if len(key) != KEY_BYTES:
            raise Damaged("privacy-key-length", count=len(key), wanted=KEY_BYTES)
        self._key = key
        self._keys: dict[int, _Keys] = {}

    def check_value(self) -> bytes:
        """A value that tells this key from every other, and nothing of it."""
        return self._derived(b"bohari privacy 1 check", 32)

    def signing(self, counts: Path | None = None) -> Signing:
        """What the centre signs its own documents with; `counts` is the folder of its counts."""
        key = self._derived(b"bohari centre signing 1", 32)
        return Signing(lambda: Ed25519PrivateKey.from_private_bytes(key), counts=counts)

    def encrypt_text(self, org_id: int, field: Field, plain: str) -> str:
        """See `Privacy`."""
        if not plain:
            return ""
        named = field.name.encode()
        if field.normalise is None:
            return _text(self._seal(self._of(org_id), named, plain.encode()))
        closed = self._of(org_id).field.encrypt(plain.encode(), [named])
        return self.blind_index(org_id, field, plain) + _text(_FORM + closed)

    def decrypt_text(self, org_id: int, field: Field, closed: str) -> str:
        """See `Privacy`."""
        if not closed:
            return ""
        named = field.name.encode()
        try:
            if field.normalise is None:
                return self._open(self._of(org_id), named, _bytes(closed)).decode()
            raw = _bytes(closed[MARK_CHARACTERS:])
            if raw[:1] != _FORM:
                raise InvalidTag
            plain = self._of(org_id).field.decrypt(raw[1:], [named]).decode()
        except (InvalidTag, ValueError) as error:
            raise _does_not_open(field) from error
        if not hmac.compare_digest(self.blind_index(org_id, field, plain), closed[:MARK_CHARACTERS]):
            raise _does_not_open(field)
        return plain

    def encrypt_bytes(self, org_id: int, plain: bytes) -> bytes:
        """See `Privacy`."""
        return self._seal(self._of(org_id), BODY.name.encode(), plain)

    def decrypt_bytes(self, org_id: int, closed: bytes) -> bytes:
        """See `Privacy`."""
        try:
            return self._open(self._of(org_id), BODY.name.encode(), closed)
        except (InvalidTag, ValueError) as error:
            raise _does_not_open(BODY) from error

    def blind_index(self, org_id: int, field: Field, value: str) -> str:
        """See `Privacy`."""
        normal = field.normalise(value) if field.normalise else value
        digest = hmac.digest(self._of(org_id).marking, f"{field.name}\0{normal}".encode(), "sha256")
        return _text(digest[:_MARK_BYTES])

    def _of(self, org_id: int) -> _Keys:
        known = self._keys.get(org_id)
        if known is None:
            named = b"bohari privacy 1 org %d " % org_id
            known = self._keys[org_id] = _Keys(
                AESGCM(self._derived(named + b"whole", 32)),
                AESSIV(self._derived(named + b"field", 64)),
                self._derived(named + b"index", 32),
            )
        return known

    def _derived(self, named: bytes, length: int) -> bytes:
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=named).derive(self._key)

    @staticmethod
    def _seal(keys: _Keys, named: bytes, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _FORM + nonce + keys.whole.encrypt(nonce, plain, named)

    @staticmethod
    def _open(keys: _Keys, named: bytes, closed: bytes) -> bytes:
        if closed[:1] != _FORM:
            raise InvalidTag
        nonce_end = 1 + _NONCE_BYTES
        return keys.whole.decrypt(closed[1:nonce_end], closed[nonce_end:], named)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise InvalidTag from error


def _does_not_open(field: Field) -> Damaged:
    return Damaged("closed-value-does-not-open", field=field.name)


def parse_key(given: str, where: str) -> bytes:
    """A key written as 64 hex digits.  Raises `Damaged`, naming `where`, for anything else."""
    try:
        key = bytes.fromhex(given.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Damaged("privacy-key-malformed", where=where, digits=2 * KEY_BYTES)
    return key


def key_of_environment() -> bytes | None:
    """The key in BOHARI_PRIVACY_KEY, or None.  Raises `Damaged` for anything else."""
    given = os.environ.get(VARIABLE, "")
    return parse_key(given, VARIABLE) if given else None
