"""The web application: limits what comes in and carries it to the desk in a thread."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from pos_app.language import Sentence, said
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from sync.protocol import messages, signature, wire
from sync.protocol.messages import Code
from sync.protocol.refusals import packed
from sync.server import metrics
from sync.server.admission import MOST_AT_WORK, SMALL_BODY_BYTES, Admission, Body
from sync.server.endpoint import Endpoint, Reply
from sync.server.errors import Busy

#: A body must have arrived by then; who sends slower is cut off.
BODY_LIMIT_S: Final = 60.0
#: A body that is too large is read and thrown away for so long: cut off at once, a client that is
#: still writing would find a broken line instead of our answer.
DISCARD_LIMIT_S: Final = 5.0
_OTHER_BYTES: Final = 16_384
_DISCARD_BYTES: Final = 2 * messages.MOST_MESSAGE_BYTES
#: What a terminal waits at least after an outage of the database.
_OUTAGE_WAIT_S: Final = 1
#: What is left of the body is not read: the connection cannot be used for another request.
_CLOSING: Final = {"connection": "close"}
#: So long the news that the database answers is believed.
_NEWS_KEEPS_S: Final = 1.0


def create_app(
    database: Database,
    clock: Clock | None = None,
    *,
    places: int = MOST_AT_WORK,
    metrics_token: str = "",
) -> FastAPI:
    """The application over one central database; `places` is how many requests it works on at once.

    `metrics_token` is who may read the metrics; without one, this machine.
    """
    clock = clock or SystemClock()
    desk = Endpoint(database, clock)
    admission = Admission(places)

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        admission.close()

    app = FastAPI(
        title="Bohari central server",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
    )
    app.add_api_route(messages.HEALTH_PATH, _health(desk))
    app.add_api_route(metrics.PATH, _measured(database, clock, metrics_token))

    @app.post("/v1/{what}")
    async def carry(request: Request, what: str) -> Response:
        path = f"/v1/{what}"
        try:
            async with admission.body() as body:
                method, headers, sender = request.method, request.headers, _sender(request)
                refused = await _read(
                    request,
                    body,
                    messages.MOST_REQUEST_BYTES.get(path, _OTHER_BYTES),
                    lambda: admission.run(sender, lambda: desk.refusal(method, path, headers)),
                )
                if refused is not None:
                    return refused
                sent = body.whole()
                address = request.client.host if request.client is not None else ""
                return _carried(
                    await admission.run(
                        sender,
                        lambda: desk.answer(method, path, headers, sent, address),
                        size_bytes=len(sent),
                    )
                )
        except TimeoutError:
            return _refusal(408, Code.TOO_LARGE, said("request-too-slow"))
        except Busy as busy:
            return _refusal(503, Code.BUSY, busy.said, busy.wait_s)
        except ClientDisconnect:
            # Nobody reads this; the framework wants an answer all the same.
            return _refusal(400, Code.MALFORMED, said("request-cut"))

    return app


def _health(desk: Endpoint) -> Callable[[], Awaitable[Response]]:
    pulse = _Pulse(desk)

    async def health() -> Response:
        healthy = await pulse.feel()
        text = "ok" if healthy else "the database does not answer"
        return Response(text, status_code=200 if healthy else 503, media_type="text/plain")

    return health


def _measured(database: Database, clock: Clock, token: str) -> Callable[[Request], Awaitable[Response]]:
    async def measured(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""
        if not metrics.may_read(address, request.headers.get("authorization", ""), token):
            return Response("not here", status_code=404, media_type="text/plain")
        try:
            said = await asyncio.to_thread(metrics.text, database, clock)
        except Exception as error:
            if not is_outage(error):
                raise
            return Response("the database does not answer", status_code=503, media_type="text/plain")
        return Response(said, media_type=metrics.MEDIA_TYPE)

    return measured


class _Pulse:
    """Whether the database answers, asked at most once a second, however many want to know."""

    def __init__(self, desk: Endpoint) -> None:
        self._desk = desk
        self._asking = asyncio.Lock()
        self._asked_at_s = -1.0
        self._answers = False

    async def feel(self) -> bool:
        """Outside the places of `Admission`: it must be known while the server is busy."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            # Good news keeps for a second; bad news is looked at again at once.
            if not self._answers or now - self._asked_at_s > _NEWS_KEEPS_S:
                self._answers = await asyncio.to_thread(self._desk.is_healthy)
                self._asked_at_s = now
            return self._answers


def _sender(request: Request) -> str:
    """Who uses a place: the address and the terminal it claims to be, which nobody has checked yet."""
    address = request.client.host if request.client is not None else ""
    return f"{address} {request.headers.get(signature.TERMINAL_HEADER, '')[:64]}"


async def _read(
    request: Request, body: Body, most_bytes: int, ask: Callable[[], Awaitable[Reply | None]]
) -> Response | None:
    """Read the body; the answer when it is larger than `most_bytes`, or large and from a stranger.

    `ask` gives the reason against a sender; it is asked before more than a small body is held.
    Raises `TimeoutError` when it comes too slowly, `Busy` when there is no room for it.
    """
    declared = request.headers.get("content-length", "")
    declared_bytes = int(declared) if declared.isdecimal() else 0
    stream = request.stream()
    refused: Response | None = None
    is_known = False
    async with asyncio.timeout(BODY_LIMIT_S):
        part: bytes | None = b""
        while part is not None and refused is None:
            body.take(part)
            size = max(declared_bytes, body.size)
            if size > most_bytes:
                refused = _refusal(413, Code.TOO_LARGE, said("request-too-large"))
            elif size > SMALL_BODY_BYTES and not is_known:
                reply = await ask()
                is_known = reply is None
                refused = None if reply is None else _carried(reply, closing=True)
            if refused is None:
                part = await anext(stream, None)
    if refused is not None:
        body.give_back()
        await _discard(stream)
    return refused


async def _discard(stream: AsyncIterator[bytes]) -> None:
    left = _DISCARD_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_LIMIT_S):
            async for part in stream:
                left -= len(part)
                if left < 0:
                    return


def _carried(reply: Reply, *, closing: bool = False) -> Response:
    response = Response(reply.body, status_code=reply.status, media_type=wire.MEDIA_TYPE)
    if reply.status == 503:
        response.headers["retry-after"] = str(_OUTAGE_WAIT_S)
    if closing:
        response.headers.update(_CLOSING)
    return response


def _refusal(status: int, verdict: Code, said: Sentence, wait_s: int = 0) -> Response:
    body = wire.pack(packed(verdict, said))
    headers = _CLOSING | ({"retry-after": str(wait_s)} if wait_s else {})
    return Response(body, status_code=status, media_type=wire.MEDIA_TYPE, headers=headers)
