"""The one seam to the network: a packed request out, a packed answer back, or a sentence.

`HttpTransport` is the real one.  Whatever else stands at the address, or between, becomes an
error; nothing but an answer that the centre signed comes through (see `conversation`).
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import httpx
import msgspec

from pos_app.ledger.errors import Refused
from sync.client.conversation import Conversation, Key, Received
from sync.client.errors import ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.protocol import plain_http, wire
from sync.protocol.messages import MOST_MESSAGE_BYTES

Answer = TypeVar("Answer")

CONNECT_LIMIT_S: Final = 10.0
READ_LIMIT_S: Final = 60.0
#: The whole answer must be here by then, however steadily it drips.
ANSWER_LIMIT_S: Final = 120.0


class Transport(Protocol):
    """Brings a signed request to the server and its answer back."""

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """The server's answer.

        Raises `ServerRefused` when it says no, `ServerUnreachable` when nothing of ours answers,
        `Malformed` when the answer is not one.
        """
        ...

    def close(self) -> None:
        """Give the line back; a call that waits in another thread ends."""
        ...


class HttpTransport:
    """HTTP to one server, over one kept connection."""

    def __init__(
        self,
        url: str,
        key: Key,
        terminal: str,
        centre: KnownCentre,
        *,
        connect_limit_s: float = CONNECT_LIMIT_S,
        read_limit_s: float = READ_LIMIT_S,
        answer_limit_s: float = ANSWER_LIMIT_S,
        ca_file: Path | None = None,
        insecure: bool = False,
    ) -> None:
        """`ca_file` names the authorities whose certificates are taken, instead of the well-known ones;
        `insecure` lets plain http go beyond this machine.

        Raises `Refused` when the file holds none, or for plain http without that word.
        """
        self._url = url.rstrip("/")
        if plain_http.is_open(self._url) and not insecure:
            raise Refused("plain-http-beyond-machine", url=self._url)
        self._who = key, terminal, centre
        self._conversation = Conversation(self._bring, key, terminal, centre)
        self._answer_limit_s = answer_limit_s
        self._way: dict[str, Any] = {
            "connect_limit_s": connect_limit_s,
            "read_limit_s": read_limit_s,
            "answer_limit_s": answer_limit_s,
            "ca_file": ca_file,
            "insecure": insecure,
        }
        self._lines: list[socket.socket] = []
        # Redirects are not followed and proxies of the environment not used: a till talks to its server.
        self._client = httpx.Client(
            timeout=httpx.Timeout(read_limit_s, connect=connect_limit_s),
            trust_env=False,
            verify=_trust(ca_file) if self._url.startswith("https:") else False,
        )

    def another(self) -> "HttpTransport":
        """A second line of the same terminal to the same server."""
        return HttpTransport(self._url, *self._who, **self._way)

    def close(self) -> None:
        """See `Transport.close`."""
        for line in self._lines:
            # Who waits for an answer in another thread would wait on.
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._client.close()

    def _connected(self, event: str, told: Mapping[str, Any]) -> None:
        """What httpcore tells of a request: a new connection is kept, so that `close` reaches it."""
        if event == "connection.connect_tcp.complete":
            line = told["return_value"].get_extra_info("socket")
            self._lines = [one for one in self._lines if one.fileno() >= 0]
            if line is not None:
                self._lines.append(line)

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """See `Transport.call`."""
        return self._conversation.call(path, message, answer_type)

    def _bring(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        received = self._post(path, headers, body)
        if 300 <= received.status < 400:
            raise ServerUnreachable("server-elsewhere")
        if received.headers.get("content-type", "") != wire.MEDIA_TYPE:
            raise ServerUnreachable("not-the-bohari-server", url=self._url, status=received.status)
        return received

    def _post(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        deadline = time.monotonic() + self._answer_limit_s
        parts = bytearray()
        try:
            with self._client.stream(
                "POST",
                self._url + path,
                headers=headers,
                content=body,
                extensions={"trace": self._connected},
            ) as response:
                for part in response.iter_raw():
                    parts += part
                    if len(parts) > MOST_MESSAGE_BYTES:
                        raise ServerUnreachable("server-answer-endless")
                    if time.monotonic() > deadline:
                        raise ServerUnreachable("server-answer-too-slow")
                return Received(response.status_code, response.headers, bytes(parts))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ServerUnreachable("not-a-server-address", url=self._url) from error
        except httpx.ConnectError as error:
            reason = _why_not_trusted(error)
            if reason:
                raise ServerUnreachable("certificate-not-trusted", url=self._url, why=reason) from error
            raise ServerUnreachable("no-server-answers", url=self._url) from error
        except httpx.TimeoutException as error:
            raise ServerUnreachable("server-too-slow") from error
        except (httpx.HTTPError, UnicodeError) as error:
            raise ServerUnreachable("server-connection-broke", why=type(error).__name__) from error


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """What makes a certificate good: its chain, its name, its dates; TLS 1.2 or newer."""
    if ca_file is None:
        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        raise Refused("no-authority-certificate", file=ca_file, why=error) from error


def _why_not_trusted(error: BaseException | None) -> str:
    """What OpenSSL says against a certificate; empty when that was not the trouble."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message.rstrip(".")
        error = error.__cause__ or error.__context__
    return ""
