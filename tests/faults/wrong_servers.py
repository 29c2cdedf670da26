"""Servers that are not ours: what a till on a bad line meets.  Each answers with a script of bytes."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket], None]


def read_request(connection: socket.socket) -> bytes:
    """One HTTP request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def serving(script: Script) -> Iterator[str]:
    """A server on loopback that plays the script for every connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stopped = threading.Event()

    def handle(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            script(connection)

    def accept() -> None:
        handlers = []
        while not stopped.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                handlers.append(threading.Thread(target=handle, args=(connection,)))
                handlers[-1].start()
        for handler in handlers:
            handler.join()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        thread.join()
        listener.close()


def says(head: str, body: bytes = b"", *, length: int | None = None) -> Script:
    """Reads the request and answers with this head and body."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        size = len(body) if length is None else length
        connection.sendall(f"HTTP/1.1 {head}\r\ncontent-length: {size}\r\n\r\n".encode() + body)

    return script


def hangs_up(connection: socket.socket) -> None:
    """Reads the request and closes without a word."""
    read_request(connection)


def drips(connection: socket.socket) -> None:
    """A byte now and then, for ever: no read of it ever times out."""
    read_request(connection)
    connection.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-bohari\r\ncontent-length: 9999\r\n\r\n"
    )
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.03)


def is_silent(connection: socket.socket) -> None:
    """Reads the request and says nothing for a while."""
    read_request(connection)
    time.sleep(1)


@contextlib.contextmanager
def losing_answers(url: str, path: str, times: int) -> Iterator[str]:
    """A line to the server at `url` that breaks after a request to `path` arrived, before its answer."""
    port = int(url.rsplit(":", 1)[1])
    left = [times]

    def script(connection: socket.socket) -> None:
        while request := read_request(connection):
            with socket.create_connection(("127.0.0.1", port)) as server:
                head, _, body = request.partition(b"\r\n\r\n")
                server.sendall(head + b"\r\nconnection: close\r\n\r\n" + body)
                answer = b"".join(iter(lambda: server.recv(65536), b""))
            if left[0] and request.startswith(b"POST " + path.encode()):
                left[0] -= 1
                return
            connection.sendall(answer)

    with serving(script) as line:
        yield line
