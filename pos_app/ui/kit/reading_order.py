"""Owns the way of Tab: from field to field as a person reads them, by how they are laid out.

Decisions
---------
2026-11-30  Qt leads Tab through widgets in the order in which they were made.  A line of goods is made when
it is scanned, the choices of a form when what they depend on is known: Tab reached both last, behind every
button of the window.  So the order is read from the layouts, each time; nothing has to be told to it.

2026-12-01  What a layout gives out of `itemAt` Python goes on to hold while the layout is there, and nobody
tells it when Qt deletes the item with its widget.  The next thing that Qt made at that address was taken for
the item of before, and the till ended with a segmentation fault, at any press of Tab and with any sheet that
was opened.  Widgets and layouts are objects of Qt, whose end Python hears of: only they are asked about.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QScrollArea, QWidget

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
    own = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]
    placed = [] if layout is None else list(_placed(layout, own))
    return placed + [one for one in own if one not in placed]


def _placed(layout: QLayout, widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Those of the widgets that a layout places, in its order; those of a grid row by row."""
    within = [one for one in layout.children() if isinstance(one, QLayout)]
    # Asked where each is, and never for what is at a place: `itemAt` (see the decision above).
    places: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(one), one) for one in widgets]
    places += [(layout.indexOf(one), one) for one in within]
    found = [(_place(layout, at), one) for at, one in places if at >= 0]
    for _, one in sorted(found, key=lambda pair: pair[0]):
        if isinstance(one, QLayout):
            yield from _placed(one, widgets)
        else:
            yield one


def _place(layout: QLayout, at: int) -> tuple[int, ...]:
    # Row, column, and how many of each it takes up.
    return (
        cast("tuple[int, int, int, int]", layout.getItemPosition(at))
        if isinstance(layout, QGridLayout)
        else (at,)
    )
