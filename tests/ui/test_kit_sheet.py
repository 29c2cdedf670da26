"""The sheet and the banner: a question is answered by keyboard alone, and no key leaks out of it."""

# pytest-qt leaves its key and mouse calls untyped.
# mypy: disable-error-code="no-untyped-call"

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from demo.gallery import PAGES
from pos_app.ui.kit import banner as banner_module
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class Screen(QWidget):
    """A screen with a field and a bound key."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[str] = []
        self.field = QLineEdit()
        strip = KeyStrip(
            [
                KeyAction("F12", "Pay", lambda: self.acts.append("pay")),
                KeyAction("Esc", "Back", lambda: self.acts.append("back")),
                KeyAction("Enter", "Finish", lambda: self.acts.append("finish")),
            ]
        )
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(strip)
        self.resize(1024, 768)


@pytest.fixture
def screen(qapp: QApplication, qtbot: QtBot) -> Screen:
    apply_theme(qapp, "light")
    made = Screen()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.field.setFocus()
    return made


def quantity_sheet(screen: Screen) -> tuple[Sheet, AmountField]:
    field = AmountField("Quantity", 0)
    sheet = Sheet(screen, "Quantity", "Set", "Back", body=field, explanation="LPG refill 13 kg")
    sheet.open_sheet()
    return sheet, field


def test_enter_accepts_and_the_keyboard_goes_back(qtbot: QtBot, screen: Screen) -> None:
    sheet, field = quantity_sheet(screen)
    assert QApplication.focusWidget() is field
    assert not sheet.isWindow()
    qtbot.keyClicks(field, "12")
    with qtbot.waitSignal(sheet.accepted):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.minor() == 12
    assert sheet.isVisible()
    with qtbot.waitSignal(sheet.closed):
        sheet.close_sheet()
    assert QApplication.focusWidget() is screen.field
    assert screen.acts == []


def test_escape_goes_back_without_an_answer(qtbot: QtBot, screen: Screen) -> None:
    sheet, field = quantity_sheet(screen)
    with qtbot.assertNotEmitted(sheet.accepted), qtbot.waitSignals([sheet.rejected, sheet.closed]):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert screen.acts == []
    qtbot.keyClick(screen.field, Qt.Key.Key_F12)
    assert screen.acts == ["pay"]


def test_no_key_reaches_the_screen_below(qtbot: QtBot, screen: Screen) -> None:
    sheet, field = quantity_sheet(screen)
    for key in (Qt.Key.Key_F12, Qt.Key.Key_F1, Qt.Key.Key_A, Qt.Key.Key_Return):
        qtbot.keyClick(field, key)
    sheet.primary.setFocus()
    qtbot.keyClick(sheet.primary, Qt.Key.Key_F12)
    assert screen.acts == []
    assert screen.field.text() == ""


def test_tab_goes_round_inside(qtbot: QtBot, screen: Screen) -> None:
    sheet, _field = quantity_sheet(screen)
    visited = []
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert sheet.isAncestorOf(focused)
        visited.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert {sheet.primary, sheet.escape} <= set(visited)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused)


def test_a_tap_beside_the_card_does_nothing(qtbot: QtBot, screen: Screen) -> None:
    sheet, _field = quantity_sheet(screen)
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.rect().topLeft())
    assert sheet.isVisible()


def test_a_refused_answer_is_told_in_the_sheet(screen: Screen) -> None:
    sheet, _field = quantity_sheet(screen)
    sheet.refuse("Only 3 are left.")
    assert sheet.banner.text() == "Only 3 are left."
    assert sheet.isVisible()


def test_the_sheet_covers_its_host_as_it_grows(screen: Screen) -> None:
    sheet, _field = quantity_sheet(screen)
    screen.resize(1400, 900)
    assert sheet.size() == screen.size()


def test_bad_news_stay_until_the_next_success(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banner_module, "GOOD_NEWS_MS", 20)
    banner = Banner("Dismiss")
    qtbot.addWidget(banner)
    assert banner.text() == ""
    banner.refuse("No shift is open.")
    assert (banner.text(), banner.tone()) == ("No shift is open.", "bad")
    assert banner.accessibleName() == "No shift is open."
    banner.succeed()
    assert banner.text() == ""
    with qtbot.waitSignal(banner.dismissed):
        banner.succeed("Drawer opened.")
    assert banner.text() == ""


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("page", list(PAGES))
def test_whatever_takes_the_keyboard_has_a_name(
    qapp: QApplication, qtbot: QtBot, page: str, mode: str
) -> None:
    apply_theme(qapp, "dark" if mode == "dark" else "light")
    made = PAGES[page](hard=True)
    qtbot.addWidget(made)
    made.resize(1024, 768)
    with qtbot.waitExposed(made):
        made.show()
    reached = [w for w in made.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached
    assert [type(w).__name__ for w in reached if not w.accessibleName() and w.isVisible()] == []
    assert not made.grab().isNull()


def test_a_sheet_opened_from_the_field_of_another_outlives_it(screen: Screen, qtbot: QtBot) -> None:
    first, field = quantity_sheet(screen)
    assert QApplication.focusWidget() is not None
    second, _ = quantity_sheet(screen)
    with qtbot.waitSignal(field.destroyed):
        first.close_sheet()
    with qtbot.waitSignal(second.closed):
        second.close_sheet()
