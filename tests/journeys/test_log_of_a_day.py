"""The logs of a depot's day, by real programs: what went wrong is in them, and no secret of anybody's is.

A server, a daemon and a window that crashes twice under `--json`; then every file of both homes' logs, and
what the programs said aloud, is searched for each PIN, key, telephone number and M-Pesa code of that day.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from resources import resource
from tests.support.worlds import window_process
from tests.support.worlds.command_line import COMMAND, Server, bohari

_PATIENCE_S = 120


class Day:
    """What a day left behind."""

    def __init__(self, folder: Path) -> None:
        self.centre, self.till, self.aloud = folder / "centre", folder / "till", folder / "server.err"
        self.init = bohari("init", "--org", "Bohari Depots", "--demo", "--json", home=self.centre)
        server = Server(self.centre, self.aloud)
        try:
            self._trade(server.url)
        finally:
            stopped = server.stop()
        assert stopped == 0
        assert bohari("syncd", "--once", home=self.till).code == 1

    def _trade(self, url: str) -> None:
        self.code = bohari("enrol-code", "--depot", "MAIN", "--json", home=self.centre).values["code"]
        wrong = bohari("enrol", "--server", url, "--code", "AAAAA-22222", home=self.till.parent / "stranger")
        assert wrong.code == 1
        assert bohari("enrol", "--server", url, "--code", self.code, home=self.till).code == 0
        assert bohari("syncd", "--once", home=self.till).code == 0
        daemon = subprocess.Popen([*COMMAND, "syncd", "--home", str(self.till)], stdout=subprocess.DEVNULL)
        try:
            self.window = subprocess.run(
                [sys.executable, "-m", "tests.support.worlds.window_process", str(self.till)],
                capture_output=True,
                text=True,
                timeout=_PATIENCE_S,
                check=False,
            )
        finally:
            daemon.terminate()
            daemon.wait(timeout=120)

    def lines(self, home: Path, name: str) -> list[dict[str, Any]]:
        """The lines of one log."""
        return [json.loads(line) for line in (home / "logs" / f"{name}.log").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    return Day(tmp_path_factory.mktemp("day"))


def test_a_crash_in_a_slot_leaves_json_on_standard_output_and_its_traceback_in_the_log(day: Day) -> None:
    assert (day.window.returncode, json.loads(day.window.stdout)) == (0, {"ok": True, "exit_code": 0}), (
        day.window.stderr
    )
    faults = [line for line in day.lines(day.till, "till") if line["message"] == "fault"]
    assert [(line["error"], line.get("code")) for line in faults] == [
        ("ZeroDivisionError", None),
        ("Damaged", window_process.CODE),
    ]
    for line, name in zip(faults, ("_crash", "_crash_with_a_known_error"), strict=True):
        assert f"in {name}" in line["traceback"]
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
        assert (line["level"], line["program"], line["during"]) == ("error", "till", "main thread")


def test_every_program_says_what_an_operator_wants_to_know(day: Day) -> None:
    def told(home: Path, name: str) -> list[str]:
        return [line["message"] for line in day.lines(home, name)]

    till = told(day.till, "till")
    assert (till[0], till[-1]) == ("started", "ended")
    # Qt's own messages too: one was said (see `window_process`).
    assert {"sign-in-refused", "qt"} <= set(till)
    assert {"started", "sync-well", "sync-trouble", "ended"} <= set(told(day.till, "syncd"))
    assert {"upgraded", "enrolled"} <= set(told(day.till, "commands"))
    server = told(day.centre, "server")
    assert server[0] == "started"
    assert {"serving", "terminal-enrolled", "enrolment-refused", "ended"} <= set(server)
    # The server says aloud what it writes, but for how it began and ended.
    aloud = [json.loads(line) for line in day.aloud.read_text("utf-8").splitlines()]
    assert [line for line in day.lines(day.centre, "server") if line in aloud] == aloud
    assert {"serving", "terminal-enrolled"} <= {line["message"] for line in aloud}


def _secrets(day: Day) -> Iterator[tuple[str, str]]:
    """What must not be in a log, and how to look for it."""
    for person in day.init.values["people"]:
        yield f"PIN of {person['name']}", rf"(?<!\d){person['pin']}(?!\d)"
    yield "wrong PIN", window_process.WRONG_PIN
    yield "M-Pesa code", window_process.MPESA_CODE
    yield "enrolment code", day.code
    yield "a stranger's enrolment code", "AAAAA-22222"
    rows = resource("demo", "customers.csv").read_text("utf-8").splitlines()[1:]
    for code, _, phone, _ in (row.split(",") for row in rows):
        nine = re.sub(r"\D", "", phone)[-9:]
        assert len(nine) in (0, 9), code
        if nine:
            yield f"telephone of {code}", r"[ -]?".join(nine)
    for home, name in ((day.till, "till.key"), (day.till, "terminal.key"), (day.centre, "privacy.key")):
        if (home / name).exists():
            content = (home / name).read_bytes()
            # One is text, the other bytes by chance, of which any line may be a single letter.
            if content.isascii() and content.decode("ascii").replace("\n", "").isprintable():
                yield name, re.escape(content.decode("ascii").splitlines()[-1])
            yield f"{name} in base64", re.escape(base64.b64encode(content).decode("ascii"))
            yield f"{name} in hexadecimal", content.strip().hex()


def test_no_pin_key_telephone_or_mpesa_code_is_in_any_log(day: Day) -> None:
    paths = [path for home in (day.centre, day.till) for path in (home / "logs").glob("*.log*")]
    assert {path.name for path in paths} == {"server.log", "commands.log", "till.log", "syncd.log"}
    said = "\n".join([*(path.read_text("utf-8") for path in paths), day.aloud.read_text("utf-8")])
    assert len(said) > 3_000
    # A process may have the number of somebody's PIN.
    said = re.sub(r'"(process": \d+|time": "[^"]*")', "", said)
    found = [what for what, pattern in _secrets(day) if re.search(pattern, said)]
    assert found == []
