"""Owns the question for one amount of our currency, with a pad to type it on."""

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Session


class AmountSheet(Sheet):
    """How much is it?"""

    def __init__(self, session: Session, title: str, explanation: str, action: str) -> None:
        body = QWidget()
        self.amount = AmountField(_("Amount"), session.till.currency.exponent, Size.FIGURE)
        super().__init__(
            session.overlay_parent(),
            title,
            action,
            _("Back"),
            body=body,
            explanation=explanation,
            dismiss_name=_("Dismiss"),
        )
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self.amount.type_digits)
        self.pad.backspace.connect(self.amount.backspace)
        body.setLayout(column(self.amount, self.pad))
