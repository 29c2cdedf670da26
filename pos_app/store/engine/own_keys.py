"""The keys of a till's terminal, one after another: the private one in its key store, the public ones in
`terminal.keys`, each handed over by the one before it and all of them signed by the present one.

Decisions
---------
2026-11-30  Writing that list is the one moment in which one key follows the other.  The new private key lies
beside the present one before, and takes its place afterwards: a machine that dies in between goes on with the
old one while the list does not name the new one, and with the new one from then on.
"""

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app.ledger.errors import Damaged, Refused
from pos_app.store.engine import key_store
from pos_app.store.engine.key_store import Place
from pos_app.store.engine.signing import Handed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The private key, the one that is to follow it, and the list of the public ones.
PRESENT: Final = "terminal.key"
NEXT: Final = "terminal.key.next"
LIST: Final = "terminal.keys"


def handover_text(org_id: int, terminal_no: int, seq: int, public_key: bytes) -> bytes:
    """What a key signs to hand over to the next."""
    return f"bohari terminal key handed over 1\n{org_id}\n{terminal_no}\n{seq}\n".encode() + public_key


def read(home: Path) -> list[Handed]:
    """The keys in their order; empty while there was only ever one.  Raises `Damaged`."""
    try:
        raw = (home / LIST).read_bytes()
    except FileNotFoundError:
        return []
    from pos_app.store.engine import signatures

    try:
        said = json.loads(raw)
        keys = [
            Handed(int(one["from"]), bytes.fromhex(one["key"]), bytes.fromhex(one["handover"]))
            for one in said["keys"]
        ]
        if signatures.holds(keys[-1].public_key, bytes.fromhex(said["signature"]), _text(keys)):
            return keys
    except (ValueError, KeyError, TypeError, IndexError):
        pass
    raise Damaged("terminal-keys-damaged", file=home / LIST)


def stamp(home: Path) -> object:
    """Something that is another one after the list was written; costs a glance at the folder."""
    try:
        found = (home / LIST).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def load(home: Path) -> "Ed25519PrivateKey":
    """The private key that signs now; one whose turn it became takes its place.

    Raises `Damaged`, and `Refused` where systemd hands in another one.
    """
    from pos_app.store.engine import terminal_key

    keys = read(home)
    key = terminal_key.load(home / PRESENT)
    if not keys or _public(key) == keys[-1].public_key:
        return key
    if key_store.place_of(home, PRESENT) is Place.SERVICE:
        raise Refused("terminal-key-of-service")
    following: Ed25519PrivateKey | None = None
    # Another program may put it in its place at this moment, and take it away under our hands; where the
    # disk does not take it, it signs all the same.
    with contextlib.suppress(OSError, Damaged):
        following = terminal_key.load(home / NEXT)
        if _public(following) == keys[-1].public_key:
            settle(home)
    last = read(home)[-1].public_key
    for found in (following, terminal_key.load(home / PRESENT)):
        if found is not None and _public(found) == last:
            return found
    raise Damaged("terminal-key-damaged")


def draw(home: Path) -> "Ed25519PrivateKey":
    """A new private key beside the present one.

    Raises `Refused` where systemd hands the present one in: whoever keeps it there changes it there.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pos_app.store.engine import terminal_key

    if key_store.place_of(home, PRESENT) is Place.SERVICE:
        raise Refused("terminal-key-of-service")
    key_store.forget(home, NEXT)
    key = Ed25519PrivateKey.generate()
    key_store.keep(home, NEXT, terminal_key.written(key), may_seal=True)
    return key


def follow(home: Path, keys: list[Handed], key: "Ed25519PrivateKey") -> None:
    """From now on `key` signs: the last of these keys, which lies as the next one."""
    said = {
        "keys": [
            {"from": one.seq, "key": one.public_key.hex(), "handover": one.handover.hex()} for one in keys
        ],
        "signature": key.sign(_text(keys)).hex(),
    }
    key_store.write(home / LIST, json.dumps(said).encode() + b"\n")


def settle(home: Path) -> None:
    """The key that signs now takes the place of the one before it."""
    from pos_app.store.engine import terminal_key

    following = terminal_key.load(home / NEXT)
    key_store.replace(home, PRESENT, terminal_key.written(following))
    key_store.forget(home, NEXT)


def _public(key: "Ed25519PrivateKey") -> bytes:
    return key.public_key().public_bytes_raw()


def _text(keys: list[Handed]) -> bytes:
    lines = [f"{one.seq} {one.public_key.hex()} {one.handover.hex()}" for one in keys]
    return "\n".join(["bohari terminal keys 1", *lines]).encode()
