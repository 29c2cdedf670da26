"""The terminal's private key, with which it signs its documents and its requests: Ed25519, 32 raw bytes in
base64 (see `key_store`).

Apart from `signing`, because it loads the cryptography; a till's window starts without it.
"""

import base64
import binascii
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Damaged
from pos_app.store.engine import key_store


def load_or_make(path: Path) -> Ed25519PrivateKey:
    """The key of this name in this home, made when there is none.  Raises `Damaged` as `load` does."""
    if key_store.place_of(path.parent, path.name) is not None:
        return load(path)
    key = Ed25519PrivateKey.generate()
    key_store.keep(path.parent, path.name, written(key), may_seal=True)
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """The key of this name in this home, wherever it lies.  Raises `Damaged` when there is none."""
    try:
        kept = key_store.find(path.parent, path.name)
        if kept is None:
            raise FileNotFoundError(path)
        raw = base64.b64decode(kept.content.strip(), validate=True)
        return Ed25519PrivateKey.from_private_bytes(raw)
    except (OSError, ValueError, binascii.Error) as error:
        raise Damaged("terminal-key-damaged") from error


def written(key: Ed25519PrivateKey) -> bytes:
    """A key as it is kept."""
    return base64.b64encode(key.private_bytes_raw()) + b"\n"
