"""The terminal's private key: 32 raw bytes in base64, in a file that only its owner reads."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Damaged


def load_or_make(path: Path) -> Ed25519PrivateKey:
    """The key in the file, made when there is none.  Raises `Damaged` as `load` does."""
    if path.exists():
        return load(path)
    key = Ed25519PrivateKey.generate()
    making = path.with_name(path.name + ".making")
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key.private_bytes_raw()) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    making.rename(path)
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """The key in the file.  Raises `Damaged` when the file is missing or holds none."""
    try:
        raw = base64.b64decode(path.read_bytes().strip(), validate=True)
        return Ed25519PrivateKey.from_private_bytes(raw)
    except (OSError, ValueError, binascii.Error) as error:
        raise Damaged("terminal-key-damaged") from error
