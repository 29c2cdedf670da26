"""Owns the tender screen: how the customer pays, how much, and the one press that records it."""

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from pos_app.language import _, said
from pos_app.ledger.errors import BohariError
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.till.session.exchange import Rate
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.customer_view import CustomerView
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.keypad import CALCULATOR, DECIMAL, Keypad
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.foreign_money import coded, in_currency, laid_words, short
from pos_app.ui.parts.taken_column import TakenColumn, tender_name
from pos_app.ui.parts.taking import basket_job
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session
from pos_app.ui.tender.buyer import ask_buyer
from pos_app.ui.tender.card_payment import CardPayment
from pos_app.ui.tender.cheque import ask_cheque
from pos_app.ui.tender.laid_currency import LaidCurrency
from pos_app.ui.tender.mpesa_came import MpesaCame
from pos_app.ui.tender.mpesa_choice import MpesaChoice, takes_mpesa
from pos_app.ui.tender.paynow import PayNowShown
from pos_app.ui.tender.quick_amounts import quick_amounts
from pos_app.ui.tender.references import at_most, hint_of, missing_words, other_after, proposed
from pos_app.ui.tender.way_tiles import WayTiles
from pos_app.ui.tender_job import TenderJob

_WITH_REFERENCE = (
    TenderKind.MPESA,
    TenderKind.BANK,
    TenderKind.CARD,
    TenderKind.VOUCHER,
    TenderKind.CHEQUE,
)
#: What can be laid down in another currency; a voucher and M-Pesa are in ours.
_FOREIGN = (TenderKind.CASH, TenderKind.BANK, TenderKind.CARD)
#: A tap so soon after the screen came was the second half of a double tap on Pay.
_SETTLED_MS = 400
_PAD_HEIGHT = 520


