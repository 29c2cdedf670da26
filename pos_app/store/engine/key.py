"""The raw 32-byte key of a till's database: drawn once, never replaced in silence (see `key_store`)."""

import secrets
from pathlib import Path
from typing import Final

from pos_app.ledger.errors import Damaged, Refused
from pos_app.store.engine import key_store

KEY_BYTES: Final = 32
FILE: Final = key_store.DATABASE_KEY


def make(home: Path) -> bytes:
    """Draw a key for a new till and keep it; gives the one that is kept already, if there is one."""
    if key_store.place_of(home, FILE) is not None:
        return load(home)
    key = secrets.token_bytes(KEY_BYTES)
    key_store.keep(home, FILE, key)
    return key


def load(home: Path) -> bytes:
    """The key.  Raises `Refused` when there is none and `Damaged` when it has a wrong length."""
    kept = key_store.find(home, FILE)
    if kept is None:
        raise Refused("till-key-missing", file=FILE, home=home)
    if len(kept.content) != KEY_BYTES:
        raise Damaged("till-key-length", count=len(kept.content), wanted=KEY_BYTES)
    return kept.content
