"""Owns the card of one customer: what they owe, what is open, what of theirs lies here, their statement."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.language import _, plural
from pos_app.ledger.quantity import quantity_text
from pos_app.till.receivables.customer import CustomerCard, StatementLine
from pos_app.ui.arrange import column, line
from pos_app.ui.customer.standing import (
    Purse,
    age_words,
    dated_words,
    days_late,
    invoice_name,
)
from pos_app.ui.kit.avatar import Avatar
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.chip import ChipRow
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight
from pos_app.ui.parts.due import day_words
from pos_app.ui.parts.masked import masked_phone
from pos_app.ui.session import Session

_HELD = 3


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

    def words(self) -> str:
        """All that it says."""
        return f"{self._figure.text()} {self._detail.text()}"


class Held:
    """What a customer holds of our returnables: product names and quantities in thousandths."""

    def __init__(self, entries: Sequence[tuple[str, int]]) -> None:
        self._entries = list(entries)

    def figure(self) -> str:
        """How many in all."""
        return quantity_text(sum(quantity for _name, quantity in self._entries))

    def words(self) -> str:
        """Of what how many."""
        shown = [f"{quantity_text(quantity)} × {name}" for name, quantity in self._entries[:_HELD]]
        more = len(self._entries) - len(shown)
        return ", ".join(shown) + (f" +{more}" if more > 0 else "")


class CardPage(QWidget):
    """One customer."""

    receive = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("customer-card")
        self._session = session
        self._avatar = Avatar("", px(48))
        self.name = Label("", Size.TITLE, "text", Weight.BOLD)
        self._detail = Label("", Size.BODY, "muted", tabular=True)
        self.pay = PrimaryButton(_("Receive payment"), "F3", bind=False)
        self.pay.setObjectName("receive-payment")
        self.pay.setFixedWidth(max(px(216), self.pay.sizeHint().width()))
        self.pay.clicked.connect(self.receive)
        code = session.till.currency.code
        self.owes = FigureCard(_("Owes {currency}", currency=code))
        self.left = FigureCard(_("Left of limit {currency}", currency=code))
        self.earlier = FigureCard(_("Their money here {currency}", currency=code))
        self.held = FigureCard(_("Holds of ours"))
        self._make_tables(code)
        self.chips = ChipRow()
        self.chips.chosen.connect(self._show_table)
        panel = Card(padding=Space.M)
        panel.add(self._tables, 1)
        words = column(self.name, self._detail, spacing=0)
        head = line(self._avatar, words, self.pay, spacing=Space.L)
        head.setStretch(1, 1)
        cards = line(self.owes, self.left, self.earlier, self.held, spacing=Space.M)
        for at in range(cards.count()):
            # Equally wide, whatever one of them has to say.
            cards.setStretch(at, 1)
        whole = column(head, cards, self.chips, spacing=Space.M)
        whole.addWidget(panel, 1)
        self.setLayout(whole)

    def _make_tables(self, code: str) -> None:
        self.open_table = Table(
            _("Open invoices"),
            [
                Column(_("document"), weight=Weight.SEMIBOLD),
                Column(_("dated"), tone="muted"),
                Column(_("due")),
                Column(_("how late"), stretch=True),
                Column(_("still open"), right=True, weight=Weight.SEMIBOLD),
            ],
            empty_text=_("No invoice is open"),
        )
        self.open_table.setObjectName("open-table")
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
        self._tables = QStackedWidget()
        for table in (self.open_table, self.table):
            table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._tables.addWidget(table)

    def show_card(self, card: CustomerCard, purses: Sequence[Purse], held: Held, as_of: str) -> None:
        """Show a customer as this till knows them; what is open first, where something is."""
        money, party = self._session.money, card.party
        self._avatar.set_name(party.name)
        self.name.set_text(party.name)
        terms = plural(party.terms_days, "pays in {count} day", "pays in {count} days")
        parts = (party.code, masked_phone(party.phone), terms if party.terms_days else "")
        self._detail.set_text(" · ".join(part for part in parts if part))
        centre = _("{amount} from the centre", amount=money(card.centre))
        centre += f", {as_of}" if as_of else ""
        here = plural(card.here, "{count} document here", "{count} documents here")
        foreign = [purse.coded(purse.owes) for purse in purses[1:] if purse.owes]
        owes = " + ".join([centre, *([here] if card.here else []), *foreign])
        self.owes.say(money(card.owes), owes)
        limit = _("limit {amount}", amount=money(party.credit_limit))
        if card.left.shrunk:
            whole = money(card.left.known)
            limit = _("of {whole}: centre silent for {hours} h", whole=whole, hours=card.left.hours)
        self.left.say(money(card.left.now), limit, "text" if card.left.now else "bad")
        self._say_earlier(purses)
        self.held.say(held.figure(), held.words() or _("no cylinder, no bottle"))
        self.table.set_lines([self._line(entry) for entry in card.lines])
        lines = [self._open_line(purse, at) for purse in purses for at in range(len(purse.invoices))]
        self.open_table.set_lines(lines)
        shown = self.chips.current()
        opens = _("Open invoices {count}", count=len(lines)) if lines else _("Open invoices")
        self.chips.set_chips([opens, _("Statement")])
        self._show_table(shown if shown >= 0 else 0 if lines else 1)

    def begin(self) -> None:
        """Another customer: which table was looked at last says nothing of this one."""
        self.chips.set_chips([])

    def _say_earlier(self, purses: Sequence[Purse]) -> None:
        home = purses[0]
        parts = []
        if home.deposit:
            parts.append(_("deposit {amount}", amount=home.money(home.deposit)))
        if home.free:
            parts.append(_("credit {amount}", amount=home.money(home.free)))
        parts += [purse.coded(purse.earlier) for purse in purses[1:] if purse.earlier]
        self.earlier.say(home.money(home.earlier), ", ".join(parts) or _("no deposit"))

    def _open_line(self, purse: Purse, at: int) -> list[str | Cell]:
        item = purse.invoices[at]
        words, tone = age_words(days_late(self._session, item.due_on))
        is_home = purse.currency == self._session.till.currency
        amount = purse.money(item.amount) if is_home else purse.coded(item.amount)
        return [
            invoice_name(item),
            dated_words(self._session, item),
            day_words(item.due_on),
            Cell(words, tone, Weight.SEMIBOLD),
            amount,
        ]

    # -- which table -----------------------------------------------------------------------------

    def _show_table(self, number: int) -> None:
        self._tables.setCurrentIndex(number)
        self.chips.mark(number)

    def other_table(self) -> None:
        """The statement instead of what is open, or the other way round."""
        self._show_table(1 - self._tables.currentIndex())

    def step(self, by: int) -> None:
        """Mark the next line of the table in front, or the one before."""
        table = self.open_table if self._tables.currentIndex() == 0 else self.table
        count, at = len(table.lines()), table.selected()
        if count:
            table.select(max(0, min(count - 1, (-1 if at is None else at) + by)))

    def _line(self, entry: StatementLine) -> list[str | Cell]:
        money = self._session.money
        change = money(entry.change) if entry.change < 0 else f"+{money(entry.change)}"
        names = {
            "sale": _("Sale"),
            "refund": _("Return"),
            "payment": _("Payment"),
            "reversal": _("Void"),
            "elsewhere": _("From other tills"),
            "invoice": _("Invoice"),
            "credit_note": _("Credit note"),
            "settlement": _("Settlement"),
            "party_money": _("Deposit"),
            "write_off": _("Write off"),
            "journal_entry": _("Journal entry"),
        }
        document = f"{names.get(entry.kind) or entry.kind} {entry.number}".strip()
        return [self._when(entry), document, entry.what, change, money(entry.balance)]

    def _when(self, entry: StatementLine) -> str:
        if entry.occurred_at is None:
            return ""
        moment = self._session.local(entry.occurred_at)
        today = self._session.local(self._session.till.now()).date()
        if moment.date() == today:
            return moment.strftime("%H:%M")
        if moment.date() == today - timedelta(days=1):
            return _("Yesterday")
        return moment.strftime("%d.%m.%y")
