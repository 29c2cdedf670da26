"""A key whose turn it became takes its place, whoever else puts it there at the same moment."""

import errno
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.store.engine import key_store, own_keys, terminal_key
from pos_app.store.engine.key_store import Place
from pos_app.store.engine.signing import Handed
from tests.support.refused import damaged, refused

PROGRAMS = 8
ROUNDS = 20


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    terminal_key.load_or_make(tmp_path / own_keys.PRESENT)
    return tmp_path


def followed(home: Path) -> Ed25519PrivateKey:
    """The machine died just after the list was written: the new key still lies beside the old one."""
    old = own_keys.load(home)
    new = own_keys.draw(home)
    handover = old.sign(own_keys.handover_text(1, 1, 2, public(new)))
    own_keys.follow(home, [Handed(0, public(old)), Handed(2, public(new), handover)], new)
    return new


def test_many_programs_settle_one_key_at_once(home: Path) -> None:
    with ThreadPoolExecutor(PROGRAMS) as programs:
        for _ in range(ROUNDS):
            new, gate = followed(home), threading.Barrier(PROGRAMS)

            def load(_: int, gate: threading.Barrier = gate) -> bytes:
                gate.wait()
                return public(own_keys.load(home))

            assert set(programs.map(load, range(PROGRAMS))) == {public(new)}
            assert public(terminal_key.load(home / own_keys.PRESENT)) == public(new)
    assert key_store.place_of(home, own_keys.NEXT) is None
    assert list(home.glob("*.making")) == []


def test_another_program_was_faster(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, settle, load = followed(home), own_keys.settle, terminal_key.load

    def faster(path: Path) -> Ed25519PrivateKey:
        if path.name == own_keys.NEXT:
            monkeypatch.setattr(terminal_key, "load", load)
            settle(home)
        return load(path)

    monkeypatch.setattr(terminal_key, "load", faster)
    assert public(own_keys.load(home)) == public(new)


def test_a_disk_that_does_not_take_the_key_stops_nobody(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = followed(home)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(key_store, "replace", full)
        assert public(own_keys.load(home)) == public(new)
    assert key_store.place_of(home, own_keys.NEXT) is Place.FILE
    assert public(own_keys.load(home)) == public(new)
    assert key_store.place_of(home, own_keys.NEXT) is None


def test_a_key_of_nobody_is_told(home: Path) -> None:
    followed(home)
    key_store.forget(home, own_keys.NEXT)
    with damaged("terminal-key-damaged"):
        own_keys.load(home)


def test_an_old_key_that_systemd_hands_in_is_told_as_that(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / own_keys.PRESENT).write_bytes((home / own_keys.PRESENT).read_bytes())
    new = followed(home)
    with monkeypatch.context() as patch:
        patch.setenv("CREDENTIALS_DIRECTORY", str(handed))
        with refused("terminal-key-of-service"):
            own_keys.load(home)
    # Taken off, the next one takes its place as ever.
    assert public(own_keys.load(home)) == public(new)
