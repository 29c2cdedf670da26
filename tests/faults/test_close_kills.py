"""The short form of the kills around closing: see `close_kills` for two hundred."""

from pathlib import Path

import pytest

from tests.faults import close_kills


@pytest.mark.timeout(180)
def test_kills_around_closing_leave_one_z_on_the_count_that_was_fixed(tmp_path: Path) -> None:
    words = close_kills.play(tmp_path, 6, seed=20261201)
    assert words.pop("shifts") > 3
    assert sum(words.values()) == 6
