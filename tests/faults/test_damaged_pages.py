"""Bits that flip in a till's file and in its log: noticed at the start, by the night, or when they are read.

What is touched is told at once, nothing is recorded in that file any more, by no process, and the file stays.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from pos_app import bootstrap
from pos_app.ledger.errors import BohariError, Damaged
from pos_app.store.engine import key_store
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.engine.page_check import PAGE_BYTES, PageCheck
from pos_app.store.upkeep import page_walk, start_check, verification
from tests.support.documents.specimens import ORG, TILL
from tests.support.refused import damaged
from tests.support.worlds.till_fixture import CASHIER, KEY, Shop

ROOT: Final = Path(__file__).parents[2]
MARK: Final = "till.db.damaged"


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till's home after a day: everything in the file, nothing in the log."""
    home = tmp_path_factory.mktemp("sold")
    key_store.keep(home, key_store.DATABASE_KEY, KEY)
    shop = Shop.make(home)
    shop.be(CASHIER)
    shop.open_drawer()
    for _ in range(30):
        shop.sell("GAS13", "REG")
    with shop.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.database.close()
    # What the first opening of a home adds stands in it before a bit flips.
    start(home)
    return home


@pytest.fixture
def home(sold: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sold, tmp_path / "home"))


def flip(path: Path, offset: int, bit: int = 0) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        was = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([was ^ 1 << bit]))


def root_page(home: Path, name: str) -> int:
    """The first page of a table or an index."""
    database = open_sqlite(home / "till.db", KEY)
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = :name", {"name": name}
        ).scalar()
    database.close()
    assert found
    return int(found)


def start(home: Path) -> None:
    """What stands before the window opens."""
    till = bootstrap.open_till(home)
    try:
        assert start_check.check_pages(till.database) is None
    finally:
        till.close()


def test_a_whole_file_starts(home: Path) -> None:
    start(home)
    assert not (home / MARK).exists()


