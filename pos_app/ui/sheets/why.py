"""Owns the sheet that says why something costs what it costs: the steps of the answer that priced it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from pos_app.language import Sentence, _
from pos_app.ui.arrange import column
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session


class WhySheet(Sheet):
    """Why a line costs what it costs: a sentence a step, what it comes to last."""

    def __init__(self, session: Session, what: str, steps: Sequence[Sentence]) -> None:
        body = QWidget()
        super().__init__(
            session.overlay_parent(),
            _("Why this price"),
            _("Done"),
            _("Back"),
            body=body,
            explanation=what,
            dismiss_name=_("Dismiss"),
        )
        *before, last = [step.spoken for step in steps]
        texts = [
            Paragraph(text, Size.BODY, "text" if not place else "muted") for place, text in enumerate(before)
        ]
        body.setLayout(column(*texts, Paragraph(last, Size.BODY, "text", Weight.SEMIBOLD), spacing=Space.M))
        self.accepted.connect(self.close_sheet)


def moment_words(session: Session, at_us: int) -> str:
    """Microseconds since 1970 as a moment in the shop's zone."""
    if at_us <= 0:
        return _("the beginning")
    moment = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    return session.local(moment).strftime("%d.%m.%Y %H:%M")
