"""The key of personal fields: in a 0600 file of the central home, or in BOHARI_PRIVACY_KEY.

Never in the database and never in `bohari.toml`.  The database holds a check value, so that a wrong
or a lost key is said in a sentence when the server starts, before anything is written with it.
"""

import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import text

from pos_app.ledger.errors import Refused
from pos_app.store.engine import key_store
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import COUNTS
from pos_app.store.engine.vault import KEY_BYTES, VARIABLE, Vault, key_of_environment, parse_key

FILE: Final = "privacy.key"


def load(home: Path) -> bytes | None:
    """The key of a central home; the environment's goes before the file.  Raises `Damaged`."""
    given = key_of_environment()
    if given is not None:
        return given
    path = home / FILE
    try:
        return parse_key(path.read_text("ascii", errors="replace"), str(path))
    except FileNotFoundError:
        return None


def attach(database: Database, home: Path) -> None:
    """Give a prepared central database its key; a new one is drawn for a database that never had any.

    Raises `Refused` when the key is lost or another one, which is found out before anything is written.
    """
    key = load(home)
    with database.read() as connection:
        wanted = connection.execute(text("SELECT value FROM privacy_check")).scalar_one_or_none()
    if key is None:
        if wanted is not None:
            raise Refused("privacy-key-not-in-home", file=FILE, home=home)
        key = secrets.token_bytes(KEY_BYTES)
        key_store.write(home / FILE, key.hex().encode() + b"\n")
    vault = Vault(key)
    if wanted is None:
        wanted = _note(database, vault)
    if bytes(wanted) != vault.check_value():
        raise Refused("privacy-key-wrong", home=home, file=FILE, variable=VARIABLE)
    database.keep_private(vault)
    database.sign_with(vault.signing(home / COUNTS))


def lend(database: Database, home: Path) -> None:
    """Give one more process of the server the key that `attach` has compared."""
    key = load(home)
    if key is None:
        raise Refused("privacy-key-not-in-home", file=FILE, home=home)
    vault = Vault(key)
    database.keep_private(vault)
    database.sign_with(vault.signing(home / COUNTS))


def _note(database: Database, vault: Vault) -> bytes:
    """Keep the check value; whoever was first decides."""
    with database.write() as connection:
        connection.execute(
            text(
                'INSERT INTO privacy_check ("only", value) VALUES (1, :value) ON CONFLICT ("only") DO NOTHING'
            ),
            {"value": vault.check_value()},
        )
        return bytes(connection.execute(text("SELECT value FROM privacy_check")).scalar_one())
