"""The line to one client: HTTP with patience that ends.

uvicorn waits for ever for the first line of a request and for a client that does not read its
answer: a few thousand silent connections (a slow-loris client, a broken switch) would shut every
till out.  Here a head must come within seconds, an answer must be taken within minutes, and when
there are too many connections the one that has been silent longest makes room.

2026-11-20  h11 and not httptools: it is pure Python, the same on every platform, and the time of a
request goes into the database (see the bench); its strictness turns garbage away before our code.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from pos_app.log import events

#: From the connection, or the first byte of the next request, to the end of the head.
HEAD_LIMIT_S: Final = 10.0
#: From the end of the request to the moment when the client has read the whole answer.
ANSWER_LIMIT_S: Final = 120.0
#: How long an idle client may take to close its end when the server ends.
GOODBYE_LIMIT_S: Final = 0.05
#: Connections of one process; beyond it the one that has been silent longest is cut off.
MOST_CONNECTIONS: Final = 4_000


class BoundedConnection(H11Protocol):
    """One connection; see the module."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_limit: asyncio.TimerHandle | None = None
        self._answer_limit: asyncio.TimerHandle | None = None
        self._silent_since_s = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client connected."""
        super().connection_made(transport)
        self._expect_head()
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Bytes of a head or of a body came."""
        super().data_received(data)
        if self._is_at_work():
            self._head_limit = _stop(self._head_limit)
        elif self._head_limit is None and not self.transport.is_closing():
            # The first bytes of the next request: more of them do not move the limit.
            self._expect_head()

    def on_response_complete(self) -> None:
        """The answer is written, perhaps only into our own memory."""
        self._silent_since_s = self.loop.time()
        self._head_limit = _stop(self._head_limit)
        self._answer_limit = _stop(self._answer_limit)
        if self.transport.get_write_buffer_size():
            self._answer_limit = self.loop.call_later(ANSWER_LIMIT_S, self._not_taken)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._head_limit = _stop(self._head_limit)
        self._answer_limit = _stop(self._answer_limit)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server ends: an idle line says goodbye, one at work ends after its answer."""
        super().shutdown()
        if not self._is_at_work():
            # Under TLS the client would have to say goodbye too, and one that is not reading never does.
            self.loop.call_later(GOODBYE_LIMIT_S, self.transport.abort)

    def _is_at_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        self._silent_since_s = self.loop.time()
        self._head_limit = self.loop.call_later(HEAD_LIMIT_S, self._cut_off)

    def _cut_off(self) -> None:
        self._head_limit = None
        if not self._is_at_work():
            self.transport.abort()

    def _not_taken(self) -> None:
        self._answer_limit = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _make_room(self) -> None:
        silent = [
            line
            for line in self.connections
            if isinstance(line, BoundedConnection) and line is not self and not line._is_at_work()
        ]
        if silent:
            min(silent, key=lambda line: line._silent_since_s).transport.abort()
        else:
            events.TOO_MANY_CONNECTIONS.log()
            self.transport.abort()


def _stop(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if timer is not None:
        timer.cancel()
    return None
