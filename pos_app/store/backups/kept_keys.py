"""The keys without which a restored centre is worth nothing, kept apart from it and from its backups.

`privacy.key` opens phone numbers and document bytes, `server.key` is the one that the tills believe.  Neither
is in a backup.  A copy of both lies in a folder that a person named once, on a stick that goes into a
drawer; backups are made while the keys are still the ones of that copy.
"""

import hashlib
from pathlib import Path
from typing import Final

from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.engine import key_store, privacy_key
from pos_app.store.engine.vault import parse_key

SERVER_KEY: Final = "server.key"
_NAMES: Final = (privacy_key.FILE, SERVER_KEY)


def fingerprint(privacy: bytes, server: bytes) -> str:
    """Which keys they are; tells nothing of them."""
    return hashlib.sha256(b"bohari kept keys 1\n" + privacy + b"\n" + server).hexdigest()[:16]


def fingerprint_of(folder: Path) -> str:
    """Which keys lie in a folder.  Raises `Refused` where one is missing, `Damaged` for what is no key."""
    privacy, server = (_read(folder / name) for name in _NAMES)
    return fingerprint(parse_key(privacy.decode("ascii", errors="replace"), str(folder)), server)


def keep(folder: Path, home: Path, backups: Path, privacy: bytes, server: bytes) -> str:
    """Write a copy of both there and read it again; gives which keys they are.

    Raises `Refused` where that is no place apart, `Unavailable` where it cannot be written.
    """
    there = folder.resolve()
    for other in (home.resolve(), backups.resolve()):
        if there.is_relative_to(other) or other.is_relative_to(there):
            raise Refused("keys-not-apart", folder=folder, other=other)
    if not folder.is_dir():
        raise Refused("backup-no-folder", folder=folder)
    try:
        for name, content in zip(_NAMES, (privacy.hex().encode() + b"\n", server), strict=True):
            path = folder / name
            if path.exists() and path.read_bytes() != content:
                raise Refused("keys-of-another-there", file=path)
            key_store.write(path, content)
            if path.read_bytes() != content:
                raise Unavailable("path-unreadable", path=path, why=name)
    except OSError as error:
        raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error
    return fingerprint(privacy, server)


def bring(folder: Path, home: Path) -> None:
    """Bring the copy into a home that is new.  Raises `Refused` where one of them is missing."""
    for name in _NAMES:
        key_store.write(home / name, _read(folder / name))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("keys-missing", file=path) from error
