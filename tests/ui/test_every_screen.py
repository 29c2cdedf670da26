"""Every screen and sheet, in every state that `pressed_states` leads to, as people see, meet and hear it.

What is painted is read from the picture (`seen_text`), what is told from Qt's accessibility interface.  A new
screen is looked at here as soon as it has its state; there is no list of what is looked at.

`make pictures` draws them all; so does BOHARI_PICTURES=FOLDER with `-k pictures`.
"""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from demo.simulated_cashier import Hands
from pos_app import language
from pos_app.till.till import Till
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.key_strip import KeyItem
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.reading_order import as_read
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.tokens import PALETTES, Mode
from pos_app.ui.window import MainWindow, Settings
from tests.support.seen_text import Seen, texts_of
from tests.support.worlds.goods_rows import add_goods_rows, as_manager
from tests.ui.conftest import Opener
from tests.ui.pressed_states import STATES
from tests.ui.test_every_key import ASKING, arrive, key_of
from tests.ui.test_kit_theme import contrast

#: WCAG 2.2, 1.4.3.
LEAST_CONTRAST: Final = 4.5
#: What a finger meets.
LEAST_TOUCH: Final = 48
#: A text of the window that is longer than the English bears it, where the longer language is spoken.
MARK: Final = "ŋ"
#: What a person can do something with.
CONTROLS: Final = (QAbstractButton, AmountField, PinField, QLineEdit)
#: Of the windows that are drawn.
SIZES: Final = ((1024, 768), (1366, 768), (1920, 1080))
FOLDER: Final = os.environ.get("BOHARI_PICTURES", "")


def parts(window: MainWindow, hands: Hands, name: str) -> Iterator[tuple[str, QWidget]]:
    """What is in front, and then each sheet that one of its keys lays over it, by what they are called."""
    yield name, window
    for one in ASKING[name]:
        QTest.keyClick(QApplication.focusWidget() or window, key_of(one.cap))
        hands.settle()
        sheet = window.session.sheet
        assert sheet is not None, one
        QApplication.processEvents()
        yield f"{name}, {one.seen.removeprefix('sheet: ')}", sheet.card()
        hands.press(Qt.Key.Key_Escape)


def controls(part: QWidget) -> list[QWidget]:
    """What can be used of it now."""
    return [
        one
        for one in part.findChildren(QWidget)
        if isinstance(one, CONTROLS)
        and one.isVisible()
        and one.isEnabled()
        and not one.visibleRegion().isEmpty()
    ]


def told(one: QWidget) -> str:
    """Class, object name and words of a widget, for the message of a failure."""
    return f"{type(one).__name__} {one.objectName()} “{one.accessibleName()}”"


def nameless(part: QWidget) -> list[str]:
    """The controls that a screen reader has no name or no role for."""
    found = []
    for one in controls(part):
        face = QAccessible.queryAccessibleInterface(one)
        dumb = face is None or face.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client)
        if dumb or not face.text(QAccessible.Text.Name).strip():
            found.append(told(one))
    return found


def small(part: QWidget) -> list[str]:
    """The controls that a finger does not meet surely."""
    least = px(LEAST_TOUCH)
    return [
        f"{told(one)} {one.width()} × {one.height()}"
        for one in controls(part)
        # In the strip the keys stand side by side without a gap, and the words go before the width.
        if one.height() < least or (one.width() < least and not isinstance(one, KeyItem))
    ]


def pale(part: QWidget, mode: Mode) -> list[str]:
    """The texts that stand out too little."""
    return [
        f"{mode}: “{one.text}” {one.colour} on {ground}: {contrast(one.colour, ground):.2f}"
        for one in texts_of(part)
        for ground in one.grounds
        if contrast(one.colour, ground) < LEAST_CONTRAST
    ]


def unseen_focus(part: QWidget) -> list[str]:
    """What takes the keyboard by Tab and looks as before then."""
    found = []
    for one in as_read(part):
        if one.visibleRegion().isEmpty() or not isinstance(one, CONTROLS):
            continue
        one.clearFocus()
        before = one.grab().toImage()
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if one.grab().toImage() == before:
            found.append(told(one))
    return found


