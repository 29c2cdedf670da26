"""Two batches of one till at two server processes: each takes its turn by the row of the terminal.

The real server twice over one Postgres, as its workers are; the till's batches go to one and the other.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.protocol.messages import PUSH_PATH
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import Centre, Till, drift

MOST = 20
BATCHES = 12


@pytest.fixture
def servers(centre: Centre, central_url: str) -> Iterator[tuple[str, str]]:
    """The URLs of two servers over the centre."""
    with sync_process.serving(central_url) as (one, _), sync_process.serving(central_url) as (two, _):
        yield one, two


class InTurns:
    """A transport whose batches go to two servers, first to the one and then to the other.

    Batches for the first are kept back for a while, so that those behind them overtake.
    """

    def __init__(self, till: Till, urls: tuple[str, str], late_s: float) -> None:
        self.ways = [till.line(url) for url in urls]
        self.late_s = late_s
        self.sent: list[int] = []
        self._lock = threading.Lock()

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        """See `Transport.call`."""
        if path != PUSH_PATH:
            return self.ways[0].call(path, message, answer_type)
        number = message.after_seq // MOST % 2
        with self._lock:
            self.sent.append(message.after_seq)
        if number == 0:
            time.sleep(self.late_s)
        return self.ways[number].call(path, message, answer_type)

    def close(self) -> None:
        """See `Transport.close`."""
        for way in self.ways:
            way.close()


@pytest.mark.parametrize("late_s", [0, 0.1])
def test_batches_at_two_processes_go_on_without_a_failure(
    servers: tuple[str, str], centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_s: float
) -> None:
    monkeypatch.setattr("sync.client.load.MOST_PACKETS", MOST)
    till = centre.till(tmp_path / "till", servers[0])
    till.drain()
    sold = [till.sell(customer=1).document.document_id for _ in range(BATCHES * MOST)]
    way = InTurns(till, servers, late_s)
    try:
        # One step: no answer made it stand still, and none let it wait before it tried again.
        assert till.daemon(way).step().pushed == len(sold)
    finally:
        way.close()
    assert centre.documents() == sold
    assert centre.quarantine() == []
    # Whoever overtook was sent again, once, with the one behind it; nothing that was taken was.
    assert len(way.sent) <= 2 * BATCHES
    assert all(way.sent.count(seq) <= 3 for seq in way.sent)
    assert drift(centre.database) == drift(till.database) == []
