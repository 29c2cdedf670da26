"""Owns the list of who holds cylinders and bottles of ours, and the way to anybody else."""

from collections.abc import Hashable, Sequence

from pos_app.language import _
from pos_app.ledger.letters import holds
from pos_app.ledger.quantity import quantity_text
from pos_app.till.stock.returnables import Holder
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session
from pos_app.ui.sheets.finding import ask_customer

_WALK_IN = 0


class HoldersScreen(ListingScreen):
    """Who holds what; choose whose cylinders move."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("holders")
        self._holders: dict[int, Holder] = {}
        self.build(
            _("Cylinders and bottles"),
            _("Name, or what they hold"),
            (_("who holds"), _("in all")),
            _("Nobody holds anything of ours, as far as this till knows"),
            _("Give or take"),
        )

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Another customer"), self.choose_customer),
            KeyAction("F6", _("Without a name"), lambda: self._go(None, "")),
            KeyAction("F7", _("All cylinders"), self.session.ways.owned_cylinders),
            KeyAction("F8", _("Collect full ones"), self.session.ways.receive_loose),
        ]

    def rows(self, words: str) -> Sequence[Row]:
        self._holders = {one.party_id or _WALK_IN: one for one in self.session.till.returnables.holders()}
        rows = [self._row(one) for one in self._holders.values()]
        return [row for row in rows if holds(f"{row.title} {row.detail}", words)]

    def _row(self, holder: Holder) -> Row:
        held = ", ".join(f"{quantity_text(level.quantity)} × {level.name}" for level in holder.levels)
        # More came back than went out, as far as the books know: somebody looks into it.
        owed = any(level.quantity < 0 for level in holder.levels)
        badges = (Badge(_("more came back than went out"), "warn"),) if owed else ()
        return Row(
            holder.party_id or _WALK_IN,
            holder.name or _("Customers without a name"),
            quantity_text(sum(level.quantity for level in holder.levels)),
            held,
            badges,
            icon="user" if holder.party_id else "users",
        )

    def choose(self, key: Hashable) -> None:
        if isinstance(key, int) and key in self._holders:
            holder = self._holders[key]
            self._go(holder.party_id, holder.name)

    def choose_customer(self) -> None:
        """Somebody who holds nothing yet."""
        ask_customer(self.session, lambda party: lambda: self._go(party.party_id, party.name))

    def _go(self, party_id: int | None, name: str) -> None:
        self.session.ways.move_returnables(party_id, name)
