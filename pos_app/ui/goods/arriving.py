"""Owns the list of what is on its way: to this depot, and from it to others."""

from collections.abc import Callable, Hashable, Sequence

from pos_app.language import _, plural
from pos_app.ledger.letters import holds
from pos_app.till.stock.transfers import OnTheWay
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.entry.words import place_names
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session


class ArrivingScreen(ListingScreen):
    """Choose the transfer that arrived."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("arriving")
        self._transfers: dict[int, OnTheWay] = {}
        self.build(
            _("Goods arriving"),
            _("Number of the transfer, or the place"),
            (_("transfer"), ""),
            _("Nothing is on its way to this depot or from it"),
            _("Receive it"),
        )

    def rows(self, words: str) -> Sequence[Row]:
        transfers = self.session.till.transfers
        # The till finds by number among all of them; by place, note and day among the newest.
        listed = [*transfers.arriving(words), *(transfers.arriving() if words else ())]
        coming = {one.sent.document_id: one for one in listed}
        gone = {
            one.sent.document_id: one
            for one in transfers.on_the_way()
            if one.sent.document_id not in coming and one.sent.to_location != self.session.till.location_id
        }
        self._transfers = coming | gone
        name = place_names(self.session)
        rows = [self._row(one, name, ours=False) for one in coming.values()]
        rows += [self._row(one, name, ours=True) for one in gone.values()]
        return [row for row in rows if holds(f"{row.title} {row.detail}", words)]

    def _row(self, transfer: OnTheWay, name: Callable[[int], str], *, ours: bool) -> Row:
        start, end = name(transfer.sent.from_location), name(transfer.sent.to_location)
        detail = [
            self.session.local(transfer.sent.occurred_at).strftime("%d.%m.%y %H:%M"),
            plural(len(transfer.left), "{count} product", "{count} products"),
            transfer.sent.note,
        ]
        badges = []
        if ours:
            badges.append(Badge(_("sent from here")))
        if any(transfer.left.get(line.product_id, 0) != line.quantity for line in transfer.sent.lines):
            badges.append(Badge(_("part came"), "warn"))
        return Row(
            transfer.sent.document_id,
            f"{transfer.number} · {start} → {end}",
            "",
            " · ".join(part for part in detail if part),
            tuple(badges),
            icon="truck",
        )

    def choose(self, key: Hashable) -> None:
        if isinstance(key, int) and key in self._transfers:
            self.session.ways.receive_transfer(self._transfers[key])
