"""The pepper of a home's PINs: a key outside the database, with which what proves a PIN is closed there.

A PIN has so few digits that whoever holds its hash finds it.  So no hash lies open in a database: at the
centre it is closed with the key of personal values (see `privacy`), on a till with this one, which
`key_store` seals to the machine where it can.  A copied database alone tells nobody's PIN, and no hash that
somebody writes into it is believed: without the key none can be closed for the person it stands beside.

Decisions
---------
2026-11-29  Closed (AES-256-GCM), not hashed once more: one function says what a PIN's hash is, a lost key
costs a till nothing but asking the centre again, and the centre can open what it must send.
"""

import hashlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine

from pos_app.ledger.errors import Damaged
from pos_app.store.engine import key_store, privacy
from pos_app.store.engine.privacy import Field, Privacy
from pos_app.store.side import on_till

if TYPE_CHECKING:
    from pos_app.store.engine.vault import Vault

#: The name of a till's pepper in its home's key store.
FILE: Final = "pin.key"
#: The engine's option that holds a till's pepper.
OPTION: Final = "pepper"
#: What everything closed begins with; a bare hash begins with "$".
CLOSED: Final = "pin1:"
_KEY_BYTES: Final = 32


class Pepper:
    """A till's: read from the key store when it is first needed, and the cryptography loaded with it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._vault: Vault | None = None

    def vault(self) -> "Vault":
        """What closes and opens.  Raises `Damaged` when the key is gone or does not open here."""
        if self._vault is None:
            from pos_app.store.engine.vault import Vault

            kept = key_store.find(self._home, FILE)
            if kept is None:
                raise Damaged("pin-key-gone", file=FILE, home=self._home)
            self._vault = Vault(kept.content)
        return self._vault


def is_kept(home: Path) -> bool:
    """Whether this home has a pepper."""
    return key_store.place_of(home, FILE) is not None


def draw(home: Path) -> None:
    """Make the pepper of a home."""
    key_store.keep(home, FILE, secrets.token_bytes(_KEY_BYTES), may_seal=True)


def close(at: Connection | Engine, org_id: int, person_id: int, what: str, plain: str) -> str:
    """What proves a person's PIN, as it lies in the database; `what` names it.  An empty one stays empty."""
    vault = _vault(at)
    if vault is None or not plain or plain.startswith(CLOSED):
        return plain
    return CLOSED + vault.encrypt_text(org_id, _field(person_id, what), plain)


def reveal(at: Connection | Engine, org_id: int, person_id: int, what: str, kept: str) -> str:
    """What was closed.  Raises `Damaged` for what this key did not close for this person.

    At the centre what is bare is taken as it is: whoever writes there needs no PIN.
    """
    vault = _vault(at)
    if vault is None or not kept:
        return kept
    if kept.startswith(CLOSED):
        return vault.decrypt_text(org_id, _field(person_id, what), kept.removeprefix(CLOSED))
    if on_till(at):
        raise Damaged("pin-not-ours", person=person_id)
    return kept


def mark(at: Connection | Engine, org_id: int, what: str, value: str) -> bytes:
    """A MAC of a value under the key of this side; where it has none yet, a plain hash."""
    vault = _vault(at)
    if vault is None:
        return hashlib.sha256(f"{what}\0{value}".encode()).digest()
    made = vault.blind_index(org_id, Field(what), value).encode()
    # Where no vault was given, values lie open, and so would a secret.
    return made if made != value.encode() else hashlib.sha256(made).digest()


def _vault(at: Connection | Engine) -> Privacy | None:
    if not on_till(at):
        return privacy.of(at)
    # Of the engine: a connection that was lent before the pepper was there has it too.
    found: Pepper | None = at.engine.get_execution_options().get(OPTION)
    return None if found is None else found.vault()


def _field(person_id: int, what: str) -> Field:
    return Field(f"person.{what} {person_id}")
