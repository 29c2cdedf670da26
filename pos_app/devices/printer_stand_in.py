"""A receipt printer that is none: it takes what a till sends to port 9100 and keeps it as it would be paper.

It ships: `bohari drill` pulls its plug, and a shop may send receipts to it before its own printer is there.
"""

import socketserver
import threading
from types import TracebackType
from typing import Final, Self

from pos_app.devices.escpos_reader import Letters, UnknownCommand, read_back

#: A till sends no longer paper; what is longer is no receipt.
_MOST_BYTES: Final = 16 * 1024 * 1024
_SILENT_S: Final = 10.0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    owner: "PrinterStandIn"


class _Line(socketserver.StreamRequestHandler):
    timeout = _SILENT_S

    def handle(self) -> None:
        if not isinstance(self.server, _Server):
            raise TypeError("another server")
        try:
            job = self.rfile.read(_MOST_BYTES)
        except OSError:
            # Cut off in the middle: what came is half a paper, and nobody's receipt.
            return
        if job:
            self.server.owner.keep(job)


class PrinterStandIn:
    """Keeps the bytes of each job in `jobs`, in order; hangs up when a job is read to its end, as a printer.

    `close` pulls its plug: whoever prints finds nobody.  The same port can be taken again by another one.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Raises `OSError` where the port is taken."""
        self.jobs: list[bytes] = []
        self._lock = threading.Lock()
        self._server = _Server((host, port), _Line)
        self._server.owner = self

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """What stands in the settings of a till."""
        return f"network://127.0.0.1:{self.port}"

    def keep(self, job: bytes) -> None:
        """A job that was read to its end."""
        with self._lock:
            self.jobs.append(job)

    def papers(self) -> list[str]:
        """The letters of each whole paper, in order; a job that breaks off, or is a picture, has none."""
        with self._lock:
            jobs = list(self.jobs)
        return [_letters(job) for job in jobs]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take nothing more."""
        self._server.shutdown()
        self._server.server_close()


def _letters(job: bytes) -> str:
    try:
        return "\n".join(part.text for part in read_back(job) if isinstance(part, Letters))
    except (UnknownCommand, IndexError):
        return ""