PLACES: Final[dict[str, Callable[[Path], int]]] = {
    "the salt": lambda _: 7,
    "the first page": lambda _: 2_000,
    "the code of the first page": lambda _: PAGE_BYTES - 3,
    "the second page": lambda _: PAGE_BYTES + 100,
    "the documents": lambda home: (root_page(home, "document") - 1) * PAGE_BYTES + 50,
    "the journal": lambda home: (root_page(home, "journal_line") - 1) * PAGE_BYTES + 4_000,
    "the balances": lambda home: (root_page(home, "account_balance") - 1) * PAGE_BYTES + 1,
    "the prices": lambda home: (root_page(home, "product") - 1) * PAGE_BYTES + 700,
    "an index of barcodes": lambda home: (root_page(home, "product_barcode") - 1) * PAGE_BYTES + 3_000,
    "the audit log": lambda home: (root_page(home, "audit_log") - 1) * PAGE_BYTES + 4_095,
    "an index of documents": (
        lambda home: (root_page(home, "sqlite_autoindex_document_2") - 1) * PAGE_BYTES + 4_020
    ),
    "the middle": lambda home: (home / "till.db").stat().st_size // 2,
    "the last byte": lambda home: (home / "till.db").stat().st_size - 1,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_bit_in_the_file_is_noticed_before_the_window_opens(home: Path, place: str) -> None:
    flip(home / "till.db", PLACES[place](home), bit=3)
    before = hashlib.sha256((home / "till.db").read_bytes()).digest()
    with pytest.raises(Damaged):
        start(home)
    # And again: what was noticed once is not forgotten, whoever opens the file.
    with pytest.raises(Damaged):
        start(home)
    assert hashlib.sha256((home / "till.db").read_bytes()).digest() == before


def test_a_page_that_a_power_cut_tore_is_whole_in_the_log(home: Path) -> None:
    """The power goes in the middle of a checkpoint: the log counts, and nothing is damaged."""
    shop = Shop.at(home / "till.db")
    shop.be(CASHIER)
    sold = shop.sell("GAS13")
    left = Path(shutil.copytree(home, home.with_name("left")))
    shop.database.close()
    pages = PageCheck(home / "till.db", KEY)
    torn = [page for page in range(2, pages.count() + 1) if _page(home, page) != _page(left, page)]
    assert len(torn) > 5
    for page in torn:
        with (left / "till.db").open("r+b") as file:
            file.seek((page - 1) * PAGE_BYTES)
            file.write(_page(home, page)[:512])
    till = bootstrap.open_till(left)
    start_check.check_pages(till.database)
    assert page_walk.walk(till.database, 1, lambda: False) == ([], None)
    till.close()
    assert not (left / MARK).exists()
    again = Shop.at(left / "till.db")
    assert again.document(sold.document_id).total == sold.total
    assert verification.verify(again.database, ORG, TILL).ok
    again.database.close()


#: Holds the lock of checkpoints until it is told (https://sqlite.org/walformat.html#wal_locks).
_CHECKPOINTING: Final = (
    "import fcntl, sys\n"
    "file = open(sys.argv[1], 'r+b')\n"
    "fcntl.lockf(file, fcntl.LOCK_EX, 1, 121)\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="takes SQLite's lock as POSIX has it")
def test_a_torn_page_is_no_damage_while_another_process_brings_the_log_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut window and daemon start together: whoever comes second waits for the first."""
    monkeypatch.setattr(page_walk, "_TRIES", 2)
    shop = Shop.at(home / "till.db")
    shop.be(CASHIER)
    shop.sell("GAS13")
    pages = PageCheck(home / "till.db", KEY).count()
    page = next(one for one in _logged(home) if 1 < one <= pages)
    flip(home / "till.db", (page - 1) * PAGE_BYTES + 50)
    with subprocess.Popen(
        [sys.executable, "-c", _CHECKPOINTING, str(home / "till.db-shm")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert page_walk.walk(shop.database, 1, lambda: False) == ([], None)
        other.communicate()
    assert page_walk.walk(shop.database, 1, lambda: False) == ([], None)
    assert not (home / MARK).exists()
    shop.database.close()


def _logged(home: Path) -> list[int]:
    """The pages that lie in the log."""
    log = (home / "till.db-wal").read_bytes()
    return [int.from_bytes(log[at : at + 4]) for at in range(32, len(log), 24 + PAGE_BYTES)]


def _page(home: Path, page: int) -> bytes:
    with (home / "till.db").open("rb") as file:
        file.seek((page - 1) * PAGE_BYTES)
        return file.read(PAGE_BYTES)


def test_each_page_is_looked_at(home: Path) -> None:
    """The night's look and SQLCipher's own agree, whichever page it is."""
    path = home / "till.db"
    whole = path.read_bytes()
    pages = PageCheck(path, KEY)
    assert pages.bad(1, pages.count()) == []
    for page in range(2, pages.count() + 1, 7):
        flip(path, page * PAGE_BYTES - 1_000)
        assert pages.bad(page, page) == [page]
        path.write_bytes(whole)
    path.write_bytes(whole[:-10])
    assert pages.bad(1, pages.count()) == [pages.count()]


def test_what_is_touched_while_selling_is_not_sold_on(home: Path) -> None:
    shop = Shop.at(home / "till.db")
    shop.be(CASHIER)
    shop.sell("GAS13")
    page = root_page(home, "account_balance")
    with shop.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        flip(home / "till.db", (page - 1) * PAGE_BYTES + 90)
        # The pages in memory are forgotten, as they are when others take their room.
        connection.exec_driver_sql("PRAGMA shrink_memory")
    with pytest.raises(DamagedDatabase):
        shop.sell("GAS13")
    assert (home / MARK).exists()
    # Neither is anything else recorded: not here, not by another process, not after a start.
    with damaged("database-damaged-noticed"):
        shop.sell("WATER20")
    other = open_sqlite(home / "till.db", KEY)
    with damaged("database-damaged-noticed"), other.write():
        pass
    # The daemon alone goes on: what waits is sent.
    other.damage.is_sender = True
    with other.write():
        pass
    with other.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 32
    with damaged("database-damaged-noticed"):
        bootstrap.open_till(home)


SELL: Final = """
import sys
from pathlib import Path
from pos_app.ledger.errors import BohariError
from tests.support.worlds.till_fixture import CASHIER, Shop

shop = Shop.at(Path(sys.argv[1]) / "till.db")
shop.be(CASHIER)
print("ready", flush=True)
for line in sys.stdin:
    try:
        print("done", shop.sell("GAS13").document_id, flush=True)
    except BohariError as error:
        print("refused", error.code, flush=True)
"""


def test_a_process_that_sells_stops_when_the_night_finds_a_page(home: Path) -> None:
    """A page that the till does not touch: its daemon finds it, and the till sells no more."""
    seller = subprocess.Popen(
        [sys.executable, "-c", SELL, str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert seller.stdin is not None
    assert seller.stdout is not None

    def sale() -> str:
        assert seller.stdin is not None
        assert seller.stdout is not None
        seller.stdin.write("sell\n")
        seller.stdin.flush()
        return seller.stdout.readline()

    assert seller.stdout.readline() == "ready\n"
    assert sale().startswith("done ")
    page = root_page(home, "used_code")
    flip(home / "till.db", (page - 1) * PAGE_BYTES + 2_000)
    daemon = open_sqlite(home / "till.db", KEY)
    found, _ = page_walk.walk(daemon, 1, lambda: False)
    assert found == [page]
    with damaged("database-pages-damaged", count=1, first=page):
        page_walk.refuse_damaged(daemon, found)
    daemon.close()
    assert sale() == "refused database-damaged-noticed\n"
    seller.stdin.close()
    seller.wait(20)
    seller.stdout.close()


# --- the log -----------------------------------------------------------------------------------------


@pytest.fixture
def killed(home: Path) -> Path:
    """A home whose till was killed: ten sales are in the log alone."""
    shop = Shop.at(home / "till.db")
    shop.be(CASHIER)
    for _ in range(10):
        shop.sell("GAS13", "REG")
    at_the_kill = home.with_name("killed")
    shutil.copytree(home, at_the_kill)
    shop.database.close()
    (at_the_kill / "till.db-shm").unlink()
    return at_the_kill


def opened(home: Path) -> Database:
    return bootstrap.till_database(home)


def test_the_log_of_a_killed_till_is_read(killed: Path) -> None:
    start(killed)
    assert len(Shop.at(killed / "till.db").documents()) == 41


LOG_PLACES: Final[dict[str, Callable[[int], int]]] = {
    "its magic": lambda _: 2,
    "its salt": lambda _: 17,
    "its checksum": lambda _: 30,
    "the head of the first frame": lambda _: 32 + 5,
    "the salt of a frame": lambda _: 32 + 10,
    "the first page in it": lambda _: 32 + 24 + 900,
    "a page in the middle": lambda size: size // 2,
    "a page before the last sales": lambda size: size * 3 // 4,
}


@pytest.mark.parametrize("place", LOG_PLACES)
def test_a_bit_in_the_log_is_noticed_before_anything_is_written(killed: Path, place: str) -> None:
    log = killed / "till.db-wal"
    flip(log, LOG_PLACES[place](log.stat().st_size), bit=5)
    before = log.read_bytes()
    with damaged("database-log-damaged"):
        opened(killed)
    assert (killed / MARK).exists()
    # Closing the file moved what could be read of the log into it; all of the log is kept beside.
    assert (killed / "till.db-wal.damaged").read_bytes() == before
    with damaged("database-damaged-noticed"):
        bootstrap.open_till(killed)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8, 0.97])
def test_a_log_that_was_cut_off_is_no_damage(killed: Path, kept: float) -> None:
    """A power cut: what was written last is not whole, and was never confirmed."""
    log = killed / "till.db-wal"
    with log.open("r+b") as file:
        file.truncate(int(log.stat().st_size * kept))
    start(killed)
    assert not (killed / MARK).exists()


def test_a_process_says_it_in_a_sentence(home: Path) -> None:
    flip(home / "till.db", (root_page(home, "document") - 1) * PAGE_BYTES + 50)
    said = subprocess.run(
        [sys.executable, "-m", "pos_app.cli", "till", "--home", str(home), "--json"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert said.returncode == 1, said.stderr
    assert '"code":"database-damaged"' in said.stdout.replace(": ", ":"), said.stdout
    assert "Traceback" not in said.stderr


def test_verify_takes_the_mark_away_where_all_is_well(home: Path) -> None:
    """The disk was read wrong once: nothing is wrong with the file."""
    database = opened(home)
    database.damage.note(DamagedDatabase("database-damaged"))
    with pytest.raises(BohariError):
        start(home)
    database.close()
    words = [sys.executable, "-m", "pos_app.cli", "verify", "--home", str(home)]
    assert subprocess.run(words, cwd=ROOT, check=False, timeout=200).returncode == 0
    start(home)
