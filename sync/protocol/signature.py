"""Signed requests: the terminal's Ed25519 key over method, path and the hash of the body.

Pushing twice is the same as pushing once, so a replayed request does no harm and needs no nonce.
"""

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TERMINAL_HEADER: Final = "bohari-terminal"
SIGNATURE_HEADER: Final = "bohari-signature"


def _signed_text(terminal: str, method: str, path: str, body: bytes) -> bytes:
    return f"bohari request 1\n{terminal}\n{method}\n{path}\n{hashlib.sha256(body).hexdigest()}".encode()


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
    return base64.b64encode(key.sign(_signed_text(terminal, method, path, body))).decode()


def is_signed_by(
    public_key: bytes, signature: str, *, terminal: str, method: str, path: str, body: bytes
) -> bool:
    """Whether the header's signature is this key's, over this request."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            base64.b64decode(signature, validate=True), _signed_text(terminal, method, path, body)
        )
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
