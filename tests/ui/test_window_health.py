"""The page of this till's health: each trouble is told with what to do; the file for support is written."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.store.documents import settings
from pos_app.store.journal import print_jobs
from pos_app.store.upkeep import till_health
from pos_app.store.upkeep.till_health import Grade
from pos_app.till.till import Till
from pos_app.ui.health.screen import HealthScreen
from pos_app.ui.window import MainWindow
from pos_app.ui.window import Settings as WindowSettings
from tests.support.worlds.goods_rows import HOSE
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener

Key = Qt.Key


def opened(hands: Hands, window: MainWindow) -> HealthScreen:
    hands.press(Key.Key_F2)
    hands.type("h")
    screen = window.current()
    assert isinstance(screen, HealthScreen)
    return screen


def told(screen: HealthScreen, name: str) -> str:
    row = screen.findChild(QWidget, f"health-{name}")
    assert row is not None, name
    return row.accessibleName()


def grade(till: Till, name: str) -> Grade:
    return next(check.grade for check in till.health() if check.name == name)


def test_every_line_is_shown_and_the_worst_stands_first(
    selling: Hands, window: MainWindow, till: Till
) -> None:
    with till.database.write() as connection:
        settings.put(connection, quarantined="2", server_ahead_s="600")
        job = print_jobs.unfinished(connection)
        if not job:
            print_jobs.add(connection, 1, what="kick", at=till.now())
        print_jobs.mark(
            connection, print_jobs.unfinished(connection)[-1].job_id, "waiting", "The roll is empty.", None
        )
    screen = opened(selling, window)
    assert "set aside: 2" in told(screen, "flags")
    assert "The office decides" in told(screen, "flags")
    assert "The roll is empty." in told(screen, "printer")
    assert "prints by itself" in told(screen, "printer")
    assert "10 minutes apart" in told(screen, "clock")
    assert "Nothing was scanned" in told(screen, "scanner")
    assert screen.checks()[0].grade is Grade.BAD
    for name in ("sending", "line", "disk", "books", "versions"):
        assert told(screen, name)


def test_a_scan_shows_what_the_scanner_reads(selling: Hands, window: MainWindow) -> None:
    screen = opened(selling, window)
    selling.scan(barcode_of(HOSE))
    assert barcode_of(HOSE) in told(screen, "scanner")


@pytest.mark.parametrize("hours", [1, 25])
def test_what_waits_for_a_day_is_for_somebody_to_act_on(till: Till, hours: int) -> None:
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    later = till.now() + timedelta(hours=hours)
    found = till_health.checks(till.database, 1, later, "Africa/Nairobi", "1")
    sending = next(check for check in found if check.name == "sending")
    assert sending.grade is (Grade.BAD if hours > 24 else Grade.OK)
    assert sending.says.facts["number"] == 1


def test_a_clock_that_was_set_back_is_told(till: Till) -> None:
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    found = till_health.checks(till.database, 1, till.now() - timedelta(hours=2), "Africa/Nairobi", "1")
    assert next(check.grade for check in found if check.name == "clock") is Grade.BAD
    assert grade(till, "clock") is Grade.OK


def test_the_file_for_support_is_made_by_a_key(open_window: Opener, till: Till, tmp_path: Path) -> None:
    given: list[Mapping[str, Any]] = []

    def support(found: Mapping[str, Any]) -> Path:
        given.append(found)
        return tmp_path / "support.zip"

    window = open_window(till, WindowSettings(support=support))
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    window.home()
    hands = Hands(window)
    screen = opened(hands, window)
    hands.press(Key.Key_F6)
    assert str(tmp_path / "support.zip") in screen.banner.text()
    assert {one["name"] for one in given[0]["health"]} == {check.name for check in till.health()}
    with till.database.read() as connection:
        people = [str(row[0]) for row in connection.execute(text("SELECT name FROM person"))]
    assert not any(name in str(given) for name in people)
