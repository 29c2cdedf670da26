"""The web application: limits what comes in and carries it to the desk in a thread."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from pos_app.ledger.clock import Clock, SystemClock
from pos_app.store.engine import Database
from pos_app.store.outage import is_outage
from sync.protocol import messages, signature, wire
from sync.protocol.messages import Code, ErrorAnswer
from sync.server import metrics
from sync.server.admission import MOST_AT_WORK, Admission, Body
from sync.server.desk import Desk, Reply
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
    desk = Desk(database, clock)
    admission = Admission(places)
    pulse = _Pulse(desk)

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

    @app.get(messages.HEALTH_PATH)
    async def health() -> Response:
        healthy = await pulse.feel()
        text = "ok" if healthy else "the database does not answer"
        return Response(text, status_code=200 if healthy else 503, media_type="text/plain")

    @app.get(metrics.PATH)
    async def measured(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""
        if not metrics.may_read(address, request.headers.get("authorization", ""), metrics_token):
            return Response("not here", status_code=404, media_type="text/plain")
        try:
            said = await asyncio.to_thread(metrics.text, database, clock)
        except Exception as error:
            if not is_outage(error):
                raise
            return Response("the database does not answer", status_code=503, media_type="text/plain")
        return Response(said, media_type=metrics.MEDIA_TYPE)

    @app.post("/v1/{what}")
    async def carry(request: Request, what: str) -> Response:
        path = f"/v1/{what}"
        try:
            async with admission.body() as body:
                if not await _read(request, body, messages.MOST_REQUEST_BYTES.get(path, _OTHER_BYTES)):
                    return _refusal(413, Code.TOO_LARGE, "The request is larger than any message may be.")
                method, headers, sent = request.method, request.headers, body.whole()
                address = request.client.host if request.client is not None else ""
                return _carried(
                    await admission.run(
                        _sender(request), lambda: desk.answer(method, path, headers, sent, address)
                    )
                )
        except TimeoutError:
            return _refusal(408, Code.TOO_LARGE, "The request took too long to arrive; send less at once.")
        except Busy as busy:
            return _refusal(503, Code.BUSY, busy.sentence, busy.wait_s)
        except ClientDisconnect:
            # Nobody reads this; the framework wants an answer all the same.
            return _refusal(400, Code.MALFORMED, "The request ended before its end.")

    return app


class _Pulse:
    """Whether the database answers, asked at most once a second, however many want to know."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asking = asyncio.Lock()
        self._asked_at_s = -1.0
        self._answers = False

    async def feel(self) -> bool:
        """Outside the places of `Admission`: it must be known while the server is busy."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            # Good news keeps for a second; bad news is looked at again at once.
            if not self._answers or now - self._asked_at_s > 1.0:
                self._answers = await asyncio.to_thread(self._desk.is_healthy)
                self._asked_at_s = now
            return self._answers


def _sender(request: Request) -> str:
    """Who uses a place: the address and the terminal it claims to be, which nobody has checked yet."""
    address = request.client.host if request.client is not None else ""
    return f"{address} {request.headers.get(signature.TERMINAL_HEADER, '')[:64]}"


async def _read(request: Request, body: Body, most_bytes: int) -> bool:
    """Read the body; false when it is larger than `most_bytes`.

    Raises `TimeoutError` when it comes too slowly, `Busy` when there is no room for it.
    """
    declared = request.headers.get("content-length", "")
    too_large = declared.isdigit() and int(declared) > most_bytes
    stream = request.stream()
    if not too_large:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for part in stream:
                body.take(part)
                too_large = body.size > most_bytes
                if too_large:
                    break
    if too_large:
        body.give_back()
        await _discard(stream)
    return not too_large


async def _discard(stream: AsyncIterator[bytes]) -> None:
    left = _DISCARD_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_LIMIT_S):
            async for part in stream:
                left -= len(part)
                if left < 0:
                    return


def _carried(reply: Reply) -> Response:
    response = Response(reply.body, status_code=reply.status, media_type=wire.MEDIA_TYPE)
    if reply.status == 503:
        response.headers["retry-after"] = str(_OUTAGE_WAIT_S)
    return response


def _refusal(status: int, code: Code, sentence: str, wait_s: int = 0) -> Response:
    body = wire.pack(ErrorAnswer(code=code.value, sentence=sentence))
    # What is left of the body is not read: the connection cannot be used for another request.
    headers = {"connection": "close"} | ({"retry-after": str(wait_s)} if wait_s else {})
    return Response(body, status_code=status, media_type=wire.MEDIA_TYPE, headers=headers)
