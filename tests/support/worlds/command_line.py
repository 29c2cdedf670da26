"""The `bohari` command as a script calls it: a real process, its exit code and its one JSON object."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.worlds import shell_sessions
from tests.support.worlds.forked_commands import Commands

COMMAND = (sys.executable, "-m", "pos_app.cli")
_COMMANDS = Commands()
_MOST_S = 200.0


@dataclass(frozen=True)
class Ran:
    """What a process left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def values(self) -> dict[str, Any]:
        """The JSON object: exactly one, and nothing else on standard output."""
        found: dict[str, Any] = json.loads(self.stdout)
        assert self.stdout.count("\n") == 1
        assert found["ok"] is (self.code == 0)
        return found


def _own_environment() -> dict[str, str]:
    """Ours without our settings, but for the key that this process opens the same homes with."""
    kept = ("BOHARI_PRIVACY_KEY",)
    return {
        name: value for name, value in os.environ.items() if name in kept or not name.startswith("BOHARI_")
    }


def owners_environment(home: Path) -> dict[str, str]:
    """Of a process that works as an owner of a home."""
    return _own_environment() | shell_sessions.told(["report"], home, {})


def bohari(*arguments: str | Path, home: Path | None = None, **environment: str) -> Ran:
    """Run a command to its end, as an owner of the home unless it says who (see `shell_sessions`)."""
    words = [str(word) for word in arguments]
    environment = shell_sessions.told(words, home, environment) | environment
    if home is not None:
        words += ["--home", str(home)]
    told = _own_environment() | environment
    forked = _COMMANDS.run(words, told, _MOST_S)
    if forked is not None:
        return Ran(*forked)
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False, timeout=_MOST_S, env=told
    )
    return Ran(done.returncode, done.stdout, done.stderr)


class Server:
    """`bohari server` in a process of its own, until it is stopped; what it logs goes into `log`."""

    def __init__(self, home: Path, log: Path | None = None, port: int = 0) -> None:
        """`port` is where one was that comes back; 0 is any."""
        with contextlib.nullcontext(subprocess.PIPE) if log is None else log.open("w") as said:
            self._process = subprocess.Popen(
                [*COMMAND, "server", "--home", str(home), "--port", str(port), "--json"],
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                env=_own_environment(),
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.stderr.read() if self._process.stderr else ""
        self.url: str = json.loads(line)["url"]

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=120)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return code
