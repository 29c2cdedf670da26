"""Owns the list of orders of which goods are still to come, and the way to goods that nobody ordered."""

from collections.abc import Hashable, Sequence

from pos_app.language import _, plural
from pos_app.ledger.currency import currency
from pos_app.ledger.money import grouped_text
from pos_app.till.purchasing.ordering import OpenOrder
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session


class GoodsInScreen(ListingScreen):
    """Choose the order that the lorry brings."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("goods-in")
        self._orders: dict[int, OpenOrder] = {}
        self.build(
            _("Goods in"),
            _("Number of the order, or the vendor"),
            (_("order"), _("total")),
            _("No order is to come; F4 takes goods in without one"),
            _("Receive it"),
        )

    def more_keys(self) -> list[KeyAction]:
        return [KeyAction("F4", _("Without an order"), self.without_order)]

    def rows(self, words: str) -> Sequence[Row]:
        self._orders = {one.order.document_id: one for one in self.session.till.orders.open(words)}
        return [self._row(one) for one in self._orders.values()]

    def _row(self, open_order: OpenOrder) -> Row:
        order = open_order.order
        vendor = self.session.till.receipts.party_name(order.party_id) or _("Vendor")
        open_lines = sum(1 for left in open_order.left if left)
        detail = [
            self.session.local(order.occurred_at).strftime("%d.%m.%y"),
            plural(open_lines, "{count} line to come", "{count} lines to come"),
        ]
        if order.expected_on:
            day = str(order.expected_on)
            detail.append(_("expected {day}", day=f"{day[6:8]}.{day[4:6]}.{day[2:4]}"))
        if order.reference:
            detail.append(order.reference)
        badges = []
        if any(left != line.quantity for left, line in zip(open_order.left, order.lines, strict=True)):
            badges.append(Badge(_("part came"), "warn"))
        if not self.session.till.own(order.document_id):
            badges.append(Badge(_("ordered elsewhere")))
        amount = f"{order.currency} {grouped_text(order.total, currency(order.currency))}"
        title = f"{open_order.number} · {vendor}"
        return Row(order.document_id, title, amount, " · ".join(detail), tuple(badges), icon="clipboard-list")

    def choose(self, key: Hashable) -> None:
        if isinstance(key, int) and key in self._orders:
            self.session.ways.receive_order(self._orders[key])

    def without_order(self) -> None:
        """Goods came that nobody ordered here."""
        self.session.ways.receive_loose()
