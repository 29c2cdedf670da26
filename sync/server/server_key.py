"""The key with which the centre signs its answers, and the next one: in a 0600 file of the central home, or
in BOHARI_SERVER_KEY.

Never in the database: whoever reads a tenant's rows, or all of them, cannot answer in the centre's name.

Decisions
---------
2026-11-29  Two lines, the present key and, while one key follows another, the next.  Every answer names the
next one under the present one's signature, so each till that speaks with the centre meanwhile goes along by
itself when the next becomes the present.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Damaged, Refused
from pos_app.log import events
from pos_app.store.engine import key_store
from sync.protocol import fingerprint

FILE: Final = "server.key"
VARIABLE: Final = "BOHARI_SERVER_KEY"


@dataclass(frozen=True)
class ServerKeys:
    """The private keys, 32 raw bytes each; `next_raw` is empty while none follows."""

    present_raw: bytes
    next_raw: bytes = b""

    @cached_property
    def present(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return Ed25519PrivateKey.from_private_bytes(self.present_raw)

    @cached_property
    def public(self) -> bytes:
        """What tills pin."""
        return self.present.public_key().public_bytes_raw()

    @cached_property
    def next_public(self) -> bytes:
        """What they are told to pin next; empty while nothing follows."""
        if not self.next_raw:
            return b""
        return Ed25519PrivateKey.from_private_bytes(self.next_raw).public_key().public_bytes_raw()


def load_or_make(home: Path) -> ServerKeys:
    """The keys of a central home, drawn when it has none; the environment's go before the file.

    Raises `Damaged` when what is there is no key.
    """
    given = of_environment()
    if given is not None:
        return given
    try:
        text = (home / FILE).read_text("ascii", errors="replace")
    except FileNotFoundError:
        keys = ServerKeys(_drawn())
        write(home, keys)
        events.SERVER_KEY_MADE.log(fingerprint=fingerprint.of(keys.public))
        return keys
    return _parse(text, str(home / FILE))


def of_environment() -> ServerKeys | None:
    """The keys of BOHARI_SERVER_KEY; None when it is not set.  Raises `Damaged`."""
    text = os.environ.get(VARIABLE, "")
    return _parse(text, VARIABLE) if text else None


def make_next(home: Path) -> ServerKeys:
    """Draw the key that follows; gives both.  Raises `Refused` when one follows already."""
    keys = _own(home)
    if keys.next_raw:
        raise Refused("next-server-key-there", fingerprint=fingerprint.of(keys.next_public))
    keys = ServerKeys(keys.present_raw, _drawn())
    write(home, keys)
    return keys


def rotate(home: Path) -> ServerKeys:
    """The next key becomes the present one, which is forgotten.  Raises `Refused` when none follows."""
    keys = _own(home)
    if not keys.next_raw:
        raise Refused("next-server-key-missing")
    keys = ServerKeys(keys.next_raw)
    write(home, keys)
    return keys


def write(home: Path, keys: ServerKeys) -> None:
    """Keep the keys in a home's file, whole or not at all."""
    key_store.write(home / FILE, content(keys))


def content(keys: ServerKeys) -> bytes:
    """The keys as they stand in a file."""
    lines = [base64.b64encode(raw) for raw in (keys.present_raw, keys.next_raw) if raw]
    return b"\n".join(lines) + b"\n"


def _own(home: Path) -> ServerKeys:
    if of_environment() is not None:
        raise Refused("server-key-of-environment", variable=VARIABLE)
    return load_or_make(home)


def _drawn() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def _parse(text: str, where: str) -> ServerKeys:
    try:
        raws = [base64.b64decode(part, validate=True) for part in text.replace(",", "\n").split()]
    except (ValueError, binascii.Error) as error:
        raise Damaged("server-key-damaged", where=where) from error
    if len(raws) not in (1, 2) or any(len(raw) != 32 for raw in raws):
        raise Damaged("server-key-damaged", where=where)
    return ServerKeys(*raws)
