"""The short form of the kills of Postgres: see `postgres_kills` for ten kills with sixteen tills."""

from pathlib import Path

import pytest

from tests.faults import postgres_kills


@pytest.mark.timeout(300)
@pytest.mark.parametrize("workers", [1, 2])
def test_kills_of_postgres_during_ingest_lose_nothing_and_double_nothing(
    tmp_path: Path, workers: int
) -> None:
    outcome = postgres_kills.play(2, 4, seed=20261120, folder=tmp_path, workers=workers)
    assert outcome["verified_sides"] == 5
    assert outcome["documents"] > 0
