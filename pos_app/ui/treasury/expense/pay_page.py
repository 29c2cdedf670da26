"""Owns the second half of an expense: how it was paid, the number on the paper, a note."""

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ui.arrange import column
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.treasury.form import Captioned, words_field
from pos_app.ui.treasury.how_paid import HowPaid


class PayPage(QWidget):
    """How the whole expense was paid."""

    def __init__(self) -> None:
        super().__init__()
        self.how = HowPaid()
        self.paper = words_field(_("Receipt or invoice number, if there is one"), "paper", MOST_REFERENCE)
        self.note = words_field(_("A note, if you like"), "note")
        self.setLayout(
            column(
                Label(_("How was it paid?"), Size.TITLE, "text", Weight.BOLD),
                self.how,
                Captioned(_("Number on the paper"), self.paper),
                Captioned(_("Note"), self.note),
                Paragraph(_("A slip is printed; whoever takes the money signs it."), Size.BODY),
                1,
                spacing=Space.L,
            )
        )

    def clear(self) -> None:
        """Out of the drawer, no number, no note."""
        self.how.clear()
        self.paper.clear()
        self.note.clear()
