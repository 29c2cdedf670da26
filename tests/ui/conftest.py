"""Fixtures of the window's tests: a till of its own for each test, its window, and hands to work it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.app import build_window
from pos_app.ui.kit.scale import set_scale
from pos_app.ui.window import MainWindow, Settings
from tests.support.worlds.goods_rows import add_goods_rows, as_manager
from tests.support.worlds.till_builder import build_database, build_till


@pytest.fixture(scope="session")
def till_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared till's file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "till.db"
    build_database(path).close()
    return path


@pytest.fixture
def till_path(till_template: Path, tmp_path: Path) -> Path:
    """The file of this test's till."""
    return Path(shutil.copy(till_template, tmp_path / "till.db"))


@pytest.fixture
def till(till_path: Path) -> Iterator[Till]:
    """This test's till."""
    made = build_till(till_path)
    yield made
    made.close()


Opener = Callable[..., MainWindow]


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot) -> Iterator[Opener]:
    """Opens the window of a till and waits until it takes keys."""

    def opened(
        till: Till, settings: Settings | None = None, size: tuple[int, int] = (1024, 768)
    ) -> MainWindow:
        window = build_window(till, None, settings, size=size)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield opened
    from pos_app.language import use_language

    use_language("en")
    set_scale(1.0)


@pytest.fixture
def window(till: Till, open_window: Opener) -> MainWindow:
    """The window of this test's till, at the sign-in."""
    return open_window(till)


@pytest.fixture
def hands(window: MainWindow) -> Hands:
    """Hands at the window."""
    return Hands(window)


@pytest.fixture
def selling(till: Till, window: MainWindow) -> Hands:
    """Hands at the sell screen: a cashier is signed in, the drawer is open."""
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    window.home()
    return Hands(window)


@pytest.fixture
def storing(till: Till, window: MainWindow) -> Hands:
    """Hands at the sell screen of a depot that orders, sends and lends: a manager is signed in."""
    add_goods_rows(till)
    as_manager(till)
    window.home()
    return Hands(window)
