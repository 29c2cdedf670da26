"""Owns the screen that moves money between our own places, and into another currency."""

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import BohariError
from pos_app.ledger.exchange_rate import RATE_ONE, rate_text
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.money import grouped_text
from pos_app.till.drawer.money_transfer import Exchanged, MoneyAccount
from pos_app.till.session.exchange import Rate
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.treasury.currency_choice import ask_currency
from pos_app.ui.treasury.form import Captioned, Form, FormScreen, words_field
from pos_app.ui.treasury.side import FormSide
from pos_app.ui.treasury.transfer.purses import purse_choices, purse_name

_CODE_WIDTH = 128


class TransferScreen(FormScreen):
    """From where, to where, how much; where it is changed, what arrives."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("transfer")
        self._rates: dict[str, Rate] = {}
        self._home = session.till.currency.code
        self._currency, self._arriving = self._home, self._home
        self._arrives_typed = False
        self._to_business: int | None = None
        self._last: int | None = None
        self.start = ChoiceRow(_("From"), purse_choices())
        self.end = ChoiceRow(_("To"), purse_choices())
        self.start.setObjectName("from")
        self.end.setObjectName("to")
        places = session.till.currency.exponent
        self.amount = AmountField(_("Amount"), places, Size.TITLE)
        self.amount.setObjectName("amount")
        self.arrives = AmountField(_("What arrives"), places, Size.TITLE)
        self.arrives.setObjectName("arrives")
        self.currency_tile = self._tile("F7", self.ask_currency, "currency")
        self.arriving_tile = self._tile("F6", self.ask_arriving, "arriving")
        self.reference = words_field(_("Slip or M-Pesa code"), "reference", MOST_REFERENCE)
        self.note = words_field(_("A note, if you like"), "note")
        self.side = FormSide(session, _("Move money"), _("Record the move"), 4)
        self._lay_out()
        self.form = Form(
            (self.start, self.end, self.amount, self.arrives, self.reference, self.note),
            self.side.pad,
            self.side.action,
        )
        self.side.action.clicked.connect(self.finish)
        for row in (self.start, self.end):
            row.chosen.connect(lambda _value: self._show())
        self.amount.changed.connect(self._amount_changed)
        self.arrives.changed.connect(self._arrives_changed)
        self._clear()

    def _tile(self, key: str, act: object, name: str) -> OptionTile:
        tile = OptionTile("", key=key, height=px(48))
        tile.setCheckable(False)
        tile.setFixedWidth(px(_CODE_WIDTH))
        tile.setObjectName(name)
        tile.clicked.connect(act)
        return tile

    def _lay_out(self) -> None:
        self._amounts: list[Captioned] = [
            Captioned(_("Amount"), self.amount, self.currency_tile),
            Captioned(_("What arrives"), self.arrives, self.arriving_tile),
        ]
        sums = QWidget()
        sums.setLayout(line(*self._amounts, spacing=Space.L))
        papers = QWidget()
        papers.setLayout(
            line(Captioned(_("Reference"), self.reference), Captioned(_("Note"), self.note), spacing=Space.L)
        )
        right = self.lay_form(Captioned(_("From"), self.start), Captioned(_("To"), self.end), sums, papers)
        whole = line(self.side, column(self.lay_banner(), right, spacing=0), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        self._load_rates()
        self._show()
        self.form.begin()
        self.session.keys_changed.emit()

    def refreshed(self) -> None:
        self._load_rates()
        self._show()
        self.session.keys_changed.emit()

    def _load_rates(self) -> None:
        try:
            self._rates = {rate.currency.code: rate for rate in self.session.till.rates()}
        except BohariError as error:
            self.session.refuse(error.sentence)

    def keys(self) -> list[KeyAction]:
        keys = [KeyAction("Enter", _("Next field"), lambda: self.step(1), bind=False)]
        if self._rates:
            keys.append(KeyAction("F7", _("Currency"), self.ask_currency))
            keys.append(KeyAction("F6", _("Arrives in"), self.ask_arriving))
        if len(self.session.till.place.at_work) > 1:
            keys.append(KeyAction("F5", _("To the business"), self.ask_business))
        if self._last is not None:
            keys.append(KeyAction("F9", _("Print a copy"), self.print_copy))
        keys.append(KeyAction("F12", _("Record the move"), self.finish))
        return [*keys, self.back_key()]

    def busy(self) -> bool:
        return bool(self.amount.minor() or self.reference.text() or self.note.text())

    def back(self) -> None:
        """Back where the person came from; nothing was recorded, and nothing is kept."""
        self._clear()
        super().back()

    def step(self, by: int) -> None:
        self.form.step(by)

    def take_word(self, word: str) -> bool:
        return self.form.take_word(word)

    def _clear(self) -> None:
        self.start.choose(MoneyAccount.DRAWER)
        self.end.choose(MoneyAccount.SAFE)
        self._to_business = None
        self.reference.clear()
        self.note.clear()
        self._set_currency(self._home)
        self.amount.clear()
        self._set_arriving(self._home)

    # -- what it is ------------------------------------------------------------------------------

    def _currency_of(self, code: str) -> Currency:
        rate = self._rates.get(code)
        return self.session.till.currency if rate is None else rate.currency

    def ask_currency(self) -> None:
        """In which currency is the money that is moved?"""
        ask_currency(self.session, _("Currency of the money"), list(self._rates.values()), self._set_currency)

    def ask_arriving(self) -> None:
        """Into which currency is it changed?"""
        title = _("Currency in which it arrives")
        ask_currency(self.session, title, list(self._rates.values()), self._set_arriving)

    def _set_currency(self, code: str) -> None:
        changed_too = self._arriving != self._currency
        self._currency = code
        self.amount.set_places(self._currency_of(code).exponent)
        self._set_arriving(self._arriving if changed_too else code)
        self.form.go(self.amount)

    def _set_arriving(self, code: str) -> None:
        self._arriving = code
        self._arrives_typed = False
        self.arrives.set_places(self._currency_of(code).exponent)
        self._amount_changed()
        self._show()

    def ask_business(self) -> None:
        """To which of the businesses does it go?"""
        place = self.session.till.place
        rows = [Row(one.business_id, one.name, "", one.code, icon="store") for one in place.at_work]
        sheet = ChoiceSheet(self.session, _("To which business?"), "", _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            self._to_business = chosen if isinstance(chosen, int) else None
            return self._show

        self.session.ask(sheet, answer)

    def _amount_changed(self) -> None:
        if not self._arrives_typed:
            # What is not changed arrives as it is.
            worth = self._worth(self.amount.minor() or 0) if self._is_exchange() else self.amount.minor()
            self.arrives.blockSignals(True)
            self.arrives.set_minor(worth or None)
            self.arrives.blockSignals(False)
        self._show()

    def _arrives_changed(self) -> None:
        self._arrives_typed = self.arrives.minor() is not None
        self._show()

    def _is_exchange(self) -> bool:
        return self._currency != self._arriving

    def _worth(self, amount: int) -> int:
        """What an amount comes to in the currency in which it arrives, at the rates of today."""
        here, there = self._rates.get(self._currency), self._rates.get(self._arriving)
        in_home = amount if here is None else here.in_home(amount)
        return in_home if there is None else there.from_home(in_home)

    def _business_name(self) -> str:
        place = self.session.till.place
        own = place.business.business_id
        if self._to_business in (None, own):
            return ""
        return next((one.name for one in place.businesses if one.business_id == self._to_business), "")

    def _purse(self, row: ChoiceRow) -> MoneyAccount:
        value = row.value()
        return value if isinstance(value, MoneyAccount) else MoneyAccount.DRAWER

    def _show(self) -> None:
        exchange = self._is_exchange()
        for tile, code in ((self.currency_tile, self._currency), (self.arriving_tile, self._arriving)):
            tile.set_text(code)
            tile.setVisible(bool(self._rates))
        self._amounts[1].setVisible(bool(self._rates))
        self.arrives.setEnabled(exchange)
        self._amounts[0].set_caption(_("Amount {currency}", currency=self._currency))
        words = _("Arrives {currency}", currency=self._arriving)
        self._amounts[1].set_caption(words)
        to = purse_name(self._purse(self.end))
        business = self._business_name()
        facts = [
            (_("From"), purse_name(self._purse(self.start))),
            (_("To"), f"{to} · {business}" if business else to),
        ]
        if exchange:
            facts.append((words, grouped_text(self.arrives.minor() or 0, self._currency_of(self._arriving))))
            facts.append((_("Rate of today"), self._rate_words()))
        self.side.say_facts(*facts)
        amount = grouped_text(self.amount.minor() or 0, self._currency_of(self._currency))
        self.side.say(self._currency, amount)

    def _rate_words(self) -> str:
        rates = [self._rates[code] for code in (self._currency, self._arriving) if code in self._rates]
        return " · ".join(
            f"{rate.currency.code} {rate_text(rate.rate_micro)}" for rate in rates
        ) or rate_text(RATE_ONE)

    # -- recording -------------------------------------------------------------------------------

    def finish(self) -> None:
        """Record the move."""
        amount, request = self.amount.minor() or 0, self.request_id
        arrives = Exchanged(self.arrives.minor() or 0, self._arriving) if self._is_exchange() else None
        start, end = self._purse(self.start), self._purse(self.end)
        currency = "" if self._currency == self._home else self._currency
        reference, note, business = self.reference.text(), self.note.text(), self._to_business
        move = self.session.till.money_transfers.move
        self.record(
            lambda approval: move(
                start,
                end,
                amount,
                currency=currency,
                arrives=arrives,
                to_business_id=business,
                reference=reference,
                note=note,
                approval=approval,
                request_id=request,
            ),
            self._done,
        )

    def _done(self, done: Recorded) -> None:
        amount = grouped_text(done.total, self._currency_of(self._currency))
        words = _(
            "{number}: {currency} {amount} moved from {start} to {end}.",
            number=done.number,
            currency=self._currency,
            amount=amount,
            start=purse_name(self._purse(self.start)),
            end=purse_name(self._purse(self.end)),
        )
        self._last = done.document_id
        self._clear()
        self.form.begin()
        self.session.keys_changed.emit()
        self.session.succeed(words)

    def print_copy(self) -> None:
        """Print the slip of the last move once more."""
        document_id = self._last
        if document_id is None:
            return

        def queued(copy_no: int) -> None:
            self.session.recorded()
            self.session.succeed(_("Copy {number} is being printed.", number=copy_no))

        self.session.attempt(lambda: self.session.till.receipts.reprint(document_id), queued)
