"""Owns the receiving of a payment: which invoices, how much, and what earlier money of theirs can settle.

Decisions
---------
2026-11-21  What is ticked and what is keyed follow one another in one direction each: a tick makes the sum,
and a sum that is keyed afterwards is shared out over what is ticked, due first first.  With nothing ticked
it pays what is due first.  So the two ways that a cashier hears ("these two", "here are five thousand")
are both one step, and the rows always say what each invoice gets.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from pos_app.language import _, plural, said
from pos_app.ledger.errors import BohariError
from pos_app.ledger.request import new_request
from pos_app.ledger.settlement import Open, allocate
from pos_app.till.receivables.customer import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import SumLine, column, line, listing_head
from pos_app.ui.customer.standing import Purse, age_words, days_late, invoice_name, purses
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.chip import ChipRow
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.due import day_words
from pos_app.ui.parts.taking import payment_job
from pos_app.ui.screen import Screen
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_PAD_HEIGHT = 400
#: Invoice, due day and business.
ItemKey = tuple[int, int, int]


class PaymentScreen(Screen):
    """Open invoices to tick at the right, the sum at the left."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-payment-screen")
        self._party: Party | None = None
        self._purses: list[Purse] = []
        self._at = 0
        self._ticked: set[ItemKey] = set()
        self._typed = False
        self._filling = False
        self.head = CustomerHead(leads_on=False)
        self._owes, self._chosen, self._earlier = SumLine("", "text"), SumLine(), SumLine()
        self._amount_words = Label("", Size.SMALL, "muted")
        self.amount = AmountField(_("Amount"), session.till.currency.exponent, 34.0, framed=False)
        self.amount.setObjectName("payment-amount")
        self.amount.changed.connect(self._keyed)
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self.amount.type_digits)
        self.pad.backspace.connect(self.amount.backspace)
        self.pad.setMaximumHeight(px(_PAD_HEIGHT))
        self.take_button = PrimaryButton(_("Take the money"), "Enter", bind=False)
        self.take_button.setObjectName("take-money")
        self.take_button.clicked.connect(self.take)
        self.chips = ChipRow()
        self.chips.chosen.connect(self.choose_currency)
        self.list = RowList(
            _("Open invoices"), empty_text=_("Nothing is open; the money goes on the account")
        )
        self.list.setObjectName("open-invoices")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.row_activated.connect(lambda _key: self.tick())
        self._hint = Paragraph("", Size.CAPTION)
        whole = line(self._left(), self._right(), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _left(self) -> SideColumn:
        left = SideColumn()
        left.add(self.head)
        left.add_line()
        left.add_layout(column(self._owes, self._chosen, self._earlier, margin=Space.L, spacing=Space.XS))
        left.add_line()
        sums = line(self._amount_words, self.amount)
        sums.setStretch(1, 1)
        below = column(sums, margin=Space.L)
        below.addWidget(self.pad, 1)
        below.addStretch()
        below.addWidget(self.take_button)
        left.add_layout(below, 1)
        return left

    def _right(self) -> QVBoxLayout:
        panel = Card(padding=1)
        self._list_head = listing_head(_("open invoice"), _("still open"))
        panel.add_layout(self._list_head)
        panel.add(self.list, 1)
        title = Label(_("Receive payment"), Size.TITLE, "text", Weight.BOLD)
        right = column(line(title, 1, self.chips), self.banner, self._hint, margin=Space.XL, spacing=Space.L)
        right.addWidget(panel, 1)
        return right

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, party: Party) -> None:
        """Take a payment of this customer, nothing chosen yet.  Shows why when it cannot be."""
        self._party, self._at = party, 0
        self._ticked = set()
        self._typed = False
        self._load()

    def entered(self) -> None:
        if self._party is not None:
            self._load()

    def _load(self) -> None:
        party = self._party
        if party is None:
            return
        try:
            self._purses = purses(self.session, party)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._at = min(self._at, len(self._purses) - 1)
        self.chips.setVisible(len(self._purses) > 1)
        self.chips.set_chips([purse.currency.code for purse in self._purses])
        self.chips.mark(self._at)
        self._show_purse()
        self.amount.setFocus(Qt.FocusReason.TabFocusReason)
        self.session.keys_changed.emit()

    def purse(self) -> Purse:
        """The currency in which the payment is received."""
        return self._purses[self._at]

    def busy(self) -> bool:
        return self._party is not None and (bool(self._ticked) or self._typed)

    def keys(self) -> list[KeyAction]:
        several = len(self._purses) > 1
        purse = self._purses[self._at] if self._purses else None
        # " " is no key of a keyboard by name; the screen answers it in `key`.
        tick = [
            KeyAction(_("Space"), _("Tick"), self.tick, bind=False),
            KeyAction("F6", _("All, none"), self.tick_all),
        ]
        return [
            *(tick if purse is not None and purse.invoices else []),
            *([KeyAction("F7", _("Currency"), self.next_currency)] if several else []),
            *([KeyAction("F5", _("Use their credit"), self.use_earlier)] if purse and purse.earlier else []),
            KeyAction("Enter", _("Take the money"), self.take, bind=False),
            self.back_key(),
        ]

    def back(self) -> None:
        """Back where the person came from; what was ticked and typed is not kept."""
        self._party = None
        super().back()

    def on_scan(self, text: str) -> None:
        self.session.warn(_("A scan is not used on this screen; go back to the basket first."))

    # -- which and how much ----------------------------------------------------------------------

    def next_currency(self) -> None:
        """Another currency in which something is open."""
        self.choose_currency((self._at + 1) % len(self._purses))

    def choose_currency(self, number: int) -> None:
        """Receive in this currency; ticks of another one go."""
        self._at = number
        self._ticked = set()
        self._typed = False
        self.chips.mark(number)
        self._show_purse()
        self.amount.setFocus(Qt.FocusReason.TabFocusReason)
        self.session.keys_changed.emit()

    def tick(self) -> None:
        """Tick the marked invoice, or take the tick away; the sum follows."""
        row = self.list.selected()
        if row is None:
            return
        self._ticked ^= {key for key in map(_key, self.purse().invoices) if key == row.key}
        self._typed = False
        self._show_purse()

    def tick_all(self) -> None:
        """Tick all invoices, or none when all are."""
        every = set(map(_key, self.purse().invoices))
        self._ticked = set() if self._ticked == every else every
        self._typed = False
        self._show_purse()

    def _chosen_items(self) -> list[Open]:
        return [item for item in self.purse().invoices if _key(item) in self._ticked]

    def chosen(self, amount: int) -> list[InvoiceChoice] | None:
        """What an amount pays of what is ticked, due first first; None when nothing is ticked."""
        if not self._ticked:
            return None
        items = self._chosen_items()
        return [
            InvoiceChoice(one.invoice_id, one.amount, one.due_on)
            for one in allocate(amount, items)
            if one.amount
        ]

    def _keyed(self) -> None:
        if not self._filling:
            self._typed = True
            self._show_rows()

    def _show_purse(self) -> None:
        party = self._party
        if party is None:
            return
        purse, code = self.purse(), self.purse().currency.code
        items = self._chosen_items()
        self.head.say(party.name, party.code, known=True)
        owed = purse.owes < 0
        self._owes.say(
            _("To their credit {currency}", currency=code) if owed else _("Owes {currency}", currency=code),
            purse.money(abs(purse.owes)),
        )
        self._chosen.setVisible(bool(items))
        self._chosen.say(
            plural(len(items), "{count} invoice ticked", "{count} invoices ticked"),
            purse.money(sum(item.amount for item in items)),
        )
        self._earlier.setVisible(purse.earlier > 0)
        self._earlier.say(_("Their credit and deposit"), purse.money(purse.earlier))
        self._amount_words.set_text(_("Pays {currency}", currency=code))
        if not self._typed:
            due = sum(item.amount for item in items) if items else max(purse.owes, 0)
            self._filling = True
            self.amount.set_places(purse.currency.exponent)
            self.amount.set_minor(due or None)
            self._filling = False
        self._show_rows()

    def _show_rows(self) -> None:
        """Each invoice with what it gets of the amount in the field."""
        purse, amount = self.purse(), self.amount.minor() or 0
        items = self._chosen_items() or list(purse.invoices)
        gets = {(one.invoice_id, one.due_on, one.business_id): one.amount for one in allocate(amount, items)}
        rows = []
        for item in purse.invoices:
            words, tone = age_words(days_late(self.session, item.due_on))
            paid = gets.get(_key(item), 0)
            detail = [_("due {date}", date=day_words(item.due_on))]
            if paid:
                detail.append(
                    _("paid in full") if paid == item.amount else _("gets {amount}", amount=purse.money(paid))
                )
            rows.append(
                Row(
                    _key(item),
                    invoice_name(item),
                    purse.money(item.amount),
                    " · ".join(detail),
                    (Badge(words, tone),),
                    icon="circle-check" if _key(item) in self._ticked else "circle",
                )
            )
        first = not self.list.rows()
        self.list.set_rows(rows)
        if rows and (first or self.list.selected() is None):
            self.list.select(rows[0].key)
        rest = amount - sum(gets.values())
        self._say_hint(purse, rest)

    def _say_hint(self, purse: Purse, rest: int) -> None:
        if not purse.invoices:
            self._hint.setText(_("Nothing is open in {currency}.", currency=purse.currency.code))
        elif rest > 0:
            self._hint.setText(
                _("{amount} is on no invoice: it stays to their credit.", amount=purse.coded(rest))
            )
        elif self._ticked:
            self._hint.setText(_("It pays what is ticked, due first first."))
        else:
            self._hint.setText(_("Nothing is ticked: it pays what is due first."))

    # -- taking it -------------------------------------------------------------------------------

    def take(self) -> None:
        """Go and take the money."""
        party = self._party
        if party is None:
            return
        amount, purse = self.amount.minor() or 0, self.purse()

        self.session.attempt(
            lambda: payment_job(
                self.session,
                party,
                amount,
                invoices=self.chosen(amount),
                currency=purse.currency.code,
            ),
            self.session.ways.take_money,
        )

    # -- earlier money ---------------------------------------------------------------------------

    def use_earlier(self) -> None:
        """Settle invoices with what they have with us: their credit, or the deposit."""
        purse = self.purse()
        if not purse.earlier:
            self.session.refuse(said("nothing-unallocated").spoken)
        elif purse.free and purse.deposit:
            self._ask_which(purse)
        else:
            self._ask_settle(purse, out_of_deposit=bool(purse.deposit))

    def _ask_which(self, purse: Purse) -> None:
        rows = [
            Row("free", _("Credit: paid or credited earlier"), purse.money(purse.free), icon="wallet"),
            Row("deposit", _("Deposit"), purse.money(purse.deposit), icon="lock"),
        ]
        sheet = ChoiceSheet(self.session, _("Which money?"), "", _("Choose"), rows)

        def answer() -> Next:
            out_of_deposit = sheet.value() == "deposit"
            return lambda: self._ask_settle(purse, out_of_deposit=out_of_deposit)

        self.session.ask(sheet, answer)

    def _ask_settle(self, purse: Purse, *, out_of_deposit: bool) -> None:
        party, money = self._party, purse.deposit if out_of_deposit else purse.free
        if party is None:
            return
        ticked = self.chosen(money)
        pays = allocate(money, self._chosen_items() or list(purse.invoices))
        named = [
            f"{one.invoice_number or _('of another till')} {purse.money(one.amount)}" for one in pays[:4]
        ]
        more = len(pays) - len(named)
        sheet = Sheet(
            self.session.overlay_parent(),
            _("Settle with the deposit?") if out_of_deposit else _("Settle with their credit?"),
            _("Settle"),
            _("Back"),
            explanation=_(
                "{amount} is there. It pays: {what}",
                amount=purse.coded(money),
                what=(", ".join(named) + (f" +{more}" if more > 0 else "")) or "—",
            ),
            dismiss_name=_("Dismiss"),
        )
        request, code = new_request(), purse.currency.code

        def settled(done: Recorded) -> None:
            self.session.recorded()
            self._ticked, self._typed = set(), False
            self._load()
            words = _("{number}: {amount} is settled.", number=done.number, amount=purse.coded(done.total))
            self.session.succeed(words)

        def answer() -> Next:
            done = self.session.till.settling.settle(
                party.party_id, ticked, out_of_deposit=out_of_deposit, currency=code, request_id=request
            )
            return lambda: settled(done)

        self.session.ask(sheet, answer)

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Space:
            self.tick()
        elif self.amount.takes(text := typed_text(event)):
            self.amount.setFocus()
            self.amount.type_on(text)
        else:
            return False
        return True


def _key(item: Open) -> ItemKey:
    """What tells open items apart: one entry of opening balances has several due days and businesses."""
    return item.invoice_id, item.due_on, item.business_id
