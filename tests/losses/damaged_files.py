"""A till's files after bits flipped, and after they were cut off, beside its second medium.

Each is opened as the product opens it.  A receipt is lost when neither the file, whose whole is well, nor the
medium has it; a fault is unnoticed when receipts are missing in a file that is sold in.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.ledger.clock import SetClock
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files, key_store
from pos_app.store.medium import keeper, medium_state, place, reading
from pos_app.store.medium.medium_state import State
from pos_app.store.upkeep import page_walk, start_check, verification
from tests.losses.counted import Row
from tests.simulate.home import FILE
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.worlds.till_fixture import CASHIER, KEY, Shop

_LOG: Final = "till.db-wal"
Damage = Callable[[bytes, random.Random], bytes]


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(1, len(content))]


#: A line of the table: which file, and what happens to it.
KINDS: Final[dict[str, tuple[str, Damage]]] = {
    "a bit of the file flipped": (FILE, _flipped),
    "the file cut off": (FILE, _cut),
    "a bit of the log flipped": (_LOG, _flipped),
    "the log cut off": (_LOG, _cut),
}


@dataclass(frozen=True)
class Sold:
    """A till whose programs were killed after a day: some in the file, some in the log, all on the medium."""

    home: Path
    medium: Path
    identity: Path
    receipts: frozenset[int]

    @classmethod
    def make(cls, folder: Path) -> "Sold":
        """Sell, bring it to the medium, and leave all as a kill does."""
        home, medium, identity = folder / "open", folder / "stick", folder / "shop.key"
        home.mkdir(parents=True)
        medium.mkdir()
        public = age_files.make_key(identity)
        key_store.keep(home, key_store.DATABASE_KEY, KEY)
        settings.write(home, kind=bootstrap.HomeKind.TILL.value)
        shop = Shop.make(home)
        with shop.database.read() as connection:
            own = terminal.load(connection)
        made = place.make(medium, own, public)
        medium_state.write(home, State(str(medium), made.mark.medium))
        settings.write(home, medium=str(medium), medium_id=made.mark.medium, backup_recipient=public)
        shop.be(CASHIER)
        done = [shop.open_drawer(), *(shop.sell("GAS13", "REG") for _ in range(8))]
        shop.database.cut_log()
        done += [shop.sell("SOAP") for _ in range(8)]
        keeper.turn_once(shop.database, home, lambda: bootstrap.medium_of(home))
        left = Path(shutil.copytree(home, folder / "left"))
        shop.database.close()
        return cls(left, medium, identity, frozenset(one.document_id & 0xFFFFFFFF for one in done))


def tried(folder: Path, times: int, seed: int = 0) -> Iterator[Row]:
    """A row for each kind, so many times each."""
    sold = Sold.make(folder)
    for fault, (name, damage) in KINDS.items():
        row = Row(fault)
        for number in range(times):
            home = Path(shutil.copytree(sold.home, folder / "tried"))
            chance = random.Random(f"{seed} {fault} {number}")
            path = home / name
            path.write_bytes(damage(path.read_bytes(), chance))
            _judge(row, sold, home, f"{fault}, seed {seed}, number {number}")
            shutil.rmtree(home)
        yield row


def _judge(row: Row, sold: Sold, home: Path, again: str) -> None:
    row.tried += 1
    row.receipts += len(sold.receipts)
    try:
        held = _worked_on(home)
    except BohariError as noticed:
        row.words.setdefault(noticed.code, noticed.sentence)
        held = frozenset()
    else:
        unnoticed = len(sold.receipts - held)
        row.unnoticed += unnoticed
        if unnoticed:
            row.broken.append(f"{again}: {unnoticed} receipts are missing, and it sells on")
            return
    (medium,) = reading.read(sold.medium, sold.identity)
    lost = sold.receipts - held - {packet.seq for packet in medium.packets}
    row.lost += len(lost)
    row.survived += not lost


def _worked_on(home: Path) -> frozenset[int]:
    """What is in a till that opens, is looked at by its night, and sells.  Raises what people are told."""
    till = bootstrap.open_till(home, SetClock(MOMENT))
    try:
        next_page = start_check.check_pages(till.database)
        if next_page is not None:
            bad, _ = page_walk.walk(till.database, next_page, lambda: False)
            page_walk.refuse_damaged(till.database, bad)
        with till.database.read() as connection:
            held = frozenset(connection.scalars(text("SELECT seq FROM document")))
        till._context.person = CASHIER
        Shop(home / FILE, SetClock(MOMENT), till.database, till).sell("SOAP")
        verdict = verification.verify(till.database, ORG, TILL)
        if not verdict.ok:
            raise AssertionError(f"sold on, and verify says: {verdict.problems[0]}")
        return held
    finally:
        till.close()
