"""Owns what a person writes on a line and on the whole basket, and whether the customer's paper shows it.

Decisions
---------
2026-12-01  One key and one sheet for both: the line first, ↓ for the basket.  What is written stands on the
paper unless somebody says that it is for us only; then it is in the books and in the back office alone.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.head import MOST_NOTE
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Next, Session

_TILE_HEIGHT = 48


class NotePart(QWidget):
    """A line to write in, and below it whether it is printed; `key` turns that over."""

    def __init__(self, words: str, key: str, text: str, *, inside: bool, name: str) -> None:
        super().__init__()
        self.field = QLineEdit(text)
        self.field.setObjectName(name)
        self.field.selectAll()
        self.field.setFont(font(Size.BODY))
        self.field.setAccessibleName(words)
        limit(self.field, MOST_NOTE)
        self._inside = inside
        self.tile = OptionTile("", "", key, height=_TILE_HEIGHT)
        self.tile.setObjectName(f"{name}-printed")
        self.tile.setCheckable(False)
        self.tile.clicked.connect(self.turn)
        whole: QVBoxLayout = column(Label(words, Size.SMALL, "muted"), self.field, self.tile, spacing=Space.S)
        self.setLayout(whole)
        self._show()

    def turn(self) -> None:
        """Printed, or for us only."""
        self._inside = not self._inside
        self._show()

    def _show(self) -> None:
        self.tile.set_text(_("For us only, not printed") if self._inside else _("On the receipt"))

    def value(self) -> tuple[str, bool]:
        """What is written, and whether it is for us only."""
        return self.field.text(), self._inside


class NotesSheet(Sheet):
    """What is noted on the marked line (where one is) and on the whole basket."""

    def __init__(self, session: Session, number: int | None) -> None:
        basket, body = session.basket, QWidget()
        self.line: NotePart | None = None
        self.whole = NotePart(
            _("On the whole basket"),
            "F3",
            basket.state.note,
            inside=basket.state.note_inside,
            name="basket-note",
        )
        parts: list[QWidget] = [self.whole]
        if number is not None:
            entry = basket.lines[number]
            self.line = NotePart(
                _("On {what}", what=entry.description),
                "F2",
                entry.note,
                inside=entry.note_inside,
                name="line-note",
            )
            parts.insert(0, self.line)
        body.setLayout(column(*parts, spacing=Space.L))
        super().__init__(
            session.overlay_parent(),
            _("Note"),
            _("Set"),
            _("Back"),
            body=body,
            dismiss_name=_("Dismiss"),
            width=560,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turned = {Qt.Key.Key_F2: self.line, Qt.Key.Key_F3: self.whole}.get(Qt.Key(event.key()))
        if turned is not None:
            turned.turn()
            event.accept()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.line is not None:
            goal = self.whole if event.key() == Qt.Key.Key_Down else self.line
            goal.field.setFocus(Qt.FocusReason.TabFocusReason)
            event.accept()
            return
        super().keyPressEvent(event)


def ask_notes(session: Session, number: int | None, changed: Callable[[int | None], object]) -> None:
    """Ask what is noted; `changed` is told the line once it is kept."""
    sheet = NotesSheet(session, number)

    def answer() -> Next:
        words, inside = sheet.whole.value()
        session.basket.set_note(words, inside=inside)
        if sheet.line is not None and number is not None:
            of_line, line_inside = sheet.line.value()
            session.basket.set_line_note(number, of_line, inside=line_inside)
        return lambda: changed(number)

    session.ask(sheet, answer)
