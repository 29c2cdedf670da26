"""What a till's window runs beside itself: its daemon and, in a shop that is one PC, the centre.

Where the system's service manager runs them, what is started here ends at once and says that it runs already.

Decisions
---------
2026-12-01  They are processes of their own, started as a person would type it, and end with the window: what
is left of a crash goes on and is in nobody's way, for one daemon and one server work on a home.  The service
manager stays the way for a machine that syncs and backs up at night.
"""

import contextlib
import functools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pos_app import settings
from pos_app.ledger.errors import Unavailable

#: How long a centre may take until it answers: its Postgres is made and started meanwhile.
START_LIMIT_S: Final = 120.0
_LOOK_EVERY_S: Final = 0.3
#: So long after its end one is started again; one that ends because another runs is asked as rarely.
_AGAIN_S: Final = 20.0
_END_S: Final = 15.0
_ANSWER_S: Final = 2.0


def command(*words: str) -> list[str]:
    """How this very program is called with these words, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-m", "pos_app", *words]


def start(words: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a command of ours beside this process, without its terminal; what it says is in its log."""
    # Of these variables a window of ours has its own, and a home is named by the command.
    environment = {name: value for name, value in os.environ.items() if name != "BOHARI_HOME"}
    return subprocess.Popen(
        command(*words),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        start_new_session=sys.platform != "win32",
    )


def answers(centre_home: Path) -> bool:
    """Whether the server of a centre of this machine answers where it did last."""
    # The window of a till waits for no library of the network.
    import httpx

    from sync.protocol.messages import HEALTH_PATH

    url = settings.load(centre_home, {}).serving
    if not url:
        return False
    try:
        with httpx.Client(trust_env=False, verify=False, timeout=_ANSWER_S) as client:  # noqa: S501 - no secret is sent, and nothing believed
            return client.get(url + HEALTH_PATH).status_code == httpx.codes.OK
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def bring_up(centre_home: Path) -> "subprocess.Popen[bytes] | None":
    """Let the centre of this machine answer; gives the process where one had to be started.

    Raises `Unavailable` when it does not answer in time.
    """
    if answers(centre_home):
        return None
    process = start(_server_words(centre_home))
    end = time.monotonic() + START_LIMIT_S
    while not answers(centre_home):
        if process.poll() is not None or time.monotonic() > end:
            _stop(process)
            raise Unavailable("own-centre-silent", home=centre_home)
        time.sleep(_LOOK_EVERY_S)
    return process


@contextlib.contextmanager
def beside(home: Path, given: "subprocess.Popen[bytes] | None" = None) -> Iterator[None]:
    """The daemon of a till, and the centre of its PC, run while the block does; where its settings say so.

    `given` is the centre's process, where one was started before.
    """
    chosen = settings.load(home)
    if not chosen.runs_beside:
        yield
        return
    stop = threading.Event()
    kept = [functools.partial(_kept, _daemon_words(home), lambda: False, None)]
    if chosen.own_centre:
        centre = Path(chosen.own_centre)
        kept.insert(0, functools.partial(_kept, _server_words(centre), lambda: answers(centre), given))
    threads = [threading.Thread(target=one, args=(stop,), name="beside", daemon=True) for one in kept]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in reversed(threads):
            thread.join(_END_S + 1)


def _kept(
    words: Sequence[str],
    runs_elsewhere: Callable[[], bool],
    given: "subprocess.Popen[bytes] | None",
    stop: threading.Event,
) -> None:
    """Run one command until `stop`, again when it ended."""
    process = given
    while not stop.is_set():
        if (process is None or process.poll() is not None) and not runs_elsewhere():
            process = start(words)
        stop.wait(_AGAIN_S)
    if process is not None:
        _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _server_words(centre_home: Path) -> list[str]:
    return ["server", "--home", str(centre_home)]


def _daemon_words(home: Path) -> list[str]:
    return ["syncd", "--home", str(home)]
