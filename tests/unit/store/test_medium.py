"""The second medium: every document lies there too, whatever happens to the stick, and opens with one key."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_app.bootstrap import till_signing
from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Damaged, Unavailable
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import age_files
from pos_app.store.engine.engine import Database
from pos_app.store.engine.sole import MEDIUM, sole
from pos_app.store.engine.terminal_key import load_or_make
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.medium import copier, keeper, medium_state, place, reading, segment
from pos_app.store.medium.copier import Copier
from pos_app.store.medium.keeper import Chosen, Keeper
from pos_app.store.medium.medium_state import Keep
from tests.conftest import prepared_till
from tests.support.refused import raises, refused
from tests.support.worlds.sync_fixtures import sale

KEEP = Keep(30, 64 * 1024 * 1024)


@dataclass
class Till:
    """A till that sells beside its medium."""

    database: Database
    who: Terminal
    home: Path
    medium: Path
    medium_id: str
    public: str
    identity: Path

    def sell(self, count: int = 1) -> None:
        journal = TillJournal(self.database, self.who.org_id, self.who.terminal_no, SystemClock())
        for _ in range(count):
            journal.record_document(sale(self.who))

    def copier(self, keep: Keep = KEEP) -> Copier:
        return Copier(self.database, self.who, self.medium, self.medium_id, to=self.public, keep=keep)

    def chosen(self) -> Chosen:
        return Chosen(self.medium, self.medium_id, self.public, KEEP)

    def held(self) -> list[Packet]:
        """What lies on the medium."""
        (held,) = reading.read(self.medium, self.identity)
        return held.packets

    def own(self) -> list[Packet]:
        """What lies in the till."""
        with self.database.read() as connection:
            return outbox.read_after(connection, self.who, 0, most=10_000, most_bytes=10**9)

    def acknowledge(self, seq: int) -> None:
        with self.database.write() as connection:
            settings.put(connection, acknowledged_seq=str(seq))

    def files(self) -> list[Path]:
        found = place.find(self.medium, self.who, self.medium_id)
        assert found is not None
        return segment.all_of(found.folder)


def made(folder: Path, medium: Path, number: int = 1) -> Till:
    folder.mkdir()
    database = prepared_till(folder)
    load_or_make(folder / "terminal.key")
    database.sign_with(till_signing(folder))
    who = Terminal(1, number, 1, 1)
    with database.write() as connection:
        terminal.save(connection, who)
    identity = folder / "shop.key"
    public = age_files.make_key(identity)
    medium.mkdir(exist_ok=True)
    mark = place.make(medium, who, public).mark
    return Till(database, who, folder, medium, mark.medium, public, identity)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    one = made(tmp_path / "till", tmp_path / "stick")
    yield one
    one.database.close()


def until(holds: Callable[[], bool], limit_s: float = 200) -> bool:
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def test_every_document_lies_there_as_it_was_signed(till: Till) -> None:
    copy = till.copier()
    till.sell(3)
    assert copy.catch_up() == 3
    till.sell(2)
    assert copy.catch_up() == 5
    assert till.held() == till.own()
    assert all(len(one.signature) == canonical.SIGNATURE_BYTES for one in till.held())
    # What a finder sees of it is no sale.
    seen = b"".join(path.read_bytes() for path in till.files())
    assert not any(word in seen for word in (b"SKU1", b"Product", b"tenders"))


def test_it_opens_with_the_shops_key_alone(till: Till, tmp_path: Path) -> None:
    till.sell()
    till.copier().catch_up()
    age_files.make_key(tmp_path / "other.key")
    with raises(Damaged, "medium-does-not-open"):
        reading.read(till.medium, tmp_path / "other.key")
    with refused("backup-key-malformed"):
        reading.read(till.medium, till.home / "terminal.key")
    with refused("medium-empty"):
        reading.read(till.home, till.identity)


def test_a_tail_torn_at_any_byte_loses_nothing_before_it(till: Till) -> None:
    copy = till.copier()
    till.sell(2)
    copy.catch_up()
    (file,) = till.files()
    whole = file.read_bytes()
    till.sell()
    copy.catch_up()
    longer = file.read_bytes()
    assert longer.startswith(whole)
    for cut in (*range(len(whole), len(longer), 97), len(longer) - 1):
        file.write_bytes(longer[:cut])
        assert [one.seq for one in till.held()] == [1, 2], cut
    file.write_bytes(longer[:-1] + bytes([longer[-1] ^ 1]))
    assert (reading.read(till.medium, till.identity)[0].torn, len(till.held())) == (1, 2)
    # Whoever goes on writes behind no torn frame, and misses nothing.
    till.sell()
    assert till.copier().catch_up() == 4
    assert till.held() == till.own()


def test_a_stick_that_is_away_is_caught_up(till: Till, tmp_path: Path) -> None:
    copy = till.copier()
    till.sell()
    copy.catch_up()
    pulled = till.medium.rename(tmp_path / "pocket")
    till.sell(2)
    with raises(Unavailable, "medium-missing", folder=str(till.medium)):
        copy.catch_up()
    # Its folder often stays, empty, on the till's own disk: that is not the stick.
    till.medium.mkdir()
    with raises(Unavailable, "medium-missing"):
        copy.catch_up()
    assert list(till.medium.iterdir()) == []
    till.medium.rmdir()
    pulled.rename(till.medium)
    assert copy.catch_up() == 3
    assert till.held() == till.own()


def test_what_somebody_deleted_there_is_written_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copier, "_LOOK_AGAIN_S", 0.0)
    copy = till.copier()
    till.sell(2)
    copy.catch_up()
    for path in till.files():
        path.unlink()
    assert copy.catch_up() == 2
    assert till.held() == till.own()
    # Also the file that is written just now.
    monkeypatch.setattr(copier, "_LOOK_AGAIN_S", 10**6)
    for path in till.files():
        path.unlink()
    till.sell()
    with raises(Unavailable, "medium-missing"):
        copy.catch_up()
    assert copy.catch_up() == 3
    assert till.held() == till.own()


def test_what_the_centre_has_goes_after_its_days_and_nothing_else(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copier, "_FULL_BYTES", 1)
    till.sell(3)
    for _ in range(3):
        till.copier().catch_up()
        till.sell()
    old_s = time.time() - 31 * 86_400
    for path in till.files():
        os.utime(path, (old_s, old_s))
    # None of it is with the centre.
    till.copier().catch_up()
    assert [one.seq for one in till.held()] == [1, 2, 3, 4, 5, 6]
    till.acknowledge(4)
    till.copier().catch_up()
    assert [one.seq for one in till.held()] == [5, 6]


def test_a_medium_holds_no_more_than_it_may_of_what_the_centre_has(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copier, "_FULL_BYTES", 1)
    till.sell()
    till.copier().catch_up()
    till.sell()
    till.copier().catch_up()
    till.copier(Keep(30, 1)).catch_up()
    assert [one.seq for one in till.held()] == [1, 2]
    till.acknowledge(1)
    till.copier(Keep(30, 1)).catch_up()
    assert [one.seq for one in till.held()] == [2]


def test_a_centre_that_was_restored_gets_what_was_left_out(till: Till) -> None:
    till.sell(4)
    till.acknowledge(3)
    copy = till.copier()
    assert copy.catch_up() == 4
    assert [one.seq for one in till.held()] == [4]
    till.acknowledge(1)
    assert copy.catch_up() == 4
    assert [one.seq for one in till.held()] == [2, 3, 4]


def test_two_tills_share_a_medium(till: Till, tmp_path: Path) -> None:
    other = made(tmp_path / "other", till.medium, 2)
    other.public, other.identity = till.public, till.identity
    try:
        for one in (till, other):
            one.sell(one.who.terminal_no)
            one.copier().catch_up()
        held = reading.read(till.medium, till.identity)
        assert [(one.terminal_no, len(one.packets)) for one in held] == [(1, 1), (2, 2)]
    finally:
        other.database.close()


def test_a_medium_of_a_newer_version_is_not_guessed_at(till: Till) -> None:
    found = place.find(till.medium, till.who, till.medium_id)
    assert found is not None
    mark = found.folder / "till.json"
    mark.write_text(mark.read_text().replace('"format":1', '"format":2'))
    with refused("medium-of-newer-version", folder=str(found.folder)):
        reading.read(till.medium, till.identity)
    mark.write_text("what is this")
    with refused("medium-mark-unreadable", file=str(mark)):
        till.copier().catch_up()


# --- beside the till --------------------------------------------------------------------------------


def standing(till: Till) -> tuple[str, int]:
    """The code of what is wrong with the medium, and how many documents this disk has alone."""
    with till.database.read() as connection:
        found = medium_state.standing(connection, till.who, till.home)
    return ("", -1) if found is None else (found.trouble.code if found.trouble else "", found.alone)


def test_the_keeper_copies_beside_the_till_and_says_how_it_stands(till: Till, tmp_path: Path) -> None:
    assert standing(till) == ("", -1)
    with keeper.kept(till.database, till.home, till.chosen):
        till.sell(3)
        assert until(lambda: standing(till) == ("", 0) and len(till.held()) == 3)
        pulled = till.medium.rename(tmp_path / "pocket")
        till.sell(2)
        assert until(lambda: standing(till) == ("medium-missing", 2))
        till.sell(1)
        assert standing(till) == ("medium-missing", 3)
        pulled.rename(till.medium)
        assert until(lambda: standing(till) == ("", 0))
    assert till.held() == till.own()


def test_one_program_of_a_home_keeps_it_and_another_takes_over(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "TRY_EVERY_S", 0.05)
    stop = threading.Event()
    waits = threading.Thread(target=Keeper(till.database, till.home, till.chosen).run, args=(stop,))
    with sole(till.home, MEDIUM):
        waits.start()
        till.sell()
        keeper.turn_once(till.database, till.home, till.chosen)
        assert till.files() == []
    try:
        assert until(lambda: standing(till) == ("", 0))
    finally:
        stop.set()
        waits.join()


def test_a_lost_key_is_said_before_it_is_too_late(till: Till) -> None:
    with refused("medium-needs-recipient"):
        Copier(till.database, till.who, till.medium, till.medium_id, to=" ", keep=KEEP)
    with refused("backup-recipient-malformed"):
        Copier(till.database, till.who, till.medium, till.medium_id, to="AGE-SECRET-KEY-1", keep=KEEP)


# --- a real stick: a file system of its own -----------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB; skipped where a test may not mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system, and only on Linux")
    folder = tmp_path / "stick"
    folder.mkdir()
    done = mount("-t", "tmpfs", "-o", "size=256k,mode=755", "bohari-stick", str(folder))
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def mount(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["mount", *words], capture_output=True, text=True, check=False)


def test_a_stick_that_is_full_is_said_and_caught_up(stick: Path, tmp_path: Path) -> None:
    till = made(tmp_path / "till", stick)
    ballast = stick / "holiday.jpg"
    try:
        copy = till.copier()
        till.sell(2)
        copy.catch_up()
        free = os.statvfs(stick)
        ballast.write_bytes(bytes(free.f_bavail * free.f_bsize))
        till.sell(30)
        with raises(Unavailable, "medium-full", folder=str(stick)):
            copy.catch_up()
        with raises(Unavailable, "medium-full"):
            copy.catch_up()
        assert [one.seq for one in till.held()] == [1, 2]
        ballast.unlink()
        assert copy.catch_up() == 32
        assert till.held() == till.own()
    finally:
        till.database.close()


def test_on_a_full_stick_what_the_centre_has_makes_room(
    stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copier, "_FULL_BYTES", 16_384)
    monkeypatch.setattr(copier, "_MOST_PACKETS", 10)
    till = made(tmp_path / "till", stick)
    try:
        copy = till.copier()
        most = 0
        for _ in range(60):
            till.sell(10)
            most = copy.catch_up()
            till.acknowledge(most - 10)
        held = till.held()
        assert held[-1].seq == most == 600
        assert held[0].seq > 1
        assert [one.seq for one in held] == list(range(held[0].seq, 601))
    finally:
        till.database.close()


def test_a_stick_with_its_lock_on_is_said(stick: Path, tmp_path: Path) -> None:
    till = made(tmp_path / "till", stick)
    try:
        assert mount("-o", "remount,ro", str(stick)).returncode == 0
        till.sell()
        copy = till.copier()
        with raises(Unavailable, "medium-read-only", folder=str(stick)):
            copy.catch_up()
        assert mount("-o", "remount,rw", str(stick)).returncode == 0
        assert copy.catch_up() == 1
    finally:
        till.database.close()


def test_a_stick_is_pulled_out_while_it_is_written(stick: Path, tmp_path: Path) -> None:
    till = made(tmp_path / "till", stick)
    try:
        with keeper.kept(till.database, till.home, till.chosen):
            till.sell(5)
            assert until(lambda: standing(till) == ("", 0))
            # It goes while the file on it is open, and its folder stays behind, empty.
            subprocess.run(["umount", "--lazy", str(stick)], check=True)
            till.sell(4)
            assert until(lambda: standing(till) == ("medium-missing", 4))
            assert list(stick.iterdir()) == []
    finally:
        till.database.close()
