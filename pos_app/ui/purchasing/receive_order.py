"""Owns the receipt of goods against an order: ordered, came, to come, and what comes now.

Decisions
---------
2026-12-01  What lies on the lorry and not on the order is asked about at its scan, with what one costs, and
comes in on the same receipt without a line of the order: the delivery note is one paper, and so is ours.
More than was ordered is the same question; the order itself is never stretched.
"""

from functools import partial
from typing import Final

from pos_app.language import _, plural, said
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import MOST_ON_A_LINE, quantity_text
from pos_app.till.purchasing.ordering import OpenOrder, Ordered
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.entry.entry import EntryScreen, Write, check_goods, product_detail
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.entry.set_lines import SetLinesScreen
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet

#: Keys of lines that stand beside the order begin here; an order has fewer lines.
_BESIDE: Final = 1_000_000


class ReceiveOrderScreen(SetLinesScreen):
    """One order and what comes of it now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-order")
        self._order: OpenOrder | None = None
        #: What one costs of each product beside the order, in minor units of its currency.
        self._costs: dict[int, int] = {}
        self.left = {}
        lines = GoodsLines(
            _("product"),
            (_("ordered"), _("came"), _("to come")),
            (FieldHead(_("comes now")),),
            "",
            newest_first=False,
        )
        self._vendor = Paragraph("", Size.LEAD, "text", Weight.SEMIBOLD)
        hint = Paragraph(_("Scan what comes, or type it line by line. F6 if all of it came."))
        self.build(_("Goods in"), lines, _("Record what came"), (self._vendor, hint), _("Delivery note"))

    def begin(self, order: OpenOrder) -> None:
        """Receive this order; what was entered for it before is still there."""
        same = self._order is not None and self._order.order.document_id == order.order.document_id
        if same and self._order == order and self.busy():
            self.lines.go(next(key for key, value in self.lines.values().items() if value))
            return
        self._order = order
        self.title.set_text(_("Goods in: {number}", number=order.number))
        self._vendor.setText(self.session.till.receipts.party_name(order.order.party_id) or _("Vendor"))
        self.left = dict(enumerate(order.left))
        self.lines.set_lines(
            [
                GoodsLine(
                    place,
                    one.product_id,
                    one.description,
                    " · ".join([one.sku, one.unit, *([pack_words(one.pack)] if one.pack else [])]),
                    (
                        quantity_text(one.quantity),
                        quantity_text(one.quantity - order.left[place]),
                        quantity_text(order.left[place]),
                    ),
                )
                for place, one in enumerate(order.order.lines)
            ]
        )
        super().clear()
        self.start()
        self.session.keys_changed.emit()

    def stranger_words(self, product: Product) -> str:
        return said("not-on-order", what=product.name[:60])

    # -- beside the order ------------------------------------------------------------------------

    def offered(self, words: str) -> list[Product]:
        # What nobody ordered may lie on the lorry all the same: it is asked about.
        here = super().offered(words)
        return here or EntryScreen.offered(self, words)

    def take(self, product: Product, quantity: int) -> None:
        check_goods(product, quantity)
        came, product_id = self.lines.values(), product.product_id
        keys = [key for key, line in self._lines() if line.product_id == product_id and key < _BESIDE]
        if any((came[key] or 0) < self.left[key] for key in keys):
            super().take(product, quantity)
        elif product_id in self._costs:
            key = _BESIDE + product_id
            before = came[key] or 0
            self.lines.fill(key, min(before + quantity, MOST_ON_A_LINE))
            self.taken(key, before, product.name)
        else:
            self._ask_beside(product, quantity, ordered=bool(keys))

    def _lines(self) -> list[tuple[int, GoodsLine]]:
        return [(one.key, one) for one in self.lines.lines()]

    def _ask_beside(self, product: Product, quantity: int, *, ordered: bool) -> None:
        """Does it come in beside the order, and what does one cost?"""
        if self._order is None:
            raise Refused(self.stranger_words(product))
        money = currency(self._order.order.currency)
        words = (
            _("All that was ordered of it came already. Take it in beside the order?")
            if ordered
            else _("It is not on this order. Take it in beside the order?")
        )
        cost = _("What one costs {currency}:", currency=money.code)
        sheet = AmountSheet(
            self.session,
            product.name,
            f"{words} {cost}",
            _("Take it in"),
            places=money.exponent,
            start=self._known_cost(product),
        )

        def answer() -> Next:
            unit_cost = sheet.field.minor()
            if unit_cost is None:
                raise Refused("line-without-cost", what=product.name[:60])
            return partial(self._take_beside, product, quantity, unit_cost)

        self.session.ask(sheet, answer)

    def _known_cost(self, product: Product) -> int | None:
        """What one cost on this order, or on average; None in another currency than ours."""
        order = self._order.order if self._order is not None else None
        if order is None:
            return None
        same = (line for line in order.lines if line.product_id == product.product_id and line.pack is None)
        line = next(same, None)
        if line is not None:
            return line.unit_cost
        is_ours = order.currency == self.session.till.currency.code
        return self.session.till.receiving.last_cost(product.product_id) if is_ours else None

    def _take_beside(self, product: Product, quantity: int, unit_cost: int) -> None:
        key = _BESIDE + product.product_id
        self._costs[product.product_id] = unit_cost
        self.left[key] = 0
        detail = f"{product_detail(product)} · {_('beside the order')}"
        self.lines.put(GoodsLine(key, product.product_id, product.name, detail, ("—", "—", "—")))
        self.lines.fill(key, quantity)
        self.taken(key, 0, product.name)

    def clear(self) -> None:
        for key in [key for key in self.left if key >= _BESIDE]:
            self.lines.remove(key)
            del self.left[key]
        self._costs = {}
        super().clear()

    # -- recording -------------------------------------------------------------------------------

    def prepare(self) -> Write:
        entered, reference, order = self.came(), self.note.text(), self._order
        if order is None:
            raise LookupError("no order was chosen")
        came = {key: quantity for key, quantity in entered.items() if key < _BESIDE}
        beside = {
            key - _BESIDE: Ordered(quantity, self._costs[key - _BESIDE])
            for key, quantity in entered.items()
            if key >= _BESIDE
        }

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.receiving.against_order(
                order.order,
                came,
                beside=beside,
                reference=reference,
                approval=approval,
                request_id=self.request_id,
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        came = self.came()
        missing = self.missing({key: quantity for key, quantity in came.items() if key < _BESIDE})
        self.clear()
        self._order = None
        self.back()
        if missing:
            rest = plural(missing, "{count} line is still to come.", "{count} lines are still to come.")
            self.session.succeed(f"{words} {rest}")
        else:
            self.session.succeed(f"{words} {_('All of the order came.')}")
