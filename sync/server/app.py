"""The web application: limits what comes in and carries it to the desk in a thread."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect
from starlette.routing import Mount
from starlette.types import ASGIApp

from pos_app.language import Sentence, said
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.feed.feed import CODE_DAYS
from sync.protocol import messages, signature
from sync.protocol.messages import Code
from sync.protocol.refusals import packed
from sync.server import metrics
from sync.server.admission import MOST_AT_WORK, SMALL_BODY_BYTES, Admission, Body
from sync.server.endpoint import Endpoint, Reply
from sync.server.errors import Busy
from sync.server.news import News
from sync.server.news_watch import NewsWatch
from sync.server.server_key import ServerKeys

#: A body must have arrived by then; who sends slower is cut off.
BODY_LIMIT_S: Final = 60.0
#: A body that is too large is read and thrown away for so long: cut off at once, a client that is
#: still writing would find a broken line instead of our answer.
DISCARD_LIMIT_S: Final = 5.0
_OTHER_BYTES: Final = 16_384
_DISCARD_BYTES: Final = 2 * messages.MOST_MESSAGE_BYTES
#: What is left of the body is not read: the connection cannot be used for another request.
_CLOSING: Final = {"connection": "close"}
#: So long the news that the database answers is believed.
_NEWS_KEEPS_S: Final = 1.0


#: Other applications that answer below a path of this server, over its database; of a module, or a partial
#: of one, so that it reaches the workers.
Beside = Callable[[Database], Mapping[str, ASGIApp]]


def create_app(
    database: Database,
    clock: Clock | None = None,
    *,
    keys: ServerKeys | None = None,
    places: int = MOST_AT_WORK,
    metrics_token: str = "",
    code_days: int = CODE_DAYS,
    beside: Beside | None = None,
) -> FastAPI:
    """The application over one central database; `places` is how many requests it works on at once.
    `keys` sign the answers (see `Endpoint`).

    `metrics_token` is who may read the metrics; without one, this machine.  `code_days` is how far
    back a new till hears which M-Pesa codes are used.  `beside` makes what answers below other paths.
    """
    clock = clock or SystemClock()
    news = News()
    watch = NewsWatch(database, clock, news)
    desk = Endpoint(
        database, clock, keys=keys, code_days=code_days, holds=lambda: news.is_listening, told=watch.tell
    )
    admission = Admission(places)

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        watch.start(desk.moved)
        yield
        await asyncio.to_thread(watch.stop)
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

    # A plain route: the framework would look for parameters and models, a tenth of a millisecond each time.
    app.router.add_route(messages.NEWS_PATH, _holding(desk, admission, news), methods=["POST"])
    app.router.add_route("/v1/{what}", _carrying(desk, admission), methods=["POST"])
    app.state.news = news
    others = beside(database) if beside is not None else {}
    for path, other in others.items():
        # Without its last stroke a path is no beginning of others.
        app.router.add_route(path, _into(path, 308), methods=["GET"])
        app.router.routes.append(_Below(path, other))
    for path in list(others)[:1]:
        # Who types the name of the server alone is a person, and led to the first of them.
        app.router.add_route("/", _into(path, 307), methods=["GET"])
    return app


class _Below(Mount):
    """All that lies below a path, whatever it is made of: by itself a mount lets no line feed pass."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def _into(path: str, status: int) -> Callable[[Request], Awaitable[Response]]:
    """Leads to what lies below a path."""

    async def into(_: Request) -> Response:
        return Response(status_code=status, headers={"location": f"{path}/"})

    return into


