"""The log of a process: what would end unheard is in it, and it leaves everything as it was."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app import VERSION
from pos_app.log import setting_up as log

UNHEARD = """
import logging, sys, threading, warnings
from pathlib import Path
from pos_app.ledger.errors import Damaged
from pos_app.log import setting_up as log
log.begin(Path(sys.argv[1]), "till")
def fails(): raise ZeroDivisionError("in a thread")
thread = threading.Thread(target=fails, name="spool"); thread.start(); thread.join()
class Dying:
    def __del__(self): raise ValueError("in a destructor")
Dying()
logging.getLogger("alembic").info("chatter")
logging.getLogger("uvicorn.error").warning("somebody else's %s", "trouble")
warnings.warn("deprecated")
raise Damaged("in the main thread")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "bohari.toml").touch()
    return tmp_path


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    log.end(0)


def lines(home: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "logs" / f"{name}.log").read_text("utf-8").splitlines()]


def test_what_would_end_unheard_is_in_the_log(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNHEARD, str(home)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "in the main thread" in done.stderr
    started, thread, destructor, foreign, warned, main = lines(home, "till")
    assert (started["message"], started["command"], started["version"]) == ("started", "till", VERSION)
    assert (thread["message"], thread["error"]) == ("fault", "ZeroDivisionError")
    assert (thread["during"], "in fails" in thread["traceback"]) == ("thread spool", True)
    assert (destructor["error"], destructor["sentence"]) == ("ValueError", "in a destructor")
    assert (foreign["logger"], foreign["message"]) == ("uvicorn.error", "somebody else's trouble")
    assert (warned["logger"], "deprecated" in warned["message"]) == ("py.warnings", True)
    assert (main["error"], main["sentence"], main["level"]) == ("Damaged", "in the main thread", "error")


def test_a_process_logs_once_and_leaves_everything_as_it_was(home: Path) -> None:
    before = (
        sys.excepthook,
        threading.excepthook,
        sys.unraisablehook,
        list(logging.getLogger().handlers),
        logging.getLogger().level,
    )
    log.begin(home, "status")
    log.begin(home, "verify")
    assert len(logging.getLogger().handlers) == len(before[3]) + 1
    log.end(1)
    after = (
        sys.excepthook,
        threading.excepthook,
        sys.unraisablehook,
        list(logging.getLogger().handlers),
        logging.getLogger().level,
    )
    assert after == before
    started, ended = lines(home, "commands")
    assert (started["command"], ended["exit_code"]) == ("status", 1)


def test_another_home_gets_a_log_of_its_own(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "till.db").touch()
    log.begin(home, "status")
    log.begin(other, "syncd")
    assert [one["message"] for one in lines(home, "commands")] == ["started"]
    assert [one["command"] for one in lines(other, "syncd")] == ["syncd"]
