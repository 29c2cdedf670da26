"""A fault of our own ends no daemon, wherever it strikes: it is logged, and the next round begins."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_app.store.documents import outbox
from tests.support.worlds.sync_fixtures import Centre, Till


class Waits:
    """A `Stop` that nobody waits for: it ends after so many waits, and does something at one of them."""

    def __init__(self, most: int, first: Callable[[], object] = lambda: None) -> None:
        self.left = most
        self._first = first

    def is_set(self) -> bool:
        return self.left <= 0

    def wait(self, timeout: float | None = None) -> bool:
        self._first()
        self._first = lambda: None
        self.left -= 1
        return self.is_set()


def once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Callable[[], None]:
    """From when it is called on, the next call of a function has a fault, and that one alone."""
    as_it_is = getattr(module, name)

    def fault(*_: object, **__: object) -> None:
        monkeypatch.setattr(module, name, as_it_is)
        raise RuntimeError("a fault of ours")

    return lambda: monkeypatch.setattr(module, name, fault)


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def test_a_fault_in_a_round_is_tried_again(
    till: Till, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sell()
    once(monkeypatch, outbox, "read_after")()
    till.daemon().run(Waits(20))
    assert centre.mark(till.who.terminal_no) == 1


def test_a_fault_while_it_looks_for_work_ends_no_daemon(
    till: Till, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.drain()
    strike = once(monkeypatch, outbox, "last")

    def meanwhile() -> None:
        till.sell()
        strike()

    till.daemon().run(Waits(20, meanwhile))
    assert centre.mark(till.who.terminal_no) == 1
