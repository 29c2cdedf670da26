"""Whatever answers instead of the server: a sentence, nothing lost, and it is tried again."""

import socket
from pathlib import Path

import httpx
import pytest

from pos_app.ledger.errors import BohariError, Unavailable
from sync.client.daemon import Daemon
from sync.client.transport import HttpTransport
from sync.protocol import wire
from sync.protocol.messages import ErrorAnswer, HelloAnswer, PushAnswer
from tests.faults import wrong_servers
from tests.faults.wrong_servers import Script, says
from tests.support.worlds.sync_fixtures import Centre, Till, setting, waiting

OURS = "200 OK\r\ncontent-type: application/x-bohari"
FAULT = wire.pack(ErrorAnswer(code="unavailable", sentence="The server has a fault."))
BOAST = wire.pack(HelloAnswer(epoch="e", mark=0, mark_hash=b"nothing of ours"))

WRONG: dict[str, Script] = {
    "500 with a page": says("500 Oops\r\ncontent-type: text/html", b"<h1>Oops</h1>"),
    "500 with our error": says("500 Oops\r\ncontent-type: application/x-bohari", FAULT),
    "500 with rubbish": says("500 Oops\r\ncontent-type: application/x-bohari", b"rubbish"),
    "a sign-in page": says("200 OK\r\ncontent-type: text/html", b"<h1>Welcome to the hotel</h1>"),
    "a redirect": says("302 Found\r\nlocation: http://127.0.0.1:1/"),
    "rubbish": says(OURS, b"\x00\x01rubbish"),
    "rubbish instead of HTTP": lambda connection: connection.sendall(b"\x00\x01\x02 not HTTP\r\n\r\n"),
    "half an answer": says(OURS, FAULT[:5], length=len(FAULT)),
    "another message": says(OURS, FAULT),
    "nothing": says(OURS),
    "hangs up": wrong_servers.hangs_up,
    "silence": wrong_servers.is_silent,
    "a drip": wrong_servers.drips,
}


def hasty(till: Till, url: str) -> HttpTransport:
    return till.line(url, read_limit_s=0.3, answer_limit_s=0.3, insecure=True)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_server_is_a_sentence_and_loses_nothing(what: str, centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    till.sell()
    till.sell()
    with wrong_servers.serving(WRONG[what]) as url:
        transport = hasty(till, url)
        for _ in range(2):
            with pytest.raises(BohariError):
                till.daemon(transport).step()
        transport.close()
    sentence = setting(till.database, "sync_error")
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert waiting(till) == 2
    assert setting(till.database, "frozen") == ""
    till.drain()
    assert (waiting(till), setting(till.database, "sync_error")) == (0, "")
    assert len(centre.documents()) == 2


def test_an_answer_that_boasts_acknowledges_nothing(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    till.sell()
    daemon = till.daemon()
    daemon.step()
    till.sell()
    boast = wire.pack(PushAnswer(epoch=setting(till.database, "epoch"), mark=2, mark_hash=b"\x00" * 32))
    with wrong_servers.serving(says(OURS, boast)) as url:
        transport = hasty(till, url)
        daemon._transport = transport
        with pytest.raises(BohariError):
            daemon.step()
        transport.close()
    assert waiting(till) == 1
    till.drain()
    assert len(centre.documents()) == 2


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "nonsense", "http://[::bad", "ftp://x"]
)
def test_no_server_at_all(centre: Centre, tmp_path: Path, url: str) -> None:
    till = centre.till(tmp_path / "till")
    till.sell()
    transport = hasty(till, url)
    with pytest.raises(Unavailable) as caught:
        till.daemon(transport).drain()
    assert setting(till.database, "sync_error") == caught.value.sentence
    assert url in caught.value.sentence
    assert waiting(till) == 1
    transport.close()


def test_a_silent_server_is_not_asked_again_and_again(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.sell()
    asked = []

    def listens(connection: socket.socket) -> None:
        asked.append(connection)
        wrong_servers.is_silent(connection)

    with wrong_servers.serving(listens) as url:
        transport = hasty(till, url)
        with pytest.raises(Unavailable):
            Daemon(till.database, till.who, transport, drain_patience_s=0.1).drain()
        transport.close()
    assert len(asked) == 1
    assert waiting(till) == 1


def test_what_the_server_turns_away(server_url: str, centre: Centre, tmp_path: Path) -> None:
    def post(path: str, body: bytes, **headers: str) -> httpx.Response:
        return httpx.post(f"{server_url}{path}", content=body, headers=headers, trust_env=False)

    assert httpx.get(f"{server_url}/v1/health", trust_env=False).text == "ok"
    for path in ("/v1/hello", "/v1/push", "/v1/pull"):
        answer = post(path, b"rubbish")
        assert answer.status_code == 401
        assert wire.unpack(answer.content, ErrorAnswer).code == "unsigned"
    assert post("/v1/enrol", b"rubbish").status_code == 400
    assert post("/v1/nothing", b"").status_code == 404
    assert post("/v1/push", b"", **{"bohari-terminal": "1.1", "bohari-signature": "x"}).status_code == 401
    # Of a stranger no byte of a body is kept, however many there are.
    stranger = httpx.post(
        f"{server_url}/v1/push", content=(bytes(1_000_000) for _ in range(70)), trust_env=False
    )
    assert stranger.status_code == 401