def _carrying(desk: Endpoint, admission: Admission) -> Callable[[Request], Awaitable[Response]]:
    async def carry(request: Request) -> Response:
        path, headers = f"/v1/{request.path_params['what']}", request.headers
        try:
            async with admission.body() as body:
                method, sender = request.method, _sender(request)
                refused = await _read(
                    request,
                    body,
                    messages.MOST_REQUEST_BYTES.get(path, _OTHER_BYTES),
                    lambda: admission.run(sender, lambda: desk.refusal(method, path, headers)),
                )
                if refused is None:
                    sent = body.whole()
                    address = request.client.host if request.client is not None else ""
                    return _carried(
                        await admission.run(
                            sender,
                            lambda: desk.answer(method, path, headers, sent, address),
                            size_bytes=len(sent),
                        )
                    )
                reply = refused if isinstance(refused, Reply) else _signed(desk, refused, headers)
        except TimeoutError:
            reply = _signed(desk, _Refusal(408, Code.TOO_LARGE, said("request-too-slow")), headers)
        except Busy as busy:
            reply = _signed(desk, _Refusal(503, Code.BUSY, busy.said, busy.wait_s), headers)
        except ClientDisconnect:
            # Nobody reads this; the framework wants an answer all the same.
            reply = _signed(desk, _Refusal(400, Code.MALFORMED, said("request-cut")), headers)
        return _carried(reply, closing=True)

    return carry


def _holding(desk: Endpoint, admission: Admission, news: News) -> Callable[[Request], Awaitable[Response]]:
    async def hold(request: Request) -> Response:
        path, headers = messages.NEWS_PATH, request.headers
        try:
            async with admission.body() as body:
                most_bytes = messages.MOST_REQUEST_BYTES[path]
                refused = await _read(request, body, most_bytes, _nobody_asks)
                sent = body.whole()
            if refused is None:
                found = await admission.run(
                    _sender(request), lambda: desk.to_wait(request.method, path, headers, sent)
                )
                if isinstance(found, Reply):
                    return _carried(found)
                # No place is held meanwhile: it waits for nothing but a word.
                moved = await _while_there(request, news.wait(*found))
                return _carried(desk.signed(200, messages.NewsAnswer(moved=moved), headers))
            reply = refused if isinstance(refused, Reply) else _signed(desk, refused, headers)
        except TimeoutError:
            reply = _signed(desk, _Refusal(408, Code.TOO_LARGE, said("request-too-slow")), headers)
        except Busy as busy:
            reply = _signed(desk, _Refusal(503, Code.BUSY, busy.said, busy.wait_s), headers)
        except ClientDisconnect:
            reply = _signed(desk, _Refusal(400, Code.MALFORMED, said("request-cut")), headers)
        return _carried(reply, closing=True)

    return hold


async def _nobody_asks() -> None:
    """A request for news is never so large that its sender is asked for before it is read."""


async def _while_there(request: Request, waiting: Coroutine[Any, Any, int]) -> int:
    """What is waited for, as long as the client is on the line.  Raises `ClientDisconnect`."""
    waits, goes = asyncio.ensure_future(waiting), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((waits, goes), return_when=asyncio.FIRST_COMPLETED)
        if waits.done():
            return waits.result()
        raise ClientDisconnect
    finally:
        for task in (waits, goes):
            task.cancel()
        await asyncio.gather(waits, goes, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Refusal(NamedTuple):
    """Why a request is turned away before the desk has it; `wait_s` is when to come again."""

    status: int
    verdict: Code
    said: Sentence
    wait_s: int = 0


def _signed(desk: Endpoint, refusal: _Refusal, asked: Mapping[str, str]) -> Reply:
    return desk.signed(refusal.status, packed(refusal.verdict, refusal.said), asked, wait_s=refusal.wait_s)


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
) -> Reply | _Refusal | None:
    """Read the body; why not when it is larger than `most_bytes`, or large and from a stranger.

    `ask` gives the reason against a sender; it is asked before more than a small body is held.
    Raises `TimeoutError` when it comes too slowly, `Busy` when there is no room for it.
    """
    declared = request.headers.get("content-length", "")
    declared_bytes = int(declared) if declared.isdecimal() else 0
    stream = request.stream()
    refused: Reply | _Refusal | None = None
    is_known = False
    async with asyncio.timeout(BODY_LIMIT_S):
        part: bytes | None = b""
        while part is not None and refused is None:
            body.take(part)
            size = max(declared_bytes, body.size)
            if size > most_bytes:
                refused = _Refusal(413, Code.TOO_LARGE, said("request-too-large"))
            elif size > SMALL_BODY_BYTES and not is_known:
                refused = await ask()
                is_known = refused is None
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
    head = dict(reply.headers) | _CLOSING if closing else dict(reply.headers)
    return Response(reply.body, status_code=reply.status, headers=head)
