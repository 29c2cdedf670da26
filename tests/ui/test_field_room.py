"""A field takes what a person types, or says in a sentence that it has no room: nothing is cut in silence.

By kinds: whatever a screen or a sheet asks, it asks with one of the fields that are tried here, so that a new
dialog has no field of its own that could cut something.
"""

import ast
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

import pos_app.ui
from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.room import limit
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_people import add_people

Key = Qt.Key
UI: Final = Path(pos_app.ui.__file__).parent
#: What keeps a line from taking what is typed without a word.
CUTS: Final = {"setMaxLength", "setValidator", "setInputMask"}
#: The widgets that something is typed into.
TYPED_INTO: Final = {"AmountField", "PinField", "QLineEdit", "SearchField"}
#: Those of Qt that would take something typed by their own rules.
OTHERS: Final = {"QSpinBox", "QDoubleSpinBox", "QTextEdit", "QPlainTextEdit", "QComboBox", "QDateEdit"}


def calls() -> list[tuple[str, str]]:
    """Every name that is called in the window, with its file."""
    found = []
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                found.append((name, path.relative_to(UI).as_posix()))
    return found


def test_no_screen_or_sheet_cuts_what_is_typed_by_itself() -> None:
    """A line is limited by `kit.room.limit`, which says so; there is no other kind of field."""
    made = calls()
    assert {path for name, path in made if name in CUTS} == {"kit/room.py"}
    assert [one for one in made if one[0] in OTHERS] == []
    keys = {
        path.stem
        for path in UI.rglob("*.py")
        if "def keyPressEvent" in path.read_text(encoding="utf-8") and path.parent.name == "kit"
    }
    # Who listens to keys of its own in the kit: fields, lists and buttons.
    assert keys == {"amount_field", "dialog", "list_rows", "pin_field", "pressable", "table", "tile",
                    "tile_grid"}  # fmt: skip


@pytest.fixture
def there(window: MainWindow, storing: Hands, till: Till) -> MainWindow:
    add_people(till)
    window.home()
    return window


@pytest.mark.parametrize(
    "case",
    [
        (0, 5, "150000", "15,000"),
        (0, 3, "1500", "150"),
        (2, 15, "10.505", "10.50"),
        (0, 9, "1.5", "1"),
        (2, 15, "12345678901234", "1,234,567,890,123"),
        (3, 15, "1.2345", "1.234"),
    ],
)
def test_a_sum_that_is_full_says_so_and_is_not_entered(
    there: MainWindow, storing: Hands, case: tuple[int, int, str, str]
) -> None:
    places, most, typed, stands = case
    field = AmountField("sum", places, parent=there.current(), most_digits=most)
    entered: list[int] = []
    field.submitted.connect(lambda: entered.append(1))
    field.show()
    field.setFocus()
    storing.type(typed)
    assert field.text() == stands
    assert "no room for more" in there.banner().text()
    storing.press(Key.Key_Return)
    assert entered == []
    storing.press(Key.Key_Return)
    assert entered == [1]


def test_a_line_that_is_full_says_so(there: MainWindow, storing: Hands) -> None:
    field = QLineEdit(there.current())
    limit(field, 5)
    field.show()
    field.setFocus()
    storing.type("ABCDEF")
    assert field.text() == "ABCDE"
    assert "No more than 5 letters" in there.banner().text()


def test_what_a_field_holds_is_typed_in_silence(there: MainWindow, storing: Hands) -> None:
    field = AmountField("sum", 2, parent=there.current())
    field.show()
    field.setFocus()
    storing.type("1,234,567.89")
    assert field.minor() == 123_456_789
    assert there.banner().text() == ""


@pytest.mark.parametrize(
    "case",
    [
        ("mpesa", "1SLK4AB9Z0", "mpesa", "1SLK4AB9Z0"),
        ("mpesa", "2SLK4AB9Z0", "mpesa", "2SLK4AB9Z0"),
        ("mpesa", "3SLK4AB9Z0", "mpesa", "3SLK4AB9Z0"),
        ("mpesa", "SLK4AB9Z01", "mpesa", "SLK4AB9Z01"),
        ("cash", "2SLK4AB9Z01", "mpesa", "SLK4AB9Z01"),
    ],
)
def test_a_code_typed_at_the_choice_loses_no_figure(
    there: MainWindow, storing: Hands, case: tuple[str, str, str, str]
) -> None:
    """The code whole where one is asked for; a figure that brings the code's line chose and is none of it."""
    before, typed, how, code = case
    for key in (Key.Key_F2, "c", "juma", Key.Key_Return):
        storing.type(key) if isinstance(key, str) else storing.press(key)
    screen = there.current()
    row = next(one for one in screen.findChildren(ChoiceRow) if one.accessibleName() == "How")
    row.choose(next(one.value for one in row._choices if one.value == before))
    row.take_keyboard()
    storing.type(typed)
    reference = screen.findChild(QLineEdit, "reference")
    assert reference is not None
    assert (row.value(), reference.text()) == (how, code)
