"""The way of Tab is read from the layouts, and nothing of them is held that Qt deletes in silence."""

import shiboken6
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos_app.ui.kit.reading_order import as_read


def _form(qtbot: QtBot) -> QWidget:
    """Made in another order than it is laid out: a row in a column, a grid, and one that nothing places."""
    form = QWidget()
    qtbot.addWidget(form)
    made = {name: QPushButton(name, form) for name in ("8", "6", "7", "5", "4", "3", "2", "1")}
    column, row, grid = QVBoxLayout(form), QHBoxLayout(), QGridLayout()
    column.addWidget(made["1"])
    column.addLayout(row)
    row.addWidget(made["2"])
    row.addStretch()
    row.addWidget(made["3"])
    column.addLayout(grid)
    grid.addWidget(made["7"], 1, 1)
    grid.addWidget(made["6"], 1, 0)
    grid.addWidget(made["5"], 0, 1)
    grid.addWidget(made["4"], 0, 0)
    form.show()
    return form


def _held() -> list[QLayoutItem]:
    """The items of layouts that Python believes to know; a layout is an object of Qt all the same."""
    kept = shiboken6.getAllValidWrappers()
    return [one for one in kept if isinstance(one, QLayoutItem) and not isinstance(one, QLayout)]


def test_tab_goes_as_it_is_laid_out_and_last_to_what_no_layout_places(qtbot: QtBot) -> None:
    form = _form(qtbot)
    assert [one.text() for one in as_read(form) if isinstance(one, QPushButton)] == list("12345678")


def test_no_item_of_a_layout_is_held(qtbot: QtBot) -> None:
    before = len(_held())
    form = _form(qtbot)
    as_read(form)
    assert len(_held()) == before
