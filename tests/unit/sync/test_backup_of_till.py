"""Backups that a till makes by itself, as a shop uses them: chosen, due, thinned out, troubled, opened."""

import errno
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_app import VERSION, bootstrap
from pos_app.cli.opened_backup import opened_backup
from pos_app.ledger.clock import SetClock
from pos_app.store.documents import identity
from pos_app.store.engine import age_files
from pos_app.store.engine.engine import open_sqlite
from pos_app.store.engine.sole import BACKUP, OPENED, sole
from pos_app.store.medium import backup_file, backup_rounds, backup_state
from pos_app.store.medium.backup_rounds import BackupRounds, superseded
from tests.conftest import TILL_KEY
from tests.support.refused import damaged
from tests.support.worlds.command_line import COMMAND, Ran, owners_environment
from tests.support.worlds.office_line import Line
from tests.support.worlds.sync_fixtures import Centre, Till, closing, opening
from tests.unit.sync.test_medium_command import code_of, until


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    """A till that knows its people and has sold twice, with a key in its home."""
    one = centre.till(tmp_path / "till")
    (one.folder / "till.key").write_bytes(TILL_KEY)
    one.drain()
    for _ in range(2):
        one.sell()
    return one


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where the private key lies: apart."""
    safe = tmp_path / "safe"
    safe.mkdir()
    age_files.make_key(safe / "shop.key")
    return safe / "shop.key"


def run(till: Till, *words: str | Path) -> Ran:
    return Line(till.folder).run(*words)


def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir(exist_ok=True)
    return folder


def rounds(till: Till, clock: SetClock | None = None) -> BackupRounds:
    return BackupRounds(
        till.database,
        till.folder,
        lambda: bootstrap.till_backups_of(till.folder),
        program=VERSION,
        clock=clock,
        rest=lambda _: None,
    )


def chosen(till: Till, shop: Path, tmp_path: Path) -> Path:
    """A till whose backups go to a stick; gives the folder of them."""
    done = run(till, "backup-set", stick(tmp_path), "--identity", shop)
    assert done.code == 0, done
    return Path(done.values["folder"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_cannot_take_backups_is_said(till: Till, shop: Path, tmp_path: Path) -> None:
    (till.folder / "inside").mkdir()
    for folder, code in (
        (tmp_path / "none", "till-backup-no-folder"),
        (till.folder / "inside", "till-backup-in-home"),
        # The private key lies there.
        (shop.parent, "backup-key-not-apart"),
    ):
        assert code_of(run(till, "backup-set", folder, "--identity", shop)) == code
    no_key = tmp_path / "words.txt"
    no_key.write_text("no key")
    assert code_of(run(till, "backup-set", stick(tmp_path), "--identity", no_key)) == "backup-key-malformed"
    assert (
        code_of(run(till, "backup-set", stick(tmp_path), "--identity", tmp_path / "x")) == "path-unreadable"
    )
    kept = till.folder / "notes.txt"
    kept.write_bytes(shop.read_bytes())
    told = run(till, "backup-set", stick(tmp_path), "--identity", shop)
    assert code_of(told) == "backup-key-not-apart"
    kept.unlink()
    assert names(stick(tmp_path)) == []
    assert run(till, "status").values["backup"] is None


def test_a_backup_holds_all_that_another_machine_needs(till: Till, shop: Path, tmp_path: Path) -> None:
    (till.folder / "bohari.toml").write_text('printer = "file:///dev/null"\n')
    folder = chosen(till, shop, tmp_path)
    (name,) = names(folder)
    (tmp_path / "opened").mkdir()
    manifest = backup_file.open_into(folder / name, shop, tmp_path / "opened")
    assert (manifest.terminal_no, manifest.last_seq, manifest.acknowledged) == (till.who.terminal_no, 2, 0)
    assert names(tmp_path / "opened") == ["bohari.toml", "till.db", "till.key"]
    assert 'printer = "file:///dev/null"' in (tmp_path / "opened" / "bohari.toml").read_text()
    database = open_sqlite(tmp_path / "opened" / "till.db", (tmp_path / "opened" / "till.key").read_bytes())
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 2
    database.close()
    # Nothing of it lies about, and nothing of what it was made of.
    assert not [one for one in names(till.folder) if "making" in one or one.startswith(".opened")]
    status = run(till, "status").values["backup"]
    assert (status["folder"], status["trouble"]) == (str(folder), "")


def test_one_a_day_and_one_after_each_close(till: Till, shop: Path, tmp_path: Path) -> None:
    folder = chosen(till, shop, tmp_path)
    clock = SetClock(datetime.now(UTC))

    def turned() -> int:
        clock.advance(timedelta(minutes=11))
        made = rounds(till, clock)
        before = names(folder)
        state = made.turn()
        assert state is not None
        assert not state.trouble, state
        return len(set(names(folder)) - set(before))

    assert turned() == 0
    till.sell()
    assert turned() == 0
    shift = till.journal.record_document(opening(till.who)).document.document_id
    till.journal.record_document(closing(till.who, shift))
    assert (turned(), turned()) == (1, 0)
    clock.advance(timedelta(hours=24))
    assert (turned(), turned()) == (1, 0)
    # Whoever puts the clock back gets one too many rather than none.
    clock.put(clock.now() - timedelta(days=3))
    assert turned() == 1


def test_old_ones_are_thinned_out_and_nothing_else_goes(till: Till, shop: Path, tmp_path: Path) -> None:
    folder = chosen(till, shop, tmp_path)
    (folder / "photo.jpg").write_bytes(b"x")
    (folder / "till-9-9-20200101T000000Z.tar.age").write_bytes(b"of another till")
    who = f"till-{till.who.org_id}-{till.who.terminal_no}"
    for day in range(1, 40):
        stamp = datetime(2031, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        (folder / f"{who}-{stamp:%Y%m%dT%H%M%SZ}.tar.age").write_bytes(b"one that held")
    rounds(till, SetClock(datetime(2031, 2, 10, 12, tzinfo=UTC))).turn(at_once=True)
    own = [name for name in names(folder) if name.startswith(f"{who}-2031")]
    # Seven days, and the last days of the two weeks before that are kept for their week.
    assert len(own) == 9
    assert own[-1] == f"{who}-20310210T120000Z.tar.age"
    assert {"photo.jpg", "till-9-9-20200101T000000Z.tar.age"} < set(names(folder))


def test_the_newest_stays_with_a_clock_that_went_back_by_years(
    till: Till, shop: Path, tmp_path: Path
) -> None:
    """A battery of the board that died: there are enough with later names, and each new one counts."""
    folder = chosen(till, shop, tmp_path)
    who = f"till-{till.who.org_id}-{till.who.terminal_no}"
    for day in range(40):
        stamp = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        (folder / f"{who}-{stamp:%Y%m%dT%H%M%SZ}.tar.age").write_bytes(b"one that held")
    odd = f"{who}-99999999T999999Z.tar.age"
    (folder / odd).write_bytes(b"of no day")
    for day in (1, 2):
        state = rounds(till, SetClock(datetime(2010, 1, day, 12, tzinfo=UTC))).turn()
        assert state is not None
        assert not state.trouble, state
        assert [name for name in names(folder) if "-2010" in name] == [Path(state.file).name]
    assert odd in names(folder)


def test_what_a_power_cut_left_half_written_goes_with_the_next(
    till: Till, shop: Path, tmp_path: Path
) -> None:
    folder = chosen(till, shop, tmp_path)
    who = f"till-{till.who.org_id}-{till.who.terminal_no}"
    (folder / f"{who}-20260101T120000Z.tar.age.making").write_bytes(b"half")
    (folder / "till-9-9-20260101T120000Z.tar.age.making").write_bytes(b"of another till, at work")
    rounds(till).turn(at_once=True)
    assert [name for name in names(folder) if name.endswith(".making")] == [
        "till-9-9-20260101T120000Z.tar.age.making"
    ]


def test_what_stays_of_many() -> None:
    noon = datetime(2031, 3, 2, 12, tzinfo=UTC)
    stamps = [noon - timedelta(hours=6 * number) for number in range(400)]
    kept = sorted(set(stamps) - superseded(stamps), reverse=True)
    assert kept[0] == noon
    assert [one.date() for one in kept[:7]] == [(noon - timedelta(days=number)).date() for number in range(7)]
    assert 7 <= len(kept) <= 11
    assert superseded([]) == set()
    assert superseded([noon]) == set()


def test_what_goes_wrong_is_said_until_it_is_well(till: Till, shop: Path, tmp_path: Path) -> None:
    folder = chosen(till, shop, tmp_path)
    pocket = stick(tmp_path).rename(tmp_path / "pocket")
    stick(tmp_path)
    gone = rounds(till).turn(at_once=True)
    assert gone is not None
    assert gone.code == "till-backup-folder-missing"
    assert names(stick(tmp_path)) == []
    told = run(till, "status")
    assert (told.code, told.values["backup"]["since"] is None) == (1, False)
    said = Line(till.folder).say("status").stdout
    assert f"The folder of the backups {folder} is not there." in said
    stick(tmp_path).rmdir()
    pocket.rename(stick(tmp_path))
    kept = folder / "key.txt"
    kept.write_bytes(shop.read_bytes())
    beside = rounds(till).turn(at_once=True)
    assert beside is not None
    assert beside.code == "backup-key-not-apart"
    kept.unlink()
    with sole(till.folder, BACKUP):
        busy = rounds(till).turn(at_once=True)
    assert busy is not None
    assert busy.code == "backup-runs-already"
    well = rounds(till).turn(at_once=True)
    assert well is not None
    assert (well.trouble, run(till, "status").values["backup"]["trouble"]) == ("", "")
    assert run(till, "backup-off").values["folder"] == str(folder)
    assert (run(till, "status").values["backup"], rounds(till).turn(at_once=True)) == (None, None)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "till-backup-folder-full"),
        (errno.EROFS, "till-backup-folder-read-only"),
        (errno.EACCES, "till-backup-folder-read-only"),
        (errno.ENOENT, "till-backup-folder-missing"),
        (errno.EIO, "till-backup-folder-fails"),
    ],
)
def test_what_a_medium_answers_is_a_sentence(tmp_path: Path, number: int, code: str) -> None:
    told = backup_rounds.of_folder(OSError(number, os.strerror(number)), tmp_path)
    assert told.said.code == code


def test_overdue_is_said_where_nobody_tries(till: Till, shop: Path, tmp_path: Path) -> None:
    chosen(till, shop, tmp_path)
    now = datetime.now(UTC)
    soon = backup_state.standing(till.folder, now + timedelta(hours=25))
    late = backup_state.standing(till.folder, now + timedelta(hours=27))
    assert soon is not None
    assert late is not None
    assert (soon.trouble, late.trouble.code) == ("", "backup-overdue")
    for torn in (
        b"\xff torn",
        b'{"folder":"x","begun":"soon"}',
        b'{"folder":"x","begun":"2026-11-30T10:00:00"}',
    ):
        (till.folder / backup_state.FILE).write_bytes(torn)
        unknown = backup_state.standing(till.folder, now)
        assert unknown is not None
        assert unknown.trouble.code == "backup-state-unreadable"
    made = rounds(till).turn()
    assert made is not None
    assert made.file


@pytest.mark.timeout(300)
def test_the_daemon_makes_it_while_the_till_sells(till: Till, shop: Path, tmp_path: Path) -> None:
    folder = chosen(till, shop, tmp_path)
    for name in names(folder):
        (folder / name).unlink()
    (till.folder / backup_state.FILE).unlink()
    with till.database.write() as connection:
        identity.put(connection, server_url="http://127.0.0.1:9")
    command = [*COMMAND, "syncd", "--home", str(till.folder)]
    environment = owners_environment(till.folder)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        try:
            # A process may take long to start where many others do.
            assert until(lambda: till.sell() and names(folder) and names(folder)[0].endswith(".age"), 150)
            # Whatever the daemon opened and closed beside it, the till goes on.
            for _ in range(5):
                till.sell()
        finally:
            daemon.kill()
    manifest = backup_file.open_into(folder / names(folder)[0], shop, tmp_path)
    assert manifest.last_seq >= 2


@pytest.mark.parametrize("torn", ["empty", "half", "bit", "doubled", "foreign", "words"])
def test_what_is_no_whole_backup_is_refused(till: Till, shop: Path, tmp_path: Path, torn: str) -> None:
    folder = chosen(till, shop, tmp_path)
    whole = (folder / names(folder)[0]).read_bytes()
    file, into = tmp_path / "torn", tmp_path / "into"
    into.mkdir()
    middle = len(whole) // 2
    file.write_bytes(
        {
            "empty": b"",
            "half": whole[:middle],
            "bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "doubled": whole + whole,
            "foreign": b"PK\x03\x04" + whole,
            "words": b"no backup at all\n",
        }[torn]
    )
    with damaged("backup-does-not-open"):
        backup_file.open_into(file, shop, into)
    assert names(into) == []


def test_the_tills_own_disk_is_not_told_as_the_sticks(
    till: Till, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(till, shop, tmp_path)
    whole = backup_file._sha256

    def full(path: Path) -> str:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(backup_file, "_sha256", full)
    state = rounds(till).turn(at_once=True)
    assert state is not None
    assert state.code == "backup-home-fails"
    monkeypatch.setattr(backup_file, "_sha256", whole)

    class Broken(backup_file._Archive):
        """The copy comes half from the disk."""

        def _of(self, small: dict[str, bytes], name: str, large: Path) -> Iterator[bytes]:
            yield from list(super()._of(small, name, large))[:2]
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(backup_file, "_Archive", Broken)
    state = rounds(till).turn(at_once=True)
    assert state is not None
    assert state.code == "backup-home-fails"


def test_a_torn_note_of_the_backups_is_said_until_the_next_one(
    till: Till, shop: Path, tmp_path: Path
) -> None:
    chosen(till, shop, tmp_path)
    note = till.folder / backup_state.FILE
    for torn in (b"", note.read_bytes()[:20]):
        note.write_bytes(torn)
        standing = backup_state.standing(till.folder)
        assert standing is not None
        assert standing.trouble.code == "backup-state-unreadable"
        assert run(till, "status").code == 1
    rounds(till).turn()
    standing = backup_state.standing(till.folder)
    assert standing is not None
    assert not standing.trouble


def test_what_a_killed_command_left_open_goes_with_the_next(till: Till, shop: Path, tmp_path: Path) -> None:
    folder = chosen(till, shop, tmp_path)
    (file,) = folder.iterdir()
    left, at_work = (till.folder / f".opened-backup-{name}" for name in ("left", "atwork"))
    for one in (left, at_work):
        one.mkdir()
        (one / "till.key").write_bytes(TILL_KEY)
        os.utime(one, (0, 0))
    # What is at work holds its lock.
    with sole(at_work, OPENED):
        os.utime(at_work, (0, 0))
        with opened_backup(file, shop, till.folder) as opened:
            assert opened.home.is_dir()
        assert not left.exists()
        assert at_work.exists()
    assert not [one for one in till.folder.iterdir() if one.name.startswith(".opened") and one != at_work]
