"""The strips: what they show fits, the important part stays whole, and shown keys are bound keys."""

# pytest-qt leaves its key and mouse calls untyped.
# mypy: disable-error-code="no-untyped-call"

import itertools
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.paint import share_room
from pos_app.ui.kit.pill import Pill
from pos_app.ui.kit.strip import StatusStrip
from pos_app.ui.kit.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LABELS = ["Vitufe vyote", "Mteja au akaunti", "Idadi ya bidhaa", "Badilisha bei", "Weka kando"]


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


def nothing() -> None:
    pass


@pytest.mark.parametrize("count", [1, 5, 9, 12, 16])
def test_keys_never_overlap_nor_leave_the_strip(qtbot: QtBot, count: int) -> None:
    strip = KeyStrip([KeyAction(f"F{n + 1}", LABELS[n % len(LABELS)], nothing) for n in range(count)])
    qtbot.addWidget(strip)
    for width in (1024, 1920):
        strip.resize(width, 48)
        edges = [(item.x(), item.x() + item.width()) for item in strip.items()]
        assert edges[-1][1] <= width
        assert all(right <= left for (_, right), (left, _) in itertools.pairwise(edges))
        for item in strip.items():
            assert item.toolTip() in ("", item.action.label)
            assert item.accessibleName() == item.action.label


def test_words_that_the_screen_says_too_give_way_before_all_others(qtbot: QtBot) -> None:
    words = ["Funguo", "Bohari", "Mteja", "Idadi", "Bei", "Weka kando", "Rudisha", "Droo", "Risiti ya mwisho",
             "Zaidi", "Punguzo", "Mstari", "Hakuna tupu", "Lipa"]  # fmt: skip
    told = {"Mteja", "Mstari", "Lipa"}
    strip = KeyStrip(
        [
            KeyAction(f"F{n + 1}", label, nothing, told_elsewhere=label in told)
            for n, label in enumerate(words)
        ]
    )
    qtbot.addWidget(strip)
    # One that is not shown lies as it was made.
    strip.show()
    strip.resize(1024, 48)
    shown = {item.action.label for item in strip.items() if item.label_width()}
    assert set(words) - told <= shown
    strip.resize(1920, 48)
    assert all(item.label_width() == item.natural_label_width() for item in strip.items())


def test_a_short_strip_is_not_cut(qtbot: QtBot) -> None:
    strip = KeyStrip([KeyAction("F1", "Keys", nothing), KeyAction("Esc", "Back", nothing)])
    qtbot.addWidget(strip)
    strip.resize(1024, 48)
    assert all(item.label_width() == item.natural_label_width() for item in strip.items())


def test_key_and_click_do_the_same(qtbot: QtBot) -> None:
    done: list[str] = []
    strip = KeyStrip()
    strip.set_actions(
        [
            ("F4", "Quantity", lambda: done.append("quantity")),
            ("↓ Enter", "Next", lambda: done.append("next")),
            KeyAction("Del", "Line", lambda: done.append("line"), bind=False),
        ]
    )
    qtbot.addWidget(strip)
    with qtbot.waitExposed(strip):
        strip.show()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    qtbot.keyClick(strip, Qt.Key.Key_F4)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.keyClick(strip, Qt.Key.Key_Enter)
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    qtbot.mouseClick(strip.item("Del"), Qt.MouseButton.LeftButton)
    assert done == ["quantity", "next", "next", "line"]


def test_actions_that_were_replaced_no_longer_act(qtbot: QtBot) -> None:
    done: list[str] = []
    strip = KeyStrip([KeyAction("F4", "Old", lambda: done.append("old"))])
    qtbot.addWidget(strip)
    with qtbot.waitExposed(strip):
        strip.show()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    strip.set_actions([KeyAction("F4", "New", lambda: done.append("new"))])
    qtbot.keyClick(strip, Qt.Key.Key_F4)
    assert done == ["new"]


def test_room_is_shared_by_cutting_the_longest_first() -> None:
    assert share_room([30, 50], 100, 10) == [30, 50]
    assert share_room([30, 100, 90], 150, 10) == [30, 60, 60]
    assert share_room([100, 100], 15, 10) == [0, 0]


def test_time_and_states_stay_whole_beside_long_names(qtbot: QtBot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.set_depot("Bohari ya Kilimani na Viwandani Mashariki")
    strip.set_till("Till 3 · LPG & retail")
    strip.set_shift("Shift 214 since 07:31")
    strip.set_sync("Offline · 5 waiting, 12 min", "warn", "cloud-off")
    strip.set_printer("Paper is out", "bad", "printer-x")
    strip.set_person("Amina Wanjiku-Otieno wa Kilimani")
    strip.set_time("14:05")
    strip.resize(1024, 44)
    with qtbot.waitExposed(strip):
        strip.show()
    labels = {label.text(): label for label in strip.findChildren(Label)}
    assert not labels["14:05"].is_cut()
    depot = labels["Bohari ya Kilimani na Viwandani Mashariki"]
    assert depot.is_cut()
    assert depot.toolTip() == depot.text()
    pills = [pill for pill in strip.findChildren(Pill) if pill.isVisible()]
    assert [pill.text() for pill in pills] == ["Offline · 5 waiting, 12 min", "Paper is out"]
    assert all(pill.width() >= pill.sizeHint().width() for pill in pills)


def test_the_printer_says_words_only_when_it_troubles(qtbot: QtBot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.show()
    strip.set_printer("Printer ready", "ok", "printer-check")
    assert not [pill for pill in strip.findChildren(Pill) if pill.isVisible()]
    strip.set_printer("Printer silent", "bad", "printer-x")
    assert [pill.text() for pill in strip.findChildren(Pill) if pill.isVisible()] == ["Printer silent"]
