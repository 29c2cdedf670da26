"""Owns the reorder list at the till: what is low, what is to come already, what is proposed, and of whom.

Decisions
---------
2026-12-01  One key orders all that is proposed of the marked line's vendor: an order goes to one vendor, and
what two of them sell is two papers.  What is covered by open orders stays on the list with what is to come,
so that nobody orders it a second time by hand.
"""

from collections.abc import Hashable, Sequence

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.letters import holds
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import quantity_text
from pos_app.ledger.request import new_request
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.receivables.customer import Party
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.stock import Reorder
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session


class ReorderScreen(ListingScreen):
    """What is at its reorder level; F12 orders it of its vendor, Enter looks at the order first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("reorder")
        self._short: dict[int, Reorder] = {}
        self._vendors: dict[int, Party] = {}
        #: One request a vendor, until its order is recorded: pressed twice it is one order.
        self._requests: dict[int, str] = {}
        self.build(
            _("Order again"),
            _("Product, code or vendor"),
            (_("product"), _("proposed")),
            _("Nothing is at its reorder level"),
            _("Look at the order"),
            green=self._green(),
        )

    def _green(self) -> KeyAction:
        return KeyAction("F12", _("Order all of this vendor"), self.order)

    def more_keys(self) -> list[KeyAction]:
        return [self._green()]

    def rows(self, words: str) -> Sequence[Row]:
        short = self.session.till.stock.reorder_list()
        self._vendors = self._known({one.vendor_id for one in short if one.vendor_id})
        self._short = {one.product_id: one for one in short}
        ordered = sorted(short, key=lambda one: (self._vendor_name(one), not one.proposal, one.name))
        return [row for row in map(self._row, ordered) if holds(f"{row.title} {row.detail}", words)]

    def _known(self, keys: set[int]) -> dict[int, Party]:
        """The vendors that can be ordered of; who is gone, or is none any more, is not among them."""
        found = {}
        for key in keys:
            try:
                found[key] = self.session.till.parties.get(key, PartyRole.VENDOR)
            except Refused:
                continue
        return found

    def _vendor_name(self, short: Reorder) -> str:
        vendor = self._vendors.get(short.vendor_id)
        return _("No vendor known") if vendor is None else vendor.name

    def _row(self, short: Reorder) -> Row:
        detail = [
            self._vendor_name(short),
            short.sku,
            _("here {count}", count=quantity_text(short.quantity)),
            _("order at {count}", count=quantity_text(short.minimum)),
        ]
        badges = []
        if short.on_order:
            badges.append(Badge(_("{count} to come", count=quantity_text(short.on_order))))
        if not short.proposal:
            badges.append(Badge(_("ordered already"), "ok"))
        amount = f"{quantity_text(short.proposal)} {short.unit}".strip() if short.proposal else "—"
        return Row(
            short.product_id, short.name, amount, " · ".join(detail), tuple(badges), icon="shopping-cart"
        )

    # -- ordering --------------------------------------------------------------------------------

    def _of_vendor(self, key: Hashable) -> tuple[Reorder, list[Reorder]]:
        """A line, and all of its vendor of which something is proposed."""
        if not isinstance(key, int) or key not in self._short:
            raise Refused("reorder-nothing-left")
        marked = self._short[key]
        same = [one for one in self._short.values() if one.vendor_id == marked.vendor_id and one.proposal]
        return marked, same

    def choose(self, key: Hashable) -> None:
        try:
            marked, same = self._of_vendor(key)
            if not same:
                raise Refused("reorder-nothing-left")
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self.session.ways.order_short(self._vendors.get(marked.vendor_id), same)

    def order(self) -> None:
        """Order what is proposed of the marked line's vendor; who may not alone is asked for a manager."""
        row = self.list.selected()
        try:
            marked, same = self._of_vendor(None if row is None else row.key)
            vendor = self._vendors.get(marked.vendor_id)
            if vendor is None:
                raise Refused("reorder-without-vendor", what=marked.name[:60])
            products = _products(same)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        request = self._requests.setdefault(vendor.party_id, new_request())

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.orders.order(
                vendor.party_id, products, approval=approval, request_id=request
            )

        def written(done: Recorded) -> None:
            self._requests.pop(vendor.party_id, None)
            self.session.recorded()
            self.look_up()
            count = plural(len(same), "{count} product", "{count} products")
            words = _("{number}: {what} ordered of {name}.", number=done.number, what=count, name=vendor.name)
            self.session.succeed(words)

        self.session.attempt_approved(write, written)


def _products(short: Sequence[Reorder]) -> dict[int, Ordered]:
    """What is proposed, at what one cost so far.  Raises `Refused` for nothing, and for an unknown cost."""
    if not short:
        raise Refused("reorder-nothing-left")
    found = {}
    for one in short:
        if one.average_cost is None:
            raise Refused("line-without-cost", what=one.name[:60])
        found[one.product_id] = Ordered(one.proposal, one.average_cost)
    return found
