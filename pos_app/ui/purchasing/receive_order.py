"""Owns the receipt of goods against an order: ordered, came, to come, and what comes now."""

from pos_app.language import _, plural, said
from pos_app.ledger.quantity import quantity_text
from pos_app.till.purchasing.ordering import OpenOrder
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.entry.entry import Write
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.entry.set_lines import SetLinesScreen
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.session import Session


class ReceiveOrderScreen(SetLinesScreen):
    """One order and what comes of it now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-order")
        self._order: OpenOrder | None = None
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

    def prepare(self) -> Write:
        came, reference, order = self.came(), self.note.text(), self._order
        if order is None:
            raise LookupError("no order was chosen")

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.receiving.against_order(
                order.order, came, reference=reference, approval=approval, request_id=self.request_id
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        missing = self.missing(self.came())
        self.clear()
        self._order = None
        self.back()
        if missing:
            rest = plural(missing, "{count} line is still to come.", "{count} lines are still to come.")
            self.session.succeed(f"{words} {rest}")
        else:
            self.session.succeed(f"{words} {_('All of the order came.')}")
