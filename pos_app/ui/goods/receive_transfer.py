"""Owns the receipt of a transfer: what is on its way, what came, and what stays on its way."""

from pos_app.language import _, plural, said
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.transfers import OnTheWay
from pos_app.ui.entry.entry import Write
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.entry.set_lines import SetLinesScreen
from pos_app.ui.entry.words import place_names, product_names
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight
from pos_app.ui.session import Session


class ReceiveTransferScreen(SetLinesScreen):
    """One transfer and what came of it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-transfer")
        self._transfer: OnTheWay | None = None
        self.left = {}
        lines = GoodsLines(
            _("product"),
            (_("sent"), _("on its way")),
            (FieldHead(_("came")),),
            "",
            newest_first=False,
        )
        self._way = Paragraph("", Size.BODY, "text", Weight.SEMIBOLD)
        hint = Paragraph(_("Scan what came, or F6 if it is all. What did not come stays on its way."))
        self.build(_("Goods arriving"), lines, _("Record what came"), (self._way, hint), _("Note"))

    def begin(self, transfer: OnTheWay) -> None:
        """Receive this transfer; what was entered for it before is still there."""
        if self._transfer == transfer and self.busy():
            return
        self._transfer = transfer
        sent = transfer.sent
        self.title.set_text(_("Goods arriving: {number}", number=transfer.number))
        name = place_names(self.session)
        start, end = name(sent.from_location), name(sent.to_location)
        self._way.setText(f"{start} → {end}")
        names = product_names(self.session, [line.product_id for line in sent.lines])
        self.left = {line.product_id: transfer.left.get(line.product_id, 0) for line in sent.lines}
        self.lines.set_lines(
            [
                GoodsLine(
                    line.product_id,
                    line.product_id,
                    *names[line.product_id],
                    (quantity_text(line.quantity), quantity_text(self.left[line.product_id])),
                )
                for line in sent.lines
            ]
        )
        super().clear()
        self.start()
        self.session.keys_changed.emit()

    def stranger_words(self, product: Product) -> str:
        return said("not-sent-with-transfer", what=product.name[:60])

    def prepare(self) -> Write:
        came, note, transfer = self.came(), self.note.text(), self._transfer
        if transfer is None:
            raise LookupError("no transfer was chosen")

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.transfers.receive(
                transfer.sent, came, note=note, approval=approval, request_id=self.request_id
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        missing = self.missing(self.came())
        self.clear()
        self._transfer = None
        self.back()
        if missing:
            rest = plural(
                missing,
                "{count} product did not come in full and stays on its way.",
                "{count} products did not come in full and stay on their way.",
            )
            self.session.warn(f"{words} {rest}")
        else:
            self.session.succeed(f"{words} {_('All of it came.')}")
