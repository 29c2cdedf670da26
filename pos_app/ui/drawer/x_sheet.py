"""Owns the sheet of an X: the figures of the shift so far, and a key that prints them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.till.drawer.x_report import Shown
from pos_app.ui.arrange import SumLine, column
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_WIDTH = 560
#: So high that the smallest window still holds it; the rest is scrolled.
_TALLEST = 470
_STEP = 48


class XSheet(Sheet):
    """What the shift comes to so far; Enter prints it."""

    def __init__(self, session: Session, lines: Sequence[Shown]) -> None:
        floor = QWidget()
        rows = column(spacing=Space.XS)
        for one in lines:
            rows.addWidget(self._row(one))
        floor.setLayout(rows)
        self.figures = Scroll(floor)
        self.figures.setFixedHeight(min(rows.sizeHint().height(), px(_TALLEST)))
        super().__init__(
            session.overlay_parent(),
            _("X report"),
            _("Print"),
            _("Back"),
            body=self.figures,
            dismiss_name=_("Dismiss"),
            width=px(_WIDTH),
        )
        self.setObjectName("x-report")

    def _row(self, shown: Shown) -> QWidget:
        if not shown.words:
            return Line()
        if not shown.figure:
            weight = Weight.SEMIBOLD if shown.is_heading else Weight.REGULAR
            return Paragraph(shown.words, Size.SMALL, "text", weight)
        row = SumLine("", "text", Size.SMALL)
        row.say(shown.words, shown.figure)
        # A sum is never cut: the words beside it give way.
        row.amount.setMinimumWidth(row.amount.sizeHint().width())
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.figures.verticalScrollBar()
        by = {
            Qt.Key.Key_Down: px(_STEP),
            Qt.Key.Key_Up: -px(_STEP),
            Qt.Key.Key_PageDown: self.figures.height(),
            Qt.Key.Key_PageUp: -self.figures.height(),
        }.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        bar.setValue(bar.value() + by)
