"""One window and one daemon on a home: a second is told so, and a killed one leaves nothing behind."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos_app.store.backups.rounds import Rounds
from pos_app.store.engine.sole import DAEMON, MEDIUM, ROUNDS, WINDOW, sole
from tests.support.refused import refused

_HOLDS = """
import sys, time
from pathlib import Path
from pos_app.store.engine.sole import sole
with sole(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize(
    ("what", "code", "other"),
    [
        (WINDOW, "window-runs-already", DAEMON),
        (DAEMON, "daemon-runs-already", WINDOW),
        (MEDIUM, "medium-kept-already", DAEMON),
    ],
)
def test_a_second_one_is_refused_until_the_first_is_gone_however_it_went(
    tmp_path: Path, what: str, code: str, other: str
) -> None:
    command = [sys.executable, "-c", _HOLDS, str(tmp_path), what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with refused(code, home=str(tmp_path)), sole(tmp_path, what):
                raise AssertionError("two at once")
            with sole(tmp_path, other):
                pass  # the window works beside the daemon
        finally:
            holder.kill()
    with sole(tmp_path, what):
        pass


def test_one_after_the_other(tmp_path: Path) -> None:
    for _round in range(2):
        with sole(tmp_path, WINDOW):
            pass


def test_one_that_waits_has_its_turn_when_the_other_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDS.replace("600", "0.5"), str(tmp_path), ROUNDS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with sole(tmp_path, ROUNDS, wait_s=60):
            assert holder.wait(60) == 0


def test_a_servers_turn_leaves_a_copy_alone_that_a_command_is_making(tmp_path: Path) -> None:
    def never() -> None:
        raise AssertionError("two at once")

    nothing: Any = None
    rounds = Rounds(nothing, nothing, tmp_path, nothing, never)
    with sole(tmp_path, ROUNDS):
        assert rounds.round() is None
    with pytest.raises(AssertionError, match="two at once"):
        rounds.round()
