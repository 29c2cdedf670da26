"""A daemon that lives on: what it must notice without being started again, and how long it waits."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos_app.ledger.travel import Cursor
from pos_app.store.documents import terminal
from pos_app.store.feed import cursors
from pos_app.store.master import enrolment
from sync.client.backoff import Backoff
from sync.client.daemon import Daemon
from sync.client.errors import StartAgain
from sync.protocol.messages import PULL_PATH, Page, PullAnswer
from tests.support.worlds.sync_fixtures import Centre, DeskTransport, Till, setting


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def acknowledged(till: Till) -> int:
    with till.database.read() as connection:
        return terminal.acknowledged(connection)


def stands(till: Till) -> dict[str, Cursor]:
    with till.database.read() as connection:
        return cursors.read_all(connection)


def begin_epoch(centre: Centre) -> str:
    with centre.database.write() as connection:
        enrolment.begin_epoch(connection)
        return enrolment.epoch(connection)


def test_a_new_epoch_is_met_with_a_greeting(centre: Centre, till: Till) -> None:
    daemon = till.daemon()
    daemon.step()
    epoch = begin_epoch(centre)
    with pytest.raises(StartAgain):
        daemon.step()
    daemon.step()
    assert setting(till.database, "epoch") == epoch


def test_a_push_is_no_answer_of_another_epoch(centre: Centre, till: Till) -> None:
    daemon = till.daemon()
    daemon.step()
    begin_epoch(centre)
    till.sell()
    with pytest.raises(StartAgain):
        daemon.step()
    # What this life of the centre has, the greeting agrees on.
    assert acknowledged(till) == 0
    daemon.step()
    assert acknowledged(till) == 1


class Marked(DeskTransport):
    """Answers the next question for news with one page of balances of a mark that we never reached."""

    page: Page | None = None

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        answer = super().call(path, message, answer_type)
        if path == PULL_PATH and isinstance(answer, PullAnswer) and self.page is not None:
            return msgspec.structs.replace(answer, pages=(self.page,), more=False)
        return answer


@pytest.mark.parametrize("mark", [99, -1, None])
def test_a_position_moves_with_its_rows_or_not_at_all(till: Till, mark: int | None) -> None:
    till.drain()
    before = stands(till)
    way = Marked(till.transport.desk, till.transport.key, till.transport.terminal_name)
    way.page = Page(
        kind="account_balance",
        columns=(),
        rows=(),
        before=before.get("account_balance", Cursor()),
        after=Cursor(2**40, "[1]"),
        mark=mark,
    )
    with pytest.raises(StartAgain):
        till.daemon(way).step()
    assert stands(till) == before


class Longest(random.Random):
    """Chance that always takes the most."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


class Waited:
    """A `Stop` that notes how long it was asked to wait, and does something at each wait."""

    def __init__(self, deeds: list[Callable[[], object]]) -> None:
        self.waits: list[float] = []
        self._deeds = deeds

    def is_set(self) -> bool:
        return not self._deeds

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self._deeds.pop(0)()
        return self.is_set()


def test_a_success_ends_the_long_waits(till: Till) -> None:
    way: DeskTransport = till.transport

    def go(*, down: bool) -> None:
        way.is_down = down

    def sell_without_a_line() -> None:
        till.sell()
        go(down=True)

    go(down=True)
    stop = Waited([*[lambda: None] * 4, lambda: go(down=False), sell_without_a_line, lambda: None])
    backoff = Backoff(first_s=1, longest_s=60, chance=Longest())
    Daemon(till.database, till.who, way, backoff=backoff, pull_every_s=0.25).run(stop)
    # Five failures, a round that went well and its look for work, and a failure.
    assert stop.waits == [1, 2, 4, 8, 16, 0.25, 1]
