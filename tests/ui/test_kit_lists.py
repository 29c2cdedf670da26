"""Lists and tables: selection holds by key, keys work, hundreds of rows are no matter, sums stay whole."""

# pytest-qt leaves its key and mouse calls untyped.
# mypy: disable-error-code="no-untyped-call"

import os
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def basket(qapp: QApplication, qtbot: QtBot) -> RowList:
    apply_theme(qapp, "light")
    made = RowList("Basket", empty_text="Scan the first thing")
    qtbot.addWidget(made)
    made.resize(404, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(*keys: object) -> list[Row]:
    return [Row(key, f"Thing {key}", "10.00", "1 × 10.00", (Badge("−5 %", "warn"),)) for key in keys]


def test_the_selection_holds_while_rows_come_and_go(basket: RowList) -> None:
    basket.set_rows(rows(1, 2, 3))
    basket.select(2)
    basket.set_rows(rows(0, 1, 2, 3, 4))
    assert basket.selected() == rows(2)[0]
    basket.set_rows(rows(2, 4))
    assert basket.selected() == rows(2)[0]
    basket.set_rows(rows(9, 4, 8, 2, 7))
    assert basket.selected() == rows(2)[0]


def test_any_change_of_rows_ends_in_the_rows_given(basket: RowList) -> None:
    # Qt's own judge of models watches each step.
    tester = QAbstractItemModelTester(basket.model())
    assert tester.model() is basket.model()
    for keys in ((1, 2, 3), (3, 2, 1), (5, 3, 6, 1), (), (1, 9, 2, 8, 3), (9, 8), (7, 9, 6, 8, 5)):
        basket.set_rows(rows(*keys))
        assert [row.key for row in basket.rows()] == list(keys)
        assert basket.model().rowCount() == len(keys)


def test_a_changed_row_is_drawn_anew_in_its_place(basket: RowList) -> None:
    basket.set_rows(rows(1, 2))
    basket.select(1)
    before = basket.grab().toImage()
    basket.set_rows([rows(1)[0], Row(2, "Thing 2", "20.00", "2 × 10.00")])
    assert basket.grab().toImage() != before
    selected = basket.selected()
    assert selected is not None
    assert selected.key == 1


def test_keys_and_taps_select_and_open(qtbot: QtBot, basket: RowList) -> None:
    basket.set_rows(rows("a", "b", "c"))
    basket.select("a")
    basket.setFocus()
    with qtbot.waitSignal(basket.row_selected) as selected:
        qtbot.keyClick(basket, Qt.Key.Key_Down)
    assert selected.args == ["b"]
    with qtbot.waitSignal(basket.row_activated) as opened:
        qtbot.keyClick(basket, Qt.Key.Key_Return)
    assert opened.args == ["b"]
    place = basket.visualRect(basket.model().index(2, 0)).center()
    with qtbot.waitSignal(basket.row_activated) as opened:
        qtbot.mouseClick(basket.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["c"]


def test_stepping_needs_no_keyboard_focus_and_stops_at_the_ends(basket: RowList) -> None:
    basket.set_rows(rows(1, 2))
    for step, key in ((1, 1), (1, 2), (1, 2), (-1, 1), (-1, 1)):
        basket.select_step(step)
        selected = basket.selected()
        assert selected is not None
        assert selected.key == key


def test_an_empty_list_has_no_selection_and_says_so(basket: RowList) -> None:
    basket.select_step(1)
    assert basket.selected() is None
    empty = basket.grab().toImage()
    basket.set_rows(rows(1))
    basket.set_rows([])
    assert basket.selected() is None
    assert basket.grab().toImage() == empty


def test_a_thousand_rows_are_no_matter(basket: RowList) -> None:
    begun = time.perf_counter()
    for count in range(1, 1000, 50):
        basket.set_rows(rows(*range(count)))
        basket.select(count - 1)
        basket.grab()
    assert time.perf_counter() - begun < 3


def test_a_row_is_told_whole_to_a_screen_reader(basket: RowList) -> None:
    basket.set_rows(rows(7))
    told = basket.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Thing 7, −5 %, 1 × 10.00, 10.00"


@pytest.fixture
def table(qapp: QApplication, qtbot: QtBot) -> Table:
    apply_theme(qapp, "light")
    columns = [Column("when"), Column("what", stretch=True), Column("balance", right=True)]
    made = Table("Documents", columns, empty_text="No documents")
    qtbot.addWidget(made)
    made.resize(600, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_table_fits_its_width_and_gives_sums_their_room(table: Table) -> None:
    long = "Gesi kilo 13, maji lita 20, huduma ya jiko na kusafisha mablanketi ya hoteli nzima"
    table.set_lines([("14:02", long, Cell("999,999,999.00", "bad"))] * 300)
    widths = [table.columnWidth(column) for column in range(3)]
    assert sum(widths) <= table.viewport().width()
    assert widths[2] > 120
    assert widths[1] > widths[2]


def test_lines_are_chosen_by_key_and_opened_by_enter(qtbot: QtBot, table: Table) -> None:
    table.set_lines([("14:02", "Sale", "10.00"), ("14:03", "Return")])
    table.setFocus()
    table.select(0)
    with qtbot.waitSignal(table.line_selected) as selected:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert selected.args == [1]
    with qtbot.waitSignal(table.line_activated) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [1]
    table.set_lines([])
    assert table.selected() is None
