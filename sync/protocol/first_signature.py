"""How tills of protocol 1 sign: the terminal's key over its name, method, path and the body's digest.

It covers neither organisation apart from the name nor the content type, and a copy of such a request is as
good as the request.  So a terminal that has once signed as `signature` says is not heard this way again, and
nobody is from the next release on.
"""

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.protocol.signature import TERMINAL_HEADER

SIGNATURE_HEADER: Final = "bohari-signature"
DIGEST_HEADER: Final = "bohari-digest"


def digest_of(body: bytes) -> str:
    """The digest of a body, as the head names it: SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def headers(key: Ed25519PrivateKey, terminal: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """What a terminal says of itself in the head of a request."""
    digest = digest_of(body)
    signed = key.sign(_signed_text(terminal, method, path, digest))
    return {
        TERMINAL_HEADER: terminal,
        DIGEST_HEADER: digest,
        SIGNATURE_HEADER: base64.b64encode(signed).decode(),
    }


def is_signed_by(
    public_key: bytes, signature: str, *, terminal: str, method: str, path: str, digest: str
) -> bool:
    """Whether the header's signature is this key's, over a request whose body has this digest."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            base64.b64decode(signature, validate=True), _signed_text(terminal, method, path, digest)
        )
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _signed_text(terminal: str, method: str, path: str, digest: str) -> bytes:
    return f"bohari request 1\n{terminal}\n{method}\n{path}\n{digest}".encode()
