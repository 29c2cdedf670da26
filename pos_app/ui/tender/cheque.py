"""Owns the question for a cheque: its number, the bank that pays it, and its day."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.cheque import cheque_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.line import TenderKind
from pos_app.till.selling.takings import Takings
from pos_app.ui.arrange import column
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Next, Session

_HEIGHT = 48
_MOST_DAY = 10


class ChequeSheet(Sheet):
    """Three lines to fill in; an empty day is today."""

    def __init__(self, session: Session, amount: int, number: str) -> None:
        self.number = self._field("cheque-number", _("Number of the cheque"), number)
        self.bank = self._field("cheque-bank", _("Bank"), "")
        self.day = self._field("cheque-day", _("Its day, as 31.12.2026; empty for today"), "", _MOST_DAY)
        self._lines = (self.number, self.bank, self.day)
        body = QWidget()
        whole: QVBoxLayout = column(spacing=Space.S)
        for field in self._lines:
            whole.addWidget(Label(field.accessibleName(), Size.SMALL, "muted"))
            whole.addWidget(field)
        body.setLayout(whole)
        super().__init__(
            session.overlay_parent(),
            _("Cheque of {amount}", amount=session.money(amount)),
            _("Take it"),
            _("Back"),
            body=body,
            dismiss_name=_("Dismiss"),
        )

    @staticmethod
    def _field(name: str, words: str, text: str, most: int = MOST_REFERENCE) -> QLineEdit:
        field = QLineEdit(text)
        field.setObjectName(name)
        field.setFont(font(Size.BODY, tabular=True))
        field.setMinimumHeight(px(_HEIGHT))
        field.setAccessibleName(words)
        limit(field, most)
        return field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next((at for at, field in enumerate(self._lines) if field.hasFocus()), 0)
        last = len(self._lines) - 1
        key = event.key()
        forward = key == Qt.Key.Key_Down or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at < last)
        if forward or key == Qt.Key.Key_Up:
            goal = min(max(at + (1 if forward else -1), 0), last)
            self._lines[goal].setFocus(Qt.FocusReason.TabFocusReason)
            event.accept()
            return
        super().keyPressEvent(event)


def ask_cheque(
    session: Session, takings: Takings, amount: int, number: str, taken: Callable[[], object]
) -> None:
    """Ask whose cheque it is and take it; `taken` is called once it is a tender."""
    sheet = ChequeSheet(session, amount, number)

    def answer() -> Next:
        number = sheet.number.text().strip()
        if not number:
            raise Refused("cheque-number-missing")
        cheque = cheque_of(sheet.bank.text(), sheet.day.text(), session.till.today)
        takings.add_tender(TenderKind.CHEQUE, amount, number, cheque=cheque)
        return taken

    session.ask(sheet, answer)
