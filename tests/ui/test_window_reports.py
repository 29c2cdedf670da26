"""Reports in the window: asked in a thread, shown with a chart, and no key waits meanwhile."""

import threading
import time
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.devices.escpos_layout import to_text
from pos_app.ledger.errors import Refused
from pos_app.reports.ask import asked
from pos_app.reports.model import page as pages
from pos_app.reports.model.page import Page
from pos_app.till.paper import reports
from pos_app.till.paper.reports import AT_TILL
from pos_app.till.till import Till
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.table import Table
from pos_app.ui.reports.screen import ReportsScreen, names
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import HOSE, REGULATOR
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


@pytest.fixture
def manager(storing: Hands, till: Till, window: MainWindow) -> Hands:
    """A manager whose till has sold two things."""
    if till.shift is None:
        till.drawer.open(500_000)
    window.home()
    for product in (HOSE, REGULATOR):
        storing.scan(barcode_of(product))
    storing.press(Key.Key_F12)
    storing.type("5000")
    storing.press(Key.Key_Return)
    window.home()
    return storing


def opened(hands: Hands, window: MainWindow) -> ReportsScreen:
    hands.press(Key.Key_F2)
    hands.type("w")
    screen = window.current()
    assert isinstance(screen, ReportsScreen)
    return screen


def shown(screen: ReportsScreen) -> str:
    return "\n".join(table.accessibleName() for table in screen.findChildren(Table))


def test_the_day_of_the_depot_is_shown_with_what_is_open_and_printed(
    manager: Hands, window: MainWindow, till: Till, qtbot: QtBot
) -> None:
    screen = opened(manager, window)
    manager.press(Key.Key_Return)
    qtbot.waitUntil(screen.reading)
    assert "Side by side" in shown(screen)
    texts = [one.text() for one in screen.findChildren(Paragraph)]
    assert any("is not closed" in text for text in texts), texts
    # It goes onto the roll too, as it is shown, whatever the width of the paper.
    manager.press(Key.Key_F6)
    assert "is being printed" in window.banner().text()
    (job,) = [one for one in till.status().unprinted if one.what == "page"]
    for width in (42, 32):
        letters = to_text(till.paper_of(job, width))
        assert max(len(line) for line in letters.splitlines()) <= width
        for told in ("Depot day", "Side by side", "is not closed", "Expected", "open"):
            assert told in letters, letters
    # All tills are what the centre tells: the question waits for the daemon.
    manager.press(Key.Key_F7)
    assert screen._detail.text() == "The centre is asked …"
    # Asked again it is what holds by then.
    manager.press(Key.Key_F5)
    qtbot.waitUntil(screen.reading)
    assert "Side by side" in shown(screen)
    manager.press(Key.Key_Escape)
    assert not screen.reading()
    manager.press(Key.Key_Escape)
    assert window.current() is not screen


def test_every_report_of_the_list_is_made_for_every_span(
    manager: Hands, window: MainWindow, till: Till
) -> None:
    assert tuple(names()) == AT_TILL
    today = till.now().date()
    for name in AT_TILL:
        for days in (0, 364):
            page = till.reports().page(
                name, (today - timedelta(days=days)).isoformat(), today.isoformat(), "en"
            )
            assert page.title
            for part in page.parts:
                assert all(len(one.cells) == len(part.heads) for one in part.lines)


def test_keys_go_on_while_a_report_is_made(
    manager: Hands, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(manager, window)
    go, begun = threading.Event(), threading.Event()
    real = asked.answer

    def slow(*told: object) -> object:
        begun.set()
        go.wait(30)
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(reports, "answer", slow)
    manager.press(Key.Key_Return)
    assert begun.wait(30)
    # The thread of the window is free: what it is asked it answers, and no turn of it waits for the report.
    longest, last = 0.0, time.perf_counter()

    def turn() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, now - last), now

    beat = QTimer()
    beat.timeout.connect(turn)
    beat.start(1)
    manager.press(Key.Key_Down)
    assert screen.list.selected() is not None
    assert not screen.reading()
    go.set()
    qtbot.waitUntil(screen.reading)
    beat.stop()
    assert longest < 5


def test_an_answer_that_was_given_up_is_not_shown(
    manager: Hands, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(manager, window)
    go, done = threading.Event(), threading.Event()
    real = asked.answer

    def slow(*told: object) -> object:
        go.wait(30)
        done.set()
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(reports, "answer", slow)
    manager.press(Key.Key_Return)
    screen.show_list()
    go.set()
    assert done.wait(30)
    qtbot.wait(50)
    assert not screen.reading()


def test_who_may_see_no_reports_is_told(selling: Hands, window: MainWindow, till: Till) -> None:
    screen = opened(selling, window)
    selling.press(Key.Key_Return)
    assert not screen.reading()
    assert screen.banner.text()
    with pytest.raises(Refused):
        till.reports().need()


def test_a_long_report_shows_its_first_lines_and_says_how_many_more(
    manager: Hands, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_LINES", 1)
    today = till.now().date().isoformat()
    page: Page = till.reports().page("sales-by-product", today, today, "sw")
    assert [len(part.lines) for part in page.parts] == [1]
    assert page.parts[0].more >= 1
