"""The demo's processes: the central server, the sync daemon and the till, each started as a user would."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pos_app.ledger.errors import Unavailable
from pos_app.store.engine.embedded import EmbeddedPostgres

_BOHARI = (sys.executable, "-m", "pos_app.cli")
_PATIENCE_S = 60


def bohari(*arguments: str, who: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run one `bohari` command with `--json` and give its answer; `who` are variables that prove who asks.

    Raises `Unavailable` with what it said when it failed.
    """
    done = subprocess.run(
        [*_BOHARI, *arguments, "--json"],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
        env={**os.environ, **(who or {})},
    )
    if done.returncode:
        told = done.stderr.strip().splitlines()
        raise Unavailable(
            "demo-command-failed", command=arguments[0], why=told[-1] if told else done.returncode
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@dataclass
class Stage:
    """Two homes in one folder and the processes that run on them; logs lie beside."""

    folder: Path
    organisation: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    _running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _logs: list[IO[str]] = field(default_factory=list)

    @property
    def centre(self) -> Path:
        """The home of the central server."""
        return self.folder / "centre"

    @property
    def till(self) -> Path:
        """The home of the till."""
        return self.folder / "till"

    def found(self) -> None:
        """Make the demo organisation, on an embedded Postgres."""
        self.organisation = bohari(
            "init", "--home", str(self.centre), "--org", "Bohari Depots", "--currency", "KES", "--demo"
        )

    def start_server(self) -> None:
        """Start the central server and wait until it answers; a restart takes the same port."""
        port = self.url.rpartition(":")[2].strip("/") or "0"
        process = self._start("server", "server", "--home", str(self.centre), "--port", port, "--json")
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.append(_first_line(process)), daemon=True)
        reader.start()
        reader.join(_PATIENCE_S)
        if not said or not said[0]:
            raise Unavailable("demo-server-log", log=self.folder / "server.log")
        self.url = json.loads(said[0])["url"]

    def stop_server(self) -> None:
        """Stop the central server as a system would: SIGTERM, and wait."""
        self._stop("server", signal.SIGTERM)

    def enrol(self, depot: str) -> None:
        """Enrol the till with a one-time code and bring the centre's data to it."""
        owner = next(one for one in self.organisation["people"] if one["role"] == "owner")
        who = {"BOHARI_BY": owner["code"], "BOHARI_PIN": owner["pin"]}
        code = bohari("enrol-code", "--home", str(self.centre), "--depot", depot, who=who)["code"]
        bohari("enrol", "--home", str(self.till), "--server", self.url, "--code", code)
        bohari("syncd", "--home", str(self.till), "--once")

    def start_daemon(self) -> None:
        """Start the till's sync daemon as a process of its own."""
        self._start("syncd", "syncd", "--home", str(self.till))

    def open_act(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the till's window with the scripted cashier in it."""
        return self._launch("cashier", [sys.executable, "-m", "demo.cashier", *arguments])

    def open_window(self) -> int:
        """Open the till's window for a person; gives the exit code when it is closed."""
        command = [*_tied_to_us(), *_BOHARI, "till", "--home", str(self.till)]
        return subprocess.run(command, check=False).returncode

    def close(self) -> None:
        """End every process that was started here."""
        for name in list(self._running):
            self._stop(name, signal.SIGTERM)
        for log in self._logs:
            log.close()

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        return self._launch(name, [*_BOHARI, *arguments])

    def _launch(self, name: str, command: list[str]) -> subprocess.Popen[str]:
        log = (self.folder / f"{name}.log").open("a")
        self._logs.append(log)
        process = subprocess.Popen(
            [*_tied_to_us(), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=_environment(),
        )
        self._running[name] = process
        return process

    def _stop(self, name: str, how: signal.Signals) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _first_line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline() if process.stdout else ""


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def _tied_to_us() -> list[str]:
    """What to put before a command so that the system ends it when the demo is killed."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A fresh stage in this folder; what an earlier demo left there goes.

    Raises `Unavailable` while another demo plays in it, and when what was left cannot be removed.
    """
    with ExitStack() as stack:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _hold(stack.enter_context(folder.with_name(".playing").open("w")))
        except BlockingIOError as error:
            raise Unavailable("demo-running", folder=folder.parent) from error
        except OSError as error:
            raise Unavailable("home-unwritable", home=folder.parent, why=error.strerror) from error
        _end_by_signal_as_by_ctrl_c(stack)
        _clear(folder)
        made = Stage(folder)
        try:
            yield made
        finally:
            made.close()
            _stop_postgres(folder)


def _hold(lock: IO[str]) -> None:
    """Keep other demos out; the system lets them in again even when we are killed."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _end_by_signal_as_by_ctrl_c(stack: ExitStack) -> None:
    """A closed terminal or a SIGTERM ends the processes on the stage too."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    if sys.platform != "win32":
        for one in (signal.SIGTERM, signal.SIGHUP):
            stack.callback(signal.signal, one, signal.signal(one, end))


def _clear(folder: Path) -> None:
    # A killed demo leaves its Postgres running on files that are about to go, and may still be writing.
    _stop_postgres(folder)
    for _ in range(30):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.1)
    else:
        raise Unavailable("demo-folder-left", folder=folder)
    folder.mkdir()


def _stop_postgres(folder: Path) -> None:
    postgres = folder / "centre" / "postgres"
    if postgres.exists():
        EmbeddedPostgres(postgres).stop()
