"""Every key that the window offers is pressed as a person presses it, and does what `pressed_keys` says.

What is offered is read from the screens themselves: their key strip and the caps on their buttons.  A new key
fails here until it has its line, and so does a state of a screen that no way of `pressed_states` leads to.
"""

import ast
import importlib
import pkgutil
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

import pos_app.ui
from demo.simulated_cashier import Hands
from pos_app import ui
from pos_app.till.till import Till
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import OptionTile, PrimaryButton, QuietButton, key_sequences
from pos_app.ui.screen import Screen
from pos_app.ui.treasury.choice_row import ChoiceTile
from pos_app.ui.window import MainWindow
from tests.support.presses import pressed_in
from tests.support.window_face import face_of
from tests.support.worlds.goods_rows import all_of
from tests.support.worlds.money_people import add_people
from tests.ui.drawer_keys import DRAWER
from tests.ui.pressed_keys import SELLING
from tests.ui.pressed_keys_depot import DEPOT
from tests.ui.pressed_keys_manager import MANAGER
from tests.ui.pressed_states import STATES
from tests.ui.test_booked_as_typed import take
from tests.ui.test_every_field import screens

Key = Qt.Key
ROOT: Final = Path(next(iter(pos_app.ui.__path__)))


class Pressed(NamedTuple):
    """A key as it is offered, and what a person sees when they press it."""

    cap: str
    words: str
    seen: str


def read(table: str) -> dict[str, list[Pressed]]:
    """The keys of each state."""
    found: dict[str, list[Pressed]] = {}
    keys: list[Pressed] = []
    for line in table.strip().splitlines():
        if line.startswith(" "):
            keys.append(Pressed(*line.strip().split(" | ", 2)))
        else:
            keys = found[line.rstrip(":")] = []
    return found


_DAY_OF_DEPOT: Final = (
    "test_window_reports.py::test_the_day_of_the_depot_is_shown_with_what_is_open_and_printed"
)
#: Keys that are offered once something came that no state waits for, and the test that presses them.
ELSEWHERE: Final = {
    ("HealthScreen", "F6"): "test_window_health.py::test_the_file_for_support_is_made_by_a_key",
    (
        "ReportsScreen",
        "F5",
    ): _DAY_OF_DEPOT,
    (
        "ReportsScreen",
        "F6",
    ): _DAY_OF_DEPOT,
    (
        "ReportsScreen",
        "F7",
    ): _DAY_OF_DEPOT,
    ("MpesaCame", "F8"): "test_window_mpesa_came.py::test_what_fits_is_first_and_enter_takes_it",
    (
        "ReportsScreen",
        "Esc",
    ): _DAY_OF_DEPOT,
}
KEYS: Final = read(SELLING) | read(DRAWER) | read(DEPOT) | read(MANAGER)
ASKING: Final = {name: [one for one in keys if one.seen.startswith("sheet: ")] for name, keys in KEYS.items()}
#: What does the same in several states of a screen is pressed in the first of them.
DOING: Final = {
    (STATES[name].screen, one): (name, one)
    for name, keys in reversed(KEYS.items())
    for one in keys
    if one not in ASKING[name]
}


def key_of(cap: str) -> Key:
    """The key that the words on a cap stand for; of several the one that acts, of a span the first."""
    named = {"Space": Key.Key_Space, "↑ ↓": Key.Key_Down}
    first = cap.partition(" … ")[0]
    if cap in named:
        return named[cap]
    combined = key_sequences(first)[0][0]  # type: ignore[index]
    return Key(combined.key())


def offered(window: MainWindow) -> dict[str, str]:
    """The keys that the window offers now, and their words: in the strip, or on a button of the screen."""
    found = {item.action.key: item.action.label for item in window.key_strip.items()}
    assert found.pop("F1") == "Keys"
    for one in window.current().findChildren(QAbstractButton):
        bears = isinstance(one, PrimaryButton | QuietButton | OptionTile) and not isinstance(one, ChoiceTile)
        cap = getattr(one, "_key", "") if bears and one.isVisible() and one.isEnabled() else ""
        if cap:
            found.setdefault(cap, one.text())
    return found


def arrive(window: MainWindow, hands: Hands, till: Till, name: str) -> None:
    """Go from the basket to what is tested."""
    state = STATES[name]
    add_people(till)
    state.given(till)
    window.home()
    take(hands, window, state.way)
    hands.settle()
    assert type(window.current()).__name__ == state.screen, window.banner().text()
    screen = window.current()
    if hasattr(screen, "settled"):
        hands.until(screen.settled)
    QApplication.processEvents()


