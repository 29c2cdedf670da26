"""Several server processes on one port: the server scales to the cores that it is given.

The first process owns the sockets, starts the workers again when they die, watches over the
embedded Postgres, and answers nothing itself.

2026-11-20  Processes and not threads: decoding, checking and posting a batch is Python's own work,
which one interpreter does on one core.  On Linux each worker has a socket of its own on the port
(SO_REUSEPORT) and the kernel deals out the connections; the sockets live in the first process, so
that a worker that died leaves its waiting connections to the next one.  Elsewhere all share one.
"""

import contextlib
import multiprocessing
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Unavailable
from pos_app.log import events
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database
from pos_app.store.feed.feed import CODE_DAYS
from sync.server.app import Beside
from sync.server.run import GRACE_S, LOCK_LIMIT_S, STATEMENT_LIMIT_S, Serving, bind, url_of
from sync.server.server_key import ServerKeys
from sync.server.tls import Tls

#: A worker must answer by then.
START_LIMIT_S: Final = 60.0
#: A worker that dies sooner than this is not started again at once.
_YOUNG_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.2
#: Beside one for each place: the pulse, the making of a year, and what hears of news.
SPARE_CONNECTIONS: Final = 3

#: Opens the database in a worker; must be picklable, so a function of a module or a partial of one.
OpenDatabase = Callable[[], Database]


class _Choices(NamedTuple):
    """What every worker serves with."""

    places: int
    metrics_token: str
    code_days: int
    tls: Tls | None
    keys: ServerKeys | None
    beside: Beside | None


class Workers:
    """So many workers on one port, until `stop`, SIGTERM or SIGINT."""

    def __init__(
        self,
        open_database: OpenDatabase,
        workers: int,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        places: int,
        embedded: EmbeddedPostgres | None = None,
        on_ready: Callable[[str], None] | None = None,
        metrics_token: str = "",
        code_days: int = CODE_DAYS,
        tls: Tls | None = None,
        keys: ServerKeys | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._listeners = _listeners(host, port, workers)
        self.url = url_of(self._listeners[0], tls)
        self._open_database = open_database
        self._choices = _Choices(places, metrics_token, code_days, tls, keys, beside)
        self._embedded = embedded
        self._on_ready = on_ready
        self._stopped = threading.Event()
        self._workers: list[_Worker] = []

    def run(self) -> None:
        """Serve.  Raises `Unavailable` when the workers do not come up."""
        watcher = None
        if self._embedded is not None:
            watcher = threading.Thread(
                target=self._embedded.watch, args=(self._stopped,), name="postgres-watch", daemon=True
            )
            watcher.start()
        before = self._listen_to_signals()
        try:
            self._start()
            while not self._stopped.wait(_LOOK_EVERY_S):
                for worker in self._workers:
                    worker.revive()
        finally:
            self._stopped.set()
            for number, handler in before.items():
                signal.signal(number, handler)
            self._end()
            if watcher is not None:
                watcher.join()

    def stop(self) -> None:
        """End `run`, from any thread, after the requests at work."""
        self._stopped.set()

    def _start(self) -> None:
        for number, listener in enumerate(self._listeners):
            self._workers.append(_Worker(number, listener, self._open_database, self._choices))
        deadline = time.monotonic() + START_LIMIT_S
        for worker in self._workers:
            while not worker.is_ready():
                if time.monotonic() > deadline or not worker.process.is_alive():
                    raise Unavailable("server-process-does-not-start")
                if self._stopped.is_set():
                    return
        if self._on_ready is not None:
            self._on_ready(self.url)

    def _listen_to_signals(self) -> dict[int, Any]:
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {
            number: signal.signal(number, lambda *_: self._stopped.set())
            for number in (signal.SIGTERM, signal.SIGINT)
        }

    def _end(self) -> None:
        for worker in self._workers:
            worker.ask_to_end()
        deadline = time.monotonic() + GRACE_S + 5
        for worker in self._workers:
            left_s = max(0.0, deadline - time.monotonic())
            worker.end(left_s)
        for listener in self._listeners:
            listener.close()


class _Worker:
    """One process that answers, started again whenever it dies."""

    def __init__(
        self,
        number: int,
        listener: socket.socket,
        open_database: OpenDatabase,
        choices: _Choices,
    ) -> None:
        self._number = number
        self._arguments = (listener, open_database, choices)
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_work, args=(*self._arguments, theirs), name=f"server-{self._number}", daemon=True
        )
        self.process.start()
        theirs.close()
        self._started_s = time.monotonic()
        self._is_ready = False

    def is_ready(self) -> bool:
        """Whether it answers; looks for a moment."""
        with contextlib.suppress(EOFError, OSError):
            self._is_ready = self._is_ready or (self._line.poll(_LOOK_EVERY_S) and bool(self._line.recv()))
        return self._is_ready

    def revive(self) -> None:
        """Start it again when it is dead, but not over and over."""
        if self.process.is_alive() or time.monotonic() - self._started_s < _YOUNG_S:
            return
        events.WORKER_ENDED.log(worker=self._number, exit_code=self.process.exitcode)
        self._line.close()
        self._start()

    def ask_to_end(self) -> None:
        """Let it finish what is at work."""
        # Not SIGTERM: on Windows that kills.  The worker ends when this line does.
        self._line.close()

    def end(self, wait_s: float) -> None:
        """Wait for its end; no longer than this."""
        self.process.join(wait_s)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _work(
    listener: socket.socket,
    open_database: OpenDatabase,
    choices: _Choices,
    line: "Connection",
) -> None:
    """The life of a worker: serve until the first process says so, or is gone."""
    database = open_database()
    database.limit(statement_s=STATEMENT_LIMIT_S, lock_s=LOCK_LIMIT_S)
    serving = Serving(
        database,
        listener=listener,
        places=choices.places,
        on_ready=lambda url: _say(line, url),
        metrics_token=choices.metrics_token,
        code_days=choices.code_days,
        tls=choices.tls,
        keys=choices.keys,
        beside=choices.beside,
    )
    threading.Thread(target=_wait_for_end, args=(line, serving), name="parent-watch", daemon=True).start()
    try:
        serving.run()
    finally:
        database.close()


def _say(line: "Connection", url: str) -> None:
    with contextlib.suppress(OSError):
        line.send(url)


def _wait_for_end(line: "Connection", serving: Serving) -> None:
    with contextlib.suppress(EOFError, OSError):
        line.recv()
    serving.stop()


def _listeners(host: str, port: int, workers: int) -> list[socket.socket]:
    """A socket for each worker.  Raises `Unavailable` when the port is taken."""
    # Without sharing first: with it, another server of ours on this port would share our work.
    first = bind(host, port)
    if sys.platform != "linux":
        return [first, *(first.dup() for _ in range(workers - 1))]
    port = int(first.getsockname()[1])
    first.close()
    return [bind(host, port, shared=True) for _ in range(workers)]
