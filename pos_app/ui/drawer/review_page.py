"""Owns the review after the count is fixed: counted, expected, the difference, and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from pos_app.till.drawer import Closed
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.desk import Desk
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.language import _

_WIDTH = 560


class ReviewPage(QWidget):
    """The close in figures; before it is recorded with a reason to give, afterwards with its number."""

    confirmed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("drawer-review")
        self._desk = desk
        self._counted = SumLine("", "text", Size.BODY)
        self._expected = SumLine("", "text", Size.BODY)
        self._words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.figure = Figure("", Size.HERO)
        self.figure.setObjectName("variance")
        self._text = Paragraph("", Size.SMALL)
        self.reason = QLineEdit()
        self.reason.setObjectName("variance-reason")
        self.reason.setFont(font(Size.BODY))
        self.reason.setMaxLength(200)
        self.reason.setPlaceholderText(_("Why is it so? A few words for the books"))
        self.reason.setAccessibleName(_("Why is it so? A few words for the books"))
        self.confirm = PrimaryButton(_("Close the drawer"), "F12", bind=False)
        self.confirm.setObjectName("confirm-close")
        self.confirm.clicked.connect(self.confirmed)
        card = Card(padding=32)
        card.body.setSpacing(Space.L)
        sums = line(self._words, self.figure)
        sums.setStretch(1, 1)
        for part in (self._counted, self._expected):
            card.add(part)
        card.add_layout(sums)
        for below in (self._text, self.reason, self.confirm):
            card.add(below)
        card.setFixedWidth(_WIDTH)
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        whole = column(1, card, 1)
        whole.setAlignment(card, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(whole)

    def show_review(self, counted: int, expected: int) -> None:
        """The count is fixed: show what was expected."""
        self._show(counted, expected)
        self._text.setText(
            _("The count is fixed. The difference is posted to over/short; all goes to the safe.")
        )
        self.reason.clear()
        self.reason.setVisible(counted != expected)
        self.confirm.set_text(_("Close the drawer"))
        (self.reason if counted != expected else self.confirm).setFocus()

    def show_closed(self, closed: Closed) -> None:
        """It is recorded."""
        self._show(closed.counted, closed.expected)
        number = closed.done.number
        self._text.setText(_("{number} is recorded. Put everything into the safe.", number=number))
        self.reason.hide()
        self.confirm.set_text(_("Sign out"))
        self.confirm.setFocus()

    def _show(self, counted: int, expected: int) -> None:
        money, code = self._desk.money, self._desk.till.currency.code
        variance = counted - expected
        self._counted.say(_("Counted {currency}", currency=code), money(counted))
        self._expected.say(_("Expected"), money(expected))
        if variance == 0:
            self._words.set_text(_("It agrees"))
            self.figure.set_tone("ok")
        else:
            self._words.set_text(_("Over") if variance > 0 else _("Short"))
            self.figure.set_tone("warn" if variance > 0 else "bad")
        self.figure.set_text(money(abs(variance)))
