"""The web application: limits what comes in and carries it to the desk in a thread."""

import asyncio
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from pos_app.ledger.clock import Clock, SystemClock
from pos_app.store.engine import Database
from sync.protocol import messages, wire
from sync.protocol.messages import Code, ErrorAnswer
from sync.server.desk import Desk

#: A body must have arrived by then; who sends slower is cut off.
BODY_LIMIT_S: Final = 60.0


def create_app(database: Database, clock: Clock | None = None) -> FastAPI:
    """The application over one central database."""
    desk = Desk(database, clock or SystemClock())
    app = FastAPI(title="Bohari central server", openapi_url=None, docs_url=None, redoc_url=None)

    @app.get(messages.HEALTH_PATH)
    async def health() -> Response:
        healthy = await run_in_threadpool(desk.is_healthy)
        text = "ok" if healthy else "the database does not answer"
        return Response(text, status_code=200 if healthy else 503, media_type="text/plain")

    @app.post("/v1/{what}")
    async def carry(request: Request, what: str) -> Response:
        try:
            body = await asyncio.wait_for(_body(request), BODY_LIMIT_S)
        except TimeoutError:
            return _refusal(408, Code.MALFORMED, "The request took too long to arrive.")
        if body is None:
            return _refusal(413, Code.TOO_LARGE, "The request is larger than any message may be.")
        reply = await run_in_threadpool(desk.answer, request.method, f"/v1/{what}", request.headers, body)
        return Response(reply.body, status_code=reply.status, media_type=wire.MEDIA_TYPE)

    return app


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is larger than a message may be."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > messages.MOST_MESSAGE_BYTES:
        return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > messages.MOST_MESSAGE_BYTES:
            return None
    return bytes(parts)


def _refusal(status: int, code: Code, sentence: str) -> Response:
    body = wire.pack(ErrorAnswer(code=code.value, sentence=sentence))
    # What is left of the body is not read: the connection cannot be used for another request.
    return Response(body, status_code=status, media_type=wire.MEDIA_TYPE, headers={"connection": "close"})
