"""A request that is held open until the feed moves: real server, real line, real daemon."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import text

from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load
from pos_app.store.organisation import terminals
from pos_app.store.tables.projections import PARTY_BALANCE
from sync.client import news
from sync.client.daemon import Daemon
from sync.client.errors import ServerRefused, ServerUnreachable
from sync.client.news import News
from sync.client.pull import pull
from sync.protocol import signature, wire
from sync.protocol.messages import NEWS_PATH, Code, ErrorAnswer, NewsAnswer, NewsRequest
from sync.server.run import Serving
from tests.support.worlds.sync_fixtures import Centre, Till, cached, sale, setting

#: Asking is so seldom here that whatever comes was told.
SELDOM_S = 60.0


class Running(NamedTuple):
    """A served centre and what runs at it."""

    centre: Centre
    serving: Serving
    till: Till
    sister: Till


@pytest.fixture
def running(central: Database, tmp_path: Path) -> Iterator[Running]:
    serving = Serving(central)
    thread = threading.Thread(target=serving.run, name="server")
    thread.start()
    assert serving.wait_ready(20)
    centre = Centre(central)
    tills = [centre.till(tmp_path / name, serving.url) for name in ("till", "sister")]
    yield Running(centre, serving, *tills)
    centre.close()
    serving.stop()
    thread.join(20)
    assert not thread.is_alive()


@contextlib.contextmanager
def daemon(till: Till) -> Iterator[News]:
    """A daemon that hardly asks by itself."""
    held, stop = News(till.transport.another()), threading.Event()
    living = Daemon(till.database, till.who, till.transport, pull_every_s=SELDOM_S, news=held)
    thread = threading.Thread(target=living.run, args=(stop,))
    thread.start()
    try:
        yield held
    finally:
        stop.set()
        thread.join(10)
        held.close()
        assert not thread.is_alive()


def until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    end_s = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.01)


def owed(till: Till) -> int:
    return sum(values[0] for values in cached(till.database, PARTY_BALANCE, party_id=1).values())


def has_frozen(till: Till) -> bool:
    return setting(till.database, "frozen_code") == "till-is-revoked"


def test_a_sister_sees_a_sale_a_new_price_and_its_end_without_asking(running: Running) -> None:
    centre, serving, till, sister = running
    with daemon(till), daemon(sister) as held:
        until(lambda: bool(held._since))
        till.sell(customer=1)
        until(lambda: owed(sister) == sale(till.who, customer=1).total)
        with centre.database.for_org(centre.org_id).write() as connection:
            connection.execute(
                text("UPDATE product SET price = 77700 WHERE org_id = :org AND product_id = 1"),
                {"org": centre.org_id},
            )
        until(lambda: _price(sister) == 77700)
        with centre.database.for_org(centre.org_id).write() as connection:
            terminals.revoke(
                connection,
                centre.org_id,
                sister.who.terminal_no,
                by=1,
                because="lost",
                at=datetime.now(UTC),
            )
        until(lambda: has_frozen(sister))
        # The server ends although a request is held open, and the till goes on by itself.
        began_s = time.monotonic()
        serving.stop()
        until(lambda: setting(till.database, "sync_error") != "" or not held.is_held)
    assert time.monotonic() - began_s < 8


def _price(till: Till) -> int:
    with till.database.read() as connection:
        return int(connection.execute(text("SELECT price FROM product WHERE product_id = 1")).scalar_one())


def test_what_is_written_in_a_long_transaction_is_told_when_it_is_over(running: Running) -> None:
    centre, sister = running.centre, running.sister
    with daemon(sister) as held:
        until(lambda: bool(held._since))
        with centre.database.for_org(centre.org_id).write() as older:
            older.execute(text("SELECT pg_current_xact_id()"))
            with centre.database.for_org(centre.org_id).write() as connection:
                connection.execute(
                    text("UPDATE product SET price = 88800 WHERE org_id = :org AND product_id = 1"),
                    {"org": centre.org_id},
                )
            time.sleep(0.3)
            assert _price(sister) != 88800
        until(lambda: _price(sister) == 88800)


def test_a_copy_of_a_held_request_holds_nothing(running: Running) -> None:
    till = running.till
    till.drain()
    now_us = time.time_ns() // 1000
    body = wire.pack(NewsRequest(since=2**40, wait_s=1))
    head = signature.request_headers(
        load(till.folder / "terminal.key"),
        signature.terminal_id(till.who.org_id, till.who.terminal_no),
        NEWS_PATH,
        body,
        media_type=wire.MEDIA_TYPE,
        number=now_us,
        created_s=now_us // 1_000_000,
    )
    url = running.serving.url + NEWS_PATH
    answers = [httpx.post(url, content=body, headers=head, timeout=20) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 401]
    assert wire.unpack(answers[0].content, NewsAnswer).moved == 0
    assert wire.unpack(answers[1].content, ErrorAnswer).code == Code.REPLAYED


def test_a_line_is_let_go_while_it_is_held(running: Running) -> None:
    till = running.till
    horizon = pull(till.database, till.who, till.transport).horizon if _greeted(till) else 0
    assert horizon > 0
    held = News(till.transport.another())
    held._hold_s = 50
    held.listen(horizon + 10**6)
    time.sleep(0.3)
    began_s = time.monotonic()
    held.close()
    assert time.monotonic() - began_s < 2
    assert held._thread is not None
    assert not held._thread.is_alive()


def _greeted(till: Till) -> bool:
    till.drain()
    return True


def test_a_centre_that_holds_nothing_is_asked_as_before(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    held = News(till.transport)
    living = Daemon(till.database, till.who, till.transport, news=held)
    for _ in range(2):
        living.step()
        assert living._asks()
    assert held._thread is None


class Line:
    """A line on which the next calls end as told."""

    def __init__(self, *ends: Any) -> None:
        self.ends = list(ends)
        self.asked: list[int] = []
        self.over = threading.Event()

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        assert path == NEWS_PATH
        self.asked.append(message.wait_s)
        if not self.ends:
            self.over.set()
            time.sleep(0.05)
            return NewsAnswer()
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    def close(self) -> None:
        """Nothing to close."""


def heard(monkeypatch: pytest.MonkeyPatch, *ends: Any) -> tuple[Line, News]:
    monkeypatch.setattr(news, "_REST_S", 0.01)
    monkeypatch.setattr(news, "_EARLY_S", 0.0)
    line = Line(*ends)
    held = News(line, random.Random(1))
    held.listen(10)
    return line, held


def test_a_proxy_that_cuts_is_met_by_shorter_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = ServerUnreachable("server-connection-broke", why="ReadError")
    line, held = heard(monkeypatch, NewsAnswer(), NewsAnswer(), cut, NewsAnswer(), NewsAnswer())
    assert line.over.wait(5)
    held.close()
    assert line.asked[:6] == [5, 10, 20, 10, 10, 10]


def test_a_line_that_never_holds_is_tried_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = ServerUnreachable("server-connection-broke", why="ReadError")
    line, held = heard(monkeypatch, *[cut] * 4)
    until(lambda: len(line.asked) >= 2, 5)
    assert not held.is_held
    assert line.over.wait(5)
    held.close()
    assert set(line.asked[1:5]) == {5}


def test_who_is_refused_asks_until_the_next_greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    line, held = heard(monkeypatch, ServerRefused("till-revoked", verdict=Code.REVOKED))
    until(lambda: held._is_refused, 5)
    held.listen(11)
    assert not held.is_held
    # It waits for the greeting, however long that takes.
    assert not held._since
    assert len(line.asked) == 1
    held.greeted()
    held.listen(11)
    assert line.over.wait(5)
    held.close()


def test_what_moved_is_news_until_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    _, held = heard(monkeypatch, NewsAnswer(moved=15))
    assert held.wait(5)
    assert held.has_moved()
    assert held.is_held
    held.listen(12)
    assert held.has_moved()
    held.listen(15)
    assert not held.has_moved()
    held.rest()
    assert not held.is_held
    held.close()
