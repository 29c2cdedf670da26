"""The short form of the kill rounds: see `kill_rounds` for fifty."""

from pathlib import Path

import pytest

from tests.faults import kill_rounds


@pytest.mark.timeout(300)
def test_kills_at_random_moments_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    outcome = kill_rounds.play(4, seed=20261120, folder=tmp_path)
    assert sum(outcome["killed"].values()) == 4
