"""The window uses its room: what is drawn grows with it, at one factor, and the sale at hand stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.kit.lettering import font, text_width
from pos_app.ui.kit.scale import MOST, px, scale, scale_for, set_scale
from pos_app.ui.kit.tokens import Size, Space, Touch
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.window import MainWindow, Settings
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener
from tests.ui.test_window_pictures import harden, prepare


@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ((1024, 768), 1.0),
        ((1366, 768), 1.1),
        ((1920, 1080), 1.5),
        ((1280, 1024), 1.3),
        ((800, 600), 1.0),
        ((1024, 600), 1.0),
        ((3840, 2160), MOST),
    ],
)
def test_the_factor_is_what_the_tighter_side_allows(size: tuple[int, int], factor: float) -> None:
    assert scale_for(*size) == factor


@given(st.integers(1, 8000), st.integers(1, 8000), st.integers(0, 500), st.integers(0, 500))
def test_more_room_never_makes_it_smaller(width: int, height: int, more: int, higher: int) -> None:
    assert 1.0 <= scale_for(width, height) <= scale_for(width + more, height + higher) <= MOST


def test_type_distances_and_targets_grow_alike(qapp: QApplication) -> None:
    at_first = Space.L, Touch.TILE, text_width("Pay", font(Size.BODY))
    set_scale(1.5)
    grown = Space.L, Touch.TILE, text_width("Pay", font(Size.BODY))
    assert px(100) == 150
    set_scale(1.0)
    assert grown[:2] == (21, 96)
    assert grown[2] == pytest.approx(at_first[2] * 1.5, rel=0.05)
    assert at_first[:2] == (Space.L, Touch.TILE)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_a_window_that_grows_is_drawn_larger_and_the_basket_stays(
    window: MainWindow, selling: Hands, qtbot: QtBot, size: tuple[int, int]
) -> None:
    selling.scan(barcode_of(1))
    before = window.current()
    window.resize(*size)
    qtbot.waitUntil(lambda: scale() == scale_for(*size))
    screen = window.current()
    assert isinstance(screen, SellScreen)
    assert screen is not before
    assert window.key_strip.height() == px(48)
    assert screen.basket_column.pay.height() == px(56)
    assert len(window.session.basket.lines) == 1
    assert screen.search.hasFocus()
    selling.scan(barcode_of(2))
    assert len(window.session.basket.lines) == 2
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: scale() == 1.0)


def test_what_was_begun_waits_for_no_size(window: MainWindow, selling: Hands, qtbot: QtBot) -> None:
    """A sheet is open: it stays, and the window is drawn anew once it is gone."""
    window.show_keys()
    window.resize(1920, 1080)
    qtbot.wait(250)
    assert scale() == 1.0
    sheet = window.session.sheet
    assert sheet is not None
    sheet.give_up()
    qtbot.waitUntil(lambda: scale() == 1.5)
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: scale() == 1.0)


def test_a_setting_says_how_large_and_is_kept(till: Till, open_window: Opener, qtbot: QtBot) -> None:
    kept: list[Settings] = []
    window = open_window(till, Settings(scale=1.25, keep=kept.append), (1366, 768))
    assert scale() == 1.25
    window.resize(1920, 1080)
    qtbot.wait(150)
    assert scale() == 1.25
    window.set_scale(0)
    assert scale() == 1.5
    assert [one.scale for one in kept] == [0]


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (1920, 1080)])
def test_no_screen_asks_for_more_than_there_is(
    till: Till, open_window: Opener, size: tuple[int, int]
) -> None:
    harden(till)
    prepare(till)
    window = open_window(till, Settings("dark", "sw"), size)
    window.home()
    hint = window.minimumSizeHint()
    assert (hint.width() <= size[0], hint.height() <= size[1]) == (True, True)
