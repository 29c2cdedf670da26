"""Owns the list of what customers left here: taken in, ready, handed out, given back."""

from collections.abc import Hashable, Sequence

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.ledger.request import new_request
from pos_app.ledger.service_orders import Step
from pos_app.till.laundry.service_orders import OpenService
from pos_app.till.session.recorded import Recorded
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.laundry.order_sheet import OrderSheet
from pos_app.ui.laundry.words import order_row, things_words
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.words import WordsSheet


class LaundryScreen(ListingScreen):
    """Find an order by its tag, number or customer, and say what becomes of it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("laundry")
        self._orders: dict[int, OpenService] = {}
        self._only_overdue = False
        # One request for each order that is said to be ready: a second press is the same document.
        self._ready_requests: dict[int, str] = {}
        self.build(
            _("Laundry"),
            _("Scan a tag; or number, or the customer's name"),
            (_("order"), _("to pay {currency}", currency=session.till.currency.code)),
            _("Nothing of a customer is here; F3 takes things in"),
            _("Show what it is"),
        )

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F3", _("Take in"), self.take_in),
            KeyAction("F4", _("Ready"), self.mark_ready),
            KeyAction("F5", _("Hand out"), self.hand_out),
            KeyAction("F6", _("Give back"), self.ask_give_back),
            KeyAction("F7", _("All orders") if self._only_overdue else _("Overdue"), self.turn_overdue),
            KeyAction("F9", _("Print tags"), self.print_tags),
        ]

    # -- the list --------------------------------------------------------------------------------

    def entered(self) -> None:
        self._only_overdue = False
        super().entered()

    def rows(self, words: str) -> Sequence[Row]:
        orders = self.session.till.service_orders
        found = orders.overdue(words) if self._only_overdue else orders.open(words)
        self._orders = {one.order.document_id: one for one in found}
        return [order_row(self.session, one) for one in found]

    def turn_overdue(self) -> None:
        """Only what was promised for a day that is past; pressed again, everything."""
        if not self._only_overdue and not self.session.till.service_orders.overdue():
            self.session.succeed(_("Nothing is overdue."))
            return
        self._only_overdue = not self._only_overdue
        self.look_up()
        self.session.keys_changed.emit()

    def choose(self, key: Hashable) -> None:
        if isinstance(key, int) and key in self._orders:
            self.session.ask(OrderSheet(self.session, self._orders[key]), lambda: None)

    def choose_marked(self) -> None:
        """Show what the marked order is; a tag that nothing here has is said to be unknown."""
        if self._pause.isActive():
            self.look_up()
        if not self.list.rows() and self.search.text().strip():
            self.on_scan(self.search.text())
            return
        super().choose_marked()

    def show_order(self, order_id: int) -> None:
        """Everything that is here, with this order marked."""
        if self._only_overdue:
            self.turn_overdue()
        self.search.clear()
        self.look_up()
        self.list.select(order_id)

    def on_scan(self, text: str) -> None:
        self.session.attempt(
            lambda: self.session.till.service_orders.find(text),
            lambda one: self.show_order(one.order.document_id),
        )
        self.search.take_keyboard()

    def _marked(self) -> OpenService | None:
        """The marked order; says so when there is none."""
        if self._pause.isActive():
            self.look_up()
        row = self.list.selected()
        found = self._orders.get(row.key) if row is not None and isinstance(row.key, int) else None
        if found is None:
            self.session.refuse(_("There is nothing to choose here."))
        return found

    # -- what becomes of it ----------------------------------------------------------------------

    def take_in(self) -> None:
        """A customer brings things."""
        self.session.ways.take_in_laundry(self.show_order)

    def mark_ready(self) -> None:
        """The service is done."""
        one = self._marked()
        if one is None:
            return
        order_id = one.order.document_id
        request = self._ready_requests.setdefault(order_id, new_request())

        def done(_done: Recorded) -> None:
            self.session.recorded()
            self.look_up()
            self.session.succeed(_("{number} of {name} is ready.", number=one.tag, name=one.customer))

        self.session.attempt(
            lambda: self.session.till.service_orders.mark_ready(order_id, request_id=request), done
        )

    def hand_out(self) -> None:
        """The customer is here: what the order holds goes into the basket, where it is paid."""
        one = self._marked()
        if one is None:
            return

        def done(_basket: object) -> None:
            self.session.home()
            words = _("{number} of {name} is in the basket.", number=one.tag, name=one.customer)
            if one.is_ready:
                self.session.succeed(words)
            else:
                self.session.warn(f"{words} {_('Nobody said yet that it is ready.')}")

        self.session.attempt(
            lambda: self.session.till.service_orders.collect(
                one.order.document_id, basket=self.session.basket
            ),
            done,
        )

    def ask_give_back(self) -> None:
        """Why does it go back as it came?"""
        one = self._marked()
        if one is None:
            return
        rows = [
            Row(Step.RETURNED, _("Given back as it came"), "", _("the service was not done"), icon="undo-2"),
            Row(Step.CANCELLED, _("Cancelled"), "", _("the customer does not want it any more"), icon="x"),
        ]
        about = f"{one.tag} · {one.customer} · {things_words(one)}"
        sheet = ChoiceSheet(self.session, _("Give it back?"), about, _("Choose"), rows)

        def answer() -> Next:
            step = Step.CANCELLED if sheet.value() == Step.CANCELLED else Step.RETURNED
            return lambda: self._ask_reason(one, step, about)

        self.session.ask(sheet, answer)

    def _ask_reason(self, service: OpenService, step: Step, about: str) -> None:
        title = _("Why is it given back?") if step is Step.RETURNED else _("Why is it cancelled?")
        sheet = WordsSheet(self.session, title, about, _("Give back"), _("Reason"), tone="bad")
        request = new_request()

        def answer() -> Next:
            reason = sheet.value()
            if not reason:
                # Asked for here: a manager is not called for what is not complete.
                raise Refused("return-without-reason")
            return lambda: self.session.attempt_approved(
                lambda approval: self.session.till.service_orders.give_back(
                    service.order.document_id, reason, step=step, approval=approval, request_id=request
                ),
                lambda done: self._given_back(service, done),
                request=request,
            )

        self.session.ask(sheet, answer)

    def _given_back(self, service: OpenService, done: Recorded) -> None:
        self.session.recorded()
        self.look_up()
        self.session.succeed(
            _("{what}: {number} is recorded.", what=f"{service.tag} · {service.customer}", number=done.number)
        )

    def print_tags(self) -> None:
        """The tags once more: one fell off."""
        one = self._marked()
        if one is None:
            return

        def done(_none: None) -> None:
            self.session.recorded()
            self.session.succeed(_("The tags of {number} are printed again.", number=one.tag))

        self.session.attempt(lambda: self.session.till.service_orders.print_tags(one.order.document_id), done)
