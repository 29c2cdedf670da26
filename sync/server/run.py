"""Running the server: a socket on loopback, uvicorn on it, until SIGTERM.

`python -m sync.server.run` is not a command of ours: the command line calls `serve`.
"""

import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Unavailable
from pos_app.store.embedded import EmbeddedPostgres
from pos_app.store.engine import Database
from sync.server.app import create_app

#: More requests at once than this are answered 503: the terminals come again.
MOST_REQUESTS: Final = 200
#: How long running requests may take to end after SIGTERM.
GRACE_S: Final = 10
#: How long a thread that computes keeps others waiting.
_SWITCH_INTERVAL_S: Final = 0.0005
#: Objects made, less those that went by themselves, before the collector looks for cycles.
_COLLECT_EVERY: Final = 50_000


class _Server(uvicorn.Server):
    """uvicorn that says when it answers."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_started()


class Serving:
    """A server that can be run and stopped: in the main thread by signals, in another by `stop`."""

    def __init__(
        self,
        database: Database,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
        embedded: EmbeddedPostgres | None = None,
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        self._socket = _bind(host, port)
        address = self._socket.getsockname()
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{address[1]}"
        self._embedded = embedded
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._on_ready = on_ready
        config = uvicorn.Config(
            create_app(database, clock),
            log_level="warning",
            access_log=False,
            limit_concurrency=MOST_REQUESTS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )
        self._server = _Server(config, self._started)

    def run(self) -> None:
        """Serve until SIGTERM, SIGINT or `stop`.  Watches over the embedded Postgres meanwhile."""
        watcher = None
        if self._embedded is not None:
            watcher = threading.Thread(
                target=self._embedded.watch, args=(self._stopped,), name="postgres-watch", daemon=True
            )
            watcher.start()
        try:
            with _QuietSignals(), _Tuned():
                self._server.run(sockets=[self._socket])
        finally:
            self._stopped.set()
            self._socket.close()
            if watcher is not None:
                watcher.join()

    def stop(self) -> None:
        """End `run`, from any thread, after the requests at work."""
        self._server.should_exit = True

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until the server answers."""
        return self._ready.wait(timeout_s)

    def _started(self) -> None:
        self._ready.set()
        if self._on_ready is not None:
            self._on_ready(self.url)


def serve(
    database: Database,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], None] | None = None,
    *,
    embedded: EmbeddedPostgres | None = None,
    clock: Clock | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` gets the real URL once the server answers.

    Port 0 picks a free one.  `embedded` is started again whenever it dies.  Raises `Unavailable`
    when the port is taken.
    """
    Serving(database, host=host, port=port, clock=clock, embedded=embedded, on_ready=on_ready).run()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol left at 0 asyncio does not turn Nagle's delay off: 40 ms for every answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable(f"Port {port} of {host} cannot be used: {error.strerror}.") from error
    return listener


class _Tuned:
    """The interpreter as a server wants it, and as it was afterwards."""

    def __enter__(self) -> None:
        self._before = sys.getswitchinterval(), gc.get_threshold()
        # One batch is checked in Python while another waits for Postgres many times: at the usual
        # 5 ms every answer of Postgres would find the interpreter taken for as long.
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        # A batch is some ten thousand objects without a cycle; looking through them for one again
        # and again was a tenth of the server's work.
        gc.set_threshold(_COLLECT_EVERY, 20, 50)

    def __exit__(self, *_: object) -> None:
        sys.setswitchinterval(self._before[0])
        gc.set_threshold(*self._before[1])


class _QuietSignals:
    """uvicorn raises the signal that ended it once more; then it finds a handler that does nothing."""

    def __enter__(self) -> None:
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, lambda *_: None)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
