"""Owns the cylinders and bottles of one customer: what they hold, what comes back, what goes out, no sale."""

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.entry.entry import EntryScreen, Write, product_detail
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight
from pos_app.ui.session import Session


class ReturnablesScreen(EntryScreen):
    """What comes back stands first: an empty cylinder on the counter is scanned, counted, done."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("returnables")
        self._party_id: int | None = None
        self._begun = False
        self._holds: dict[int, int] = {}
        lines = GoodsLines(
            _("product"),
            (_("holds"),),
            (FieldHead(_("comes back")), FieldHead(_("given"))),
            _("Scan what comes back or goes out."),
            remove_words=_("Take out"),
        )
        self._name = Paragraph("", Size.LEAD, "text", Weight.SEMIBOLD)
        hint = Paragraph(_("No money moves here; a deposit is taken or given back at the basket."))
        self.build(_("Cylinders and bottles"), lines, _("Record the exchange"), (self._name, hint), _("Note"))

    def begin(self, party_id: int | None, name: str) -> None:
        """The cylinders of this customer; None is somebody without a name."""
        if self._begun and self._party_id == party_id and self.busy():
            return
        self._party_id, self._begun = party_id, True
        self._name.setText(name or _("Customer without a name"))
        self.clear()

    def busy(self) -> bool:
        return any(self.lines.values(0).values()) or any(self.lines.values(1).values())

    def clear(self) -> None:
        super().clear()
        held = self.session.till.returnables.held(self._party_id) if self._begun else []
        self._holds = {level.product_id: level.quantity for level in held}
        for level in reversed(held):
            detail = f"{level.sku} · {level.unit}"
            figures = (quantity_text(level.quantity),)
            self.lines.put(GoodsLine(level.product_id, level.product_id, level.name, detail, figures))

    def line_of(self, product: Product) -> GoodsLine:
        holds = quantity_text(self._holds.get(product.product_id, 0))
        return GoodsLine(
            product.product_id, product.product_id, product.name, product_detail(product), (holds,)
        )

    def prepare(self) -> Write:
        taken, given = self.lines.values(0), self.lines.values(1)
        moved = {key: (given[key] or 0) - (taken[key] or 0) for key in taken}
        if not self.busy():
            raise Refused("nothing-moved")
        for one in self.lines.lines():
            if taken[one.key] and given[one.key] and not moved[one.key]:
                self.lines.go(one.key)
                raise Refused("nothing-moves", what=one.title)
        products = {key: quantity for key, quantity in moved.items() if quantity}
        note = self.note.text()

        def write(_approval: Approval | None) -> Recorded:
            return self.session.till.returnables.move(
                self._party_id, products, note=note, request_id=self.request_id
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        self.clear()
        self.back()
        self.session.succeed(words)
