"""The API that `bohari server` mounts: who asks, how often, what they sent; and each answer with its headers.

Decisions
---------
2026-11-30  A path of its own with threads of its own, as the pages have: a program that asks in a loop holds
these and leaves the tills' and the people's alone.  What is more than they can do waits a little, and is sent
away with a moment to come again.

2026-11-30  A token in an address is refused before it is looked at, whether it counts or not: addresses stand
in logs, in histories and at whoever they lead to next.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pos_app.language import speaking
from pos_app.ledger.errors import BohariError, Damaged, Refused, Unavailable
from pos_app.log import events
from pos_app.office.api_door import PREFIX, ApiDoor, Caller
from pos_app.office.front_door import Where
from pos_app.web.api import openapi, operations
from pos_app.web.api.once import Once
from pos_app.web.api.operation import Answer, Call, Operation, checked, mark_of
from pos_app.web.api.pace import Pace
from pos_app.web.api.problem import Failed, answered, failed
from pos_app.web.asked import is_loopback, language_of

#: Where it is mounted.
PATH: Final = "/api/v1"
#: What is worked on at once, and what may wait beside that.
MOST_AT_WORK: Final = 4
_MOST_WAITING: Final = 60
MOST_BYTES: Final = 262_144
_MOST_QUERY: Final = 4_096
_BODY_LIMIT_S: Final = 30.0
#: Requests of one token, and requests of an address that show none that counts.
BURST, A_MINUTE = 120, 600
_FAILURES, _FAILURES_A_MINUTE = 20, 20
_SECRETS: Final = ("token", "access_token", "api_key", "apikey", "key", "authorization")
_SECURITY: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "vary": "authorization, accept-language",
}
_ONLY_TLS: Final = "max-age=31536000"


def create(door: ApiDoor, *, pace: Pace | None = None, failures: Pace | None = None) -> ASGIApp:
    """The API of all organisations behind a door; how often a token may ask, and an address without one."""
    house = _House(door, pace or Pace(BURST, A_MINUTE), failures or Pace(_FAILURES, _FAILURES_A_MINUTE))
    by_path: dict[str, dict[str, Operation]] = {}
    for one in operations.every():
        by_path.setdefault(one.path, {})[one.method] = one
    app = Starlette(
        routes=[
            Route("/openapi.json", house.document, methods=["GET"]),
            *(Route(path, house.carrying(ways), methods=list(ways)) for path, ways in by_path.items()),
        ],
        exception_handlers={HTTPException: house.nowhere},
    )
    app.router.redirect_slashes = False
    return _Undecoded(app)


class _Undecoded:
    """Routes by the address as it was sent: a stroke in a code is no boundary of the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path")
        if scope["type"] == "http" and isinstance(raw, bytes):
            path = raw.partition(b"?")[0].decode("ascii", "replace")
            scope = {**scope, "path": path}
        await self._app(scope, receive, send)


