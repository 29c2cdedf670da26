"""Owns the receipt of goods that nobody ordered here: vendor, what came, and what the paper says it costs."""

from pos_app.language import _
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.entry.entry import Write
from pos_app.ui.entry.priced import PricedScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.session import Session


class ReceiveLooseScreen(PricedScreen):
    """Goods in without an order."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-loose")
        lines = self.make_lines(_("came"), _("Choose the vendor with F4; then scan, type how many, Enter."))
        self.build(
            _("Goods in, without an order"),
            lines,
            _("Record what came"),
            (self.vendor, self.sum),
            _("Delivery note"),
        )
        self.show_vendor()

    def more_keys(self) -> list[KeyAction]:
        return self.vendor_keys()

    def prepare(self) -> Write:
        vendor, products, currency = self.needed()
        reference = self.note.text()

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.receiving.without_order(
                vendor.party_id,
                products,
                currency=currency,
                reference=reference,
                approval=approval,
                request_id=self.request_id,
            )

        return write
