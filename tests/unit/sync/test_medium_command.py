"""`bohari medium` and the daemon that fills it, as a shop uses them: a stick, a lost key, a dead line."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_app.store.documents import identity
from pos_app.store.engine import age_files
from pos_app.store.medium import reading
from tests.conftest import TILL_KEY
from tests.support.worlds.command_line import COMMAND, Ran, owners_environment
from tests.support.worlds.office_line import Line
from tests.support.worlds.sync_fixtures import Centre, Till


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    """A till that knows its people, with a key in its home, whose centre does not answer any more."""
    one = centre.till(tmp_path / "till")
    (one.folder / "till.key").write_bytes(TILL_KEY)
    one.drain()
    with one.database.write() as connection:
        identity.put(connection, server_url="http://127.0.0.1:9")
    return one


def run(till: Till, *words: str | Path) -> Ran:
    return Line(till.folder).run(*words)


def code_of(ran: Ran) -> str:
    assert ran.code == 1, ran
    return str(ran.values["code"])


def until(holds: Callable[[], Any], limit_s: float = 200) -> bool:
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def seqs(stick: Path, identity: Path) -> list[int]:
    (held,) = reading.read(stick, identity)
    return [one.seq for one in held.packets]


def test_what_cannot_be_a_medium_is_said(till: Till, tmp_path: Path) -> None:
    recipient = age_files.make_key(tmp_path / "shop.key")
    (till.folder / "inside").mkdir()
    missing = run(till, "medium", "set", tmp_path / "none", "--recipient", recipient)
    inside = run(till, "medium", "set", till.folder / "inside", "--recipient", recipient)
    assert code_of(run(till, "medium", "set", tmp_path)) == "medium-needs-recipient"
    assert code_of(missing) == "medium-no-folder"
    assert code_of(inside) == "medium-in-home"
    no_key = run(till, "medium", "set", tmp_path, "--recipient", "age1x")
    assert code_of(no_key) == "backup-recipient-malformed"
    assert code_of(Line(till.folder).as_told("medium", "set", tmp_path, "--json")) == "nobody-named"
    assert run(till, "medium", "show").values["folder"] == ""
    assert run(till, "status").values["medium"] is None


def test_the_daemon_fills_the_medium_while_the_line_is_dead(till: Till, tmp_path: Path) -> None:
    stick, identity = tmp_path / "stick", tmp_path / "shop.key"
    stick.mkdir()
    recipient = age_files.make_key(identity)
    done = run(till, "medium", "set", stick, "--recipient", recipient)
    assert (done.code, done.values["same_disk"]) == (0, True)
    command = [*COMMAND, "syncd", "--home", str(till.folder)]
    with subprocess.Popen(
        command, env=owners_environment(till.folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        try:
            for _ in range(3):
                till.sell()
            assert until(lambda: seqs(stick, identity) == [1, 2, 3])
            assert until(lambda: run(till, "medium", "show").values["alone"] == 0)
            pocket = stick.rename(tmp_path / "pocket")
            till.sell()
            till.sell()
            assert until(lambda: run(till, "status").code == 1)
            told = Line(till.folder).say("status").stdout
            assert f"The second medium {stick} is not there." in told
            assert "2 documents are here alone." in told
            # The daemon dies as well, and nobody is there when the stick comes back.
            daemon.kill()
            daemon.wait()
            pocket.rename(stick)
        finally:
            daemon.kill()
    # Whoever chooses another stick sees it filled with all that waits.
    other = tmp_path / "other"
    other.mkdir()
    assert run(till, "medium", "set", other).values["upto"] == 5
    assert (seqs(stick, identity), seqs(other, identity)) == ([1, 2, 3], [1, 2, 3, 4, 5])
    assert run(till, "medium", "off").values["folder"] == str(other)
    assert run(till, "status").values["medium"] is None
    assert seqs(other, identity) == [1, 2, 3, 4, 5]
