"""A client without manners: bytes on a socket, signed when a test wants them signed."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.store.engine.terminal_key import load
from sync.protocol import signature, wire
from tests.support.worlds.sync_fixtures import Till


def connect(url: str, limit_s: float = 100) -> socket.socket:
    """A connection to the server."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=limit_s)


def said(connection: socket.socket) -> bytes:
    """What comes until the server hangs up; what came, when it does not within the socket's time."""
    parts = b""
    with contextlib.suppress(OSError):
        while part := connection.recv(65536):
            parts += part
    return parts


def exchange(url: str, data: bytes, *, ends: bool = True, limit_s: float = 100) -> bytes:
    """Send bytes and read what the server says until it hangs up; `ends` says that no more come."""
    with connect(url, limit_s) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        return said(connection)


def headers_for(till: Till, path: str, body: bytes) -> dict[str, str]:
    """The headers with which the till signs exactly these bytes."""
    name = signature.terminal_id(till.who.org_id, till.who.terminal_no)
    key = load(Path(till.folder) / "terminal.key")
    return signed_headers(key, name, path, body)


def signed_headers(key: Ed25519PrivateKey, name: str, path: str, body: bytes) -> dict[str, str]:
    """The head of a request under any name with any key, of now, with the next number."""
    return signature.request_headers(
        key,
        name,
        path,
        body,
        media_type=wire.MEDIA_TYPE,
        number=time.time_ns() // 1000,
        created_s=int(time.time()),
    )


def post(url: str, till: Till, path: str, body: bytes, **more: str) -> httpx.Response:
    """Post bytes signed by the till, whatever they are."""
    headers = headers_for(till, path, body) | {name.replace("_", "-"): value for name, value in more.items()}
    return httpx.post(url + path, content=body, headers=headers, trust_env=False, timeout=200)


def head(till: Till, path: str, body: bytes, length: int) -> bytes:
    """The head of a signed request, up to the empty line, which claims so many bytes of body."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers_for(till, path, body).items())
    return f"POST {path} HTTP/1.1\r\nhost: till\r\ncontent-length: {length}\r\n{fields}\r\n".encode()


@contextlib.contextmanager
def many(url: str, count: int, first: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that sent a few bytes and wait."""
    connections = []
    try:
        for _ in range(count):
            connections.append(connect(url))
            if first:
                connections[-1].sendall(first)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def is_cut(connection: socket.socket) -> bool:
    """Whether the server hung up on a connection that it never answered."""
    connection.settimeout(0.2)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def memory_bytes(pid: int, *, anew: bool = False) -> int:
    """The resident memory of a process at its highest since it began, or since it was asked `anew`."""
    if anew:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def until(condition: object, limit_s: float = 100) -> bool:
    """Whether a condition (a function) holds within a time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if callable(condition) and condition():
            return True
        time.sleep(0.05)
    return False
