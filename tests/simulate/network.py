"""The line between tills and the centre: it loses, delays, doubles, breaks, lets one overtake another."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import timedelta
from typing import Any, Final, NamedTuple, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.client.conversation import Received
from sync.client.errors import ServerUnreachable
from sync.protocol import signature, wire
from sync.protocol.messages import Code, ErrorAnswer
from tests.simulate.clock import FleetTime
from tests.simulate.plan import OF_REQUESTS
from tests.simulate.trace import Trace

_WRONG: Final = Ed25519PrivateKey.from_private_bytes(b"\x66" * 32)


class Answers(Protocol):
    """A centre's door."""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        """The signed answer to a request."""
        ...


class Request(NamedTuple):
    """Bytes on their way."""

    till: int
    path: str
    headers: dict[str, str]
    body: bytes


class Seen(NamedTuple):
    """A request that reached the centre, when that was, and the answer."""

    request: Request
    at: timedelta
    answer: Received


class Network:
    """What is on its way, and how each request fares."""

    def __init__(self, centre: Answers, faults: Sequence[str], trace: Trace, time: FleetTime) -> None:
        self.centre, self._time = centre, time
        self._rates = [(name, rate / 1000) for name, rate in OF_REQUESTS.items() if name in faults]
        self._trace = trace
        self._held: list[Request] = []
        #: All that reached the centre, where somebody wants to play it again.
        self.record: Callable[[Seen], None] | None = None

    def fate(self, chance: random.Random) -> str:
        """What happens to a request; empty is nothing."""
        for name, rate in self._rates:
            if chance.random() < rate:
                return name
        return ""

    def well(self) -> None:
        """Nothing goes wrong any more; what was held arrives now."""
        self._rates = []
        while self._held:
            self.deliver(self._held.pop(0))

    def hold(self, request: Request) -> None:
        """It arrives, later, and nobody waits for the answer."""
        self._held.append(request)

    def late(self, chance: random.Random) -> None:
        """What was held may arrive now."""
        if self._held and chance.random() < 0.3:
            request = self._held.pop(chance.randrange(len(self._held)))
            received = self.deliver(request)
            self._trace.note(f"  late: till {request.till} {request.path} -> {received.status}")

    def deliver(self, request: Request) -> Received:
        """The centre's answer."""
        received = self.centre.answer(request.path, request.headers, request.body)
        if self.record is not None:
            self.record(Seen(request, self._time.passed, received))
        return received


def false_answer(request: Request, chance: random.Random, old: Received | None) -> Received:
    """What somebody answers who is not the centre: signed by nobody, by another key, or a real one of before.

    Raises `ServerUnreachable` where no such thing comes through.
    """
    kind = chance.randrange(4)
    told = wire.pack(ErrorAnswer(code=Code.REVOKED.value, sentence="You are no more.", error="till-revoked"))
    if kind == 0:
        raise ServerUnreachable("no-server-answers", url="sim")
    if kind == 1 and old is not None:
        return old
    if kind == 2:
        return Received(200, {"content-type": wire.MEDIA_TYPE}, told)
    head = signature.answer_headers(
        _WRONG, 403, told, request.headers, media_type=wire.MEDIA_TYPE, created_s=1_800_000_000
    )
    return Received(403, head, told)


class Lane(Executor):
    """Carries the batches of a push without a thread: most in their order, some before the others."""

    def __init__(
        self, chance: Callable[[], random.Random], at_once: Callable[[Callable[[], Any]], Any]
    ) -> None:
        """`at_once` runs what may not wait for anything."""
        self._chance, self._at_once = chance, at_once

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """See `Executor.submit`."""
        later = _Later(lambda: fn(*args, **kwargs))
        if self._chance().random() < 0.3:
            later.run(self._at_once)
        return later


class _Later(Future[Any]):
    """Done when it is asked for."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self._work = work

    def run(self, by: Callable[[Callable[[], Any]], Any]) -> None:
        try:
            self.set_result(by(self._work))
        except Exception as error:  # noqa: BLE001 - told to who asks for the result
            self.set_exception(error)

    def result(self, timeout: float | None = None) -> Any:
        """See `Future.result`."""
        return super().result(timeout) if self.done() else self._work()
