"""A program that is told: a real HTTP server here, that can be slow, wrong, closed or redirecting."""

import base64
import contextlib
import hashlib
import hmac
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass
class Delivered:
    """What came: the headers in small letters, and the body as it was."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Of the event."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """The event itself."""
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found

    def is_signed(self, secret: str) -> bool:
        """Whether one of its signatures is of this secret, computed as the specification says."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return any(
            hmac.compare_digest(one, f"v1,{mine}") for one in self.headers["webhook-signature"].split(" ")
        )


#: Answers a request that was read; gives nothing where it wrote to the line itself.
Answer = Callable[[BaseHTTPRequestHandler], int | None]


def taken(_: BaseHTTPRequestHandler) -> int:
    """As it should be."""
    return 200


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A letter every tenth of a second, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"x-more: a\r\n")
            handler.wfile.flush()
            time.sleep(0.1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body that does not end."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 65_536)


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    """No HTTP at all."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


@dataclass
class Receiver:
    """The server while it runs; `answer` may be changed at any moment."""

    url: str = ""
    answer: Answer = taken
    location: str = ""
    retry_after: str = ""
    found: list[Delivered] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The events that came, in their order, each as often as it came."""
        return [one.id for one in self.found]


def wait_for(happened: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Wait until something is so."""
    end_s = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.02)


@contextlib.contextmanager
def running() -> Iterator[Receiver]:
    """One on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.found.append(Delivered(headers, body))
            status = receiver.answer(self)
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            if receiver.location:
                self.send_header("location", receiver.location)
            if receiver.retry_after:
                self.send_header("retry-after", receiver.retry_after)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_GET = do_POST  # noqa: N815 - the library asks for it by this name

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
