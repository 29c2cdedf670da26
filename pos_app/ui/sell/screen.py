"""Owns the sell screen: the basket left, the shelf right, and every key of a sale before the money."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ledger.document import SERIES, Invoice, Payment, Refund, Reversal, Sale, ServiceOrder
from pos_app.ledger.errors import BohariError
from pos_app.ledger.lot import NO_LOT
from pos_app.ledger.numbering import printed_series
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import ONE
from pos_app.till.selling.beside_goods import Beside, Kind
from pos_app.till.selling.catalogue import Product, Scanned
from pos_app.till.session.errors import UnknownBarcode
from pos_app.ui.arrange import line
from pos_app.ui.brought_chit import bring
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.taking import basket_job
from pos_app.ui.parts.typed_code import read_typed
from pos_app.ui.screen import Screen
from pos_app.ui.sell.basket_column import BasketColumn
from pos_app.ui.sell.buying_again import ask_again
from pos_app.ui.sell.customer_words import show_customer
from pos_app.ui.sell.line_figures import LineFigures
from pos_app.ui.sell.line_menu import LineMenu
from pos_app.ui.sell.meters import MeterReadings
from pos_app.ui.sell.notes import ask_notes
from pos_app.ui.sell.parking import Parking
from pos_app.ui.sell.refill_keys import RefillKeys
from pos_app.ui.sell.shelf import Shelf
from pos_app.ui.session import Session
from pos_app.ui.sheets.asked import ask_new_product

_RESTOCK_MS: Final = 400
#: The numbers that are looked up as a receipt: of sales, refunds, payments, voids and invoices.
_RECEIPTS: Final = frozenset(SERIES[kind] for kind in (Sale, Refund, Payment, Reversal, Invoice))


class SellScreen(Screen):
    """What most of a cashier's day looks like."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("sell")
        self._offers_parked = False
        #: The code that nothing had a moment ago, which can be added.
        self._unknown = ""
        self._nothing_found = False
        self._stock_is_old = False
        self._restock = QTimer(self)
        self._restock.setSingleShot(True)
        self._restock.setInterval(_RESTOCK_MS)
        self._restock.timeout.connect(self._load_shelf)
        session.state_changed.connect(self._age_stock)
        self.basket_column = BasketColumn(session)
        self.shelf = Shelf(session, self.banner)
        self.refills = RefillKeys(session, self.basket_column.selected, self._changed)
        self.meters = MeterReadings(session, self._added)
        self.more = LineMenu(session, self._changed, self.refills.ask, self.meters)
        #: What the key of refills does in the strip now.
        self._offers_back = ""
        self._figures = LineFigures(session, self._changed)
        self._parking = Parking(session, self.entered_anew)
        self.search = self.shelf.search
        self.search.keys_while_empty = "%?"
        self.basket_column.head.clicked.connect(self.choose_customer)
        self.basket_column.pay.clicked.connect(self.pay)
        self.basket_column.list.row_activated.connect(lambda _key: self.search.setFocus())
        self.basket_column.list.row_selected.connect(lambda _key: self._offer_back())
        self.shelf.chosen.connect(self._add_chosen)
        self.shelf.beside_chosen.connect(self._open_beside)
        whole = line(self.basket_column, self.shelf, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.shelf.load()

    # -- coming and going ------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        parked = 0 if self.session.basket.lines else len(self._parking.rows())
        self._offers_parked = bool(parked) and not self.session.basket.lines
        self._offers_back = self.refills.offered()
        back = [KeyAction("F11", self._offers_back, self.refills.press)] if self._offers_back else []
        park = _("Parked {count}", count=parked) if self._offers_parked else _("Park")
        return [
            KeyAction("F2", _("Depot"), self.go_to_depot),
            # The head of the basket says F3 and the large button F12; % and Del speak for themselves.
            KeyAction("F3", _("Customer"), self.choose_customer, told_elsewhere=True),
            KeyAction("F4", _("Quantity"), self.ask_quantity),
            KeyAction("F5", _("Price"), self.ask_price),
            KeyAction("F6", park, self.park),
            KeyAction("F7", _("Return"), self.take_back),
            KeyAction("F8", _("Drawer"), self.go_to_drawer),
            KeyAction("F9", _("Last receipt"), self.go_to_receipts),
            KeyAction("F10", _("More"), self.ask_more),
            KeyAction("%", _("Discount"), self.ask_discount, bind=False, told_elsewhere=True),
            KeyAction("Del", _("Line"), self.remove_line, bind=False, told_elsewhere=True),
            KeyAction("Ins", _("Note"), self.ask_note, bind=False, told_elsewhere=True),
            KeyAction("PgUp", _("Buy again"), self.buy_again, told_elsewhere=True),
            KeyAction("?", _("Why this price"), self.tell_why, bind=False, told_elsewhere=True),
            *([KeyAction("F11", _("Unknown: add it"), self.add_unknown)] if self._unknown else back),
            KeyAction("F12", _("Pay"), self.pay, told_elsewhere=True),
        ]

    def entered(self) -> None:
        self.refills.forget()
        self.show_customer()
        self.session.rate_basket()
        self.basket_column.show_basket()
        self.search.setFocus()
        self.meters.offer()
        if self._stock_is_old:
            # Not now: the next customer's first scan comes before the numbers on the tiles.
            self._restock.start()

    def _age_stock(self) -> None:
        self._stock_is_old = True

    def _load_shelf(self) -> None:
        self._stock_is_old = False
        self.shelf.load()

    def _offer_back(self) -> None:
        """Another line is marked: what comes back may be another question."""
        if self._offers_back != self.refills.offered():
            self.session.keys_changed.emit()

    def refreshed(self) -> None:
        self.refills.forget()
        self._load_shelf()
        self.show_customer()
        self.session.rate_basket()
        self.basket_column.show_basket()

    def show_customer(self) -> None:
        """Say who buys, what they owe and what they hold."""
        try:
            show_customer(self.session, self.basket_column.head)
        except BohariError as error:
            self.session.refuse(error.sentence)

    # -- adding ----------------------------------------------------------------------------------

    def on_scan(self, text: str) -> None:
        self._nothing_found = False
        prefix = self.search.text()
        if printed_series(text, _RECEIPTS):
            self._open_receipt(text.strip())
            return
        if self.session.till.chits.is_one(text):
            self._bring_chit(text)
            return
        if self._is_ticket(text):
            self._open_ticket(text)
            return
        try:
            found = self._meant(prefix, self.session.till.catalogue.scan(text))
        except BohariError as error:
            if isinstance(error, UnknownBarcode) and self._open_ticket(text, said=False):
                return
            self._offer_unknown(error)
            self.session.refuse(error.sentence)
            return
        self._add(found)

    def enter_typed(self) -> None:
        """Enter in the search field: a code is added; words that find one thing add that."""
        typed = self.search.text().strip()
        if not typed or self.shelf.take_marked():
            return
        if printed_series(typed, _RECEIPTS):
            self._open_receipt(typed)
            return
        if self.session.till.chits.is_one(typed):
            self._bring_chit(typed)
            return
        if self._is_ticket(typed):
            self._open_ticket(typed)
            return
        try:
            wanted = read_typed(typed)
            if not wanted.code:
                self.session.warn(_("Now scan or type what there are {count} of.", count=typed))
                return
            found = self._find(wanted.code)
            if found is None:
                return
            found = self._meant(typed, found)
        except BohariError as error:
            self._offer_unknown(error)
            self.session.refuse(error.sentence)
            self.search.selectAll()
            return
        self._add(found, self.search.selectAll)

    def _meant(self, typed: str, scanned: Scanned) -> Scanned:
        """As much of what a code names as the text before it says.  Raises `Refused`."""
        if ("*" not in typed and "×" not in typed) or scanned.product.behaviour.by_meter:
            return scanned
        wanted = read_typed(typed)
        return self.session.till.catalogue.meant(scanned, wanted.quantity, wanted.unit)

    def _offer_unknown(self, error: BohariError) -> None:
        """What nothing has can be added, by who may say a price; a key for it stands below until it is."""
        self._nothing_found = isinstance(error, UnknownBarcode)
        person = self.session.till.person
        may = person is not None and Permission.PRICE.value in person.may
        unknown = str(error.said.facts["code"]) if isinstance(error, UnknownBarcode) and may else ""
        if unknown != self._unknown:
            self._unknown = unknown
            self.session.keys_changed.emit()

    def nothing_found(self) -> bool:
        return self._nothing_found

    def add_unknown(self) -> None:
        """Say what the code is that nothing had, and what it costs; then it is in the basket."""
        if self._unknown:
            ask_new_product(self.session, self._unknown, self._add_chosen)

    def _add(self, scanned: Scanned, given_up: Callable[[], object] | None = None) -> None:
        """Add what a code says; a cashier needs a manager for goods past their last day."""
        product, quantity, lot, pack = scanned
        if product.behaviour.by_meter:
            self.more.ask_readings(product, lot, self._added)
            return
        if self.refills.takes(product):
            self.refills.bring(product, quantity)
            self.search.clear()
            return
        self.session.attempt_approved(
            lambda approval: self.session.basket.add(product, quantity, lot, approval, pack=pack),
            self._added,
            given_up,
            request=self.session.basket.state.request_id,
        )

    def _bring_chit(self, number: str) -> None:
        """A voucher or a deposit slip: it pays, or is paid back."""
        if self.refills.record() and self.session.basket.state.returnables:
            return
        try:
            bring(self.session, number)
        except BohariError as error:
            self.session.refuse(error.sentence)
            self.search.selectAll()
            return
        self.search.clear()

    @staticmethod
    def _is_ticket(text: str) -> bool:
        """Whether it is the number of what a customer left for a service."""
        return bool(printed_series(text, (SERIES[ServiceOrder],)))

    def _open_ticket(self, text: str, *, said: bool = True) -> bool:
        """A ticket or a tag opens its order; says whether there is one, and with `said` why there is not."""
        try:
            found = self.session.till.service_orders.find(text)
        except BohariError as error:
            if said:
                self.session.refuse(error.sentence)
                self.search.selectAll()
            return False
        self.search.clear()
        self.session.ways.laundry_order(found.order.document_id)
        return True

    def _find(self, code: str) -> Scanned | None:
        """The product of a typed code or of words; None when the person has to choose among several."""
        try:
            return self.session.till.catalogue.scan(code)
        except UnknownBarcode:
            self.shelf.look_up()
            found = self.shelf.found()
            # A guess is shown, and a person says whether they meant it.
            if len(found) == 1 and not self.session.till.catalogue.is_guess(found[0], code):
                return Scanned(found[0], ONE)
            if not found and self._open_ticket(code, said=False):
                return None
            buyer = self.shelf.only_customer()
            if buyer is not None:
                self._open_beside(buyer)
                return None
            if not self.shelf.step(1):
                raise
            return None

    def _open_beside(self, thing: Beside) -> None:
        """A customer buys, a receipt is looked at, a parked basket is taken up."""
        if thing.kind is Kind.RECEIPT:
            self._open_receipt(thing.key)
            return
        if thing.kind is Kind.PARKED:
            self.shelf.clear_search()
            self._parking.take_up(thing.key)
            return
        self.session.attempt(lambda: self.session.basket.set_customer(thing.party), self._sells_to)

    def _sells_to(self, _done: object) -> None:
        self.shelf.clear_search()
        self.show_customer()
        self._changed(None)
        self.meters.offer()

    def _add_chosen(self, product: Product) -> None:
        try:
            if product.behaviour.by_meter:
                self.more.ask_readings(product, NO_LOT, self._added)
                return
            found = self._meant(self.search.text(), Scanned(product, ONE))
            if self.refills.takes(product):
                self.refills.bring(product, found.quantity)
                self.search.clear()
                return
            touched = self.session.basket.add(product, found.quantity, pack=found.pack)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._added(touched)

    def _added(self, touched: int) -> None:
        self.basket_column.show_basket(touched)
        self.banner.succeed()
        if self._unknown:
            self._unknown = ""
            self.session.keys_changed.emit()
        self.session.tell_news()
        if self.search.text():
            self.shelf.clear_search()
        self.search.setFocus()
        if self._offers_parked:
            self.session.keys_changed.emit()

    # -- the selected line -----------------------------------------------------------------------

    def ask_quantity(self) -> None:
        """How many of the selected line?"""
        number = self._line()
        if number is not None:
            self._figures.ask_quantity(number)

    def ask_price(self) -> None:
        """At what price?  A cashier needs a manager for it."""
        number = self._line()
        if number is not None:
            self._figures.ask_price(number)

    def ask_discount(self) -> None:
        """How much off the selected line?"""
        number = self._line()
        if number is not None:
            self.more.discounting.ask(number)

    def ask_note(self) -> None:
        """What is noted on the selected line, and on the whole basket?"""
        ask_notes(self.session, self.basket_column.selected(), self._changed)

    def tell_why(self) -> None:
        """Why the selected line costs what it costs."""
        number = self._line()
        if number is not None:
            self.more.tell_why(number)

    def buy_again(self) -> None:
        """What the customer of the basket bought before."""
        ask_again(self.session, self._changed)

    def ask_more(self) -> None:
        """A discount on the selected line, its meter, cylinders beside it."""
        number = self._line()
        if number is not None:
            self.more.open(number)

    def remove_line(self) -> None:
        """Take the selected line out, or the selected cylinder beside the goods."""
        beside = self.basket_column.returnable()
        if beside is not None:
            self.more.forget_returnable(beside)
            return
        number = self._line()
        if number is not None:
            self.session.attempt(
                lambda: self.session.basket.remove(number),
                lambda _none: self._changed(min(number, len(self.session.basket.lines) - 1)),
            )

    def _line(self) -> int | None:
        number = self.basket_column.selected()
        if number is None or number >= len(self.session.basket.lines):
            self.session.refuse(_("Choose a line first."))
            return None
        return number

    def _changed(self, number: int | None) -> None:
        self.basket_column.show_basket(number)
        self.session.tell_news()
        self.search.setFocus()
        self.session.keys_changed.emit()

    # -- other ways ------------------------------------------------------------------------------

    def choose_customer(self) -> None:
        """Go to the customers."""
        self.session.ways.customers(self.session.basket.customer())

    def park(self) -> None:
        """Put the basket aside, or, with an empty one, take a parked one up."""
        self._parking.park()

    def entered_anew(self) -> None:
        """Another basket is at hand now."""
        self.entered()
        self.session.keys_changed.emit()

    def take_back(self) -> None:
        """Goods come back: go to the receipts that can be refunded."""
        self.session.ways.refund()

    def _open_receipt(self, number: str) -> None:
        if printed_series(number, (SERIES[Invoice],)):
            # Among the receipts it can be printed, saved and credited.
            self.search.clear()
            self.session.ways.receipts(number)
            return
        self.search.clear()
        self.session.ways.refund(number)

    def go_to_drawer(self) -> None:
        """Go to the cash drawer."""
        self.session.ways.drawer()

    def go_to_depot(self) -> None:
        """Go to all that is done beside selling."""
        self.session.ways.depot()

    def go_to_receipts(self) -> None:
        """Go to the latest receipts."""
        self.session.ways.receipts()

    def pay(self) -> None:
        """Go and take the money; with nothing but empties on the counter, write that they are back."""
        if self.refills.record():
            return
        if not self.session.basket.lines:
            self.session.refuse(_("There is nothing in the basket; scan or choose a product first."))
            return
        if not self.session.till.drawer.is_open():
            self.session.refuse(_("The drawer is not open; open it with F8 first."))
            return
        # What was allowed may not be so any more, or not for so much; the money comes after.
        request = self.session.basket.state.request_id
        self.session.attempt_approved(
            self.session.basket.price_again,
            lambda _none: self.session.attempt_approved(
                self.session.basket.allow_past,
                lambda _none: self.session.ways.take_money(basket_job(self.session)),
                request=request,
            ),
            request=request,
        )

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key, text = event.key(), typed_text(event)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            if not self.shelf.step(by):
                self.basket_column.list.select_step(by)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter_typed()
        elif key == Qt.Key.Key_Delete:
            self.remove_line()
        elif key == Qt.Key.Key_Escape:
            self.shelf.clear_search()
            self.banner.dismiss()
            self.search.setFocus()
        elif key == Qt.Key.Key_Insert:
            self.ask_note()
        elif text in ("%", "?") and not self.search.text():
            (self.ask_discount if text == "%" else self.tell_why)()
        elif text:
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True