@pytest.mark.parametrize("name", STATES)
def test_all_of_it_is_read_met_and_told(
    qapp: QApplication, window: MainWindow, storing: Hands, till: Till, name: str
) -> None:
    arrive(window, storing, till, name)
    wrong: list[str] = []
    for what, part in parts(window, storing, name):
        keyboard = QApplication.focusWidget()
        if keyboard is None or not keyboard.isVisible():
            wrong.append(f"{what}: nothing has the keyboard")
        wrong += [f"{what}: no name or role: {one}" for one in nameless(part)]
        wrong += [f"{what}: small: {one}" for one in small(part)]
        for mode in PALETTES:
            apply_theme(qapp, mode)
            wrong += [f"{what}: pale: {one}" for one in pale(part, mode)]
        apply_theme(qapp, "light")
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("name", {state.screen: name for name, state in reversed(STATES.items())}.values())
def test_where_the_keyboard_is_can_be_seen(window: MainWindow, storing: Hands, till: Till, name: str) -> None:
    arrive(window, storing, till, name)
    unseen = unseen_focus(window)
    assert not unseen, "\n".join(unseen)


# -- another language ----------------------------------------------------------------------------------


class Longer(gettext.NullTranslations):
    """A language whose words are 40 % longer than the English."""

    def gettext(self, message: str) -> str:
        return message + self._more(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    @staticmethod
    def _more(message: str) -> str:
        """Words of up to eight letters, as many as make it 40 % longer: a long word wraps, two do too."""
        letters = round(len(message) * 0.4)
        whole, rest = divmod(letters, 9)
        return "".join(f" {MARK * 8}" for _ in range(whole)) + (MARK * rest)


@pytest.fixture
def speaks_longer(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    """The window speaks the longer language, from right to left."""
    known, longer = language.catalogue, Longer()

    def catalogue(domain: language.Domain, code: str) -> gettext.NullTranslations:
        return longer if domain == "window" else known(domain, code)

    monkeypatch.setattr(language, "catalogue", catalogue)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def cut(part: QWidget) -> list[str]:
    """The texts of the window of which something is missing: cut, or beyond its edge.

    In the strip above, names give way to a trouble and are told by their tooltip.
    """
    room = part.rect().adjusted(-1, -1, 1, 1)
    strip = part.strip if isinstance(part, MainWindow) else None
    excused = {one.toolTip() for one in strip.findChildren(QWidget)} if strip is not None else set()

    def fails(one: Seen) -> bool:
        missing = not one.whole or not room.contains(one.box.toRect())
        return MARK in one.text and missing and one.text not in excused

    return [one.text for one in texts_of(part) if fails(one)]


@pytest.mark.usefixtures("speaks_longer")
@pytest.mark.parametrize("name", STATES)
def test_a_longer_language_from_right_to_left_is_not_cut(till: Till, open_window: Opener, name: str) -> None:
    add_goods_rows(till)
    as_manager(till)
    window = open_window(till)
    hands = Hands(window)
    arrive(window, hands, till, name)
    wrong = [f"{what}: {one}" for what, part in parts(window, hands, name) for one in cut(part)]
    assert not wrong, "\n".join(sorted(set(wrong)))


# -- pictures ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FOLDER, reason="nobody wants pictures")
@pytest.mark.parametrize(
    "look",
    [(code, *size) for code in language.LANGUAGES for size in SIZES],
    ids=lambda look: f"{look[0]}-{look[1]}",
)
@pytest.mark.parametrize("name", STATES)
def test_pictures(
    qapp: QApplication, till: Till, open_window: Opener, name: str, look: tuple[str, int, int]
) -> None:
    code, *size = look
    add_goods_rows(till)
    as_manager(till)
    window = open_window(till, Settings(language=code), (size[0], size[1]))
    hands = Hands(window)
    arrive(window, hands, till, name)
    for what, _part in parts(window, hands, name):
        for mode in PALETTES:
            apply_theme(qapp, mode)
            folder = Path(FOLDER) / f"{mode}-{code}-{size[0]}"
            folder.mkdir(parents=True, exist_ok=True)
            assert window.grab().save(str(folder / f"{what.replace('/', '-')}.png"))
        apply_theme(qapp, "light")
