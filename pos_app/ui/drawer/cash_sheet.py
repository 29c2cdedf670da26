"""Owns the question how much cash goes in or out, and what for."""

from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import _
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Session


class CashSheet(Sheet):
    """An amount and a note."""

    def __init__(self, session: Session, title: str, explanation: str, hint: str) -> None:
        body = QWidget()
        self.amount = AmountField(_("Amount"), session.till.currency.exponent, Size.FIGURE)
        self.note = QLineEdit()
        self.note.setFont(font(Size.BODY))
        limit(self.note, 200)
        self.note.setPlaceholderText(hint)
        self.note.setAccessibleName(hint)
        super().__init__(
            session.overlay_parent(),
            title,
            _("Record it"),
            _("Back"),
            body=body,
            explanation=explanation,
            dismiss_name=_("Dismiss"),
        )
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self.amount.type_digits)
        self.pad.backspace.connect(self.amount.backspace)
        body.setLayout(column(self.amount, self.note, self.pad))
