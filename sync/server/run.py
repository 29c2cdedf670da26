"""Running the server: a socket on loopback, uvicorn on it, until SIGTERM.

`python -m sync.server.run` is not a command of ours: the command line calls `serve`.
"""

import contextlib
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.errors import Unavailable
from pos_app.log import events
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database
from pos_app.store.feed.feed import CODE_DAYS
from pos_app.store.schema import partitions
from sync.server.admission import MOST_AT_WORK
from sync.server.app import Beside, create_app
from sync.server.connection import MOST_CONNECTIONS, BoundedConnection
from sync.server.news import News
from sync.server.server_key import ServerKeys
from sync.server.tls import CIPHERS, Tls

#: The longest statement, and the longest wait for a lock, of one request.
STATEMENT_LIMIT_S: Final = 60.0
LOCK_LIMIT_S: Final = 20.0
#: How often the server looks whether next year's partitions stand, and how soon again after an outage.
YEARS_EVERY_S: Final = 24 * 3600.0
YEARS_AGAIN_S: Final = 60.0
#: How long running requests may take to end after SIGTERM.
GRACE_S: Final = 10
#: How long a thread that computes keeps others waiting.
_SWITCH_INTERVAL_S: Final = 0.0005
#: Objects made, less those that went by themselves, before the collector looks for cycles.
_COLLECT_EVERY: Final = 50_000


class _Server(uvicorn.Server):
    """uvicorn that says when it answers."""

    def __init__(self, config: uvicorn.Config, news: News, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._news = news
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What is held open is at work to it, and would be waited for.
        self._news.stop()
        await super().shutdown(sockets=sockets)


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
        listener: socket.socket | None = None,
        places: int = MOST_AT_WORK,
        metrics_token: str = "",
        code_days: int = CODE_DAYS,
        tls: Tls | None = None,
        keys: ServerKeys | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._socket = bind(host, port) if listener is None else listener
        self.url = url_of(self._socket, tls)
        self._embedded = embedded
        self._database = database
        self._clock = clock or SystemClock()
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._on_ready = on_ready
        app = create_app(
            database,
            clock,
            keys=keys,
            places=places,
            metrics_token=metrics_token,
            code_days=code_days,
            beside=beside,
        )
        config = uvicorn.Config(
            app,
            # Its lines go where all go; by itself it would set handlers of its own.
            log_config=None,
            log_level="warning",
            access_log=False,
            # How much is at work at once is the affair of `admission`, not of connections.
            http=BoundedConnection,
            ws="none",
            lifespan="on",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
            ssl_certfile=None if tls is None else str(tls.certificate),
            ssl_keyfile=None if tls is None else str(tls.key),
            ssl_ciphers=CIPHERS,
        )
        self._server = _Server(config, app.state.news, self._started)

    def run(self) -> None:
        """Serve until SIGTERM, SIGINT or `stop`.  Watches over the embedded Postgres meanwhile."""
        _allow_connections()
        watcher = None
        if self._embedded is not None:
            watcher = threading.Thread(
                target=self._embedded.watch, args=(self._stopped,), name="postgres-watch", daemon=True
            )
            watcher.start()
        years = threading.Thread(target=self._keep_years_ahead, name="years-ahead", daemon=True)
        years.start()
        try:
            with _QuietSignals(), _Tuned():
                self._server.run(sockets=[self._socket])
        finally:
            self._stopped.set()
            self._socket.close()
            if watcher is not None:
                watcher.join()
            years.join()

    def _keep_years_ahead(self) -> None:
        """Partitions of the next year: at the start and every day."""
        while not self._stopped.is_set():
            try:
                made = partitions.make_ahead(self._database.without_tenant(), self._clock.now())
            except Exception as error:  # noqa: BLE001 - an outage must not end the watch; it is logged
                events.YEAR_NOT_MADE.log(error)
                self._stopped.wait(YEARS_AGAIN_S)
                continue
            if made:
                events.YEAR_MADE.log(partitions=made)
            self._stopped.wait(YEARS_EVERY_S)

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
    metrics_token: str = "",
    code_days: int = CODE_DAYS,
    tls: Tls | None = None,
    keys: ServerKeys | None = None,
    beside: Beside | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` gets the real URL once the server answers.

    Port 0 picks a free one.  `embedded` is started again whenever it dies.  Raises `Unavailable`
    when the port is taken.
    """
    database.limit(statement_s=STATEMENT_LIMIT_S, lock_s=LOCK_LIMIT_S)
    Serving(
        database,
        host=host,
        port=port,
        clock=clock,
        embedded=embedded,
        on_ready=on_ready,
        metrics_token=metrics_token,
        code_days=code_days,
        tls=tls,
        keys=keys,
        beside=beside,
    ).run()


def bind(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket on the address; `shared` lets others of ours stand beside it, where the system can.

    Raises `Unavailable` when the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol left at 0 asyncio does not turn Nagle's delay off: 40 ms for every answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable("port-unusable", port=port, host=host, why=error.strerror) from error
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


def url_of(listener: socket.socket, tls: Tls | None = None) -> str:
    """The URL under which a socket of ours is reached."""
    host, port = listener.getsockname()[:2]
    scheme = "http" if tls is None else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _allow_connections() -> None:
    """Every connection is a file for the system, and many systems begin with 1,024 of them."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 500
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


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
