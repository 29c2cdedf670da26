"""Owns the question for a few words: a reason, a name to park under."""

from PySide6.QtWidgets import QLineEdit

from pos_app.language import _
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.tokens import Size, Tone
from pos_app.ui.session import Session

_MOST = 200


class WordsSheet(Sheet):
    """One line to write in."""

    def __init__(
        self,
        session: Session,
        title: str,
        explanation: str,
        action: str,
        hint: str = "",
        *,
        tone: Tone = "accent",
        start: str = "",
    ) -> None:
        self.field = QLineEdit(start)
        self.field.selectAll()
        self.field.setFont(font(Size.BODY))
        limit(self.field, _MOST)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint or title)
        super().__init__(
            session.overlay_parent(),
            title,
            action,
            _("Back"),
            body=self.field,
            explanation=explanation,
            dismiss_name=_("Dismiss"),
            tone=tone,
        )

    def value(self) -> str:
        """What was written."""
        return self.field.text().strip()
