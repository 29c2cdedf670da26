"""Owns the way of Tab: from field to field as a person reads them, by how they are laid out.

Decisions
---------
2026-11-30  Qt leads Tab through widgets in the order in which they were made.  A line of goods is made when
it is scanned, the choices of a form when what they depend on is known: Tab reached both last, behind every
button of the window.  So the order is read from the layouts, each time; nothing has to be told to it.
"""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QLayoutItem, QScrollArea, QWidget

from pos_app.ui.kit.tokens import Space


def as_read(root: QWidget) -> list[QWidget]:
    """What takes the keyboard by Tab inside of a widget, in the order in which it is laid out."""
    return [
        one
        for one in _inside(root)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisibleTo(root) and one.isEnabled()
    ]


def pass_keyboard(fields: list[QWidget], forward: bool) -> bool:
    """Give the keyboard to the field behind the one that has it, or before it; the last is before the first.

    Where the field lies in something that scrolls, it is brought into view.  Says whether there was a field.
    """
    if not fields:
        return False
    focused = QApplication.focusWidget()
    step = 1 if forward else -1
    now = fields.index(focused) if focused in fields else (-1 if forward else 0)
    goal = fields[(now + step) % len(fields)]
    goal.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    above = goal.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(goal, 0, Space.M)
        above = above.parentWidget()
    return True


def _inside(widget: QWidget) -> Iterator[QWidget]:
    for part in _parts(widget):
        yield part
        yield from _inside(part)


def _parts(widget: QWidget) -> list[QWidget]:
    """What stands right in a widget: first what its layout places, then what it places itself."""
    layout = widget.layout()
    placed = [] if layout is None else list(_placed(layout))
    own = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]
    return placed + [one for one in own if one not in placed]


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for item in _items(layout):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)


def _items(layout: QLayout) -> list[QLayoutItem]:
    """The items of a layout; those of a grid row by row."""
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        # Row, column, and how many of each it takes up.
        places.sort(key=lambda at: cast("tuple[int, int, int, int]", layout.getItemPosition(at)))
    return [item for item in map(layout.itemAt, places) if item is not None]
