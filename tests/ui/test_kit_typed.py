"""What is typed goes where it can stand: figures into sums, words into lines, and a choice is no number."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.typed import figure_of, is_like_a_figure
from pos_app.ui.treasury.choice_row import Choice, ChoiceRow
from pos_app.ui.treasury.form import Form

Key = Qt.Key


def typed(qtbot: QtBot, text: str) -> None:
    """Type as a keyboard does: each character into whatever has the focus by then."""
    for sign in text:
        goal = QApplication.focusWidget()
        assert goal is not None
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QApplication.sendEvent(goal, QKeyEvent(kind, ord(sign), Qt.KeyboardModifier.NoModifier, sign))


class Filled(QWidget):
    """A form as the treasury has it: a choice, a sum, another choice, a line to write in."""

    def __init__(self) -> None:
        super().__init__()
        self.what = ChoiceRow("What", [Choice("a", "Advance"), Choice("b", "Repayment")])
        self.amount = AmountField("Amount", 2)
        self.how = ChoiceRow("How", [Choice(one, one) for one in ("Drawer", "M-Pesa", "Bank")])
        self.code = QLineEdit()
        self.end = QLineEdit()
        self.box = box = QVBoxLayout(self)
        for part in (self.what, self.amount, self.how, self.code, self.end):
            box.addWidget(part)
        self.form = Form((self.what, self.amount, self.how, self.code), None, self.end)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Key.Key_Return, Key.Key_Enter):
            self.form.step(1)
        elif event.text().isprintable() and event.text():
            self.form.take_word(event.text())

    def state(self) -> tuple[object, int | None, object, str]:
        return self.what.value(), self.amount.minor(), self.how.value(), self.code.text()


@pytest.fixture
def filled(qapp: QApplication, qtbot: QtBot) -> Filled:
    apply_theme(qapp, "light")
    form = Filled()
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.form.begin()
    return form


def enter(qtbot: QtBot) -> None:
    goal = QApplication.focusWidget()
    assert goal is not None
    QTest.keyClick(goal, Key.Key_Return)


@pytest.mark.parametrize(
    ("keys", "booked"),
    [
        ("1500", ("a", 150_000, "Drawer", "")),
        ("2500", ("a", 250_000, "Drawer", "")),
        ("2\r500", ("b", 50_000, "Drawer", "")),
        ("\r1500\r2\rSLK4AB9Z01", ("a", 150_000, "M-Pesa", "SLK4AB9Z01")),
        ("2\r77\r2SLK4", ("b", 7_700, "Drawer", "2SLK4")),
        ("1.50", ("a", 150, "Drawer", "")),
        ("2.5\r1,250", ("a", 250, "Drawer", "1,250")),
        ("1,250.50", ("a", 125_050, "Drawer", "")),
        ("2,000", ("a", 200_000, "Drawer", "")),
        ("2\r1,250.50", ("b", 125_050, "Drawer", "")),
        ("0.50", ("a", 50, "Drawer", "")),
        ("7\r", ("a", 700, "Drawer", "")),
        ("²", ("a", None, "Drawer", "")),
        ("½\r٣٠", ("a", 3_000, "Drawer", "")),
        ("\r１２.５", ("a", 1_250, "Drawer", "")),
        ("\r²3½", ("a", 300, "Drawer", "")),
        ("２\r5", ("b", 500, "Drawer", "")),
        ("٢\r5", ("b", 500, "Drawer", "")),
        ("\r20\r1234", ("a", 2_000, "Drawer", "1234")),
        ("\rSLK4AB9Z01", ("a", None, "Drawer", "SLK4AB9Z01")),
        ("\r7QGH61", ("a", None, "Drawer", "7QGH61")),
    ],
)
def test_a_choice_and_a_number_are_told_apart(
    filled: Filled, qtbot: QtBot, keys: str, booked: tuple[object, int | None, object, str]
) -> None:
    for part in keys.replace("\r", "\0\r\0").split("\0"):
        if part == "\r":
            enter(qtbot)
        else:
            typed(qtbot, part)
    assert filled.state() == booked


def test_a_word_leaves_a_sum_as_it_was(filled: Filled, qtbot: QtBot) -> None:
    filled.amount.set_minor(330_500)
    filled.amount.setFocus()
    typed(qtbot, "7QGH61")
    assert filled.amount.minor() == 330_500
    assert filled.code.text() == "7QGH61"
    filled.amount.setFocus()
    typed(qtbot, "35")
    assert filled.amount.minor() == 3_500


def test_a_word_that_nobody_takes_is_no_sum_and_its_enter_books_nothing(
    qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, "light")
    field = AmountField("Float", 2)
    qtbot.addWidget(field)
    with qtbot.waitExposed(field):
        field.show()
    field.set_minor(500)
    field.setFocus()
    typed(qtbot, "12a3")
    assert field.puzzled()
    assert field.minor() == 500
    with qtbot.assertNotEmitted(field.submitted):
        enter(qtbot)
    assert not field.puzzled()
    typed(qtbot, "12")
    assert field.minor() == 1_200


@pytest.mark.parametrize("way", ["sheet", "other"])
def test_a_sum_that_was_filled_in_is_replaced_whatever_lay_over_it(
    filled: Filled, qtbot: QtBot, way: str
) -> None:
    filled.amount.set_minor(100)
    filled.amount.setFocus(Qt.FocusReason.TabFocusReason)
    if way == "sheet":
        sheet = Sheet(filled, "Keys", "Done", "Back")
        sheet.open_sheet()
        QTest.keyClick(sheet, Key.Key_Escape)
    else:
        filled.end.setFocus(Qt.FocusReason.OtherFocusReason)
        filled.amount.setFocus(Qt.FocusReason.OtherFocusReason)
    typed(qtbot, "50")
    assert filled.amount.minor() == 5_000


def test_a_marked_line_is_replaced_whatever_lay_over_it(filled: Filled, qtbot: QtBot) -> None:
    search = SearchField("Code")
    filled.box.addWidget(search)
    search.show()
    search.setText("4006381333932")
    search.take_keyboard()
    sheet = Sheet(filled, "Keys", "Done", "Back")
    sheet.open_sheet()
    QTest.keyClick(sheet, Key.Key_Escape)
    typed(qtbot, "12")
    assert search.text() == "12"


def test_the_first_keys_of_a_sheet_go_to_its_field(filled: Filled, qtbot: QtBot) -> None:
    body = QWidget()
    amount, note = AmountField("Amount", 2), QLineEdit()
    box = QVBoxLayout(body)
    box.addWidget(amount)
    box.addWidget(note)
    sheet = Sheet(filled, "Cash in", "Record it", "Back", body=body)
    sheet.open_sheet()
    sheet.primary.setFocus(Qt.FocusReason.OtherFocusReason)
    typed(qtbot, "25")
    assert amount.minor() == 2_500
    sheet.primary.setFocus(Qt.FocusReason.OtherFocusReason)
    typed(qtbot, "bags")
    assert (amount.minor(), note.text()) == (2_500, "bags")
    note.clear()
    sheet.primary.setFocus(Qt.FocusReason.OtherFocusReason)
    typed(qtbot, "7bags")
    assert (amount.minor(), note.text()) == (2_500, "7bags")


def test_every_sign_is_a_figure_or_none() -> None:
    assert [figure_of(sign) for sign in "0٣５९"] == ["0", "3", "5", "9"]
    assert [figure_of(sign) for sign in ("²", "½", "①", "a", "", "12")] == [""] * 6
    assert all(is_like_a_figure(sign) for sign in "²½①")
    assert not any(is_like_a_figure(sign) for sign in "a5 ")
