"""The keys of a home: drawn once, read by their owner only, never replaced in silence, and where they lie."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.store.engine import key, key_store, terminal_key
from pos_app.store.engine.key_store import Place
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


def test_the_terminals_key_is_sealed_where_the_machine_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not _seals(tmp_path):
        pytest.skip("systemd-creds is not here, or not for this user")
    monkeypatch.setattr(key_store, "BOOTED", tmp_path)
    path = tmp_path / "terminal.key"
    made = terminal_key.load_or_make(path)
    assert not path.exists()
    assert key_store.place_of(tmp_path, "terminal.key") is Place.SEALED
    assert terminal_key.load(path).private_bytes_raw() == made.private_bytes_raw()
    assert made.private_bytes_raw() not in (tmp_path / "terminal.key.cred").read_bytes()
    key_store.replace(tmp_path, "terminal.key", b"another")
    assert key_store.find(tmp_path, "terminal.key") == (b"another", Place.SEALED)
    (tmp_path / "terminal.key.cred").write_bytes(b"of another machine")
    with damaged("sealed-key-does-not-open"):
        terminal_key.load_or_make(path)


def test_a_services_key_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = tmp_path / "handed"
    handed.mkdir()
    own = terminal_key.load_or_make(handed / "terminal.key")
    terminal_key.load_or_make(tmp_path / "terminal.key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    assert key_store.place_of(tmp_path, "terminal.key") is Place.SERVICE
    assert terminal_key.load(tmp_path / "terminal.key").private_bytes_raw() == own.private_bytes_raw()
    # What systemd does not hand over is looked for at home.
    assert key.make(tmp_path) == key.load(tmp_path)


def _seals(folder: Path) -> bool:
    program = shutil.which("systemd-creds")
    if program is None:
        return False
    tried = subprocess.run(
        [program, "encrypt", "--name=try", "-", str(folder / "try.cred")],
        input=b"x",
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0
