"""A false server of every kind acknowledges nothing, freezes nobody, learns nothing; the true one goes on."""

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.clock import SetClock, SystemClock
from pos_app.ledger.errors import Refused, Unavailable
from sync.client import known_centre
from sync.client.conversation import Received
from sync.client.enrol import enrol
from sync.client.errors import HistoryForked, ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.protocol import fingerprint, first_signature, messages, signature, wire
from sync.protocol.messages import HELLO_PATH, PUSH_PATH, HelloAnswer, HelloRequest, PushAnswer
from sync.server import server_key
from sync.server.endpoint import Endpoint
from sync.server.server_key import ServerKeys
from tests.conftest import prepared_till
from tests.support.refused import raises, refused
from tests.support.worlds.sync_fixtures import Centre, DeskTransport, Till, setting, waiting

FALSE_KEYS = ServerKeys(bytes(range(32)))
SECOND = ServerKeys(bytes(range(1, 33)))


class False_(DeskTransport):  # noqa: N801 - `False` is taken
    """The till's line with somebody on it, who sees each request and says what comes back."""

    def __init__(
        self, way: DeskTransport, what: Callable[["False_", str, dict[str, str], bytes], Received]
    ) -> None:
        super().__init__(way.desk, way.key, way.terminal_name, way.known_centre)
        self._what = what
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    def bring(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        self.seen.append((path, dict(headers), body))
        return self._what(self, path, headers, body)

    def truly(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        return super().bring(path, headers, body)


def says(message: msgspec.Struct, asked: dict[str, str], keys: ServerKeys | None) -> Received:
    """An answer with any content, signed with these keys or not at all."""
    body = wire.pack(message)
    if keys is None:
        return Received(200, {"content-type": wire.MEDIA_TYPE}, body)
    head = signature.answer_headers(
        keys.present, 200, body, asked, media_type=wire.MEDIA_TYPE, created_s=int(time.time())
    )
    return Received(200, head, body)


def boast(path: str, body: bytes) -> msgspec.Struct:
    """The answer that acknowledges whatever was sent: each hash is the till's own."""
    if path == HELLO_PATH:
        asked = wire.unpack(body, HelloRequest)
        return HelloAnswer(epoch="e", mark=asked.last_seq, mark_hash=asked.last_hash)
    pushed = wire.unpack(body, messages.PushRequest)
    return PushAnswer(epoch="e", mark=pushed.packets[-1].seq, mark_hash=pushed.packets[-1].hash)


def unsigned(_: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    return says(boast(path, body), headers, None)


def wrong_key(_: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    return says(boast(path, body), headers, FALSE_KEYS)


def echo(_: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    return Received(200, headers, body)


def right_key_wrong_hash(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    true = line.truly(path, headers, body)
    return Received(true.status, true.headers, wire.pack(boast(path, body)))


def yesterdays(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    before = signature.request_headers(
        line.key,
        line.terminal_name,
        path,
        body,
        media_type=wire.MEDIA_TYPE,
        number=int(time.time_ns() // 1000),
        created_s=int(time.time()),
    )
    return line.truly(path, before, body)


def anothers(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
    """An answer to another terminal that said the same: the head names it."""
    return says(boast(path, body), headers | {"bohari-terminal": "1.9"}, server_key.of_environment())


@pytest.mark.parametrize("what", [unsigned, wrong_key, echo, right_key_wrong_hash, yesterdays, anothers])
def test_a_false_server_is_not_believed(what: Any, centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    pinned = setting(till.database, "server_key")
    till.sell()
    till.sell()
    daemon = till.daemon(False_(till.transport, what))
    with pytest.raises(Unavailable):
        daemon.step()
    daemon._greeted = True
    with pytest.raises(Unavailable):
        daemon.step()
    assert waiting(till) == 2
    assert (setting(till.database, "frozen"), setting(till.database, "server_key")) == ("", pinned)
    till.drain()
    assert (waiting(till), len(centre.documents())) == (0, 2)


def test_a_false_hello_freezes_nobody(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()

    def far_ahead(_: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        return says(HelloAnswer(epoch="e", mark=99, mark_hash=b"x" * 32), headers, FALSE_KEYS)

    with raises(ServerUnreachable, "server-key-other"):
        till.daemon(False_(till.transport, far_ahead)).step()
    assert setting(till.database, "frozen") == ""
    till.sell()


def test_one_signed_answer_that_does_not_fit_freezes_nobody(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    wrong = HelloAnswer(epoch="e", mark=99, mark_hash=b"x" * 32)

    def once(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        if len(line.seen) == 1:
            return says(wrong, headers, server_key.of_environment())
        return line.truly(path, headers, body)

    def always(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        return says(wrong, headers, server_key.of_environment())

    till.daemon(False_(till.transport, once)).step()
    assert setting(till.database, "frozen") == ""
    with pytest.raises(HistoryForked):
        till.daemon(False_(till.transport, always)).step()
    with pytest.raises(Refused):
        till.sell()
    # A greeting that fits lifts it.
    till.drain()
    assert setting(till.database, "frozen") == ""
    till.sell()
    till.drain()
    assert len(centre.documents()) == 1


def test_what_is_handed_over_needs_a_receipt_for_each(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    sold = [till.sell() for _ in range(3)]
    with centre.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE terminal SET last_seq = 1, last_hash = '\\x01'::bytea WHERE terminal_no = 1"
        )
    lost: list[int] = []

    def keeps_one_back(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        true = line.truly(path, headers, body)
        if path != PUSH_PATH or lost:
            return true
        lost.append(1)
        answer = wire.unpack(true.body, PushAnswer)
        return says(
            msgspec.structs.replace(answer, held=answer.held[:-1]), headers, server_key.of_environment()
        )

    daemon = till.daemon(False_(till.transport, keeps_one_back))
    with raises(Unavailable, "hand-over-without-receipt"):
        daemon.step()
    assert setting(till.database, "handed_over_seq") == ""
    with pytest.raises(HistoryForked):
        daemon.step()
    assert setting(till.database, "handed_over_seq") == "3"
    assert [one.hash for one in centre.quarantine()] == [one.hash for one in sold]


def test_a_recorded_request_tells_a_stranger_nothing(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.sell()
    line = False_(till.transport, lambda line, *asked: line.truly(*asked))
    till.daemon(line).drain()
    # Another process of the server knows what this one heard.
    for desk in (centre.desk, Endpoint(centre.database, centre.clock)):
        for path, headers, body in line.seen:
            answer = desk.answer("POST", path, headers, body)
            assert answer.status == 401
            assert wire.unpack(answer.body, messages.ErrorAnswer).code == "replayed"
    till.drain()


def test_a_request_that_was_held_back_is_not_heard(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    body = wire.pack(HelloRequest(last_seq=0, last_hash=b""))
    for late_s, status in ((signature.WINDOW_S + 5, 401), (-signature.WINDOW_S - 5, 401), (200, 200)):
        headers = signature.request_headers(
            till.transport.key,
            till.transport.terminal_name,
            HELLO_PATH,
            body,
            media_type=wire.MEDIA_TYPE,
            number=time.time_ns() // 1000,
            created_s=int(time.time()) - late_s,
        )
        assert centre.desk.answer("POST", HELLO_PATH, headers, body).status == status


def test_a_centre_whose_clock_is_a_day_off(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()
    for off in (timedelta(days=1), timedelta(days=-1), timedelta(0)):
        clock = SetClock(SystemClock().now() + off)
        till.transport.desk = Endpoint(centre.database, clock)
        till.sell()
        till.drain()
        assert waiting(till) == 0
        assert abs(int(setting(till.database, "server_ahead_s")) - off.total_seconds()) < 120
    # A new line, as after a restart, goes by what is kept.
    line = DeskTransport(
        till.transport.desk, till.transport.key, till.transport.terminal_name, KnownCentre(till.database)
    )
    till.daemon(line).step()


def test_numbers_that_went_back_are_put_right(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.transport._conversation._number = time.time_ns() // 1000 + 10**12
    till.drain()
    fresh = DeskTransport(till.transport.desk, till.transport.key, till.transport.terminal_name)
    till.sell()
    till.daemon(fresh).drain()
    assert waiting(till) == 0


# --- keys -------------------------------------------------------------------------------------------


def test_a_code_names_the_centre_that_is_believed(centre: Centre, tmp_path: Path) -> None:
    code = fingerprint.with_code(fingerprint.parted(centre.code())[0], FALSE_KEYS.public)

    def connect(_: str, key: Ed25519PrivateKey, name: str, known: KnownCentre) -> DeskTransport:
        return DeskTransport(centre.desk, key, name, known)

    database = prepared_till(tmp_path)
    with raises(ServerUnreachable, "server-key-other"):
        enrol(database, tmp_path / "terminal.key", "http://x", code, connect=connect)
    assert setting(database, "server_key") == ""
    enrol(database, tmp_path / "terminal.key", "http://x", centre.code(), connect=connect)
    assert setting(database, "server_key_how") == "enrolment"
    database.close()


def test_a_till_goes_along_with_a_key_that_was_announced(centre: Centre, tmp_path: Path) -> None:
    present = server_key.of_environment()
    assert present is not None
    till, late = centre.till(tmp_path / "till"), centre.till(tmp_path / "late")
    for keys in (ServerKeys(present.present_raw, SECOND.present_raw), SECOND):
        till.transport.desk = Endpoint(centre.database, centre.clock, keys=keys)
        till.sell()
        till.drain()
    assert setting(till.database, "server_key") == SECOND.public.hex()
    assert setting(till.database, "server_key_how") == "rotation"
    # The old key is nothing any more; who missed the announcement is told by a person.
    with raises(ServerUnreachable, "server-key-other"):
        till.daemon(
            DeskTransport(
                centre.desk, till.transport.key, till.transport.terminal_name, KnownCentre(till.database)
            )
        ).step()
    late.transport.desk = till.transport.desk
    with raises(ServerUnreachable, "server-key-other"):
        late.daemon().step()
    known_centre.trust(late.database, fingerprint.plain(fingerprint.of(SECOND.public)))
    late.daemon(
        DeskTransport(
            till.transport.desk, late.transport.key, late.transport.terminal_name, KnownCentre(late.database)
        )
    ).step()
    assert setting(late.database, "server_key_how") == "told"


def test_a_stranger_announces_no_key(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()

    def slips_in(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        true = line.truly(path, headers, body)
        key = base64.b64encode(FALSE_KEYS.public).decode()
        return Received(true.status, dict(true.headers) | {"bohari-next-key": key}, true.body)

    till.daemon(False_(till.transport, slips_in)).step()
    assert setting(till.database, "server_key_next") == ""


def test_the_key_of_a_centre_is_kept_in_its_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(server_key.VARIABLE)
    keys = server_key.load_or_make(tmp_path)
    assert server_key.load_or_make(tmp_path) == keys
    assert (tmp_path / server_key.FILE).stat().st_mode & 0o077 == 0
    with refused("next-server-key-missing"):
        server_key.rotate(tmp_path)
    following = server_key.make_next(tmp_path)
    assert following.present_raw == keys.present_raw
    with refused("next-server-key-there"):
        server_key.make_next(tmp_path)
    assert server_key.rotate(tmp_path).public == following.next_public
    assert server_key.load_or_make(tmp_path).public == following.next_public
    for rubbish in ("", "rubbish", "AAAA", "\n".join(["A" * 43 + "="] * 3)):
        (tmp_path / server_key.FILE).write_text(rubbish)
        with pytest.raises(Exception, match="is no key of a server"):
            server_key.load_or_make(tmp_path)


# --- tills of the release before --------------------------------------------------------------------


def hello_of_before(till: Till) -> tuple[dict[str, str], bytes]:
    body = wire.pack(HelloRequest(version=1, last_seq=0, last_hash=b""))
    name = till.transport.terminal_name
    return first_signature.headers(till.transport.key, name, "POST", HELLO_PATH, body), body


def test_a_till_of_before_is_heard_until_it_signs_better(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    headers, body = hello_of_before(till)
    answer = centre.desk.answer("POST", HELLO_PATH, headers, body)
    assert (answer.status, dict(answer.headers)) == (200, {"content-type": wire.MEDIA_TYPE})
    # Upgraded, it has no pin: it believes the first key that signs, and says so.
    with till.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM setting WHERE name LIKE 'server_key%'")
    upgraded = DeskTransport(
        centre.desk, till.transport.key, till.transport.terminal_name, KnownCentre(till.database)
    )
    till.daemon(upgraded).drain()
    assert setting(till.database, "server_key_how") == "first-contact"
    copied = centre.desk.answer("POST", HELLO_PATH, headers, body)
    assert copied.status == 401
    assert wire.unpack(copied.body, messages.ErrorAnswer).error == "request-of-first-protocol"


def test_one_word_of_being_taken_away_is_asked_again(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.drain()

    def once(line: False_, path: str, headers: dict[str, str], body: bytes) -> Received:
        true = line.truly(path, headers, body)
        if len(line.seen) > 1:
            return true
        answer = msgspec.structs.replace(wire.unpack(true.body, HelloAnswer), revoked=True)
        return says(answer, headers, server_key.of_environment())

    till.daemon(False_(till.transport, once)).step()
    assert setting(till.database, "frozen") == ""
    till.sell()
