"""Fields for sums and PINs: what is typed, tapped or pasted is what stands there, to the cent."""

# pytest-qt leaves its key and mouse calls untyped.
# mypy: disable-error-code="no-untyped-call"

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.keypad import Keypad
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def amount(qapp: QApplication, qtbot: QtBot) -> AmountField:
    apply_theme(qapp, "light")
    field = AmountField("Cash received", 2, 40.0)
    qtbot.addWidget(field)
    field.resize(300, 60)
    with qtbot.waitExposed(field):
        field.show()
    field.setFocus()
    return field


@pytest.mark.parametrize(
    ("typed", "shown", "minor"),
    [
        ("3500", "3,500", 350_000),
        ("3500.5", "3,500.5", 350_050),
        ("3500,55", "3,500.55", 350_055),
        ("12.345", "12.34", 1_234),
        ("1..2", "1.2", 120),
        (".5", "0.5", 50),
        ("007", "7", 700),
        ("1,500", "1,500", 150_000),
        ("1,500,000.25", "1,500,000.25", 150_000_025),
        ("1 500", "1,500", 150_000),
        ("999999999.00", "999,999,999.00", 99_999_999_900),
        ("99999999999999", "9,999,999,999,999", 999_999_999_999_900),
        ("", "", None),
    ],
)
def test_typing_a_sum(qtbot: QtBot, amount: AmountField, typed: str, shown: str, minor: int | None) -> None:
    qtbot.keyClicks(amount, typed)
    assert amount.text() == shown
    assert amount.minor() == minor


def test_the_first_figure_replaces_a_sum_that_was_filled_in(qtbot: QtBot, amount: AmountField) -> None:
    amount.set_minor(330_500)
    assert amount.text() == "3,305.00"
    qtbot.keyClicks(amount, "35")
    assert amount.text() == "35"
    qtbot.keyClick(amount, Qt.Key.Key_Backspace)
    assert amount.minor() == 300
    qtbot.keyClick(amount, Qt.Key.Key_Delete)
    assert amount.minor() is None


@pytest.mark.parametrize("minor", [0, 1, 10, 99, 100, 99_999_999_900])
def test_a_sum_filled_in_comes_back_to_the_cent(amount: AmountField, minor: int) -> None:
    amount.set_minor(minor)
    assert amount.minor() == minor


def test_a_negative_sum_is_not_taken(amount: AmountField) -> None:
    with pytest.raises(ValueError, match="negative"):
        amount.set_minor(-1)


def test_a_pasted_sum_replaces_what_stood_there(qtbot: QtBot, amount: AmountField) -> None:
    qtbot.keyClicks(amount, "1")
    QApplication.clipboard().setText(" 1,234.50 KES")
    qtbot.keyClick(amount, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert amount.minor() == 123_450


def test_a_count_has_no_point(qtbot: QtBot) -> None:
    """Three and a bit is no thirty-seven: it stays three, and is not entered before somebody looked."""
    field = AmountField("1,000 note", 0)
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "3.7")
    assert (field.minor(), field.puzzled()) == (3, True)


def test_the_key_pad_types_into_the_field(qtbot: QtBot, amount: AmountField) -> None:
    pad = Keypad(backspace_name="Take back")
    qtbot.addWidget(pad)
    pad.digit.connect(amount.type_digits)
    pad.backspace.connect(amount.backspace)
    for key in ("3", "5", "00", "backspace"):
        qtbot.mouseClick(pad.pad_key(key), Qt.MouseButton.LeftButton)
    assert amount.text() == "350"
    assert amount.accessibleDescription() == "350"


def test_enter_submits_the_sum(qtbot: QtBot, amount: AmountField) -> None:
    with qtbot.waitSignal(amount.submitted):
        qtbot.keyClick(amount, Qt.Key.Key_Enter)


def test_a_pin_is_counted_and_never_shown(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "light")
    pin = PinField("PIN", 4, auto=True)
    qtbot.addWidget(pin)
    qtbot.keyClicks(pin, "12x3")
    assert pin.pin() == "123"
    one = pin.grab().toImage()
    pin.clear()
    qtbot.keyClicks(pin, "987")
    assert pin.grab().toImage() == one
    assert "987" not in pin.accessibleName() + pin.accessibleDescription() + pin.toolTip()
    with qtbot.waitSignal(pin.submitted):
        qtbot.keyClicks(pin, "4")
    qtbot.keyClicks(pin, "5")
    assert pin.pin() == "9874"
