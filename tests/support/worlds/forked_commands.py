"""Commands in processes forked from one that has loaded the program: loading takes most of a command's time.

`python -m tests.support.worlds.forked_commands FD` is that one: it takes requests from a socket until the
other end is gone.  A command is a process of its own all the same, with its own environment, files and end.
"""

import atexit
import contextlib
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

#: What is loaded before the first command; a module that a command does not need costs it nothing.
_PACKAGES: Final = (
    "pos_app.cli",
    "pos_app.files",
    "pos_app.ledger",
    "pos_app.office",
    "pos_app.store",
    "sync",
)
_MODULE: Final = "tests.support.worlds.forked_commands"
_MOST_BYTES: Final = 1_000_000
#: Python reads these when it starts, and so does the C library.
_READ_AT_START: Final = ("PYTHON", "LC_", "LANG", "LD_", "TERMINAL_WIDTH", "FORCE_COLOR", "NO_COLOR")


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


class Commands:
    """The process that forks, as a worker of the tests has it; started with the first command."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, words: Sequence[str], environment: dict[str, str], timeout_s: float) -> Ended | None:
        """Run `bohari` with these words; None where it has to be started anew for them.

        Raises `subprocess.TimeoutExpired`, and the command is killed.
        """
        if not _can_fork(environment):
            return None
        request = json.dumps({"words": list(words), "environment": environment, "folder": str(Path.cwd())})
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            mine, theirs = socket.socketpair()
            with mine, theirs:
                fds = [out.fileno(), err.fileno(), theirs.fileno()]
                with self._lock:
                    socket.send_fds(self._connected(), [request.encode()], fds)
                theirs.close()
                code = _code(mine, words, timeout_s)
            return Ended(code, _whole(out), _whole(err))

    def _connected(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
            for one in (self._control, theirs):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_BYTES)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", _MODULE, str(theirs.fileno())], pass_fds=(theirs.fileno(),)
                )
            atexit.register(self._end)
        return self._control

    def _end(self) -> None:
        if self._control is not None and self._process is not None:
            self._control.close()
            self._process.wait()


def _can_fork(environment: dict[str, str]) -> bool:
    """Whether nothing says that Python itself must begin anew: its own settings, or a count of branches."""
    if not hasattr(os, "fork") or any(name.startswith("COVERAGE") for name in environment):
        return False
    told = {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}
    return all(os.environ.get(name) == value for name, value in told.items())


def _code(mine: socket.socket, words: Sequence[str], timeout_s: float) -> int:
    mine.settimeout(timeout_s)
    pid = 0
    try:
        with mine.makefile("r") as told:
            pid = int(told.readline())
            return int(told.readline())
    except TimeoutError:
        if pid:
            os.kill(pid, signal.SIGKILL)
        raise subprocess.TimeoutExpired(list(words), timeout_s) from None


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


# --- the process that forks ---------------------------------------------------------------------------


def main() -> None:
    """Load, then fork a process for each request until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    for package in _PACKAGES:
        found = importlib.import_module(package)
        for one in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not one.name.endswith("__main__"):
                importlib.import_module(one.name)
    while True:
        request, fds, _, _ = socket.recv_fds(control, _MOST_BYTES, 3)
        if not request:
            return
        # The one between waits for the command and says how it ended; nobody has to wait for it.
        if os.fork() == 0:
            if os.fork() == 0:
                control.close()
                _watch(json.loads(request), *fds)
            os._exit(0)
        os.wait()
        for fd in fds:
            os.close(fd)


def _watch(request: dict[str, Any], out: int, err: int, reply: int) -> None:
    pid = os.fork()
    if pid == 0:
        os.close(reply)
        _become(request, out, err)
    os.write(reply, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(reply, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(request: dict[str, Any], out: int, err: int) -> None:
    """Be the command, to its end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for fd, place in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(fd, place)
    for fd in (nothing, out, err):
        os.close(fd)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = ["bohari", *request["words"]]
    code = _ended()
    # As an interpreter ends: its threads first, then what was asked to run last.
    with contextlib.suppress(Exception):
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _ended() -> int:
    try:
        runpy.run_module("pos_app.cli", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return (ended.code or 0) & 0xFF
        sys.stderr.write(f"{ended.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - as an interpreter does
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    main()
