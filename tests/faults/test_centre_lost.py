"""A centre whose machine is lost: put back from its backups by command, with tills that are ahead of it.

One centre is made, backed up and lost for all tests; each restores from a copy of its backups.  With
`BOHARI_TEST_TILLS=16` there are sixteen tills ahead of it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.bootstrap import Central
from pos_app.cli.command import Call
from pos_app.cli.restore_centre import restore_centre
from pos_app.ledger.errors import BohariError
from pos_app.store.backups import restoring
from pos_app.store.backups.place import PREFIX, Place, lives
from pos_app.store.engine import age_files, embedded
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment
from pos_app.store.organisation import founding
from sync.server.endpoint import Endpoint
from tests.support.worlds.command_line import Ran, bohari
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, drift

TILLS = int(os.environ.get("BOHARI_TEST_TILLS", "2"))
SERVER_KEY = os.environ["BOHARI_SERVER_KEY"]

#: Several processes that read and write whole clusters, beside other tests that do so.
pytestmark = pytest.mark.timeout(900)


@dataclass
class Lost:
    """What is left: the tills, the backups, the private key and the kept keys; and what was at the centre."""

    root: Path
    tills: list[Till] = field(default_factory=list)
    epoch: str = ""
    org_id: int = 0
    moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    kept: int = 0
    ghost: int = 0

    @property
    def home(self) -> Path:
        return self.root / "centre"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    def set_backups(self) -> Ran:
        words = ("--identity", self.root / "backup.key", "--keys", self.root / "keys")
        return say("backups", "set", self.backups, *words, home=self.home)


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    # Not among pytest's own folders: the system user that Postgres runs as under root must reach it.
    world = Lost(Path(tempfile.mkdtemp(prefix="bohari-lost-")))
    for name in ("centre", "backups", "keys"):
        (world.root / name).mkdir()
    age_files.make_key(world.root / "backup.key")
    try:
        with bootstrap.central(world.home, make=True) as opened:
            centre = Centre(opened.database)
            settings.write(world.home, kind="central", org_id=centre.org_id, database="embedded")
            fill(world, opened, centre)
        # The machine is gone.
        shutil.rmtree(world.home)
        yield world
        centre.close()
    finally:
        embedded.stop(world.home / "postgres")
        shutil.rmtree(world.root, ignore_errors=True)


def fill(world: Lost, opened: Central, centre: Centre) -> None:
    """A copy; then sales and a person in the log behind it; then those that no backup has."""
    world.tills = [centre.till(world.root / f"till{number}") for number in range(TILLS)]
    sell(world.tills, customer=1)
    ran = world.set_backups()
    assert ran.code == 0, ran.stderr
    sell(world.tills, customer=2)
    world.moment = datetime.now(UTC)
    world.kept = hire(opened.database, centre.org_id, "KEPT")
    back_up(opened)
    world.ghost = hire(opened.database, centre.org_id, "GHOST")
    sell(world.tills, customer=1)
    for till in world.tills:
        till.sell(customer=3)
    world.epoch, world.org_id = epoch(opened.database), centre.org_id


def sell(tills: list[Till], *, customer: int) -> None:
    for till in tills:
        till.sell(customer=customer)
        till.drain()


def back_up(opened: Central) -> None:
    """A turn of the server's backups."""
    rounds = bootstrap.backups_of(opened)
    standing = None if rounds is None else rounds.round()
    assert standing is not None
    assert not standing.code, standing.trouble


@pytest.fixture
def backups(lost: Lost, tmp_path: Path) -> Path:
    """A copy of the backups; its centre stopped long ago (a test cannot wait for a minute)."""
    there = tmp_path / "backups"
    shutil.copytree(lost.backups, there)
    for place in lives(there):
        os.utime(place.folder / "alive", (0, 0))
    return there


@pytest.fixture
def new() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="bohari-found-"))
    yield root / "new"
    embedded.stop(root / "new" / "postgres")
    shutil.rmtree(root, ignore_errors=True)


def say(*words: str | Path, home: Path) -> Ran:
    return bohari(*words, "--json", home=home, BOHARI_SERVER_KEY=SERVER_KEY)


def hire(database: Database, org_id: int, code: str) -> int:
    with database.write() as connection:
        return founding.add_person(connection, org_id, code, code, role="cashier", pin_hash="pin")


def epoch(database: Database) -> str:
    with database.read() as connection:
        return enrolment.epoch(connection)


def one(database: Database, sql: str) -> Any:
    with database.read() as connection:
        return connection.execute(text(sql)).scalar_one()


