"""Signed requests: the terminal's Ed25519 key over method, path and the digest of the body.

Pushing twice is the same as pushing once, so a replayed request does no harm and needs no nonce.

2026-11-21  The digest travels in the head too: the server knows who sends before it takes a large
body in, and nobody else can make it hold 64 MB.  The body's own digest is what counts in the end.
"""

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TERMINAL_HEADER: Final = "bohari-terminal"
SIGNATURE_HEADER: Final = "bohari-signature"
DIGEST_HEADER: Final = "bohari-digest"


def digest_of(body: bytes) -> str:
    """The digest of a body, as the head names it: SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _signed_text(terminal: str, method: str, path: str, digest: str) -> bytes:
    return f"bohari request 1\n{terminal}\n{method}\n{path}\n{digest}".encode()


def headers(key: Ed25519PrivateKey, terminal: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """What a terminal says of itself in the head of a request."""
    digest = digest_of(body)
    return {
        TERMINAL_HEADER: terminal,
        DIGEST_HEADER: digest,
        SIGNATURE_HEADER: _sign(key, terminal, method, path, digest),
    }


def terminal_id(org_id: int, terminal_no: int) -> str:
    """How a terminal names itself in the header; enrolment, which has no number yet, is "0.0"."""
    return f"{org_id}.{terminal_no}"


def parse_terminal_id(text: str) -> tuple[int, int] | None:
    """Organisation and terminal number of the header, or None when it holds none."""
    org_id, point, terminal_no = text.partition(".")
    if not point or not all(
        part.isascii() and part.isdigit() and len(part) < 19 for part in (org_id, terminal_no)
    ):
        return None
    return int(org_id), int(terminal_no)


def sign(key: Ed25519PrivateKey, terminal: str, method: str, path: str, body: bytes) -> str:
    """The value of the signature header."""
    return _sign(key, terminal, method, path, digest_of(body))


def _sign(key: Ed25519PrivateKey, terminal: str, method: str, path: str, digest: str) -> str:
    return base64.b64encode(key.sign(_signed_text(terminal, method, path, digest))).decode()


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
