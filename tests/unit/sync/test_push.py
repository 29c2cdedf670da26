"""Pushing many batches: two at once, in order, whatever overtakes or gets lost."""

import shutil
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos_app.store.documents import terminal
from pos_app.store.tables.projections import PARTY_BALANCE, STOCK_LEVEL
from sync.client.errors import ServerUnreachable
from sync.protocol.messages import PUSH_PATH, PushAnswer, PushRequest
from sync.server.push_order import PushOrder, Turn
from tests.conftest import prepared_till
from tests.support.worlds.sync_fixtures import Centre, DeskTransport, Till, cached, drift, sale

MOST = 7


@pytest.fixture
def till(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Till:
    """A till that sends little batches."""
    monkeypatch.setattr("sync.client.load.MOST_PACKETS", MOST)
    return centre.till(tmp_path / "till")


class Watched(DeskTransport):
    """Notes what is sent, and lets a test meddle with it."""

    def __init__(self, way: DeskTransport) -> None:
        super().__init__(way.desk, way.key, way.terminal_name, way.known_centre)
        self.lock = threading.Lock()
        self.sent: list[PushRequest] = []
        self.at_once = self.most_at_once = 0
        self.both_here = threading.Barrier(2, timeout=120)

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        if path != PUSH_PATH:
            return super().call(path, message, answer_type)
        with self.lock:
            self.sent.append(message)
            number = len(self.sent)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.push(number, message, answer_type)
        finally:
            with self.lock:
                self.at_once -= 1

    def push(self, number: int, message: PushRequest, answer_type: Any) -> Any:
        return super().call(PUSH_PATH, message, answer_type)


def sell(till: Till, count: int) -> list[int]:
    return [till.sell().document.document_id for _ in range(count)]


def test_many_batches_arrive_whole_and_in_order(centre: Centre, till: Till) -> None:
    sold = sell(till, 5 * MOST + 3)
    way = Watched(till.transport)
    assert till.daemon(way).step().pushed == len(sold)
    assert centre.documents() == sold
    # A batch that the machine let overtake the one before it goes once more.
    assert sorted({request.after_seq for request in way.sent}) == [0, 7, 14, 21, 28, 35]
    assert drift(centre.database) == drift(till.database) == []


def test_what_a_copy_of_the_home_sent_is_asked_about_all_the_same(
    centre: Centre, till: Till, tmp_path: Path
) -> None:
    """The answer to our batch names a mark behind it, and not what the centre set aside on the way there."""
    sell(till, MOST + 1)
    draft = sale(till.who, customer=1, products=(4,))
    lines = tuple(msgspec.structs.replace(line, description="a\x00b") for line in draft.lines)
    till.journal.record_document(msgspec.structs.replace(draft, lines=lines))
    till.database.cut_log()
    shutil.copytree(till.folder, tmp_path / "twin")
    way = DeskTransport(till.transport.desk, till.transport.key, till.transport.terminal_name)
    twin = Till(prepared_till(tmp_path / "twin"), till.who, way, tmp_path / "twin")

    class AfterTheTwin(Watched):
        def push(self, number: int, message: PushRequest, answer_type: Any) -> Any:
            if number == 1:
                twin.drain()
            return super().push(number, message, answer_type)

    till.daemon(AfterTheTwin(till.transport)).step()
    till.drain()
    assert len(centre.quarantine()) == 1
    for one in (twin, till):
        assert drift(one.database) == []
        for projection in (PARTY_BALANCE, STOCK_LEVEL):
            assert cached(one.database, projection) == cached(centre.database, projection)


def test_the_next_batch_is_sent_before_the_answer_to_the_last(centre: Centre, till: Till) -> None:
    class BothAtOnce(Watched):
        def push(self, number: int, message: PushRequest, answer_type: Any) -> Any:
            if number <= 2:
                # Neither goes on before both are here.
                self.both_here.wait()
            return super().push(number, message, answer_type)

    sold = sell(till, 2 * MOST)
    way = BothAtOnce(till.transport)
    till.daemon(way).drain()
    assert centre.documents() == sold
    assert way.most_at_once == 2


def test_a_batch_that_overtakes_is_sent_again(centre: Centre, till: Till) -> None:
    overtaken = threading.Event()

    class Overtaking(Watched):
        def push(self, number: int, message: PushRequest, answer_type: Any) -> Any:
            if message.after_seq == 0:
                assert overtaken.wait(30)
            answer = super().push(number, message, answer_type)
            overtaken.set()
            return answer

    sold = sell(till, 3 * MOST)
    way = Overtaking(till.transport)
    till.daemon(way).drain()
    assert centre.documents() == sold
    sent = [request.after_seq for request in way.sent]
    # What was taken is never sent again for an answer that came late.
    assert (sent.count(0), sent.count(MOST)) == (1, 2)


def test_a_lost_answer_in_the_middle_loses_and_doubles_nothing(centre: Centre, till: Till) -> None:
    class Losing(Watched):
        def push(self, number: int, message: PushRequest, answer_type: Any) -> Any:
            answer: PushAnswer = super().push(number, message, answer_type)
            if number == 2:
                raise ServerUnreachable("The answer was lost.")
            return answer

    sold = sell(till, 4 * MOST)
    way = Losing(till.transport)
    with pytest.raises(ServerUnreachable):
        till.daemon(way).step()
    till.daemon(way).drain()
    assert centre.documents() == sold
    with till.database.read() as connection:
        assert terminal.acknowledged(connection) == len(sold)


def test_who_follows_waits_for_the_end_of_the_push_before() -> None:
    turns, order = PushOrder(), []

    def follow() -> None:
        turns.wait_for(Turn(1, 1, 7))
        order.append("second")

    with turns.at_work(Turn(1, 1, 7)):
        # The same batch sent again neither waits nor lets anybody go early.
        with turns.at_work(Turn(1, 1, 7)):
            pass
        second = threading.Thread(target=follow)
        second.start()
        second.join(0.05)
        order.append("first")
    second.join(5)
    assert order == ["first", "second"]
    turns.wait_for(Turn(1, 1, 7))
    turns.wait_for(Turn(2, 1, 7))
