"""What a stolen till's database gives of its PINs: guesses on one core, with and without the pepper.

    python -m tests.bench stolen

Not among the benches that `make bench` runs: it measures a thief, not us.  The thief has the database and its
key (`till.key`), our own code, and the pepper (`pin.key`) or not.
"""

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger.errors import Damaged
from pos_app.store.engine import key, key_store, pepper
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.privacy import Field
from pos_app.store.engine.vault import Vault
from pos_app.store.feed import intake
from pos_app.store.master import people
from pos_app.store.master.pin_hash import hash_pin, is_pin

#: So long each kind of guessing is measured.
_MEASURED_S: Final = 4.0
_DAY_S: Final = 24 * 3600
_PINS: Final = ("482915", "739104", "560277")
_COLUMNS: Final = ("org_id", "person_id", "code", "name", "role", "pin_hash", "depot_id", "active")


def run() -> dict[str, Any]:
    """Guesses a second on one core, and what 24 core-hours reach, with the pepper in hand and elsewhere."""
    before = os.environ.get(key_store.VARIABLE)
    os.environ[key_store.VARIABLE] = "file"
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measured(Path(folder))
    finally:
        os.environ.pop(key_store.VARIABLE)
        if before is not None:
            os.environ[key_store.VARIABLE] = before


def _measured(folder: Path) -> dict[str, Any]:
    home, stolen = folder / "home", folder / "stolen"
    _till(home)
    stolen.mkdir()
    for name in (bootstrap.TILL_DATABASE, key.FILE):
        shutil.copy(home / name, stolen / name)
    with_pepper = _hashes(bootstrap.till_database(home))
    loot = open_sqlite(stolen / bootstrap.TILL_DATABASE, key.load(stolen))
    with loot.read() as connection:
        closed = list(connection.scalars(text("SELECT pin_hash FROM person ORDER BY person_id")))
    loot.close()
    guesses, _ = _rate(_candidates(), lambda pin: is_pin(with_pepper[0], pin))
    keys, opened = _rate(_keys(), lambda drawn: _opens(drawn, closed[0]))
    found = sum(any(is_pin(each, pin) for pin in _PINS) for each in closed)
    reach = guesses * _DAY_S
    return {
        "pepper_in_hand_guesses_per_s": round(guesses, 1),
        "pepper_in_hand_24_core_hours": int(reach),
        "pepper_in_hand_share_of_6_digits": round(min(1.0, reach / 10**6), 3),
        "pepper_in_hand_all_of_4_digits_s": round(10**4 / guesses),
        "pepper_elsewhere_keys_per_s": round(keys),
        "pepper_elsewhere_24_core_hours_of_2_to_the": int(keys * _DAY_S).bit_length() - 1,
        "pepper_elsewhere_keys_2_to_the": 256,
        "pepper_elsewhere_pins_found": found + opened,
    }


def _till(home: Path) -> None:
    """A till to which the feed has brought some people."""
    database = bootstrap.make_till_database(home)
    rows = [(1, number, f"P{number}", "P", "", hash_pin(pin), None, 1) for number, pin in enumerate(_PINS, 1)]
    with database.write() as connection:
        intake.upsert(connection, "person", 1, _COLUMNS, rows)
    database.cut_log()
    database.close()


def _hashes(database: Database) -> list[str]:
    with database.read() as connection:
        found = [people.person(connection, 1, number) for number in range(1, len(_PINS) + 1)]
    database.close()
    return [each[1] for each in found if each is not None]


def _candidates() -> Iterator[str]:
    return (f"{number:06d}" for number in itertools.count())


def _keys() -> Iterator[bytes]:
    return (os.urandom(32) for _ in itertools.count())


def _opens(drawn: bytes, closed: str) -> bool:
    try:
        Vault(drawn).decrypt_text(1, Field("person.pin_hash 1"), closed.removeprefix(pepper.CLOSED))
    except Damaged:
        return False
    return True


def _rate(guesses: Iterator[Any], fits: Callable[[Any], bool]) -> tuple[float, int]:
    """Guesses a second on this core, and how many of them fitted."""
    began, count, fitted = time.process_time(), 0, 0
    while time.process_time() - began < _MEASURED_S:
        fitted += fits(next(guesses))
        count += 1
    return count / (time.process_time() - began), fitted
