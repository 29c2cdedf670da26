"""Owns the receipt of goods that nobody ordered here: vendor, what came, and what the paper says it costs.

Decisions
---------
2026-12-01  Where full ones are sold for empties, as many empties are handed over as full ones come: that is
what a supplier's yard does, and the line says it as soon as the full ones are counted.  Whoever has fewer
types how many; the difference stands below the sum and is on account with the supplier.
"""

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ledger.quantity import quantity_text
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import SumLine
from pos_app.ui.entry.entry import Write
from pos_app.ui.entry.lines import FieldHead
from pos_app.ui.entry.priced import PricedScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Session

_EMPTIES = 2


class ReceiveLooseScreen(PricedScreen):
    """Goods in without an order; full ones against empties."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receive-loose")
        self._collects = session.till.catalogue.deals_in_cylinders()
        self.owed = SumLine(size=Size.BODY, tone="text")
        more = (FieldHead(_("empties given")),) if self._collects else ()
        hint = _("Choose the vendor with F4; then scan, type how many, Enter.")
        lines = self.make_lines(_("came"), hint, *more)
        lines.changed.connect(self.show_owed)
        self.build(
            _("Goods in, without an order"),
            lines,
            _("Record what came"),
            (self.vendor, self.sum, self.owed) if self._collects else (self.vendor, self.sum),
            _("Delivery note"),
        )
        self.show_vendor()
        self.show_owed()

    def more_keys(self) -> list[KeyAction]:
        return self.vendor_keys()

    # -- cylinders -------------------------------------------------------------------------------

    def empties(self) -> dict[int, int]:
        """How many empties were handed over for each product: as many as came, where nothing is typed."""
        if not self._collects:
            return {}
        came, given = self.lines.values(), self.lines.values(_EMPTIES)
        found = {}
        for one in self.lines.lines():
            typed = given[one.key]
            is_full = self.session.till.catalogue.pair(one.product_id).empty is not None
            found[one.product_id] = typed if typed is not None else (came[one.key] or 0) if is_full else 0
        return found

    def show_owed(self) -> None:
        """Say what of cylinders is owed once it is recorded."""
        if not self._collects:
            return
        came = self.lines.values()
        products = {one.product_id: Ordered(came[one.key] or 0, 0) for one in self.lines.lines()}
        try:
            owed = sum(self.session.till.collecting.owed(products, self.empties()).values())
        except BohariError:
            # It is said when it is to be recorded.
            owed = 0
        words = _("Cylinders we have of theirs") if owed < 0 else _("Cylinders they have of ours")
        self.owed.say(words, quantity_text(abs(owed)))

    # -- recording -------------------------------------------------------------------------------

    def prepare(self) -> Write:
        vendor, products, currency = self.needed()
        empties = self.empties()
        self.session.till.collecting.owed(products, empties)
        reference = self.note.text()

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.collecting.collect(
                vendor.party_id,
                products,
                empties,
                currency=currency,
                reference=reference,
                approval=approval,
                request_id=self.request_id,
            )

        return write
