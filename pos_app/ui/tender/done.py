"""Owns the calm after the money: the change, large, until the next customer."""

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.language import _
from pos_app.ledger.quantity import quantity_text
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.customer_view import IDLE, CustomerView
from pos_app.ui.kit.button import PrimaryButton, QuietButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import IconSize, Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.drawer_limit import warn_of_much
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session

#: A second Enter so soon was meant for the first one's screen.
_DOUBLE_MS = 350
_WIDTH = 560
#: So many products that are short are named, the rest are counted.
_SHORT = 3


class DoneScreen(Screen):
    """What goes back to the customer; the next scan or Enter begins the next sale."""

    passing = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("done")
        self._document_id: int | None = None
        self._seen = IDLE
        self._since = QElapsedTimer()
        self._since.start()
        self._words = Label("", Size.LEAD, "muted")
        self.figure = Figure("", 84.0, "accent", right=False)
        self.figure.setObjectName("change-given")
        self.number = Label("", Size.BODY, "text", Weight.SEMIBOLD, tabular=True)
        self._total = Label("", Size.BODY, "muted", tabular=True)
        self.next = PrimaryButton(_("Next sale"), "Enter", bind=False)
        self.next.setObjectName("next-sale")
        self.next.clicked.connect(self.go_on)
        self._copy = QuietButton(_("Print a copy"), "F9", "printer")
        self._copy.setMinimumHeight(self.next.sizeHint().height())
        self._copy.clicked.connect(self.print_copy)
        card = Card(padding=px(32))
        card.body.setSpacing(Space.L)
        card.add_layout(line(IconLabel("circle-check", IconSize.TOUCH, "ok"), self._words, 1))
        card.add(self.figure)
        card.add_layout(line(self.number, self._total, 1, spacing=Space.L))
        self.short = Paragraph("", Size.SMALL, "text")
        self.short.setObjectName("short")
        self._short_part = QWidget()
        short = line(IconLabel("info", IconSize.LARGE, "warn"), self.short)
        short.setStretch(1, 1)
        self._short_part.setLayout(short)
        card.add(self._short_part)
        card.add_layout(line(self._copy, self.next))
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.banner.setFixedWidth(px(_WIDTH))
        middle = column(1, card, self.banner, 1, margin=Space.XXL, spacing=Space.L)
        for part in (card, self.banner):
            middle.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(middle)

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("Enter", _("Next sale"), self.go_on, bind=False),
            KeyAction("F9", _("Print a copy"), self.print_copy),
            KeyAction("Esc", _("Next sale"), self.go_on),
        ]

    def entered(self) -> None:
        self._since.restart()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def show_result(self, words: str, figure: int, done: Recorded, detail: str = "") -> None:
        """Show a figure for a recorded document; `detail` stands in the place of its total."""
        money = self.session.money
        self._say_short(done)
        self._document_id = done.document_id
        self._words.set_text(words)
        self.figure.set_text(money(figure))
        self.number.set_text(done.number)
        code = self.session.till.currency.code
        total = _("total {currency} {amount}", currency=code, amount=money(abs(done.settled)))
        self._total.set_text(detail or total)
        proof = self.session.till.receipts.proof_of(done.document_id)
        code = f"{done.number} {proof}" if proof else ""
        self._seen = CustomerView((), words, money(figure), total, code)
        warn_of_much(self.session)

    def _say_short(self, done: Recorded) -> None:
        """What the books have less than nothing of since: said calmly, the next sale does not wait for it."""
        shown = [
            f"{level.name} ({quantity_text(level.quantity)} {level.unit})" for level in done.short[:_SHORT]
        ]
        more = len(done.short) - len(shown)
        what = ", ".join(shown) + (f" +{more}" if more > 0 else "")
        self.short.setText(
            _("The books have less than none of: {what}. Count it, or enter what came, later.", what=what)
        )
        self._short_part.setVisible(bool(shown))

    def for_customer(self) -> CustomerView | None:
        return self._seen

    def settled(self) -> bool:
        """Whether an Enter is meant for this screen: not the second half of a double press."""
        return self._since.elapsed() >= _DOUBLE_MS

    def go_on(self) -> None:
        """The next customer."""
        if self.settled():
            self.session.home()

    def print_copy(self) -> None:
        """Print what was recorded once more, marked as a copy."""
        document_id = self._document_id
        if document_id is None:
            return

        def queued(copy_no: int) -> None:
            self.session.recorded()
            self.session.succeed(_("Copy {number} is being printed.", number=copy_no))

        self.session.attempt(lambda: self.session.till.receipts.reprint(document_id), queued)

    def on_scan(self, text: str) -> None:
        self.session.home().on_scan(text)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
            return True
        if typed_text(event):
            # Whoever types has the next customer already.
            self.session.home().key(event)
            return True
        return False
