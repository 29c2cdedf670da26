"""A card terminal that is none, over a real socket: what a bank's does on good days and on bad ones.

    with CardStandIn(["approve", "decline"]) as stand_in:
        terminal = card_terminal(stand_in.address)

Each payment takes the next of its manners, the last one for ever: `approve`, `decline`, `slow` (it is
approved after a while), `late` (approved, and the answer comes after the till has given up), `cut` (approved,
and the connection is gone before the answer), `garbage` (approved, and the answer cannot be read).
"""

import json
import socketserver
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

MANNERS: Final = ("approve", "decline", "slow", "late", "cut", "garbage")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    owner: "CardStandIn"


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if not isinstance(self.server, _Server):
            raise TypeError("another server")
        try:
            told = json.loads(self.rfile.readline(4_096))
        except ValueError:
            return
        answer = self.server.owner.answer(told) if isinstance(told, dict) else None
        if answer is not None:
            self.wfile.write(answer)


class CardStandIn:
    """Takes what it is asked for and keeps what became of each request; `charged` is what it took."""

    def __init__(
        self,
        manners: Sequence[str] = ("approve",),
        *,
        pause_s: float = 0.2,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """`pause_s` is how long `slow` and `late` take."""
        unknown = [manner for manner in manners if manner not in MANNERS]
        if unknown or not manners:
            raise ValueError(f"no such manner: {unknown}")
        self._manners, self._pause_s = list(manners), pause_s
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Any]] = {}
        self.charged: dict[str, int] = {}
        self._server = _Server((host, port), _Line)
        self._server.owner = self

    @property
    def address(self) -> str:
        """What stands in the settings of a till."""
        host, port = self._server.server_address[:2]
        return f"tcp://{host!s}:{port}"

    def serve(self) -> None:
        """Answer until `close`."""
        self._server.serve_forever(poll_interval=0.05)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, told: dict[str, Any]) -> bytes | None:
        """The line that answers; None where the connection ends without one."""
        request = str(told.get("request", ""))[:64]
        if told.get("do") == "ask":
            with self._lock:
                # Who was told that it was never heard of may rely on it.
                known = self._known.setdefault(request, {"request": request, "result": "none"})
            return _line(known)
        with self._lock:
            known = self._known.get(request, {})
            if known:
                return _line(known)
            manner = self._manners.pop(0) if len(self._manners) > 1 else self._manners[0]
            self._known[request] = {"request": request, "result": "waiting"}
        if manner == "slow":
            time.sleep(self._pause_s)
        made = self._taken(request, told, declined=manner == "decline")
        if manner == "late":
            time.sleep(self._pause_s)
        if manner == "cut":
            return None
        return b"\x00 no answer \xff\n" if manner == "garbage" else _line(made)

    def _taken(self, request: str, told: dict[str, Any], *, declined: bool) -> dict[str, Any]:
        amount = told.get("amount")
        made: dict[str, Any] = {"request": request, "result": "declined", "words": "No money on it"}
        with self._lock:
            if not declined and type(amount) is int and amount > 0:
                self.charged[request] = amount
                slip = f"{len(self.charged):06}"
                made = {"request": request, "result": "approved", "amount": amount, "slip": slip}
            self._known[request] = made
        return made


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"
