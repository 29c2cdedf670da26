"""The key of a till's database: drawn once, read by its owner only, never replaced in silence."""

import sys
from pathlib import Path

import pytest

from pos_app.store.engine import key
from tests.support.refused import damaged, refused

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the key lies in the system's keyring"
)


def test_made_once(tmp_path: Path) -> None:
    made = key.make(tmp_path)
    assert len(made) == 32
    assert (tmp_path / "till.key").stat().st_mode & 0o777 == 0o600
    assert key.make(tmp_path) == made
    assert key.load(tmp_path) == made


def test_a_half_written_key_of_a_killed_run_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "till.key.making").write_bytes(b"half")
    assert len(key.make(tmp_path)) == 32


def test_missing_and_short(tmp_path: Path) -> None:
    with refused("till-key-missing"):
        key.load(tmp_path)
    (tmp_path / "till.key").write_bytes(b"short")
    with damaged("till-key-length"):
        key.make(tmp_path)
