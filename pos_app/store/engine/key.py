"""The raw 32-byte key of a till's database: in the system's keyring, or a 0600 file where there is none.

On Linux a till starts before anybody has unlocked a keyring, so there it is always the file.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Final

from pos_app.ledger.errors import Damaged, Refused

KEY_BYTES: Final = 32
FILE: Final = "till.key"
_SERVICE: Final = "bohari-pos"


def make(home: Path) -> bytes:
    """Draw a key for a new till and keep it; gives the one that is kept already, if there is one."""
    path = home / FILE
    if path.exists() or _in_keyring(home) is not None:
        return load(home)
    key = secrets.token_bytes(KEY_BYTES)
    if _has_keyring():
        import keyring

        keyring.set_password(_SERVICE, str(home.resolve()), key.hex())
        return key
    keep(path, key)
    return key


def keep(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all, synced to the disk."""
    making = path.with_name(path.name + ".making")
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        # The database is worth nothing without this file: it must not lie in a cache only.
        os.fsync(handle)
    finally:
        os.close(handle)
    making.rename(path)
    _sync_folder(path.parent)


def load(home: Path) -> bytes:
    """The key.  Raises `Refused` when there is none and `Damaged` when it has a wrong length."""
    try:
        key = (home / FILE).read_bytes()
    except FileNotFoundError:
        kept = _in_keyring(home)
        if kept is None:
            raise Refused("till-key-missing", file=FILE, home=home) from None
        key = bytes.fromhex(kept)
    if len(key) != KEY_BYTES:
        raise Damaged("till-key-length", count=len(key), wanted=KEY_BYTES)
    return key


def _has_keyring() -> bool:
    return sys.platform in ("win32", "darwin")


def _in_keyring(home: Path) -> str | None:
    if not _has_keyring():
        return None
    import keyring

    return keyring.get_password(_SERVICE, str(home.resolve()))


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