class _House:
    """The operations, and the threads that do them."""

    def __init__(self, door: ApiDoor, pace: Pace, failures: Pace) -> None:
        self._door = door
        self._pace = pace
        self._once = Once()
        self._failures = failures
        self._threads = ThreadPoolExecutor(MOST_AT_WORK, thread_name_prefix="api")
        self._places = asyncio.Semaphore(MOST_AT_WORK + _MOST_WAITING)
        self._document = msgspec.json.encode(openapi.document(operations.every()))

    async def document(self, request: Request) -> Response:
        """What there is to ask, for everybody: it holds nothing of a shop."""
        answer = Response(self._document, media_type="application/json")
        return _finished(request, _tagged(answer, dict(request.headers)))

    async def nowhere(self, request: Request, error: Exception) -> Response:
        """The answer to an address that is none, or is not asked so."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        code = "api-method-unknown" if status == 405 else "api-address-unknown"
        with speaking(_language(request)):
            answer = answered(Failed(Refused(code), status))
        answer.headers.update(headers)
        return _finished(request, answer)

    def carrying(self, ways: Mapping[str, Operation]) -> Any:
        """What answers a path: reads the request and works on it in a thread."""

        async def carry(request: Request) -> Response:
            operation = ways["GET" if request.method == "HEAD" else request.method]
            with speaking(_language(request)):
                try:
                    answer = await self._carried(request, operation)
                except Failed as problem:
                    answer = answered(problem)
                return _finished(request, answer)

        return carry

    async def _carried(self, request: Request, operation: Operation) -> Response:
        if self._places.locked():
            raise Failed(Unavailable("api-busy"), 503, retry_after="1")
        async with self._places:
            sent = await _body(request)
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: self._answer(request, operation, sent)
            )

    def _answer(self, request: Request, operation: Operation, sent: bytes) -> Response:
        with speaking(_language(request)):
            try:
                return self._worked(request, operation, sent)
            except Failed as problem:
                return answered(problem)
            except BohariError as error:
                return answered(failed(error, writes=operation.writes))
            except Exception as error:  # noqa: BLE001 - a bug of one operation is logged and ends this one alone
                events.FAULT.log(error, during=f"api {operation.name}")
                return answered(Failed(Damaged("web-fault"), 500))

    def _worked(self, request: Request, operation: Operation, sent: bytes) -> Response:
        pairs = _pairs(request)
        caller = self._caller(request)
        wait_s = self._pace.take(f"{caller.org_id} {caller.token_id}")
        if wait_s:
            raise Failed(Unavailable("api-too-many", seconds=wait_s), 429, retry_after=str(wait_s))
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(operation, caller, _path(request), {}, headers, str(request.scope.get("root_path", "")))
        call.need()
        call.query = checked(operation, pairs)
        if operation.body is not None:
            call.body = _read(operation, headers, sent)
        elif sent.strip():
            raise Failed(Refused("api-body-not-asked"), 400)
        if operation.once:
            with self._once.held(call, sent) as call.request_id:
                answer = _made(call, operation.handle(call))
        else:
            answer = _made(call, operation.handle(call))
        answer.headers["ratelimit-limit"] = str(self._pace.burst)
        answer.headers["ratelimit-remaining"] = str(self._pace.left(f"{caller.org_id} {caller.token_id}"))
        return answer

    def _caller(self, request: Request) -> Caller:
        host, scheme = request.headers.get("host", ""), request.url.scheme
        if scheme != "https" and not is_loopback(host):
            raise Refused("web-line-not-safe")
        address = request.client.host if request.client is not None else ""
        agent = "".join(one for one in request.headers.get("user-agent", "") if one.isprintable())
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        try:
            if kind.lower() != "bearer" or not shown.strip():
                raise Refused("api-token-missing")
            return self._door.caller(host, shown, Where(address, agent))
        except Refused as error:
            # Who guesses is slowed down by their address; whose token counts is not counted here at all.
            wait_s = self._failures.take(address)
            if wait_s:
                raise Failed(
                    Unavailable("api-too-many", seconds=wait_s), 429, retry_after=str(wait_s)
                ) from error
            raise Failed(error, 401, www_authenticate='Bearer realm="bohari"') from error


# --- what was sent ---------------------------------------------------------------------------------------


def _language(request: Request) -> str:
    return language_of("", request.headers.get("accept-language", ""))


def _path(request: Request) -> dict[str, str]:
    found = {}
    for name, value in request.path_params.items():
        try:
            told = unquote(str(value), errors="strict")
        except UnicodeDecodeError:
            raise Failed(Refused("api-address-unknown"), 404) from None
        if "\x00" in told or len(told) > 200:
            raise Failed(Refused("api-address-unknown"), 404)
        found[name] = told
    return found


def _pairs(request: Request) -> list[tuple[str, str]]:
    """The parameters of the address.  Raises `Failed` for a token among them."""
    raw = request.scope.get("query_string", b"")
    if PREFIX.encode() in raw or PREFIX in str(request.scope.get("path", "")):
        raise Failed(Refused("api-token-in-address"), 400)
    try:
        if len(raw) > _MOST_QUERY:
            raise ValueError
        found = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise Failed(Refused("api-address-unreadable"), 400) from None
    if any(name.lower() in _SECRETS for name, _ in found):
        raise Failed(Refused("api-token-in-address"), 400)
    return found


async def _body(request: Request) -> bytes:
    if request.method in ("GET", "HEAD"):
        return b""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_LIMIT_S):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise Failed(Refused("request-too-large"), 413, connection="close")
    except TimeoutError:
        raise Failed(Refused("request-too-slow"), 408, connection="close") from None
    except ClientDisconnect:
        raise Failed(Refused("request-cut"), 400, connection="close") from None
    return bytes(body)


def _read(operation: Operation, headers: Mapping[str, str], sent: bytes) -> Any:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/merge-patch+json"):
        raise Failed(Refused("api-body-not-json"), 415)
    try:
        found = operation.decoder.decode(sent)
    except msgspec.ValidationError as error:
        raise Failed(Refused("api-body-wrong", why=str(error)[:200]), 422) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Failed(Refused("api-body-unreadable", why=str(error)[:200]), 400) from error
    # No database keeps a NUL in a text.
    if b"\\u0000" in sent:
        raise Failed(Refused("api-body-wrong", why="NUL"), 422)
    return found


# --- what is answered ------------------------------------------------------------------------------------


def _made(call: Call, answer: Answer) -> Response:
    status = answer.status or call.operation.status
    made = Response(
        b"" if status == 204 else msgspec.json.encode(answer.content), status, media_type="application/json"
    )
    if status == 204:
        del made.headers["content-type"]
    if answer.location:
        made.headers["location"] = answer.location
    if answer.next:
        made.headers["link"] = f'<{_next(call, answer.next)}>; rel="next"'
    return _tagged(made, call.headers) if not call.operation.writes else _etag(made)


def _next(call: Call, cursor: str) -> str:
    told = {**call.query, "cursor": cursor}
    path = call.operation.path
    for name, value in call.path.items():
        path = path.replace("{" + name + "}", value)
    return f"{call.root}{path}?{urlencode(told)}"


def _etag(answer: Response) -> Response:
    if answer.status_code in (200, 201):
        answer.headers["etag"] = mark_of(bytes(answer.body))
    return answer


def _tagged(answer: Response, headers: Mapping[str, str]) -> Response:
    """With its ETag; where the caller has that already, nothing but this."""
    mark = mark_of(bytes(answer.body))
    answer.headers["etag"] = mark
    told = headers.get("if-none-match", "")
    if told.strip() == "*" or mark in [one.strip().removeprefix("W/") for one in told.split(",")]:
        kept = {name: answer.headers[name] for name in ("etag", "link") if name in answer.headers}
        return Response(status_code=304, headers=kept)
    return answer


def _finished(request: Request, answer: Response) -> Response:
    headers = answer.headers
    for name, text in _SECURITY.items():
        headers.setdefault(name, text)
    if request.url.scheme == "https":
        headers["strict-transport-security"] = _ONLY_TLS
    with contextlib.suppress(KeyError):
        if answer.status_code == 304:
            del headers["content-length"]
    return answer
