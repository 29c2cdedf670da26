"""What Qt made is let go by the window's thread alone, whoever allocates beside it."""

import gc
import threading
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from pos_app.till.till import Till
from pos_app.ui.app import application
from pos_app.ui.garbage import Collector, collect_due
from pos_app.ui.window import MainWindow


class Kept(QObject):
    """Something of Qt in a cycle, as a window with its slots is."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def let_go() -> tuple[weakref.ref[Kept], list[str]]:
    """A cycle that nobody holds, and the names of the threads that let it go."""
    threads: list[str] = []
    made = Kept()
    seen = weakref.ref(made, lambda _: threads.append(threading.current_thread().name))
    return seen, threads


def allocate() -> None:
    """What makes Python collect in whichever thread it is."""
    for _ in range(50):
        rows: list[object] = [[] for _ in range(1000)]
        rows.append(rows)


def test_a_thread_beside_the_window_lets_go_of_nothing_of_qt(
    window: MainWindow, let_go: tuple[weakref.ref[Kept], list[str]], qtbot: QtBot
) -> None:
    seen, threads = let_go
    beside = threading.Thread(target=allocate, name="beside")
    beside.start()
    beside.join()
    assert "beside" not in threads
    qtbot.waitUntil(lambda: seen() is None)
    assert threads == [threading.main_thread().name]


def test_python_collects_nothing_by_itself_while_a_window_is_open(window: MainWindow) -> None:
    assert not gc.isenabled()


def test_one_collector_whatever_is_built(
    window: MainWindow, open_window: Callable[..., MainWindow], till: Till
) -> None:
    open_window(till)
    assert len(application().findChildren(Collector)) == 1


def test_what_is_due_is_collected_by_pythons_own_thresholds() -> None:
    gc.collect()
    assert collect_due() == 0
    before = gc.isenabled()
    gc.disable()
    try:
        kept = Kept()
        seen = weakref.ref(kept)
        del kept
        rows = [[number] for number in range(gc.get_threshold()[0] + 100)]
        assert collect_due() >= 0
        assert seen() is None
        assert rows
    finally:
        if before:
            gc.enable()
