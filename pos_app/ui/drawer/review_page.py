"""Owns the review after the count is fixed: counted, expected, the difference, and why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from pos_app.language import _, plural
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.till.drawer.drawer import Beside, Closed
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.drawer.flow_card import FlowCard
from pos_app.ui.drawer.money_page import way_name
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight
from pos_app.ui.session import Session

_WIDTH = 560
_FLOWS_WIDTH = 392
#: So many differences beside the cash stand in the smallest window; the Z has all of them.
_MOST_BESIDE = 6


class ReviewPage(QWidget):
    """The close in figures; before it is recorded with a reason to give, afterwards with its number."""

    confirmed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("drawer-review")
        self._session = session
        self._counted = SumLine("", "text", Size.BODY)
        self._expected = SumLine("", "text", Size.BODY)
        self._words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.figure = Figure("", Size.HERO)
        self.figure.setObjectName("variance")
        self._text = Paragraph("", Size.SMALL)
        self.reason = QLineEdit()
        self.reason.setObjectName("variance-reason")
        self.reason.setFont(font(Size.BODY))
        limit(self.reason, 200)
        self.reason.setPlaceholderText(_("Why is it so? A few words for the books"))
        self.reason.setAccessibleName(_("Why is it so? A few words for the books"))
        self.confirm = PrimaryButton(_("Close the drawer"), "F12", bind=False)
        self.confirm.setObjectName("confirm-close")
        self.confirm.clicked.connect(self.confirmed)
        card = Card(padding=px(32))
        card.body.setSpacing(Space.L)
        sums = line(self._words, self.figure)
        sums.setStretch(1, 1)
        for part in (self._counted, self._expected):
            card.add(part)
        card.add_layout(sums)
        self.other_sums: list[SumLine] = []
        self._others = column(spacing=Space.XS)
        card.add_layout(self._others)
        for below in (self._text, self.reason, self.confirm):
            card.add(below)
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.flows = FlowCard(session)
        self.flows.setFixedWidth(px(_FLOWS_WIDTH))
        self.flows.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.flows.hide()
        cards = line(1, self.flows, card, 1, spacing=Space.L)
        cards.setAlignment(self.flows, Qt.AlignmentFlag.AlignTop)
        cards.setAlignment(card, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(1, cards, 1))

    def show_review(
        self,
        counted: int,
        expected: int,
        others: Sequence[tuple[Currency, int, int]] = (),
        beside: Sequence[Beside] = (),
    ) -> None:
        """The count is fixed: show what was expected; `others` are currency, counted and expected.

        `beside` is what differs of the other money and of cylinders and bottles.
        """
        self._show(counted, expected)
        self.flows.hide()
        self._show_others(others)
        self._show_beside(beside)
        same = counted == expected and all(one == other for _currency, one, other in others) and not beside
        self._text.setText(
            _("The count is fixed. The difference is posted to over/short; all goes to the safe.")
        )
        self.reason.clear()
        self.reason.setVisible(not same)
        self.confirm.set_text(_("Close the drawer"))
        (self.confirm if same else self.reason).setFocus()

    def ask_reason(self) -> None:
        """Take the keyboard to the reason, where there is one to give."""
        if self.reason.isVisible() and not self.reason.text().strip():
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def show_flows(self, flows: Sequence[Flow]) -> None:
        """Say why that much was expected."""
        self.flows.show_flows(flows)
        self.flows.show()

    def show_closed(self, closed: Closed) -> None:
        """It is recorded."""
        self._show(closed.counted, closed.expected)
        self._show_others([(find_currency(one.currency), one.counted, one.expected) for one in closed.others])
        number = closed.done.number
        self._text.setText(_("{number} is recorded. Put everything into the safe.", number=number))
        self.reason.hide()
        self.confirm.set_text(_("Sign out"))
        self.confirm.setFocus()

    def _show_others(self, others: Sequence[tuple[Currency, int, int]]) -> None:
        """Each other currency in a line: what was counted, and by how much it differs."""
        while self.other_sums:
            row = self.other_sums.pop()
            row.hide()
            row.deleteLater()
        for currency, counted, expected in others:
            variance = counted - expected
            tone: Tone = "ok" if variance == 0 else "warn" if variance > 0 else "bad"
            amount = grouped_text(abs(variance), currency)
            words = (
                _("It agrees")
                if variance == 0
                else _("over {amount}", amount=amount)
                if variance > 0
                else _("short {amount}", amount=amount)
            )
            row = SumLine("", tone, Size.BODY)
            counted_words = _("Counted {currency}", currency=currency.code)
            row.say(f"{counted_words} · {words}", grouped_text(counted, currency))
            self._others.addWidget(row)
            self.other_sums.append(row)

    def _show_beside(self, beside: Sequence[Beside]) -> None:
        """What differs beside the cash, a line each; money that agrees needs none."""
        money = self._session.money
        for one in beside[:_MOST_BESIDE]:
            over = one.counted - one.expected
            text = quantity_text if one.kind is None else money
            name = one.name if one.kind is None else way_name(one.kind)
            words = (
                _("{name}: over {amount}", name=name, amount=text(over))
                if over > 0
                else _("{name}: short {amount}", name=name, amount=text(-over))
            )
            row = SumLine("", "warn" if over > 0 else "bad", Size.BODY)
            row.say(words, text(one.counted))
            row.amount.setMinimumWidth(row.amount.sizeHint().width())
            self._others.addWidget(row)
            self.other_sums.append(row)
        more = len(beside) - _MOST_BESIDE
        if more > 0:
            row = SumLine(plural(more, "{count} more differs", "{count} more differ"), "muted", Size.BODY)
            self._others.addWidget(row)
            self.other_sums.append(row)

    def _show(self, counted: int, expected: int) -> None:
        money, code = self._session.money, self._session.till.currency.code
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
