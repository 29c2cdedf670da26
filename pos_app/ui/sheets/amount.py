"""Owns the question for one sum or count, typed or tapped."""

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Session


class AmountSheet(Sheet):
    """A field with a key pad; `value` is in minor units of `places`, divided by ten `fine` times."""

    def __init__(
        self,
        session: Session,
        title: str,
        explanation: str,
        action: str,
        *,
        places: int,
        fine: int = 0,
        start: int | None = None,
        text: str = "",
    ) -> None:
        body = QWidget()
        self.field = AmountField(title, places, Size.FIGURE, fine=fine)
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
        self.pad.digit.connect(self.field.type_digits)
        self.pad.backspace.connect(self.field.backspace)
        body.setLayout(column(self.field, self.pad))
        if text:
            self.field.type_digits(text)
            self.field.set_marked()
        else:
            self.field.set_minor(start)

    def value(self) -> int:
        """What was entered; nothing is zero."""
        return self.field.minor() or 0
