"""Owns what is seldom done to a line of the basket: a discount, a meter's readings, cylinders beside it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.lot import Lot
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.quantity import extend, plain_quantity, quantity_text
from pos_app.till.selling.catalogue import Pair, Product
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.tokens import Size
from pos_app.ui.parts.typed_code import read_typed
from pos_app.ui.sell.discounting import Discounting
from pos_app.ui.sell.meters import MeterReadings
from pos_app.ui.sell.notes import ask_notes
from pos_app.ui.sell.refill_keys import back_words
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.why import WhySheet, moment_words
from pos_app.ui.sheets.words import WordsSheet

_WHOLE_BP = 10_000
_PER_CENT_PLACES = 2
_METER_PLACES = 3


class MeterSheet(Sheet):
    """Where a meter stood and where it stands now, in thousandths of the product's unit."""

    def __init__(self, session: Session, what: str, last: int | None) -> None:
        body = QWidget()
        self.before = AmountField(_("Meter before"), _METER_PLACES, Size.LEAD)
        self.now = AmountField(_("Meter now"), _METER_PLACES, Size.LEAD)
        super().__init__(
            session.overlay_parent(),
            _("By meter"),
            _("Set"),
            _("Back"),
            body=body,
            explanation=what,
            dismiss_name=_("Dismiss"),
        )
        before, now = (
            Label(_("Meter before"), Size.SMALL, "muted"),
            Label(_("Meter now"), Size.SMALL, "muted"),
        )
        body.setLayout(column(before, self.before, now, self.now))
        self.before.set_minor(last)


