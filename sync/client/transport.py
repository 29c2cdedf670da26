"""The one seam to the network: a packed request out, a packed answer back, or a sentence.

`HttpTransport` is the real one.  Whatever else stands at the address, or between, becomes an
error; nothing but an answer of ours comes through.
"""

import ssl
import time
from pathlib import Path
from typing import Final, Protocol, TypeVar

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Refused
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable
from sync.protocol import signature, wire
from sync.protocol.errors import Malformed
from sync.protocol.messages import MOST_MESSAGE_BYTES, Code, ErrorAnswer
from sync.protocol.refusals import unpacked

Answer = TypeVar("Answer")

CONNECT_LIMIT_S: Final = 10.0
READ_LIMIT_S: Final = 60.0
#: The whole answer must be here by then, however steadily it drips.
ANSWER_LIMIT_S: Final = 120.0
_LONGEST_WAIT_S: Final = 60


class Transport(Protocol):
    """Brings a signed request to the server and its answer back."""

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """The server's answer.

        Raises `ServerRefused` when it says no, `ServerUnreachable` when nothing of ours answers,
        `Malformed` when the answer is not one.
        """
        ...

    def close(self) -> None:
        """Give the line back."""
        ...


def sentence_of_refusal(body: bytes) -> ErrorAnswer | None:
    """What the server said when it turned a request away; None when this is not our server."""
    try:
        return wire.unpack(body, ErrorAnswer)
    except Malformed:
        return None


class HttpTransport:
    """HTTP to one server, over one kept connection."""

    def __init__(
        self,
        url: str,
        key: Ed25519PrivateKey,
        terminal: str,
        *,
        connect_limit_s: float = CONNECT_LIMIT_S,
        read_limit_s: float = READ_LIMIT_S,
        answer_limit_s: float = ANSWER_LIMIT_S,
        ca_file: Path | None = None,
    ) -> None:
        """`ca_file` names the authorities whose certificates are taken, instead of the well-known ones.

        Raises `Refused` when it holds none.
        """
        self._url = url.rstrip("/")
        self._key = key
        self._terminal = terminal
        self._answer_limit_s = answer_limit_s
        # Redirects are not followed and proxies of the environment not used: a till talks to its server.
        self._client = httpx.Client(
            timeout=httpx.Timeout(read_limit_s, connect=connect_limit_s),
            trust_env=False,
            verify=_trust(ca_file) if self._url.startswith("https:") else False,
        )

    def close(self) -> None:
        """See `Transport.close`."""
        self._client.close()

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """See `Transport.call`."""
        body = wire.pack(message)
        headers = {"content-type": wire.MEDIA_TYPE} | signature.headers(
            self._key, self._terminal, "POST", path, body
        )
        status, head, answer = self._post(self._url + path, headers, body)
        media_type = head.get("content-type", "")
        if 300 <= status < 400:
            raise ServerUnreachable("server-elsewhere")
        if media_type != wire.MEDIA_TYPE:
            raise ServerUnreachable("not-the-bohari-server", url=self._url, status=status)
        if status == 200:
            return wire.unpack(answer, answer_type)
        refusal = sentence_of_refusal(answer)
        if refusal is None:
            raise ServerUnreachable("server-answer-unreadable", status=status)
        if refusal.code == Code.BUSY:
            raise ServerBusy(unpacked(refusal), wait_s=_seconds(head.get("retry-after", "")))
        if status >= 500:
            raise ServerUnreachable(unpacked(refusal))
        raise ServerRefused(unpacked(refusal), verdict=refusal.code)

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, httpx.Headers, bytes]:
        deadline = time.monotonic() + self._answer_limit_s
        parts = bytearray()
        try:
            with self._client.stream("POST", url, headers=headers, content=body) as response:
                for part in response.iter_raw():
                    parts += part
                    if len(parts) > MOST_MESSAGE_BYTES:
                        raise ServerUnreachable("server-answer-endless")
                    if time.monotonic() > deadline:
                        raise ServerUnreachable("server-answer-too-slow")
                return response.status_code, response.headers, bytes(parts)
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


def _seconds(retry_after: str) -> float:
    """What a busy server asks us to wait; never so long that it could shut a till out."""
    return (
        float(min(int(retry_after), _LONGEST_WAIT_S))
        if retry_after.isascii() and retry_after.isdigit()
        else 1.0
    )