def seen_of(one: Pressed, before: set[str], after: set[str]) -> bool:
    """Whether the face of the window changed as it should."""
    if " // " in one.seen:
        # What a thread works on may be there by the next look.
        return any(seen_of(one._replace(seen=seen), before, after) for seen in one.seen.split(" // "))
    if one.seen == "same":
        return not any(word.startswith(("screen: ", "sheet: ")) for word in after - before)
    if one.seen.startswith("gone: "):
        return one.seen.removeprefix("gone: ") in before - after
    return any(word.startswith(one.seen) for word in after - before)


def test_every_state_has_its_keys() -> None:
    assert set(STATES) == set(KEYS)
    assert screens() == {state.screen for state in STATES.values()}


@pytest.mark.parametrize("name", STATES)
def test_what_asks_asks_and_loses_no_figure(
    window: MainWindow, storing: Hands, till: Till, name: str
) -> None:
    """The keys are those of the table; a sheet takes what is typed the moment it is called; Esc ends it."""
    arrive(window, storing, till, name)
    keys = {one.cap: one.words for one in KEYS[name]}
    assert offered(window) == keys
    documents = len(all_of(till))
    for one in ASKING[name]:
        before = face_of(window)
        QTest.keyClick(QApplication.focusWidget() or window, key_of(one.cap))
        # Two of them: the second lets the first go, before the window has done anything else.
        storing._strokes("75", 140)
        storing.settle()
        sheet = window.session.sheet
        assert sheet is not None, one
        assert seen_of(one, before, face_of(window)), one
        fields = [
            field for field in sheet.findChildren(QWidget) if isinstance(field, AmountField | QLineEdit)
        ]
        assert not fields or "75" in fields[0].text(), f"{one}: a figure is lost"
        storing.press(Key.Key_Escape)
        assert window.session.sheet is None, one
        assert offered(window) == keys, one
    assert len(all_of(till)) == documents, "Esc never books"


@pytest.mark.parametrize(
    ("name", "one"), DOING.values(), ids=[f"{name}-{one.cap}" for name, one in DOING.values()]
)
def test_a_key_does_what_it_says(
    window: MainWindow, storing: Hands, till: Till, name: str, one: Pressed
) -> None:
    arrive(window, storing, till, name)
    before, documents = face_of(window), len(all_of(till))
    storing.press(key_of(one.cap))
    storing.settle()
    QApplication.processEvents()
    after, recorded = face_of(window), all_of(till)
    if one.seen.startswith("books: "):
        assert len(recorded) == documents + 1, window.banner().text()
        assert type(recorded[0]).__name__ == one.seen.removeprefix("books: ")
    else:
        assert len(recorded) == documents
        assert seen_of(one, before, after), f"{sorted(after - before)}\ngone: {sorted(before - after)}"


# -- nothing is offered elsewhere ----------------------------------------------------------------------


class Offer(NamedTuple):
    """Where the source offers a key: the class, and the cap and words that stand there in so many letters."""

    of: str
    cap: str
    words: str


def _words(node: ast.expr) -> str:
    """What stands in a call of `_`, or as it is; empty for what is only known when it runs."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def offers() -> list[Offer]:
    """Every key that a screen's source offers."""
    found = []
    for file in ROOT.rglob("*.py"):
        # What a till's first start asks is a window of its own: `test_first_start` presses its keys.
        if {"kit", "first_start"} & set(file.relative_to(ROOT).parts):
            continue
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(one, ast.ClassDef):
                continue
            for call in ast.walk(one):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "KeyAction":
                    found.append(Offer(one.name, _words(call.args[0]), _words(call.args[1])))
    return found


def test_every_key_in_the_source_is_offered_somewhere() -> None:
    found = offers()
    assert len(found) > 100
    # A screen that nobody opened yet is one all the same.
    for module in pkgutil.walk_packages(ui.__path__, "pos_app.ui."):
        importlib.import_module(module.name)
    kinds = {kind.__name__: {base.__name__ for base in kind.__mro__} for kind in _kinds(Screen)}
    shown = {
        (base, one.cap, one.words)
        for name, keys in KEYS.items()
        for base in kinds[STATES[name].screen]
        for one in keys
    }
    missing = [
        one
        for one in found
        if one.of != "MainWindow"
        and (one.of, one.cap) not in ELSEWHERE
        and not any(
            one.of == base
            and one.cap in ("", cap)
            and (not one.words or "{" in one.words or one.words == words)
            for base, cap, words in shown
        )
    ]
    assert missing == [], "say in pressed_states how it is reached, and in pressed_keys what it does"


def test_what_is_pressed_elsewhere_is_pressed_there() -> None:
    for (screen, cap), where in ELSEWHERE.items():
        source = pressed_in(where)
        name = {"Esc": "Escape"}.get(cap, cap)
        assert f"press(Key.Key_{name})" in source, where
        # A part of a screen that offers a key of its own has no name there.
        assert screen in source or not screen.endswith("Screen"), where


def _kinds(of: type[Screen]) -> set[type[Screen]]:
    below = set(of.__subclasses__())
    return {of, *below, *(kind for one in below for kind in _kinds(one))}
