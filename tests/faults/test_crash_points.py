"""The short form of the crash points: see `tests.crash_points` for every one."""

from pathlib import Path

import pytest

from pos_app import settings
from tests.crash_points import disk, life, loaded_library
from tests.crash_points.__main__ import LIVES, try_out
from tests.crash_points.life import Life
from tests.crash_points.recording import Recording, Said, Synced, Written

pytestmark = pytest.mark.skipif(not loaded_library.is_possible(), reason="Linux's way to find functions")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Life]:
    """A recorded day, and the folder in which it was played."""
    folder = tmp_path_factory.mktemp("day")
    return folder, life.day(folder)


def test_a_power_cut_at_any_point_of_a_day_loses_nothing(day: tuple[Path, Life], tmp_path: Path) -> None:
    tried = list(try_out("day", day[1], tmp_path, most=3))
    assert [str(fault) for _, faults in tried for fault in faults] == []
    assert [row.deed for row, _ in tried] == list(life.DAY)
    assert all(row.states for row, _ in tried)


def test_a_power_cut_in_a_migration_loses_nothing(tmp_path: Path) -> None:
    tried = list(try_out("migration", life.migration(tmp_path), tmp_path, deed="migration", most=8))
    assert [str(fault) for _, faults in tried for fault in faults] == []
    assert tried[0][0].states > 3


@pytest.mark.parametrize("name", ["enrolment", "restore"])
def test_a_power_cut_loses_no_till(name: str, tmp_path: Path) -> None:
    """Nor the key that the centre knows, nor the one-time code by which it is one."""
    tried = list(try_out(name, LIVES[name](tmp_path), tmp_path, most=8))
    assert [str(fault) for _, faults in tried for fault in faults] == []
    assert all(row.states for row, _ in tried)


def test_a_new_key_takes_its_place_at_every_point(tmp_path: Path) -> None:
    one = LIVES["rotation"](tmp_path)
    ((row, faults),) = try_out("rotation", one, tmp_path, deed="key rotation")
    assert ([str(fault) for fault in faults], row.states > 50) == ([], True)


@pytest.mark.parametrize("name", ["enrolment", "restore"])
def test_the_centre_hears_of_a_key_that_is_on_the_disk(name: str, tmp_path: Path) -> None:
    """The moment of all: what the power leaves is the key that the centre has just heard of."""
    one = LIVES[name](tmp_path)
    (heard,) = [
        point for point, call in enumerate(one.calls) if isinstance(call, Said) and call.what == "heard"
    ]
    after = next(point for point in range(heard, len(one.calls)) if not isinstance(one.calls[point], Said))
    ((row, faults),) = try_out(name, one, tmp_path, only=after)
    assert ([str(fault) for fault in faults], row.states > 2) == ([], True)


def test_what_is_confirmed_before_it_is_synced_is_found(tmp_path: Path) -> None:
    """The product's one line that makes the rest true, taken away: what was sold is gone."""
    one = life.day(tmp_path, life.DAY[:3], pragma="synchronous = OFF")
    ((row, _),) = try_out("day", one, tmp_path, only=len(one.calls) - 1)
    assert row.lost > 0


def test_settings_are_there_when_they_were_said_to_be(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings.write(home, kind="till")
    record = Recording(home)
    with record.listening():
        settings.write(home, medium="/media/stick")
    for state in disk.states(record.calls, [len(record.calls) - 1]):
        assert b"/media/stick" in state.image[settings.FILE]
    for state in disk.states(record.calls, range(record.first, len(record.calls))):
        # Never half, never none.
        assert state.image[settings.FILE].startswith(b'kind = "till"\n'), state


def test_everything_that_a_program_writes_is_recorded(day: tuple[Path, Life]) -> None:
    """The files after a replay of all calls are the files."""
    folder, one = day
    assert sum(isinstance(call, Written) for call in one.calls[one.first :]) > 300
    assert sum(isinstance(call, Synced) for call in one.calls[one.first :]) > 20
    root = folder / "day"
    there = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    replayed = disk.replayed(one.calls)
    assert {name: content for name, content in replayed.items() if not name.endswith("/")} == there
