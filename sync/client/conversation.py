"""What is said to the centre and believed of it, over whatever carries bytes.

Each request has a number and a time and is signed; an answer is believed when the centre's key signed it for
this very request, and is otherwise as good as none.  The centre's word on our clock and our numbers is taken
once and the request said again.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.clock import Clock, SystemClock
from pos_app.store.tables.columns import micros
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.protocol import signature, wire
from sync.protocol.errors import Malformed
from sync.protocol.messages import Code, ErrorAnswer
from sync.protocol.refusals import unpacked
from sync.protocol.signature import SignedAnswer

Answer = TypeVar("Answer")

_LONGEST_WAIT_S: Final = 60
#: Once, once more for our clock, and once more for our numbers.
_MOST_TRIES: Final = 3


class Received(NamedTuple):
    """What came back: HTTP status, head (by names in small letters), body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Key = Ed25519PrivateKey | Callable[[], Ed25519PrivateKey]

#: Brings a path, a head and a body to the server.  Raises `ServerUnreachable`, also when what came back is
#: not of our media type.
Post = Callable[[str, dict[str, str], bytes], Received]


class Conversation:
    """One terminal's way of speaking; used by several threads."""

    def __init__(
        self,
        post: Post,
        key: Key,
        terminal: str,
        centre: KnownCentre,
        *,
        clock: Clock | None = None,
    ) -> None:
        """`clock` tells the time of each request; left out, it is the machine's.

        `key` may be what gives the present one: a till's may follow another while it speaks.
        """
        self._post = post
        self._clock = clock or SystemClock()
        self._key = key
        self._terminal = terminal
        self._centre = centre
        self._number = 0
        self._lock = threading.Lock()

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """See `Transport.call`."""
        body = wire.pack(message)
        for _ in range(_MOST_TRIES):
            received, signed = self._ask(path, body)
            refusal = _refusal_of(received)
            if refusal is None or not self._can_say_it_again(refusal):
                break
        if refusal is None:
            return wire.unpack(received.body, answer_type)
        if refusal.code == Code.BUSY:
            raise ServerBusy(unpacked(refusal), wait_s=_seconds(signed.retry_after))
        if received.status >= 500:
            raise ServerUnreachable(unpacked(refusal))
        raise ServerRefused(unpacked(refusal), verdict=refusal.code)

    def _ask(self, path: str, body: bytes) -> tuple[Received, SignedAnswer]:
        """An answer that is to be believed.  Raises `ServerUnreachable` for any other."""
        now_us, ahead_s = micros(self._clock.now()), self._centre.ahead_s
        asked = signature.request_headers(
            self._key if isinstance(self._key, Ed25519PrivateKey) else self._key(),
            self._terminal,
            path,
            body,
            media_type=wire.MEDIA_TYPE,
            number=self._next_number(now_us + ahead_s * 1_000_000),
            created_s=now_us // 1_000_000 + ahead_s,
        )
        received = self._post(path, asked, body)
        signed = signature.read_answer(received.status, received.headers, received.body, asked)
        if signed is None:
            is_signed = signature.INPUT_HEADER in received.headers
            raise ServerUnreachable("server-answer-misfits" if is_signed else "server-answer-unsigned")
        self._centre.meet(signed, micros(self._clock.now()) // 1_000_000)
        return received, signed

    def _next_number(self, at_us: int) -> int:
        with self._lock:
            self._number = max(self._number + 1, at_us)
            return self._number

    def _can_say_it_again(self, refusal: ErrorAnswer) -> bool:
        """Whether the refusal was for our clock, which the answer has set, or for our numbers."""
        above = refusal.facts.get("above")
        if refusal.code == Code.REPLAYED and isinstance(above, int):
            with self._lock:
                self._number = max(self._number, above)
            return True
        return refusal.code == Code.CLOCK


def _refusal_of(received: Received) -> ErrorAnswer | None:
    """What the server said when it turned a request away; None when it did not."""
    if received.status == 200:
        return None
    try:
        return wire.unpack(received.body, ErrorAnswer)
    except Malformed as error:
        raise ServerUnreachable("server-answer-unreadable", status=received.status) from error


def _seconds(retry_after: str) -> float:
    """What a busy server asks us to wait; never so long that it could shut a till out."""
    return (
        float(min(int(retry_after), _LONGEST_WAIT_S))
        if retry_after.isascii() and retry_after.isdigit()
        else 1.0
    )
