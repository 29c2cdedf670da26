"""Owns the count of all cylinders by where they are, and the documents that made them more or fewer."""

from collections.abc import Hashable, Sequence

from pos_app.language import _
from pos_app.ledger.letters import holds
from pos_app.ledger.quantity import quantity_text
from pos_app.till.stock.cylinders import Changed, Owned
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.goods.why_page import kind_words
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session
from pos_app.ui.sheets.finding import ask_one


class OwnedScreen(ListingScreen):
    """Each kind: full, empty, at customers, at suppliers, on the road; in all what is owned."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("owned")
        self.build(
            _("All cylinders"),
            _("Code or name"),
            (_("full + empty + at customers + at suppliers + on the road"), _("owned")),
            _("Nothing is sold here that comes back"),
            _("Why so many?"),
        )

    def rows(self, words: str) -> Sequence[Row]:
        found = self.session.till.cylinders.owned()
        return [_row(one) for one in found if holds(f"{one.sku} {one.name}", words)]

    def choose(self, key: Hashable) -> None:
        kinds = {one.product_id: one for one in self.session.till.cylinders.owned()}
        if isinstance(key, int) and key in kinds:
            self._ask_why(kinds[key])

    def _ask_why(self, kind: Owned) -> None:
        """Which documents made them more or fewer?  All others went from hand to hand."""
        changed = self.session.till.cylinders.changed(kind.product_id)
        rows = [self._changed(one) for one in reversed(changed)]
        elsewhere = kind.owned - sum(one.quantity for one in changed)
        if elsewhere:
            rows.append(Row(0, _("Of other tills and the office"), _signed(elsewhere)))
        ask_one(
            self.session,
            (_("What made them more or fewer?"), kind.name, _("Done")),
            lambda words: (row for row in rows if holds(f"{row.title} {row.detail}", words)),
            lambda row: row,
            lambda _row: None,
        )

    def _changed(self, document: Changed) -> Row:
        moment = self.session.local(document.occurred_at).strftime("%d.%m.%Y %H:%M")
        return Row(
            document.document_id,
            f"{kind_words(document.kind)} {document.number}".strip(),
            _signed(document.quantity),
            moment,
        )


def _signed(quantity: int) -> str:
    return f"+{quantity_text(quantity)}" if quantity > 0 else quantity_text(quantity)


def _row(kind: Owned) -> Row:
    parts = (
        _("full {count}", count=quantity_text(kind.full)),
        _("empty {count}", count=quantity_text(kind.empty)),
        _("customers {count}", count=quantity_text(kind.customers)),
        _("suppliers {count}", count=quantity_text(kind.suppliers)),
        _("road {count}", count=quantity_text(kind.road)),
    )
    badges = (Badge(_("more full ones than cylinders: count both"), "warn"),) if kind.empty < 0 else ()
    return Row(
        kind.product_id, kind.name, quantity_text(kind.owned), " · ".join(parts), badges, icon="cylinder"
    )
