"""A shop that is one PC, founded in the window of the first start: the centre beside the till, and a sale."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app import bootstrap, settings
from pos_app.cli import companions
from pos_app.cli.till_start import TillStart
from pos_app.store.master import organisations
from pos_app.ui.app import build_first_start, build_window
from pos_app.ui.window import Settings
from tests.ui.test_first_start import FirstHands, Pc

Key = Qt.Key
PIN = "582914"


@pytest.fixture
def pc(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Pc:
    return Pc(tmp_path / "till", qtbot)


def test_the_whole_shop_from_an_empty_home_to_a_sale(pc: Pc, qtbot: QtBot) -> None:
    hands = pc.hands
    hands.press(Key.Key_2)
    hands.press(Key.Key_Return)
    assert pc.page == "first-shop"
    # Not without a name, and not with two PINs.
    for _line in range(7):
        hands.press(Key.Key_Return)
    assert pc.said
    hands.fill("first-organisation", "Mama Njeri")
    hands.fill("first-owner", "Njeri")
    hands.fill("first-pin", PIN)
    hands.fill("first-pin-again", "582915")
    hands.press(Key.Key_Return)
    hands.press(Key.Key_Return)
    assert "differ" in pc.said
    hands.fill("first-pin-again", PIN)
    hands.press(Key.Key_Return)
    hands.press(Key.Key_Return)
    assert pc.page == "first-key", pc.said
    first_key = hands.find("recovery-key").text()  # type: ignore[attr-defined]
    assert len(first_key.replace("-", "")) == 32
    # The power goes before it is on paper: what stands is found again, with another key.
    pc.again()
    hands = pc.hands
    assert pc.page == "first-key"
    assert hands.find("recovery-key").text() not in ("", first_key)  # type: ignore[attr-defined]
    deeds = pc.window.deeds
    assert isinstance(deeds, TillStart)
    try:
        hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said
        while pc.window.page().list.selected().key != "":  # type: ignore[attr-defined]
            hands.press(Key.Key_Down)
        for _page in ("printer", "scanner", "drawer"):
            hands.press(Key.Key_Return)
        assert pc.window.is_finished
        assert companions.answers(Path(settings.load(pc.home, {}).own_centre))
        _sell(pc.home, qtbot)
    finally:
        if deeds.centre_process is not None:
            deeds.centre_process.terminate()
            deeds.centre_process.wait(30)
    with bootstrap.central(Path(settings.load(pc.home, {}).own_centre)) as centre:
        with centre.database.read() as connection:
            assert len(organisations.all_ids(connection)) == 1
        assert centre.oldest().name == "Mama Njeri"


def _sell(home: Path, qtbot: QtBot) -> None:
    """The first sale at the PIN pad that the first start ends at, by keys alone."""
    till = bootstrap.open_till(home)
    try:
        window = build_window(till)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        hands = Hands(window)
        hands.type(PIN)
        hands.press(Key.Key_Return)
        hands.type("1000")
        hands.press(Key.Key_F12)
        product = till.catalogue.shelf()[0]
        hands.type(product.sku)
        hands.press(Key.Key_Return)
        hands.press(Key.Key_F12)
        hands.press(Key.Key_Return)
        assert len(till.receipts.latest(5)) >= 1
    finally:
        till.close()


def test_a_founding_that_was_killed_before_anything_stood_begins_again(pc: Pc) -> None:
    pc.home.mkdir()
    settings.write(pc.home, first_start="shop", own_centre=str(pc.home.with_name("till-centre")))
    pc.again()
    assert pc.page == "first-shop"


def test_the_last_words_are_in_the_language_of_the_till(tmp_path: Path, qtbot: QtBot) -> None:
    home = tmp_path / "till"
    window = build_first_start(TillStart(home), Settings(language="sw"))
    qtbot.addWidget(window)
    window.show()
    assert "Karibu" in window.page().title.text()
    FirstHands(window).press(Key.Key_F2)
    assert settings.load(home, {}).language == "en"
