"""A till is lost: its disk is gone with a hundred documents that the centre had not heard of.

By command and in real processes: what the centre had acknowledged is there, the rest comes from the second
medium, and the new machine sells under a number of its own.
"""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.cli import restore_till
from pos_app.ledger.clock import SystemClock
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files
from pos_app.store.engine.sole import DAEMON, WINDOW, sole
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.medium import keeper
from pos_app.store.medium.backup_file import Manifest
from tests.support.worlds.command_line import Ran, Server
from tests.support.worlds.office_line import Line, opened
from tests.support.worlds.quiet_hour import hears_nothing_for_an_hour
from tests.support.worlds.sync_fixtures import sale

ACKNOWLEDGED, LOST = 20, 100


@dataclass
class Shop:
    """A centre with its server, a folder for machines and sticks, and the private key that lies apart."""

    line: Line
    url: str
    folder: Path
    key: Path

    def code(self) -> str:
        return str(self.ok(self.line.home, "enrol-code").values["code"])

    def at(self, home: Path, *words: str | Path) -> Ran:
        return Line(home).run(*words)

    def ok(self, home: Path, *words: str | Path) -> Ran:
        ran = self.at(home, *words)
        assert ran.code == 0, ran
        return ran

    def count(self) -> dict[int, int]:
        """How many documents of each till the books of the centre hold."""
        with bootstrap.central(self.line.home) as centre, centre.database.read() as connection:
            rows = connection.execute(
                text("SELECT document_id >> 32, count(*) FROM document GROUP BY 1 ORDER BY 1")
            )
            return {int(row[0]): int(row[1]) for row in rows}

    def an_hour_goes_by(self, stick: Path) -> None:
        with bootstrap.central(self.line.home) as centre:
            hears_nothing_for_an_hour(centre.database)
        for path in stick.rglob("*.bohari"):
            os.utime(path, (time.time() - 3600,) * 2)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    # The server is a process with the key of its home, and so is the code.
    monkeypatch.delenv("BOHARI_SERVER_KEY")
    with opened(tmp_path) as line:
        server = Server(line.home, tmp_path / "server.log")
        try:
            (tmp_path / "safe").mkdir()
            age_files.make_key(tmp_path / "safe" / "shop.key")
            yield Shop(line, server.url, tmp_path, tmp_path / "safe" / "shop.key")
        finally:
            server.stop()


def sell(home: Path, count: int) -> list[str]:
    """Sell so often at a till; gives the numbers as they were printed."""
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            who = terminal.load(connection)
        journal = TillJournal(database, who.org_id, who.terminal_no, SystemClock())
        made = [journal.record_document(sale(who)).document for _ in range(count)]
        keeper.turn_once(database, home, lambda: bootstrap.medium_of(home))
        return [f"{one.terminal_no}-{one.series}{one.number}" for one in made]
    finally:
        database.close()


def people(home: Path) -> dict[str, str]:
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(text("SELECT code, name FROM person"))}
    finally:
        database.close()


def haunt(home: Path) -> None:
    """Somebody with the file's key makes an owner of nobody, whom the backup then has."""
    database = bootstrap.till_database(home)
    try:
        with database.write() as connection:
            names = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(person)")]
            picked = ", ".join({"code": "'GHOST'", "person_id": "999"}.get(name, name) for name in names)
            connection.exec_driver_sql(
                f"INSERT INTO person ({', '.join(names)}) SELECT {picked} FROM person WHERE code = 'OWNER'"
            )
    finally:
        database.close()


def test_a_lost_till_comes_back_by_command(shop: Shop) -> None:
    old, stick, new = shop.folder / "old", shop.folder / "stick", shop.folder / "new"
    stick.mkdir()
    shop.ok(old, "enrol", "--server", shop.url, "--code", shop.code())
    numbers = sell(old, ACKNOWLEDGED)
    shop.ok(old, "syncd", "--once")
    haunt(old)
    with (old / "bohari.toml").open("a") as settings:
        settings.write('printer = "file:///dev/null"\n')
    backup = Path(shop.ok(old, "backup-set", stick, "--identity", shop.key).values["file"])
    shop.ok(old, "medium", "set", stick)
    numbers += sell(old, LOST)
    assert "GHOST" in people(old)

    # What still runs is not restored: this machine says it, and so does the centre.
    told = ("restore", "till", backup, "--identity", shop.key, "--server", shop.url, "--code", shop.code())
    with sole(old, DAEMON):
        assert shop.at(new, *told).values["code"] == "restore-till-at-work"
    assert shop.at(new, *told).values["code"] == "restore-till-at-work"
    shutil.rmtree(old)
    shop.an_hour_goes_by(stick)

    # What is no whole backup of ours, and what is no place for one.
    torn = shop.folder / "torn.age"
    torn.write_bytes(backup.read_bytes()[:-100])
    age_files.make_key(shop.folder / "other.key")
    assert shop.at(new, "restore", "till", torn, *told[3:]).values["code"] == "backup-does-not-open"
    wrong = (*told[:4], shop.folder / "other.key", *told[5:])
    assert shop.at(new, *wrong).values["code"] == "backup-does-not-open"
    assert shop.at(shop.line.home, *told).values["code"] == "home-is-central"
    assert shop.at(new, *told[:5]).code == 2
    checked = shop.ok(shop.folder, "restore", "till", backup, "--identity", shop.key, "--check").values
    assert (checked["terminal"], checked["documents"], checked["acknowledged"]) == (1, 20, 20)

    done = shop.ok(new, *told).values
    assert (done["terminal"], done["replaces"], done["trouble"]) == (2, 1, "")
    assert shop.at(new, *told).values["code"] == "restore-home-in-use"
    assert "GHOST" not in people(new)
    assert "OWNER" in people(new)
    assert 'printer = "file:///dev/null"' in (new / "bohari.toml").read_text()
    assert "medium = " not in (new / "bohari.toml").read_text()

    assert shop.count()[1] == ACKNOWLEDGED
    (came,) = shop.ok(shop.line.home, "rescue", stick, "--identity", shop.key).values["terminals"]
    assert (came["taken"], came["set_aside"], came["left"]) == (LOST, 0, 0)
    (again,) = shop.ok(shop.line.home, "rescue", backup, "--identity", shop.key).values["terminals"]
    assert (again["known"], again["taken"]) == (ACKNOWLEDGED, 0)

    numbers += sell(new, 3)
    shop.ok(new, "syncd", "--once")
    assert len(set(numbers)) == len(numbers) == ACKNOWLEDGED + LOST + 3
    assert shop.count() == {1: ACKNOWLEDGED + LOST, 2: 3}
    for home in (new, shop.line.home):
        verified = shop.at(home, "verify")
        assert verified.code == 0, verified


def test_a_home_on_a_disk_that_nobody_writes_to_is_no_till_at_work(tmp_path: Path) -> None:
    """The disk dies and the system lets it be read alone: the restore goes to another one of this machine."""
    home = tmp_path / "old"
    bootstrap.make_till_database(home).close()
    for what in (WINDOW, DAEMON):
        # What cannot be opened for writing, whoever runs the tests.
        (home / f"{what}.lock").mkdir()
    restore_till._refuse_at_work(
        Manifest(
            org_id=1,
            organisation="",
            terminal_no=1,
            program="",
            tables=(),
            made_at="",
            last_seq=0,
            acknowledged=0,
            home=str(home),
            sha256="",
        )
    )
