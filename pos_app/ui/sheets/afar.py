"""Owns the question to somebody who is not in the shop: figures to tell them, and those of their answer."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import Sentence, _
from pos_app.ledger import remote_approval
from pos_app.ledger.errors import BohariError
from pos_app.till.session.sign_in import Action, Approval
from pos_app.ui.arrange import column
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.keypad import PIN, Keypad
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Session

#: The code in its groups, and a little room for blanks that are typed too.
_MOST_TYPED = 20


@dataclass(frozen=True)
class Asking:
    """What a manager is asked: why, for what, `worth` in minor units (0: no sum), under which request."""

    reason: Sentence
    action: Action
    worth: int = 0
    request_id: str = ""


class AfarSheet(Sheet):
    """The challenge large, and a line for the code; the question stays the same while it is open."""

    def __init__(
        self, session: Session, asking: Asking, title: str, approved: Callable[[Approval], object]
    ) -> None:
        self._session, self._approved = session, approved
        self.question = session.till.sign_in.ask_from_afar(asking.action, asking.worth, asking.request_id)
        body = QWidget()
        self.figures = Figure(remote_approval.grouped(self.question.challenge), Size.TITLE, right=False)
        self.code = QLineEdit()
        self.code.setFont(font(Size.TITLE, tabular=True))
        limit(self.code, _MOST_TYPED)
        self.code.setPlaceholderText(_("The code that they answer"))
        self.code.setAccessibleName(_("The code that they answer"))
        super().__init__(
            session.overlay_parent(),
            title,
            _("Approve"),
            _("Back"),
            body=body,
            explanation=" ".join(
                [
                    asking.reason.spoken,
                    _("Tell these figures to a manager; their phone shows what is asked, and the code."),
                ]
            ),
            dismiss_name=_("Dismiss"),
        )
        self.pad = Keypad(PIN, backspace_name=_("Take back"), enter_name=_("Approve"))
        self.pad.enter.connect(self.primary.click)
        self.pad.digit.connect(self.code.insert)
        self.pad.backspace.connect(self.code.backspace)
        asked = Label(_("What is asked, in figures"), Size.SMALL, "muted")
        body.setLayout(column(asked, self.figures, self.code, self.pad, spacing=Space.M))
        self.code.textEdited.connect(lambda _text: self.banner.dismiss())
        self.accepted.connect(self._check)

    def _check(self) -> None:
        typed = self.code.text()
        if not typed.strip():
            return
        try:
            approval = self._session.till.sign_in.approve_from_afar(self.question, typed)
        except BohariError as error:
            self.code.selectAll()
            self.refuse(error.sentence)
            return
        self.close_sheet()
        self._approved(approval)