def balances(database: Database) -> list[tuple[Any, ...]]:
    sql = "SELECT account_code, amount FROM account_balance WHERE amount <> 0 ORDER BY 1, 2"
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_a_lost_centre_comes_back_and_the_tills_bring_the_rest(lost: Lost, backups: Path, new: Path) -> None:
    own = {till.who.terminal_no: bodies(till.database) for till in lost.tills}
    ran = say(
        "restore", "centre", backups, "--identity", lost.root / "backup.key",
        "--keys", lost.root / "keys", home=new,
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    assert ran.values["documents"] == 2 * TILLS
    with bootstrap.central(new) as opened:
        assert epoch(opened.database) == ran.values["epoch"] != lost.epoch
        desk = Endpoint(opened.database, opened.clock)
        for till in lost.tills:
            till.transport.desk = desk
        for till in (*lost.tills, *lost.tills):
            till.drain()
        there = bodies(opened.database)
        for number, documents in own.items():
            assert {key: body for key, body in there.items() if key >> 32 == number} == documents
        assert one(opened.database, "SELECT count(*) FROM quarantine") == 0
        assert drift(opened.database) == []
        for till in lost.tills:
            assert drift(till.database) == []
            assert one(till.database, f"SELECT count(*) FROM person WHERE person_id = {lost.kept}") == 1
            assert one(till.database, "SELECT count(*) FROM person WHERE name = 'GHOST'") == 0
            assert balances(till.database) == balances(opened.database)
        assert hire(opened.database, lost.org_id, "NEXT") > lost.ghost
        assert say("verify", home=new).code == 0
    # Found again, the old one must not serve beside it.
    assert Place(backups / f"{PREFIX}{lost.epoch}").read("restored.json") is not None
    with pytest.raises(BohariError) as refused:
        restore(lost, backups, new.parent / "twice")
    assert refused.value.said.code == "restore-centre-done-before"


def restore(lost: Lost, backups: Path, home: Path, moment: datetime | None = None) -> Any:
    return restore_centre(
        Call(home=home), backups, identity=lost.root / "backup.key", keys=lost.root / "keys", to_time=moment
    )


def test_as_it_was_at_a_moment(lost: Lost, backups: Path, new: Path) -> None:
    done = restore(lost, backups, new, lost.moment)
    assert done.values["documents"] == 2 * TILLS
    with bootstrap.central(new) as opened:
        assert one(opened.database, "SELECT count(*) FROM person WHERE code = 'KEPT'") == 0


def test_the_lock_of_the_socket_of_before_stops_nobody(
    lost: Lost, backups: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy holds the lock of the socket in the data folder; its number may be another process' by now.

    Postgres looks whether a process of its own user has that number, and takes it for another Postgres.
    """
    sleeps: dict[str, Any] = {"user": embedded.SYSTEM_USER} if os.geteuid() == 0 else {}
    extract, found = restoring._extract, list[bool]()
    with subprocess.Popen(["sleep", "600"], **sleeps) as other:

        def with_another_process(file: Path, target: Path, keys: list[Any]) -> None:
            extract(file, target, keys)
            lock = target / ".s.PGSQL.5432.lock"
            found.append(lock.exists())
            lock.write_text(f"{other.pid}\n{target}\n1\n5432\n{target}\n")

        monkeypatch.setattr(restoring, "_extract", with_another_process)
        try:
            assert restore(lost, backups, new).values["documents"] == 2 * TILLS
        finally:
            other.kill()
    # It is in every copy: this is no matter of bad luck alone.
    assert found == [True]
    with bootstrap.central(new) as opened:
        assert epoch(opened.database) != lost.epoch


Spoil = Callable[[Lost, Place, Path], datetime | None]


def _running(lost: Lost, place: Place, new: Path) -> None:
    place.touch()


def _newer_backups(lost: Lost, place: Place, new: Path) -> None:
    place.write("about.json", {**place.about(), "format": 2})


def _newer_program(lost: Lost, place: Place, new: Path) -> None:
    about = place.about()
    place.write("about.json", {**about, "migrations": [*about["migrations"], "central_9999"]})


def _of_others(lost: Lost, place: Place, new: Path) -> None:
    place.write("about.json", {**place.about(), "keys": "0123456789abcdef"})


def _home_taken(lost: Lost, place: Place, new: Path) -> None:
    new.mkdir()
    (new / "holiday.jpg").touch()


def _too_early(lost: Lost, place: Place, new: Path) -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC)


def _not_so_far(lost: Lost, place: Place, new: Path) -> datetime:
    return datetime(2099, 1, 1, tzinfo=UTC)


def _cut(lost: Lost, place: Place, new: Path) -> None:
    file = place.bases()[-1].file
    os.truncate(file, file.stat().st_size // 2)


def _changed(lost: Lost, place: Place, new: Path) -> None:
    file = place.bases()[-1].file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _empty(lost: Lost, place: Place, new: Path) -> None:
    place.bases()[-1].file.write_bytes(b"")


def _log_missing(lost: Lost, place: Place, new: Path) -> None:
    place.segments()[place.bases()[-1].last].unlink()


def _log_cut(lost: Lost, place: Place, new: Path) -> None:
    file = place.segments()[place.bases()[-1].last]
    os.truncate(file, file.stat().st_size - 1)


def _nothing_there(lost: Lost, place: Place, new: Path) -> None:
    shutil.rmtree(place.folder)


def _about_cut(lost: Lost, place: Place, new: Path) -> None:
    (place.folder / "about.json").write_bytes(b'{"format": 1, "org')


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_running, "restore-centre-at-work"),
        (_newer_backups, "backup-centre-newer"),
        (_newer_program, "database-of-newer-version"),
        (_of_others, "restore-centre-other-keys"),
        (_home_taken, "restore-centre-home-taken"),
        (_too_early, "restore-centre-too-early"),
        (_not_so_far, "restore-centre-not-so-far"),
        (_cut, "backup-does-not-open"),
        (_changed, "backup-does-not-open"),
        (_empty, "backup-does-not-open"),
        (_log_missing, "backup-log-missing"),
        (_log_cut, "backup-does-not-open"),
        (_nothing_there, "backup-centre-none"),
        (_about_cut, "backup-file-unreadable"),
    ],
)
def test_what_cannot_be_restored_is_said_and_leaves_nothing(
    lost: Lost, backups: Path, new: Path, spoil: Spoil, code: str
) -> None:
    moment = spoil(lost, lives(backups)[-1], new)
    before = sorted(new.rglob("*")) if new.exists() else []
    with pytest.raises(BohariError) as refused:
        restore(lost, backups, new, moment)
    assert refused.value.said.code == code
    assert (sorted(new.rglob("*")) if new.exists() else []) == before
