"""What no till sends: the server answers what is right, writes nothing, and is there for the next one.

Every test is against the real server in a process of its own, and ends with a till that sells.
"""

import random
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.travel import Cursor, Packet
from pos_app.store.engine.engine import open_postgres
from sync.protocol import messages, signature, wire
from sync.protocol.messages import ErrorAnswer, HelloAnswer
from tests.conftest import fresh_central
from tests.faults import raw_client, sync_process
from tests.faults.raw_client import exchange, head, post
from tests.support.worlds.sync_fixtures import Centre, Till, drift, setting

HELLO = wire.pack(messages.HelloRequest(last_seq=0, last_hash=b""))


class Server:
    """The server process and one till of it."""

    def __init__(self, centre: Centre, url: str, pid: int, folder: Path) -> None:
        self.centre, self.url, self.pid = centre, url, pid
        self.till: Till = centre.till(folder / "till", url)
        self.sold = 0

    def serves(self, limit_s: float = 60) -> None:
        """A till sells and drains at once; nothing but its sales is in the books."""
        self.till.sell(customer=1)
        self.sold += 1
        start = time.monotonic()
        self.till.drain()
        assert time.monotonic() - start < limit_s
        assert len(self.centre.documents()) == self.sold
        assert self.centre.quarantine() == []
        assert drift(self.centre.database) == []


