"""The short form of the table of losses: see `tests.losses` for the whole."""

from pathlib import Path

import pytest

from tests.losses import damaged_files, fleets
from tests.losses.counted import Row
from tests.simulate import plan as plans


def test_nothing_is_lost_to_files_that_are_damaged_and_all_is_said(tmp_path: Path) -> None:
    rows = list(damaged_files.tried(tmp_path, 4))
    assert [row.fault for row in rows if not row.ok] == []
    assert {row.fault for row in rows} == damaged_files.KINDS.keys()
    said = {words for row in rows for words in row.words.values()}
    assert said
    assert all(words.endswith(".") and "Traceback" not in words for words in said)


def test_nothing_is_lost_in_a_fleet_whose_disks_fail() -> None:
    row, kind = Row("full disk"), fleets.KINDS["full disk"]
    drawn = ((seed, plans.drawn(seed, 60, tills=2, faults=kind.events)) for seed in range(1, 1000))
    seed = next(seed for seed, plan in drawn if any(event.what in kind.events for event in plan.events))
    fleets.tally(row, kind, sales=60, seed=seed)
    assert row.tried > 0
    assert row.ok, row.broken


@pytest.mark.parametrize("fault", ["a till put back", "a till copied, both sell"])
def test_what_an_old_disk_had_is_in_the_books_or_waits_for_two(fault: str) -> None:
    row, kind = Row(fault), fleets.KINDS[fault]
    seed = 0
    while row.tried < 2 and seed < 20:
        seed += 1
        fleets.tally(row, kind, sales=60, seed=seed)
    assert row.tried >= 2
    assert row.ok, row.broken
    assert row.words