class LineMenu:
    """The sheet of these, for the marked line; `changed` is told which line was touched (None: none)."""

    def __init__(
        self,
        session: Session,
        changed: Callable[[int | None], object],
        ask_back: Callable[[int], object],
        meters: MeterReadings,
    ) -> None:
        """`ask_back` asks what comes back for the full ones of a line, `meters` reads those of customers."""
        self._session, self._changed, self._ask_back, self._meters = session, changed, ask_back, meters
        self.discounting = Discounting(session, changed)

    def open(self, number: int) -> None:
        """Ask which of them."""
        entry = self._session.basket.lines[number]
        ways: dict[str, tuple[str, str, Callable[[], object]]] = {
            "discount": (_("Discount"), _("An amount off the line"), lambda: self.ask_discount(number)),
            "per-cent": (_("Discount in %"), _("Per cent off the line"), lambda: self.ask_per_cent(number)),
            "give": (
                _("Give a cylinder"),
                _("It goes with the customer"),
                lambda: self.ask_returnable(1, number),
            ),
            "take": (
                _("Take a cylinder back"),
                _("An empty one comes"),
                lambda: self.ask_returnable(-1, number),
            ),
            "deposit": (_("Deposit"), _("On the container of this line"), lambda: self.add_deposit(number)),
            "meter": (_("By meter"), _("Two readings are the quantity"), lambda: self.ask_meter(number)),
            "all": (_("Discount on all"), _("Shared over the lines"), lambda: self.ask_for_all(None)),
            "all-per-cent": (
                _("Discount on all in %"),
                _("Shared over the lines"),
                lambda: self.ask_for_all(_PER_CENT_PLACES),
            ),
            "comes-to": (
                _("What it comes to"),
                _("The rest is taken off"),
                lambda: self.discounting.ask_target(number),
            ),
            "all-comes-to": (
                _("What all comes to"),
                _("The rest is taken off"),
                lambda: self.discounting.ask_target(None),
            ),
            "note": (
                _("Note"),
                _("On the line or on all, printed or not"),
                lambda: ask_notes(self._session, number, self._changed),
            ),
            "why": (
                _("Why this price"),
                _("Contract, lists and breaks, step by step"),
                lambda: self.tell_why(number),
            ),
        }
        if entry.back and entry.quantity > 0:
            # Its own key says what comes back: here it stands beside what is rarer.
            back = _("What comes back"), back_words(entry), lambda: self._ask_back(number)
            half = _("Half return"), _("Cylinders partly full"), self._session.ways.half_return
            ways = {"back": back, **ways, "half": half}
            ways.pop("deposit")
        elif self._pair(number).deposit is None:
            ways.pop("deposit")
        rows = [Row(key, words, "", detail) for key, (words, detail, _act) in ways.items()]
        sheet = ChoiceSheet(self._session, _("More"), entry.description, _("Choose"), rows)

        def answer() -> Next:
            chosen = ways.get(str(sheet.value()))
            return None if chosen is None else chosen[2]

        self._session.ask(sheet, answer)

    def ask_discount(self, number: int) -> None:
        """How much off?"""
        session, entry = self._session, self._session.basket.lines[number]
        places = session.till.currency.exponent
        sheet = AmountSheet(
            session,
            _("Discount"),
            entry.description,
            _("Set"),
            places=places,
            # Off what is handed back for goods that come back, it is kept below nothing.
            start=abs(entry.discount) or None,
        )

        def answer() -> Next:
            discount = sheet.value()
            return lambda: self._take_off(number, discount)

        session.ask(sheet, answer)

    def ask_per_cent(self, number: int) -> None:
        """How many per cent off?"""
        session, entry = self._session, self._session.basket.lines[number]
        sheet = AmountSheet(session, _("Discount in %"), entry.description, _("Set"), places=_PER_CENT_PLACES)

        def answer() -> Next:
            whole = abs(extend(entry.price, entry.quantity))
            discount = divide_half_up(whole * sheet.value(), _WHOLE_BP)
            return lambda: self._take_off(number, discount)

        session.ask(sheet, answer)

    def _take_off(self, number: int, discount: int) -> None:
        self._session.attempt_approved(
            lambda approval: self._session.basket.set_discount(number, discount, approval),
            lambda _none: self._changed(number),
            request=self._session.basket.state.request_id,
        )

    def ask_for_all(self, per_cent_places: int | None) -> None:
        """How much off the whole basket, or (with places) how many per cent of it?"""
        session, per_cent = self._session, per_cent_places is not None
        title = _("Discount on all in %") if per_cent else _("Discount on all")
        places = session.till.currency.exponent if per_cent_places is None else per_cent_places
        sheet = AmountSheet(session, title, _("Shared over the lines"), _("Set"), places=places)

        def answer() -> Next:
            off = sheet.value()
            amount, percent_bp = (0, off) if per_cent else (off, 0)
            return lambda: session.attempt_approved(
                lambda approval: session.basket.discount_order(amount, approval, percent_bp=percent_bp),
                lambda _none: self._changed(None),
                request=session.basket.state.request_id,
            )

        session.ask(sheet, answer)

    def tell_why(self, number: int) -> None:
        """Why the line costs what it costs."""
        session, entry = self._session, self._session.basket.lines[number]
        session.attempt(
            lambda: session.till.baskets.why_priced(session.basket, number, partial(moment_words, session)),
            lambda steps: session.show_sheet(WhySheet(session, entry.description, steps)),
        )

    def ask_meter(self, number: int) -> None:
        """Which readings?  The goods of the line are sold by them."""
        session, entry = self._session, self._session.basket.lines[number]

        def added(at: int) -> None:
            session.basket.remove(number)
            self._changed(at - 1)

        self.ask_readings(session.till.catalogue.by_id(entry.product_id), entry.lot, added)

    def ask_readings(self, product: Product, lot: Lot, added: Callable[[int], object]) -> None:
        """Where did the meter stand, where does it stand?  Goods that are sold by a meter come so only.

        Of a customer with meters of their own it is one of these: of several somebody says which.
        """
        session = self._session
        every = session.till.meters.of(session.basket.state)
        known = [one for one in every if one.product.product_id == product.product_id]
        if not known:
            self._ask_plain(product, lot, added)
            return
        if len(known) < 2:
            self._meters.ask(known[0], lot, added=added)
            return
        rows = [Row(one.code, one.code, quantity_text(one.stood), one.serial) for one in known]
        choice = ChoiceSheet(session, _("Which meter?"), product.name, _("Read"), rows)

        def answer() -> Next:
            chosen = next(one for one in known if one.code == choice.value())
            return lambda: self._meters.ask(chosen, lot, added=added)

        session.ask(choice, answer)

    def _ask_plain(self, product: Product, lot: Lot, added: Callable[[int], object]) -> None:
        """By a meter that is nobody's own: where it stood can be typed too."""
        session = self._session
        sheet = MeterSheet(session, product.name, session.till.catalogue.last_reading(product.product_id))

        def answer() -> Next:
            readings = sheet.before.minor() or 0, sheet.now.minor() or 0
            at = session.basket.add_metered(product, *readings, lot)
            return lambda: added(at)

        session.ask(sheet, answer)

    def add_deposit(self, number: int) -> None:
        """The deposit on as many containers as the line has."""
        session, entry = self._session, self._session.basket.lines[number]
        deposit = self._pair(number).deposit
        if deposit is not None:
            session.attempt_approved(
                lambda approval: session.basket.add(deposit, abs(entry.quantity), approval=approval),
                self._changed,
                request=session.basket.state.request_id,
            )

    def _pair(self, number: int) -> Pair:
        return self._session.till.catalogue.pair(self._session.basket.lines[number].product_id)

    def ask_returnable(self, way: int, number: int) -> None:
        """Which cylinder or bottle goes out (1) or comes back (-1) beside the goods?  The one of the line, as
        many as it has, where its product says which.
        """
        session, entry = self._session, self._session.basket.lines[number]
        title = _("Give a cylinder") if way > 0 else _("Take a cylinder back")
        empty = self._pair(number).empty
        start = "" if empty is None else f"{plain_quantity(abs(entry.quantity))}*{empty.sku}"
        sheet = WordsSheet(
            session, title, _("Its code; 2*CODE is two of them"), _("Set"), _("Code"), start=start
        )

        def answer() -> Next:
            wanted = read_typed(sheet.value())
            found = session.till.catalogue.scan(wanted.code)
            session.basket.give_returnable(found.product, way * wanted.quantity)
            return lambda: self._changed(None)

        session.ask(sheet, answer)

    def forget_returnable(self, product_id: int) -> None:
        """Neither given nor taken back after all."""
        session = self._session

        def forget() -> None:
            for one in session.basket.state.returnables:
                if one.product_id == product_id:
                    session.basket.give_returnable(session.till.catalogue.by_id(product_id), -one.quantity)
                    return

        session.attempt(forget, lambda _none: self._changed(None))


def returnable_rows(session: Session) -> list[Row]:
    """The cylinders and bottles beside the goods, below the lines."""
    return [
        Row(
            f"returnable-{one.product_id}",
            one.description,
            "",
            f"{quantity_text(abs(one.quantity))} · {_('given') if one.quantity > 0 else _('comes back')}",
            icon="cylinder",
        )
        for one in session.basket.state.returnables
    ]
