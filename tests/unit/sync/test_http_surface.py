"""What the server says to plain HTTP: which methods and pages there are, and what its answers are."""

import asyncio

import httpx
import pytest

from sync.protocol import wire
from sync.server import app
from tests.support.worlds.sync_fixtures import Centre


def asked(centre: Centre, method: str, path: str, content: bytes = b"") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app.create_app(centre.database))
        async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
            return await client.request(method, path, content=content, headers={"X-Secret": "told-to-nobody"})

    return asyncio.run(ask())


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT"])
@pytest.mark.parametrize("path", ["/v1/push", "/v1/health"])
def test_other_methods_do_nothing_and_echo_nothing(centre: Centre, method: str, path: str) -> None:
    found = asked(centre, method, path, b"told-to-nobody")
    assert found.status_code in (404, 405)
    assert "told-to-nobody" not in found.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/", "/.git/config", "/v1/"])
def test_there_is_no_page_of_the_interface_and_no_file(centre: Centre, path: str) -> None:
    assert asked(centre, "GET", path).status_code in (404, 405)


def test_an_answer_says_what_it_is_and_sets_no_cookie(centre: Centre) -> None:
    for path in ("/v1/push", "/v1/enrol", "/v1/nothing"):
        found = asked(centre, "POST", path, b"x")
        assert found.headers["content-type"] == wire.MEDIA_TYPE
        assert "set-cookie" not in found.headers
        assert found.status_code in (400, 401, 404)
