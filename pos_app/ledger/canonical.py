"""Canonical bytes of a document, the chain of hashes that binds a terminal's history, and what is signed.

The bytes are JSON as msgspec writes a struct: fields in the order of their declaration, defaults
left out.  They are made once, on the terminal, and travel and are stored as they are: nobody else
ever has to make them again, so a newer till's unknown fields survive an older server.
"""

import hashlib
from typing import Final

import msgspec

from pos_app.ledger.document import TYPES, Document

HASH_BYTES: Final = 32
#: Ed25519 (RFC 8032).
SIGNATURE_BYTES: Final = 64

_encoder: Final = msgspec.json.Encoder(order="deterministic")


def encode(document: Document) -> bytes:
    """The canonical bytes of a document."""
    return _encoder.encode(document)


def decode(body: bytes) -> Document:
    """The document in these bytes.  Raises `Damaged` with the reason when they hold none."""
    document: Document = TYPES.decode(body)
    return document


def genesis(org_id: int, terminal_no: int) -> bytes:
    """What stands before a terminal's first document: no two terminals' chains begin alike."""
    return hashlib.sha256(f"bohari chain 1 org {org_id} terminal {terminal_no}".encode()).digest()


def chain(previous_hash: bytes, body: bytes) -> bytes:
    """The hash of a document: over the hash of the one before it and its own bytes."""
    return hashlib.sha256(previous_hash + body).digest()


def signed_text(hash_: bytes) -> bytes:
    """What a terminal signs of a document: its hash, under which all before it stands as well.

    The words in front keep a signature from being taken for one of something else.
    """
    return b"bohari document 1\n" + hash_
