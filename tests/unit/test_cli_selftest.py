"""`bohari selftest` as a shop runs it, with a program that is really killed; a till that lies is found."""

import os
import sys
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.cli import machine
from pos_app.store.engine import terminal_key
from tests.support.worlds.command_line import bohari


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own, as the command makes one."""
    (tmp_path / "till").mkdir()
    terminal_key.load_or_make(tmp_path / "till" / bootstrap.TERMINAL_KEY)
    bootstrap.make_till_database(tmp_path / "till").close()
    return tmp_path / "till"


def test_a_machine_is_tried_and_nothing_is_left(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    told = bohari("selftest", "--rounds", "2", "--report", report, "--json", home=tmp_path / "shop")
    findings = {one["name"]: one for one in told.values["findings"]}
    assert list(findings) == ["disk", "paper", "commit", "scan", "kills"]
    # How quick this machine is now is not the test's affair; what was said to be recorded is there.
    assert findings["kills"]["ok"], told
    assert "0 of them are missing; the books are whole" in findings["kills"]["sentence"]
    assert findings["kills"]["sentence"] in report.read_text()
    assert list((tmp_path / "shop").iterdir()) == []


def test_what_was_said_and_is_not_there_is_missing(home: Path) -> None:
    def lies(*lines: str) -> list[str]:
        body = f"import sys, time; print({chr(10).join(lines)!r}, flush=True); time.sleep(60)"
        return [sys.executable, "-c", body]

    database = bootstrap.till_database(home)
    seq, hash_ = machine.record(machine.journal_of(database), 0)
    database.close()

    def look(*lines: str) -> machine.Round:
        return machine.kill_round(lies(*lines), lambda: bootstrap.till_database(home), 0.05)

    assert look(f"{seq} {hash_}") == (1, 0)
    assert look(f"{seq} {hash_}", f"{seq + 1} {hash_}", f"{seq} {'00' * 32}") == (3, 2)
    silent = machine.try_kills([sys.executable, "-c", ""], lambda: bootstrap.till_database(home), 1, 0)
    assert not silent.ok


def test_a_disk_that_is_too_quick_to_be_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.try_disk(tmp_path).ok
    monkeypatch.setattr(os, "fsync", lambda _fd: None)
    quick = machine.try_disk(tmp_path)
    assert quick.ok
    assert quick.warns
