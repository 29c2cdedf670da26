"""Carries the messages of a fiscal regime to a device over HTTP; one line for each device, kept open.

Nothing of a message or an answer is ever logged: a key stands in the one and a customer in the other.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

import httpx

from pos_app.ledger.errors import Unavailable

#: A control unit answers in a second or two; the authority's gateway gives up after thirty.
TOTAL_S: Final = 30.0
_CONNECT_S: Final = 5.0
_MOST_ANSWER: Final = 2_000_000


class HttpLine:
    """See `fiscal.regime.Line`.  `address` is where the paths of the device begin."""

    def __init__(self, address: str, total_s: float = TOTAL_S) -> None:
        self._address = address.rstrip("/")
        # Of the environment no proxy: a control unit stands on the shop's own network.
        self._client = httpx.Client(
            timeout=httpx.Timeout(total_s, connect=min(_CONNECT_S, total_s)), trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the line go."""
        self._client.close()

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """See `fiscal.regime.Line.post`."""
        told = {"content-type": "application/json", "accept": "application/json", **headers}
        try:
            answer = self._client.post(f"{self._address}/{path}", headers=told, content=body)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # Its own words hold the address, and an address can hold a secret.
            raise Unavailable("fiscal-unreachable", why=type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in (401, 403, 404, 429):
            raise Unavailable("fiscal-unreachable", why=f"HTTP {answer.status_code}")
        if len(answer.content) > _MOST_ANSWER:
            raise Unavailable("fiscal-answer-unreadable")
        return answer.content
