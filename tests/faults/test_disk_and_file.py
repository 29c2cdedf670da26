"""A full disk, a damaged file, a wrong key: a sentence each, and nothing that was recorded is lost."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.ledger.errors import Damaged, Unavailable
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.errors import DatabaseBusy, DiskFull
from tests.support.refused import damaged, raises
from tests.support.worlds.till_fixture import CASHIER, KEY, Shop, make_till_database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop.make(tmp_path)
    made.be(CASHIER)
    made.open_drawer()
    return made


def fill(shop: Shop) -> None:
    """No page more than there is now may be added: to SQLite a full disk."""
    with shop.database.connection() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def empty(shop: Shop) -> None:
    with shop.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000000")


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(shop: Shop) -> None:
    basket = shop.basket("GAS13", "REG")
    fill(shop)
    before, cash = len(shop.documents()), shop.cash()
    confirmed: list[int] = []

    def sell_until_full() -> None:
        taking = basket
        for _ in range(1_000):
            confirmed.append(shop.pay_cash(taking).document_id)
            taking = shop.basket("GAS13", "REG")

    with raises(DiskFull, "disk-full"):
        sell_until_full()
    sold = len(confirmed)
    # Each sale that was confirmed is there, the refused one left no trace, and the basket stayed.
    assert len(shop.documents()) == before + sold
    assert shop.cash() == cash + sold * 3_170_00
    assert shop.drifts() == []
    left = shop.till.baskets.resume()
    empty(shop)
    if left.lines:
        shop.pay_cash(left)
        assert len(shop.documents()) == before + sold + 1


FULL_FOLDER = """
import resource, sys
from pathlib import Path
from pos_app.ledger.errors import BohariError
from tests.support.worlds.till_fixture import CASHIER, Shop

shop = Shop.at(Path(sys.argv[1]))
shop.be(CASHIER)
largest = max(path.stat().st_size for path in Path(sys.argv[1]).parent.iterdir())
resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 150_000, resource.RLIM_INFINITY))
while True:
    try:
        done = shop.sell("GAS13", "REG")
    except BohariError as error:
        print("refused", type(error).__name__, error.sentence, flush=True)
        break
    print("done", done.document_id, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit to set")
def test_a_write_that_the_system_refuses_is_a_sentence(shop: Shop) -> None:
    shop.database.close()
    said = subprocess.run(
        [sys.executable, "-c", FULL_FOLDER, str(shop.path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
        timeout=200,
    )
    lines = said.stdout.splitlines()
    assert lines, said.stderr
    assert lines[-1].startswith("refused DiskFull The disk"), (lines[-1], said.stderr)
    done = [int(line.split()[1]) for line in lines[:-1]]
    again = Shop.at(shop.path)
    assert [document.document_id for document in again.documents()[1:]] == done
    assert again.drifts() == []
    again.be(CASHIER)
    assert again.sell("SOAP").total == 99_99


# --- a damaged file -------------------------------------------------------------------------------


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def use(path: Path, key: bytes = KEY) -> None:
    """Open a till's file and read all of it."""
    database = open_sqlite(path, key)
    try:
        shop = Shop.at(path) if key == KEY else None
        assert shop is not None
        shop.documents()
        shop.drifts()
        with shop.database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM product_barcode").scalar()
            connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
            for table in ("draft", "print_job", "audit_log", "party", "person", "account"):
                connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()
        shop.database.close()
    finally:
        database.close()


def closed_file(shop: Shop) -> Path:
    for _ in range(20):
        shop.sell("GAS13")
    with shop.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.database.close()
    use(shop.path)
    return shop.path


def test_random_bytes_are_no_database(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    path.write_bytes(random.Random(7).randbytes(100_000))
    before = digest(path)
    with damaged("database-damaged"):
        use(path)
    assert digest(path) == before


def test_a_text_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    path.write_text("SQLite format 3\x00" + "hello\n" * 2_000)
    before = digest(path)
    with pytest.raises(Damaged):
        use(path)
    assert digest(path) == before


def test_another_key_opens_nothing_and_breaks_nothing(shop: Shop) -> None:
    path = closed_file(shop)
    before = digest(path)
    with damaged("database-damaged"):
        use(path, bytes(32))
    assert digest(path) == before
    use(path)


@pytest.mark.parametrize("length", [0, 1, 16, 31, 33, 64])
def test_a_key_of_a_wrong_length_is_refused(tmp_path: Path, length: int) -> None:
    with damaged("database-key-length"):
        open_sqlite(tmp_path / "till.db", bytes(length))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_told(shop: Shop, kept: float) -> None:
    path = closed_file(shop)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept) // 4096 * 4096])
    before = digest(path)
    with pytest.raises(Damaged):
        use(path)
    assert digest(path) == before


def test_a_flipped_bit_is_told(shop: Shop) -> None:
    """Every page carries a code of its own: rot is found, never read as data."""
    path = closed_file(shop)
    whole = path.read_bytes()
    rng = random.Random(11)
    told = 0
    for _ in range(6):
        broken = bytearray(whole)
        page = rng.randrange(1, len(whole) // 4096)
        broken[page * 4096 + rng.randrange(4_000)] ^= 1 << rng.randrange(8)
        path.write_bytes(broken)
        try:
            use(path)
        except Damaged:
            told += 1
        assert path.read_bytes() == bytes(broken)
    assert told >= 1  # a page of an index or a free page may not have been read


def test_the_file_holds_nothing_readable(shop: Shop) -> None:
    path = closed_file(shop)
    content = path.read_bytes()
    for words in (b"SQLite format", b"Wanjiru", b"Mama Njeri", b"0712000501", b"CREATE TABLE", b"$argon2id$"):
        assert words not in content


def test_where_there_is_no_place_for_a_file(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "till.db", tmp_path):
        with pytest.raises((Unavailable, Damaged)):
            open_sqlite(path, KEY)


def test_a_database_that_somebody_holds_is_busy_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.store.engine import engine

    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    path = make_till_database(tmp_path)
    first, second = open_sqlite(path, KEY), open_sqlite(path, KEY)
    with first.write(), raises(DatabaseBusy, "database-busy"), second.write():
        pass
    _still_works(second)


def _still_works(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('x', 'y')")


def test_an_unsafe_library_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pos_app.store.engine import engine

    path = make_till_database(tmp_path)
    monkeypatch.setattr(engine, "FIXED_SQLITE", (99, 0, 0))
    with damaged("sqlite-unsafe"):
        open_sqlite(path, KEY)


def test_the_file_is_written_the_safe_way(shop: Shop) -> None:
    """What makes a commit survive a power cut; SQLite ignores in silence what it does not know."""
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
        # In pages: the log of a till that is never idle ends somewhere.
        "wal_autocheckpoint": 4000,
        # In memory: what is sorted lies nowhere in the open.
        "temp_store": 2,
        "cipher_page_size": "4096",
        "kdf_iter": "256000",
        "cipher_hmac_algorithm": "HMAC_SHA512",
        "cipher_use_hmac": "1",
    }
    with shop.database.read() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted
        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
    # Errors end in logs, and values are telephone numbers.
    assert shop.database.engine.hide_parameters
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)
