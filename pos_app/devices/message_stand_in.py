"""A gateway for SMS and a mail server that are none, over real sockets: they keep what they were sent.

    with SmsStandIn(["busy", "take"]) as sms:
        ...
    sms.taken  # what it took, in order

Each message takes the next of the manners, the last one for ever: `take`, `busy` (try again later), `refuse`
(for good), `cut` (it is taken, and the connection is gone before the answer).
"""

import json
import socketserver
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

MANNERS: Final = ("take", "busy", "refuse", "cut")
_MOST: Final = 1_000_000


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    owner: "StandIn"


class StandIn:
    """What both share: where it listens, what it took, how it behaves."""

    scheme = ""

    def __init__(
        self, handler: type[socketserver.BaseRequestHandler], manners: Sequence[str], port: int
    ) -> None:
        """Raises `ValueError` for a manner that is none."""
        unknown = [manner for manner in manners if manner not in MANNERS]
        if unknown or not manners:
            raise ValueError(f"no such manner: {unknown}")
        self._manners, self._lock = list(manners), threading.Lock()
        self.taken: list[dict[str, Any]] = []
        self._server = _Server(("127.0.0.1", port), handler)
        self._server.owner = self
        self.address = f"{self.scheme}://127.0.0.1:{self._server.server_address[1]}"

    def manner(self) -> str:
        """How the next message is met."""
        with self._lock:
            return self._manners.pop(0) if len(self._manners) > 1 else self._manners[0]

    def take(self, told: dict[str, Any]) -> None:
        """Keep one."""
        with self._lock:
            self.taken.append(told)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="stand-in", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


class _Http(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        owner = self.server.owner  # type: ignore[attr-defined]
        head = {}
        self.rfile.readline(_MOST)
        while (line := self.rfile.readline(_MOST).strip()) and b":" in line:
            name, _, value = line.partition(b":")
            head[name.strip().lower().decode()] = value.strip().decode()
        length = min(int(head.get("content-length", "0") or 0), _MOST)
        manner = owner.manner()
        try:
            told = json.loads(self.rfile.read(length))
        except ValueError:
            manner, told = "refuse", {}
        if manner in ("take", "cut"):
            owner.take({**told, "key": head.get("idempotency-key", "")})
        if manner != "cut":
            status = {"take": "202 Accepted", "busy": "503 Busy", "refuse": "400 Bad Request"}[manner]
            self.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())


class SmsStandIn(StandIn):
    """Takes short messages as JSON."""

    scheme = "http"

    def __init__(self, manners: Sequence[str] = ("take",), *, port: int = 0) -> None:
        super().__init__(_Http, manners, port)


class _Smtp(socketserver.StreamRequestHandler):
    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        owner = self.server.owner  # type: ignore[attr-defined]
        self._say("220 stand-in")
        envelope: dict[str, Any] = {"to": []}
        while line := self.rfile.readline(_MOST).decode("utf-8", "replace").strip():
            word = line[:4].upper()
            if word == "RCPT":
                envelope["to"].append(line.partition(":")[2].strip(" <>"))
                self._say("250 ok")
            elif word == "DATA":
                self._say("354 go on")
                manner = owner.manner()
                envelope["letter"] = self._letter()
                if manner in ("take", "cut"):
                    owner.take(dict(envelope))
                if manner == "cut":
                    return
                self._say({"take": "250 taken", "busy": "451 later", "refuse": "554 never"}[manner])
                envelope = {"to": []}
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> str:
        lines = []
        while (line := self.rfile.readline(_MOST)) not in (b".\r\n", b".\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines).decode("utf-8", "replace")


class SmtpStandIn(StandIn):
    """Takes e-mail."""

    scheme = "smtp"

    def __init__(self, manners: Sequence[str] = ("take",), *, port: int = 0) -> None:
        super().__init__(_Smtp, manners, port)
