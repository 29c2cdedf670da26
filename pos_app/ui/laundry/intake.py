"""Owns the intake of things that a customer leaves for a service: whose, what is done, when it is ready."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from pos_app.language import _, plural
from pos_app.ledger.day import later
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.quantity import MOST_ON_A_LINE
from pos_app.ledger.rules.service_orders import MOST_NAME
from pos_app.ledger.service_orders import ServiceLine
from pos_app.ledger.totals import totals_of
from pos_app.till.laundry.intake import Intake, Wanted
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import SumLine
from pos_app.ui.entry.entry import EntryScreen, Write, product_detail
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.kit.tokens import Size
from pos_app.ui.laundry.words import day_words
from pos_app.ui.parts.promotion_words import promotion_badge
from pos_app.ui.parts.taking import intake_job
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.finding import ask_one, party_row
from pos_app.ui.sheets.why import WhySheet, moment_words
from pos_app.ui.sheets.words import WordsSheet

_MOST_DAYS: Final = 366
_USUAL_DAYS: Final = 1
_BY_NAME: Final = "name"


class IntakeScreen(EntryScreen):
    """Customer, services with a quantity and a note each, and the day that is promised."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("intake")
        self._party: Party | None = None
        self._name, self._days, self._last_key = "", _USUAL_DAYS, 0
        # What the customer was told that it comes to.
        self._told = 0
        self._notes: dict[int, str] = {}
        self._taken_in: Callable[[int], object] = lambda _order_id: None
        lines = GoodsLines(
            _("service"),
            (),
            (FieldHead(_("pieces or kg")),),
            _("Choose the customer with F4; then the service, how many, Enter."),
            remove_words=_("Take out"),
        )
        lines.changed.connect(self.show_sum)
        self.customer = _tile("user", "F4", "intake-customer", self.choose_customer)
        self.promised = _tile("clock", "F7", "intake-promised", self.ask_promised)
        self.sum = SumLine(size=Size.LEAD, tone="text")
        side = (self.customer, self.promised, self.sum)
        self.build(_("Take in"), lines, _("Record and print tags"), side, _("Note"))
        self._show_head()
        self.show_sum()

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, taken_in: Callable[[int], object]) -> None:
        """Take things in; `taken_in` is told the order, once it is recorded and the person is back."""
        self._taken_in = taken_in

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Customer"), self.choose_customer),
            KeyAction("F5", self.note.placeholderText(), self.note.setFocus),
            KeyAction("F6", _("Note on the line"), self.ask_line_note),
            KeyAction("F7", _("Promised"), self.ask_promised),
            KeyAction("F10", _("Why this price"), self.tell_why),
        ]

    def busy(self) -> bool:
        return super().busy() or self._party is not None or bool(self._name)

    def entered(self) -> None:
        super().entered()
        # Back from taking the money ahead, a promotion may be over.
        self.show_sum()

    def refreshed(self) -> None:
        # A price or a contract may be another now.
        self.show_sum()

    # -- whose things they are -------------------------------------------------------------------

    def choose_customer(self) -> None:
        """A customer that is known, or the name of anybody."""

        def search(words: str) -> list[Party | str]:
            return [*self.session.till.customers.search(words), *([words] if words else [])]

        def row(whose: Party | str) -> Row:
            if isinstance(whose, str):
                return Row(_BY_NAME, whose, "", _("not in the list: leaves a name only"), icon="plus")
            return party_row(whose)

        def chosen(whose: Party | str) -> Next:
            if not isinstance(whose, str):
                return lambda: self.set_customer(whose)
            name = " ".join(whose.split())
            if len(name) > MOST_NAME:
                raise Refused("name-too-long", count=MOST_NAME)
            return lambda: self.set_customer(None, name)

        words = _("Whose things are they?"), _("Customer, or any name"), _("Choose")
        ask_one(self.session, words, search, row, chosen)

    def set_customer(self, party: Party | None, name: str = "") -> None:
        """Say whose things they are: a customer's, or somebody's with this name."""
        self._party, self._name = party, name
        self._show_head()
        self.show_sum()
        self.search.take_keyboard()

    # -- when it is promised ---------------------------------------------------------------------

    @property
    def promised_on(self) -> int:
        """The day that is promised, YYYYMMDD."""
        return later(self.session.till.today, self._days)

    def ask_promised(self) -> None:
        """In how many days is it ready?"""
        sheet = AmountSheet(
            self.session,
            _("Ready in how many days?"),
            _("0 is today; the day stands on the customer's slip."),
            _("Set"),
            places=0,
            start=self._days,
        )

        def answer() -> Next:
            days = sheet.value()
            if days > _MOST_DAYS:
                raise Refused("day-too-far-ahead")
            return lambda: self._set_days(days)

        self.session.ask(sheet, answer)

    def _set_days(self, days: int) -> None:
        self._days = days
        self._show_head()
        self.search.take_keyboard()

    def _show_head(self) -> None:
        if self._party is not None:
            self.customer.set_text(self._party.name, self._party.code)
        elif self._name:
            self.customer.set_text(self._name, _("leaves a name only"))
        else:
            self.customer.set_text(_("Whose things are they?"), _("a customer, or any name"))
        day = _("Ready on {day}", day=day_words(self.promised_on))
        in_days = plural(self._days, "in {count} day", "in {count} days") if self._days else _("today")
        self.promised.set_text(day, in_days)

    # -- services --------------------------------------------------------------------------------

    def offered(self, words: str) -> list[Product]:
        return [one for one in self.session.till.catalogue.search(words, 80) if one.behaviour.taken_in]

    def product_row(self, product: Product) -> Row:
        return Row(
            product.product_id, product.name, self.session.price(product.price), product_detail(product)
        )

    def take(self, product: Product, quantity: int) -> None:
        """Add so many of a service.  Raises `Refused` for goods and for less than nothing."""
        if not product.behaviour.taken_in:
            raise Refused("goods-not-service", name=product.name[:60])
        if quantity <= 0:
            raise Refused("count-with-sign")
        key = self._open_line(product.product_id)
        before = 0 if key is None else self.lines.values()[key] or 0
        if key is None:
            self._last_key = key = self._last_key + 1
            self.lines.put(GoodsLine(key, product.product_id, product.name, product_detail(product)))
        self.lines.fill(key, min(before + quantity, MOST_ON_A_LINE))
        self.taken(key, before, product.name)

    def _open_line(self, product_id: int) -> int | None:
        """The line of a service on which nothing is noted yet."""
        for one in self.lines.lines():
            if one.product_id == product_id and not self._notes.get(one.key):
                return one.key
        return None

    def ask_line_note(self) -> None:
        """What are the things of the line at hand?"""
        key = self.lines.current()
        one = next((line for line in self.lines.lines() if line.key == key), None)
        if key is None or one is None:
            self.session.refuse(_("Choose a line first."))
            return
        sheet = WordsSheet(
            self.session, _("What are they?"), one.title, _("Set"), _("Colour, stains, damage")
        )
        sheet.field.setText(self._notes.get(key, ""))
        sheet.field.selectAll()

        def answer() -> Next:
            words = sheet.value()
            return lambda: self._set_note(one, words)

        self.session.ask(sheet, answer)

    def _set_note(self, line: GoodsLine, words: str) -> None:
        self._notes[line.key] = words
        product = self.session.till.catalogue.by_id(line.product_id)
        self.lines.put(replace(line, detail=words or product_detail(product)))
        self.search.take_keyboard()

    def wanted(self, quantities: Mapping[int, int]) -> list[Wanted]:
        """The services as the till takes them, from thousandths by line."""
        return [
            Wanted(one.product_id, quantities[one.key], self._notes.get(one.key, ""))
            for one in self.lines.lines()
            if one.key in quantities
        ]

    @property
    def _party_id(self) -> int | None:
        return None if self._party is None else self._party.party_id

    def _filled(self) -> dict[int, int]:
        """The lines with a figure, by key."""
        return {key: value for key, value in self.lines.values().items() if value}

    def show_sum(self) -> None:
        """Say what all of it costs at this customer's prices, and what promotions take off which line."""
        values = self._filled()
        try:
            priced = self.session.till.service_orders.priced(self.wanted(values), self._party_id)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        lowered = dict(zip((one.key for one in self.lines.lines() if one.key in values), priced, strict=True))
        for one in list(self.lines.lines()):
            badges = self._badges(lowered.get(one.key))
            if badges != one.badges:
                self.lines.put(replace(one, badges=badges))
        self._told = totals_of(priced).total
        code = self.session.till.currency.code
        self.sum.say(_("Total {currency}", currency=code), self.session.money(self._told))

    def _badges(self, priced: ServiceLine | None) -> tuple[Badge, ...]:
        if priced is None or priced.promotion_id is None:
            return ()
        return (promotion_badge(priced.promotion, self.session.money(-priced.discount)),)

    def tell_why(self) -> None:
        """Why the line at hand costs what it costs."""
        session, values, key = self.session, self._filled(), self.lines.current()
        keys = [one.key for one in self.lines.lines() if one.key in values]
        if key not in keys:
            session.refuse(_("Choose a line first."))
            return
        title = next(one.title for one in self.lines.lines() if one.key == key)
        orders, place, moment = session.till.service_orders, keys.index(key), partial(moment_words, session)
        session.attempt(
            lambda: orders.why_priced(self.wanted(values), self._party_id, place, moment),
            lambda steps: session.show_sheet(WhySheet(session, title, steps)),
        )

    # -- recording -------------------------------------------------------------------------------

    def clear(self) -> None:
        super().clear()
        self._notes.clear()
        self._days = _USUAL_DAYS
        self.set_customer(None)

    def ask_clear(self) -> None:
        if len(self.lines):
            super().ask_clear()
        else:
            self.clear()

    def prepare(self) -> Write:
        if self._party is None and not self._name:
            raise Refused("no-owner-chosen")
        wanted = self.wanted(self.quantities())
        party_id, told = self._party_id, self._told
        name, note, promised_on = self._name, self.note.text(), self.promised_on

        def write(approval: Approval | None) -> Recorded:
            try:
                return self.session.till.service_orders.take_in(
                    wanted,
                    promised_on=promised_on,
                    party_id=party_id,
                    customer_name=name,
                    note=note,
                    told=told,
                    approval=approval,
                    request_id=self.request_id,
                )
            except Refused:
                # Where the prices changed meanwhile the screen says what holds now.
                self.show_sum()
                raise

        return write

    def record(self) -> None:
        """Record it; where the depot wants money ahead, that is taken first and both are recorded at once."""
        party = self._party
        if party is None:
            super().record()
            return
        try:
            wanted, note = self.wanted(self.quantities()), self.note.text()
            intake = Intake(wanted, self.promised_on, party.party_id, note=note, told=self._told)
            is_short = self.session.till.service_orders.short_of(intake) > 0
            job = intake_job(self.session, party, intake, self.clear) if is_short else None
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        if job is None:
            super().record()
        else:
            self.session.ways.take_money(job)

    def finished(self, done: Recorded, words: str) -> None:
        self.clear()
        self.back()
        self._taken_in(done.document_id)
        self.session.succeed(f"{words} {_('Slip and tags are printed.')}")


def _tile(icon: str, key: str, name: str, act: object) -> OptionTile:
    tile = OptionTile("", icon, key)
    tile.setObjectName(name)
    tile.setCheckable(False)
    tile.clicked.connect(act)
    return tile
