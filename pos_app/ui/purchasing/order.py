"""Owns the order to a vendor: the reorder list as a start, or product by product."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError, Refused
from pos_app.till.receivables.customer import Party
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.stock import Reorder
from pos_app.ui.arrange import SumLine
from pos_app.ui.entry.entry import Write
from pos_app.ui.entry.priced import PricedScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet

_MOST_DAYS: Final = 366


class OrderScreen(PricedScreen):
    """What is ordered, of whom, and at what cost."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("order")
        self._days: int | None = None
        self.expected = SumLine()
        lines = self.make_lines(_("order"), _("F6 begins with what is at its reorder level; or scan."))
        side = (self.vendor, self.sum, self.expected)
        self.build(_("Order"), lines, _("Record the order"), side, _("Reference, if there is one"))
        self._show_expected()
        self.show_vendor()

    def more_keys(self) -> list[KeyAction]:
        vendor, _note, *currency = self.vendor_keys()
        return [
            vendor,
            KeyAction("F5", _("Reference"), self.note.setFocus),
            KeyAction("F6", _("Reorder list"), self.begin_with_list),
            *currency,
            KeyAction("F10", _("Day it comes"), self.ask_expected),
        ]

    def begin_with_list(self) -> None:
        """Add what is at or below its reorder level, with what brings it up again beside what is to come."""
        try:
            short = self.session.till.stock.reorder_list()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._add(short)

    def begin_for(self, vendor: Party | None, short: Sequence[Reorder]) -> None:
        """Begin an order with these of the reorder list, to be changed before it is recorded."""
        if vendor is not None:
            self.choose(vendor)
        self._add(short)

    def _add(self, short: Sequence[Reorder]) -> None:
        short = [one for one in short if one.proposal]
        try:
            products = [self.session.till.catalogue.by_id(one.product_id) for one in short]
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        added = 0
        for one, product in zip(short, products, strict=True):
            if product.product_id not in self.lines:
                self.lines.put(self.line_of(product))
                self.lines.fill(product.product_id, one.proposal)
                self.set_cost(product.product_id, one.average_cost)
                added += 1
        if not short:
            self.session.warn(_("Nothing is at its reorder level; scan or choose what you order."))
        else:
            self.session.succeed(plural(added, "{count} product added", "{count} products added"))
        self.search.take_keyboard()

    # -- when it is expected ---------------------------------------------------------------------

    def ask_expected(self) -> None:
        """In how many days do the goods come?"""
        sheet = AmountSheet(
            self.session,
            _("Expected in days"),
            _("0 is today; whoever receives the goods sees the day."),
            _("Set"),
            places=0,
            start=self._days,
        )

        def answer() -> Next:
            days = sheet.field.minor()
            if days is not None and days > _MOST_DAYS:
                raise Refused("day-too-far-ahead")
            self._days = days
            return self._show_expected

        self.session.ask(sheet, answer)

    def _expected_on(self) -> int | None:
        """The day, YYYYMMDD."""
        if self._days is None:
            return None
        day = self.session.local(self.session.till.now()) + timedelta(days=self._days)
        return int(day.strftime("%Y%m%d"))

    def _show_expected(self) -> None:
        day = str(self._expected_on() or "")
        shown = f"{day[6:8]}.{day[4:6]}.{day[2:4]}" if day else _("F10 sets the day")
        self.expected.say(_("Expected"), shown)

    def clear(self) -> None:
        super().clear()
        self._days = None
        self._show_expected()

    def prepare(self) -> Write:
        vendor, products, currency = self.needed()
        reference, expected_on = self.note.text(), self._expected_on()

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.orders.order(
                vendor.party_id,
                products,
                currency=currency,
                expected_on=expected_on,
                reference=reference,
                approval=approval,
                request_id=self.request_id,
            )

        return write