class TenderScreen(Screen):
    """Cash, M-Pesa, account, and the rest; mixed as the customer likes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("tender")
        self._job: TenderJob | None = None
        self._kind = TenderKind.CASH
        self._laid: Rate | None = None
        self._number = MpesaChoice()
        self._currencies = LaidCurrency(session, self.lay)
        self._cards = CardPayment(session, self._taken_elsewhere, self._again)
        self._came = MpesaCame(session, self._taken_elsewhere, self._again)
        self._paynow = PayNowShown(session)
        self._finishing = False
        self._since = QElapsedTimer()
        self._since.start()
        self.taken_column = TakenColumn(session)
        self.taken_column.finish.clicked.connect(self._tapped_finish)
        self._ways = WayTiles(session, self, self._chosen)
        self.tiles = self._ways.tiles
        places = session.till.currency.exponent
        self.amount = AmountField(_("Amount"), places, 40.0, framed=False)
        self.amount.setObjectName("amount")
        self.amount.changed.connect(self._show)
        self.amount_words = Label("", Size.SMALL, "muted", tabular=True)
        self.worth_words = Label("", Size.SMALL, "text", Weight.SEMIBOLD, tabular=True)
        self.worth_words.setObjectName("worth")
        self.reference = QLineEdit()
        self.reference.setObjectName("reference")
        limit(self.reference, MOST_REFERENCE)
        self.reference.setFont(font(Size.LEAD, tabular=True))
        self.pad = Keypad(CALCULATOR if places == 0 else DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self._typed_on_pad)
        self.pad.backspace.connect(self._backspace)
        self.quick: list[OptionTile] = []
        self._amounts: list[int] = []
        self._quick_line = line()
        self._lay_out()

    def _lay_out(self) -> None:
        for _number in range(4):
            tile = OptionTile("", centred=True, height=px(52))
            tile.clicked.connect(self._quick_chosen)
            self.quick.append(tile)
            self._quick_line.addWidget(tile)
        sums = line(column(1, self.amount_words, self.worth_words, 1, spacing=2), self.amount)
        sums.setStretch(1, 1)
        parts = (self.banner, self._ways, sums, self._quick_line, self.reference)
        right: QVBoxLayout = column(*parts, margin=Space.L, spacing=Space.M)
        right.setContentsMargins(Space.L, Space.L - 2, Space.L, Space.L)
        # On a large screen the keys end where a hand does.
        self.pad.setMaximumHeight(px(_PAD_HEIGHT))
        right.addWidget(self.pad, 1)
        right.addStretch()
        whole = line(self.taken_column, right, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, job: TenderJob) -> None:
        """Take the money for this."""
        self._job = job
        self._finishing = False
        self._since.restart()
        self.taken_column.begin(job)
        self._ways.begin(job)
        self.reference.clear()
        self._paynow.begin()
        self._laid = None
        self.choose(TenderKind.CASH)
        if not job.is_payment:
            self.session.rate_basket()
        self.session.keys_changed.emit()
        # Asked before a kill or a lock: first of all, what became of it?
        self._cards.resolve(job.takings)

    def refreshed(self) -> None:
        if self._job is not None and not self._job.is_payment:
            self.session.rate_basket()
            self._show()

    def keys(self) -> list[KeyAction]:
        job = self._job
        invoice = [KeyAction("F6", _("Invoice"), self.make_invoice)]
        return [
            self.back_key(),
            KeyAction("Del", _("Remove tender"), self.remove_tender, bind=False),
            KeyAction("F7", _("Currency"), self.ask_currency),
            *(invoice if job is not None and not job.is_payment and not job.takings.hands_back else []),
            *self._came.keys(job),
            KeyAction("F10", _("Finish without print"), lambda: self.finish(paper=False)),
            KeyAction("Enter", _("Finish"), self.finish, bind=False),
        ]

    def _is_payment(self) -> bool:
        return self._job is not None and self._job.is_payment

    def settled(self) -> bool:
        """Whether a tap on Finish is meant: not the second half of a double tap on Pay."""
        return self._since.elapsed() >= _SETTLED_MS

    def back(self) -> None:
        """Leave without recording; what was taken stays with the basket."""
        if self._job is not None and not self._finishing:
            super().back()

    def returned(self) -> None:
        # From the invoice, which is not written: the money is taken as if for the first time.
        if self._job is not None:
            self.begin(self._job)

    def for_customer(self) -> CustomerView | None:
        return self._paynow.view(self._job, self._kind, self.amount.minor() or 0, self.reference.text())

    def busy(self) -> bool:
        # A basket keeps its tenders; a payment's are only here until it is recorded.
        return self._is_payment()

    def on_scan(self, text: str) -> None:
        if (job := self._job) and job.takings.of_basket and self.session.till.chits.is_one(text):
            self.choose(TenderKind.VOUCHER, keep=True)
            self.reference.setText(text.strip())
            self._take(job)
            return
        self.session.warn(_("Finish this sale first, or go back to the basket with Esc; then scan."))

    # -- how and how much ------------------------------------------------------------------------

    def choose(self, kind: TenderKind, *, keep: bool = False) -> None:
        """Pay in this way; what is due stands in the field, or, with `keep`, what the person typed there."""
        job = self._job
        if job is None:
            return
        typed = self.amount.minor() if keep and self.amount.by_hand() else None
        if kind is TenderKind.ACCOUNT and job.is_payment:
            self.session.refuse(said("payment-on-account").spoken)
            return
        if kind is TenderKind.ACCOUNT and not job.known:
            ask_buyer(self.session, self._on_account_of)
            return
        if kind is TenderKind.MPESA and not takes_mpesa(job.takings):
            self.session.refuse(said("mpesa-without-number").spoken)
            return
        self._kind = kind
        if kind not in _FOREIGN:
            self._laid = None
        if kind is TenderKind.MPESA:
            self._number.begin(job.takings)
        else:
            self._number.end()
        self._show_choice(job, kind, typed)

    def _show_choice(self, job: TenderJob, kind: TenderKind, typed: int | None) -> None:
        self._ways.show(kind, job, self._number.words)
        self.reference.setVisible(kind in _WITH_REFERENCE)
        hint = hint_of(kind)
        self.reference.setPlaceholderText(hint)
        self.reference.setText(self._paynow.beside(job, kind, self.reference.text()))
        self.reference.setAccessibleName(hint)
        self._say_currency(job)
        if typed is None:
            self.amount.set_minor(proposed(job, kind, self._due_laid(job)) or None)
        self.amount.setFocus(Qt.FocusReason.TabFocusReason)
        self.amount.set_marked()
        self._offer_amounts()
        self._show()

    def _on_account_of(self) -> None:
        """A customer was chosen here, and buys at their prices; what was typed was for another total."""
        self.begin(basket_job(self.session))
        self.choose(TenderKind.ACCOUNT)

    def choose_other(self) -> None:
        """Bank, then card, then voucher, then the customer's points, then a cheque."""
        if self._job is not None:
            points = bool(self._job.takings.points_left())
            self.choose(other_after(self._kind, points=points), keep=True)

    def _chosen(self, kind: TenderKind) -> None:
        if kind is TenderKind.BANK:
            self.choose_other()
            return
        job = self._job
        if job is not None and kind is self._kind is TenderKind.MPESA:
            # Pressed again it is the number of the next business.
            self._number.next(job.takings)
            self._show_choice(job, kind, None)
            return
        if job is not None and kind is self._kind is TenderKind.ACCOUNT and job.takings.deposit_left():
            kind = TenderKind.DEPOSIT
        # An amount of another currency is none of ours; cash is the way back out of it.
        before = self._laid
        if kind is TenderKind.CASH:
            self._laid = None
        self.choose(kind, keep=before is None or (self._laid is before and kind in _FOREIGN))

    # -- in which currency -----------------------------------------------------------------------

    def ask_currency(self) -> None:
        """Another currency is laid down: the only one that is taken today, or one of several."""
        if self._job is not None:
            self._currencies.ask(self._job, self._laid)

    def lay(self, rate: Rate | None) -> None:
        """Money of this currency is laid down (None: of that which is paid)."""
        self._laid = rate
        self.choose(self._kind if self._kind in _FOREIGN else TenderKind.CASH)

    def _say_currency(self, job: TenderJob) -> None:
        """The currency laid down stands on the tile that is chosen, and gives the field its decimals."""
        laid = self._laid or job.takings.rate
        self.amount.set_places(laid.currency.exponent)
        foreign = self._laid is not None
        words = _("{currency} · F2 goes back", currency=laid.currency.code) if foreign else ""
        self._ways.say_cash(words if self._kind is TenderKind.CASH else "")

    def _due_laid(self, job: TenderJob) -> int:
        """What is due, in minor units of what is laid down."""
        return in_currency(self._due(self._kind), job.takings.rate, self._laid)

    def _due(self, kind: TenderKind) -> int:
        if self._job is None:
            return 0
        if self._number.due:
            return self._number.due
        takings = self._job.takings
        coins = kind is TenderKind.CASH and self._laid is None
        return takings.cash_due() if coins else takings.exact_due()

    def _offer_amounts(self) -> None:
        job = self._job
        if job is None:
            return
        currency = (self._laid or job.takings.rate).currency
        due = self._due_laid(job)
        cash = self._kind is TenderKind.CASH and not job.takings.hands_back
        self._amounts = quick_amounts(due, currency) if cash else [due] if due else []
        if not job.takings.rate.is_home and self._laid is None:
            # There is no change in another currency: only what is due can be taken.
            self._amounts = self._amounts[:1]
        for number, tile in enumerate(self.quick):
            tile.setVisible(number < len(self._amounts) and cash)
            if number < len(self._amounts):
                tile.set_text(short(self._amounts[number], currency))

    def _quick_chosen(self) -> None:
        tile = self.sender()
        if isinstance(tile, OptionTile) and tile in self.quick[: len(self._amounts)]:
            self.amount.set_minor(self._amounts[self.quick.index(tile)])
            self.amount.setFocus()
            self._show()

    def _typed_on_pad(self, digit: str) -> None:
        (self.reference.insert if self.reference.hasFocus() else self.amount.type_digits)(digit)

    def _backspace(self) -> None:
        (self.reference if self.reference.hasFocus() else self.amount).backspace()

    def _show(self) -> None:
        job = self._job
        if job is None:
            return
        amount = self.amount.minor() or 0
        due = job.takings.due()
        worth = self._worth(job, amount)
        self.taken_column.show_state(job, (self._kind, worth), self._laid)
        for number, quick in enumerate(self._amounts):
            self.quick[number].set_selected(quick == amount)
        own = job.takings.rate
        laid = self._laid
        due_laid = self._due_laid(job)
        still = coded(due_laid, laid.currency) if laid else grouped_text(due_laid, own.currency)
        how = " · ".join(part for part in (tender_name(self._kind), self._number.words) if part)
        if not due.still_due:
            self.amount_words.set_text(_("All is paid"))
        elif job.takings.hands_back:
            self.amount_words.set_text(_("{how} handed back", how=how))
        else:
            self.amount_words.set_text(_("{how}, still due {amount}", how=how, amount=still))
        shown = laid is not None and bool(due.still_due) and amount > 0
        self.worth_words.setVisible(shown)
        if laid is not None and shown:
            self.worth_words.set_text(f"{laid_words(amount, laid)} = {coded(worth, own.currency)}")

    def _worth(self, job: TenderJob, amount: int) -> int:
        """What the field comes to in the currency of what is paid, as the till would book it."""
        if self._laid is None or not amount:
            return amount
        try:
            return job.takings.worth(self._kind, amount, self._laid.currency.code)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return 0

    # -- taking and finishing --------------------------------------------------------------------

    def remove_tender(self) -> None:
        """Give the marked tender back, or the last."""
        job = self._job
        if job is None or not job.takings.tenders:
            return
        row = self.taken_column.list.selected()
        at = row.key if row is not None and isinstance(row.key, int) else len(job.takings.tenders) - 1
        if self.session.attempt(lambda: job.takings.remove_tender(at)):
            self.choose(TenderKind.CASH)

    def _tapped_finish(self) -> None:
        if self.settled():
            self.finish()

    def finish(self, *, paper: bool = True) -> None:
        """Take what stands in the field and, when nothing is due any more, record it.

        Nothing that comes while it is being recorded begins a second recording.
        """
        job = self._job
        if job is None or self._finishing or not self._take(job):
            return
        self._finishing = True
        self.taken_column.finish.setEnabled(False)
        self.session.attempt_approved(
            lambda approval: job.takings.complete(approval, paper=paper),
            lambda done: self._done(job, done),
            self._again,
            request=job.takings.request_id,
        )
        if self._finishing and self.session.sheet is None and self.isVisible():
            self._again()

    def _take(self, job: TenderJob) -> bool:
        """Take the amount in the field; says whether all is paid now."""
        amount = self.amount.minor() or 0
        if job.takings.due().still_due == 0 and not (amount and job.takings.exact_due()):
            return True
        typed = bool(self.reference.text().strip()) or self._laid is not None
        if self._kind is TenderKind.CARD and not typed and self._cards.begin(job.takings, amount):
            return False
        if self._kind is TenderKind.CHEQUE and amount:
            ask_cheque(self.session, job.takings, amount, self.reference.text(), self._taken_elsewhere)
            return False
        missing = missing_words(self._kind)
        if missing and amount and not self.reference.text().strip():
            self.reference.setFocus()
            self.session.warn(missing)
            return False
        try:
            if not self.amount.by_hand():
                amount = at_most(amount, self.session, job, self._kind, self.reference.text())
            laid = self._laid.currency.code if self._laid is not None else ""
            to = self._number.business_id
            due = job.takings.add_tender(self._kind, amount, self.reference.text(), laid, to)
        except BohariError as error:
            self.session.refuse(error.sentence)
            self._show()
            return False
        self.banner.succeed()
        self.reference.clear()
        self._laid = None
        if due.still_due:
            again = self._kind is TenderKind.MPESA and self._number.another_is_due(job.takings)
            self.choose(TenderKind.MPESA if again else TenderKind.CASH)
            return False
        self._say_currency(job)
        self.amount.set_minor(None)
        self._show()
        return True

    def _taken_elsewhere(self) -> None:
        """The terminal took it, or a sheet: what is left is asked for, or all is paid and it is recorded."""
        job = self._job
        if job is None:
            return
        self.choose(TenderKind.CASH)
        if not job.takings.due().still_due:
            self.amount.set_minor(None)
            self.finish()

    def make_invoice(self) -> None:
        """The basket goes on an invoice instead of being paid now."""
        try:
            party = self.session.basket.customer()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        if party is None:
            self.session.refuse(said("invoice-without-customer").spoken)
            return
        self.session.ways.write_invoice(party)

    def _again(self) -> None:
        """It was not recorded: the person may try again, in another way."""
        self._finishing = False
        self.taken_column.finish.setEnabled(True)
        self._show()
        self.amount.setFocus()

    def _done(self, job: TenderJob, done: Recorded) -> None:
        self.taken_column.finish.setEnabled(True)
        self.session.recorded()
        if job.takings.of_basket:
            self.session.renew_basket()
        self._job = None
        if job.takings.hands_back:
            self.session.ways.done(_("Hand back"), abs(done.settled), done)
        elif done.on_account > 0 and not job.is_payment:
            # Nothing comes back of what is written to an account: what is owed for it is the figure to say.
            change = _("change {amount}", amount=self.session.money(done.change)) if done.change else ""
            self.session.ways.done(_("On account, owed for this"), done.on_account, done, change)
        else:
            words = _("Payment taken, change") if job.is_payment else _("Change")
            self.session.ways.done(words, done.change, done)

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.taken_column.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Delete:
            self.remove_tender()
        elif text := typed_text(event):
            return self._take_typed(text)
        else:
            return False
        return True

    def _take_typed(self, text: str) -> bool:
        """Figures are an amount; a word is the code or number that this way of paying has, if any."""
        if self.amount.takes(text):
            self.amount.setFocus()
            self.amount.type_on(text)
        elif self.reference.isVisible():
            self.reference.setFocus(Qt.FocusReason.TabFocusReason)
            self.reference.insert(text)
        else:
            return False
        return True
