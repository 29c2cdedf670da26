"""Owns the card of one customer: what they owe, what is left of the limit, and their statement."""

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pos_app.till.customer import CustomerCard, StatementLine
from pos_app.ui.arrange import column, line
from pos_app.ui.customer.masked import masked_phone
from pos_app.ui.desk import Desk
from pos_app.ui.kit.avatar import Avatar
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight
from pos_app.ui.language import _, plural, sentence


class FigureCard(Card):
    """A sum with what it is and where it comes from."""

    def __init__(self, caption: str) -> None:
        super().__init__(padding=Space.L)
        self.body.setSpacing(2)
        self._figure = Figure("", 26.0, right=False)
        self._detail = Paragraph("", Size.CAPTION)
        self.add(Label(caption, Size.SMALL, "muted"))
        self.add(self._figure)
        self.add(self._detail)
        self.add_stretch()

    def say(self, figure: str, detail: str, tone: Tone = "text") -> None:
        """Show another sum."""
        self._figure.set_text(figure)
        self._figure.set_tone(tone)
        self._detail.setText(detail)


class CardPage(QWidget):
    """One customer."""

    receive = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("customer-card")
        self._desk = desk
        self._avatar = Avatar("", 48)
        self.name = Label("", Size.TITLE, "text", Weight.BOLD)
        self._detail = Label("", Size.BODY, "muted", tabular=True)
        self.pay = PrimaryButton(_("Receive payment"), "F3", bind=False)
        self.pay.setObjectName("receive-payment")
        self.pay.setFixedWidth(max(216, self.pay.sizeHint().width()))
        self.pay.clicked.connect(self.receive)
        code = desk.till.currency.code
        self.owes = FigureCard(_("Owes {currency}", currency=code))
        self.left = FigureCard(_("Left of limit {currency}", currency=code))
        self.recent = FigureCard(_("Documents at this till"))
        self.table = Table(
            _("Statement"),
            [
                Column(_("when"), tone="muted"),
                Column(_("document"), weight=Weight.SEMIBOLD),
                Column(_("what"), tone="muted", stretch=True),
                Column(_("change {currency}", currency=code), right=True),
                Column(_("balance {currency}", currency=code), right=True, weight=Weight.SEMIBOLD),
            ],
            empty_text=_("Nothing has been bought or paid yet"),
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        words = column(self.name, self._detail, spacing=0)
        head = line(self._avatar, words, self.pay, spacing=Space.L)
        head.setStretch(1, 1)
        cards = line(self.owes, self.left, self.recent, spacing=Space.L)
        whole = column(head, cards, spacing=Space.L)
        whole.addWidget(panel, 1)
        self.setLayout(whole)

    def show_card(self, card: CustomerCard, as_of: str) -> None:
        """Show a customer as this till knows them."""
        money, party = self._desk.money, card.party
        self._avatar.set_name(party.name)
        self.name.set_text(party.name)
        parts = [part for part in (party.code, masked_phone(party.phone)) if part]
        self._detail.set_text(" · ".join(parts))
        centre = _("{amount} from the centre", amount=money(card.centre))
        centre += f", {as_of}" if as_of else ""
        here = plural(card.here, "{count} document here", "{count} documents here")
        self.owes.say(money(card.owes), f"{centre} + {here}" if card.here else centre)
        limit = _("limit {amount}", amount=money(party.credit_limit))
        self.left.say(money(card.left), limit, "text" if card.left else "bad")
        self.recent.say(f"{card.here:,}", _("since the centre’s last balance"))
        self.table.set_lines([self._line(entry) for entry in card.lines])

    def step(self, by: int) -> None:
        """Mark the next line of the statement, or the one before."""
        count, at = len(self.table.lines()), self.table.selected()
        if count:
            self.table.select(max(0, min(count - 1, (-1 if at is None else at) + by)))

    def _line(self, entry: StatementLine) -> list[str | Cell]:
        money = self._desk.money
        change = money(entry.change) if entry.change < 0 else f"+{money(entry.change)}"
        names = {
            "sale": _("Sale"),
            "refund": _("Return"),
            "payment": _("Payment"),
            "reversal": _("Void"),
            "elsewhere": _("From other tills"),
        }
        document = f"{names.get(entry.kind) or sentence(entry.kind)} {entry.number}".strip()
        return [self._when(entry), document, entry.what, change, money(entry.balance)]

    def _when(self, entry: StatementLine) -> str:
        if entry.occurred_at is None:
            return ""
        moment = self._desk.local(entry.occurred_at)
        today = self._desk.local(self._desk.till.context.clock.now()).date()
        if moment.date() == today:
            return moment.strftime("%H:%M")
        if moment.date() == today - timedelta(days=1):
            return _("Yesterday")
        return moment.strftime("%d.%m.%y")