@pytest.fixture(scope="module")
def one_server(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for all of it: it must be there for the next one."""
    with fresh_central(postgres_url, central_template) as central_url:
        database = open_postgres(central_url)
        centre = Centre(database)
        with sync_process.serving(central_url) as (url, pid):
            yield Server(centre, url, pid, tmp_path_factory.mktemp("bad"))
        centre.close()
        database.close()


@pytest.fixture
def server(one_server: Server) -> Iterator[Server]:
    """The server; after the test it still serves, and nothing of the test is in the books."""
    yield one_server
    one_server.serves(30)


def refusal(answer: httpx.Response) -> ErrorAnswer:
    assert answer.headers["content-type"] == wire.MEDIA_TYPE
    said = wire.unpack(answer.content, ErrorAnswer)
    assert said.sentence.endswith(".")
    return said


@pytest.mark.parametrize(
    "name", ["2.1", "1.2", "1.2147483647", "0.0", "1", "1.1.1", "-1.1", "9" * 40, "1.ⅷ", ""]
)
def test_an_organisation_header_that_lies(server: Server, name: str) -> None:
    headers = raw_client.headers_for(server.till, messages.HELLO_PATH, HELLO)
    headers[signature.TERMINAL_HEADER] = name
    raw = {key.encode(): value.encode() for key, value in headers.items()}
    answer = httpx.post(server.url + messages.HELLO_PATH, content=HELLO, headers=raw, trust_env=False)
    assert answer.status_code == 401
    assert refusal(answer).code in ("unsigned", "unknown_terminal")


def test_a_signature_for_another_path_or_body(server: Server) -> None:
    headers = raw_client.headers_for(server.till, messages.HELLO_PATH, HELLO)
    for path, body in ((messages.PUSH_PATH, HELLO), (messages.HELLO_PATH, HELLO + b" ")):
        answer = httpx.post(server.url + path, content=body, headers=headers, trust_env=False)
        assert (answer.status_code, refusal(answer).code) == (401, "unsigned")


JSON = b'{"version":1,"after_seq":0,"after_hash":"","packets":[]}'


@pytest.mark.parametrize(
    "body",
    [
        JSON,
        zstandard.compress(JSON),
        b"",
        b"\x28\xb5\x2f\xfd",
        zstandard.compress(b""),
        zstandard.compress(msgspec.msgpack.encode([1, 2, 3])),
        zstandard.compress(b"\x91" * 100_000),
        zstandard.compress(msgspec.msgpack.encode({"version": "one"})),
        zstandard.compress(b"\xdd\xff\xff\xff\xff"),
    ],
    ids=["json", "packed json", "nothing", "half a frame", "empty", "a list", "nested", "type", "length"],
)
@pytest.mark.parametrize("path", [messages.HELLO_PATH, messages.PUSH_PATH, messages.PULL_PATH])
def test_json_and_other_bytes_where_a_message_is_due(server: Server, path: str, body: bytes) -> None:
    answer = post(server.url, server.till, path, body)
    assert (answer.status_code, refusal(answer).code) == (400, "malformed")


def test_a_batch_of_100_megabytes(server: Server) -> None:
    before = raw_client.memory_bytes(server.pid, anew=True)
    body = random.Random(1).randbytes(100_000_000)
    answer = post(server.url, server.till, messages.PUSH_PATH, body)
    assert (answer.status_code, refusal(answer).code) == (413, "too_large")
    parts = (body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000))
    headers = raw_client.headers_for(server.till, messages.PUSH_PATH, body)
    answer = httpx.post(
        server.url + messages.PUSH_PATH, content=parts, headers=headers, trust_env=False, timeout=200
    )
    assert (answer.status_code, refusal(answer).code) == (413, "too_large")
    # Of the second, which did not say its size, as much as a message may have was held.
    assert raw_client.memory_bytes(server.pid) - before < 2.5 * messages.MOST_MESSAGE_BYTES
    for path in (messages.HELLO_PATH, messages.ENROL_PATH):
        assert post(server.url, server.till, path, body[:100_000]).status_code == 413


@pytest.mark.parametrize("says_its_size", [True, False])
@pytest.mark.parametrize("who", ["nobody", "another terminal", "another body", "another key"])
def test_a_large_body_of_a_stranger_is_not_held(server: Server, who: str, says_its_size: bool) -> None:
    before = raw_client.memory_bytes(server.pid, anew=True)
    body = bytes(60_000_000)
    headers = raw_client.headers_for(server.till, messages.PUSH_PATH, body)
    if who == "nobody":
        headers = {}
    elif who == "another terminal":
        headers[signature.TERMINAL_HEADER] = signature.terminal_id(server.till.who.org_id, 999)
    elif who == "another body":
        headers[signature.DIGEST_HEADER] = signature.digest_of(b"")
    else:
        mine = Ed25519PrivateKey.generate()
        name = headers[signature.TERMINAL_HEADER]
        headers |= raw_client.signed_headers(mine, name, messages.PUSH_PATH, body)
    parts = (body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000))
    answer = httpx.post(
        server.url + messages.PUSH_PATH,
        content=body if says_its_size else parts,
        headers=headers,
        trust_env=False,
        timeout=200,
    )
    assert answer.status_code == 401
    assert refusal(answer).code in ("unsigned", "unknown_terminal")
    assert answer.headers["connection"] == "close"
    assert raw_client.memory_bytes(server.pid) - before < 8_000_000


def test_a_large_body_is_not_what_its_head_says(server: Server) -> None:
    right = random.Random(2).randbytes(3_000_000)
    headers = raw_client.headers_for(server.till, messages.PUSH_PATH, right)
    answer = httpx.post(
        server.url + messages.PUSH_PATH, content=right[::-1], headers=headers, trust_env=False, timeout=200
    )
    assert (answer.status_code, refusal(answer).code) == (401, "unsigned")


@pytest.mark.parametrize("path", [messages.ENROL_PATH, messages.HELLO_PATH, messages.PULL_PATH])
def test_a_bomb_where_messages_are_small(server: Server, path: str) -> None:
    before = raw_client.memory_bytes(server.pid, anew=True)
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    bomb = packer.compress(bytes(60_000_000)) + packer.flush()
    assert len(bomb) < 16_384
    answer = post(server.url, server.till, path, bomb)
    assert (answer.status_code, refusal(answer).code) == (400, "malformed")
    assert raw_client.memory_bytes(server.pid) - before < 16_000_000


@pytest.mark.parametrize("says_its_size", [True, False])
def test_a_compressed_bomb(server: Server, says_its_size: bool) -> None:
    before = raw_client.memory_bytes(server.pid, anew=True)
    packer = zstandard.ZstdCompressor(level=19).compressobj(size=2_000_000_000 if says_its_size else -1)
    zeros = bytes(10_000_000)
    bomb = b"".join([packer.compress(zeros) for _ in range(200)]) + packer.flush()
    assert len(bomb) < 1_000_000
    answer = post(server.url, server.till, messages.PUSH_PATH, bomb)
    assert (answer.status_code, refusal(answer).code) == (400, "malformed")
    assert raw_client.memory_bytes(server.pid) - before < 4 * messages.MOST_MESSAGE_BYTES


def test_a_list_of_packets_without_an_end(server: Server) -> None:
    packet = Packet(1, b"", b"", b"", b"")
    request = messages.PushRequest(after_seq=0, after_hash=b"", packets=(packet,) * 1_000_000)
    answer = post(server.url, server.till, messages.PUSH_PATH, wire.pack(request))
    assert (answer.status_code, refusal(answer).code) == (400, "malformed")


CURSORS: dict[str, tuple[int, str]] = {
    "stamp before the first": (-1, ""),
    "stamp beyond 64 bits": (2**63, ""),
    "no json": (1, "{"),
    "no list": (1, '{"a": 1}'),
    "too few": (1, "[]"),
    "too many": (1, "[1, 2, 3, 4, 5]"),
    "a text where a number is due": (1, '["one"]'),
    "a truth": (1, "[true]"),
    "nothing": (1, "[null]"),
    "a fraction": (1, "[1.5]"),
    "a list in a list": (1, "[[1]]"),
    "beyond 64 bits": (1, f"[{2**63}]"),
    "more digits than anybody reads": (1, f"[{'9' * 5000}]"),
    "not a number": (1, "[NaN]"),
    "nested": (1, "[" * 100_000),
}


@pytest.mark.parametrize("what", CURSORS)
def test_a_cursor_that_was_never_given(server: Server, what: str) -> None:
    stamp, key = CURSORS[what]
    for kind, texts in (("product", ()), ("account", ('["\\u0000"]', '["\\ud800"]', "[1]"))):
        for last_key in (key, *texts):
            request = messages.PullRequest(
                epoch=setting(server.till.database, "epoch"),
                cursors={kind: Cursor(stamp, last_key), "no such kind": Cursor(stamp, key)},
            )
            answer = post(server.url, server.till, messages.PULL_PATH, wire.pack(request))
            if kind == "account" and last_key == '["one"]':
                assert answer.status_code == 200
                continue
            assert (answer.status_code, refusal(answer).code) == (409, "refused"), last_key


@pytest.mark.parametrize("seq", [2**32 - 1, 2**32, 2**63 - 1, 2**64 - 3])
@pytest.mark.parametrize("diverged", [True, False])
def test_sequences_that_no_till_reaches(server: Server, seq: int, diverged: bool) -> None:
    packet = Packet(seq + 1, bytes(32), bytes(32), bytes(32), b"{}")
    request = messages.PushRequest(after_seq=seq, after_hash=bytes(32), packets=(packet,), diverged=diverged)
    answer = post(server.url, server.till, messages.PUSH_PATH, wire.pack(request))
    assert (answer.status_code, refusal(answer).code) == (400, "malformed")
    for acknowledged in (-(2**63), 2**64 - 1):
        hello = messages.HelloRequest(last_seq=seq, last_hash=b"", acknowledged=acknowledged)
        assert post(server.url, server.till, messages.HELLO_PATH, wire.pack(hello)).status_code in (200, 400)


GARBAGE = {
    "no http": b"\x00\x01\x02\x03\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "words": b"HELO depot\r\n\r\n",
    "version": b"POST /v1/push HTTP/9.9\r\nhost: x\r\n\r\n",
    "no host": b"POST /v1/push HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
    "length is a word": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n",
    "negative length": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
    "huge length": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: " + b"9" * 19 + b"\r\n\r\n",
    "length and chunks": (
        b"POST /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n"
        b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "broken chunk": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx\r\n",
    "half a chunk": b"POST /v1/push HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
    "long path": b"POST /" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    "long header": b"POST /v1/push HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"POST /v1/push HTTP/1.1\r\nhost: x\r\n" + b"x: y\r\n" * 50_000 + b"\r\n",
    "bytes in the path": b"POST /v1/\xff\xfe\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
    "escapes in the path": b"POST /v1/%ff%00..%2f HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
    "bytes in a header": (
        b"POST /v1/push HTTP/1.1\r\nhost: x\r\nbohari-terminal: \xff\xfe\r\ncontent-length: 0\r\n\r\n"
    ),
    "upgrade": b"GET /v1/push HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "other method": b"DELETE /v1/push HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
    "random": random.Random(7).randbytes(5000),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_http_garbage(server: Server, what: str) -> None:
    answer = exchange(server.url, GARBAGE[what])
    first = answer.split(b"\r\n", 1)[0]
    # Hung up without a word, or told that it is wrong; never "we have a fault".
    assert answer == b"" or first.split(b" ")[1][:1] == b"4", first


def test_a_wrong_content_length(server: Server) -> None:
    # Longer than the body, and the client goes: nothing was asked.
    assert b" 200 " not in exchange(server.url, head(server.till, messages.HELLO_PATH, HELLO, 5000) + HELLO)
    # Shorter than the body: what is there is not what was signed, and the rest is not a request.
    short = head(server.till, messages.HELLO_PATH, HELLO, len(HELLO) - 3) + HELLO
    answer = exchange(server.url, short, ends=False, limit_s=3)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 200 " not in answer


@pytest.mark.skipif(sys.platform != "linux", reason="counts on Linux's sockets")
def test_slow_loris(server: Server) -> None:
    start = b"POST /v1/push HTTP/1.1\r\nhost: x\r\n"
    body = head(server.till, messages.PUSH_PATH, HELLO, 10_000) + b"x"
    with (
        raw_client.many(server.url, 400, b"") as silent,
        raw_client.many(server.url, 400, start) as heads,
        raw_client.many(server.url, 200, body) as bodies,
    ):
        for _ in range(3):
            for connection in heads[::40]:
                connection.sendall(b"x: y\r\n")
            for connection in bodies[::40]:
                connection.sendall(b"x")
            server.serves()
            time.sleep(0.5)
        # A head that drips is cut off ten seconds after the connection, however steadily it drips.
        time.sleep(10.5)
        assert all(raw_client.is_cut(connection) for connection in (*silent[::50], *heads[::50]))
        server.serves()


def test_a_client_that_asks_and_never_reads(server: Server) -> None:
    request = messages.PullRequest(epoch="other", cursors={})
    body = wire.pack(request)
    asked = head(server.till, messages.PULL_PATH, body, len(body)) + body
    with raw_client.connect(server.url) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(0.5)
        try:
            for _ in range(2000):
                connection.sendall(asked)
        except OSError:
            pass
        server.serves()


def test_one_connection_after_garbage_serves_the_next_request(server: Server) -> None:
    headers = raw_client.headers_for(server.till, messages.HELLO_PATH, HELLO)
    with httpx.Client(trust_env=False) as client:
        assert client.post(server.url + messages.PUSH_PATH, content=b"rubbish").status_code == 401
        answer = client.post(server.url + messages.HELLO_PATH, content=HELLO, headers=headers)
        assert answer.status_code == 200
        assert wire.unpack(answer.content, HelloAnswer).mark == server.sold
