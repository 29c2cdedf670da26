"""Owns the question for one of several rows: a parked basket."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.session import Session


class ChoiceSheet(Sheet):
    """Rows to choose from; Enter takes the marked one, so does a tap on it."""

    def __init__(
        self, session: Session, title: str, explanation: str, action: str, rows: Sequence[Row]
    ) -> None:
        self.list = RowList(title)
        self.list.setMinimumHeight(min(6, max(2, len(rows))) * px(56))
        super().__init__(
            session.overlay_parent(),
            title,
            action,
            _("Back"),
            body=self.list,
            explanation=explanation,
            dismiss_name=_("Dismiss"),
        )
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)
        self.list.row_activated.connect(lambda _key: self.primary.click())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if event.key() == Qt.Key.Key_Down else -1)
            event.accept()
            return
        super().keyPressEvent(event)

    def value(self) -> Hashable | None:
        """The key of the marked row."""
        row = self.list.selected()
        return None if row is None else row.key
