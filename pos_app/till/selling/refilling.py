"""A basket that sells full ones for empty ones: what comes back is said on the line, empties come by scan."""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.lot import NO_LOT, Lot
from pos_app.ledger.metering import is_read
from pos_app.ledger.pack import Pack
from pos_app.ledger.quantity import MOST_READING, ONE
from pos_app.store.master import catalogue, pairs
from pos_app.store.master.catalogue import Product
from pos_app.till.selling import meters, refills
from pos_app.till.selling.basket import MOST_LINES, Basket
from pos_app.till.selling.basket_state import BasketLine, ReturnableEntry, line_of
from pos_app.till.selling.line_prices import Prices
from pos_app.till.selling.refills import TIED, Back
from pos_app.till.session.sign_in import Approval

__all__ = ["Back", "RefillingBasket"]


class RefillingBasket(Basket):
    """The basket of a counter where what comes back is ours."""

    def add(
        self,
        product: Product,
        quantity: int = ONE,
        lot: Lot = NO_LOT,
        approval: Approval | None = None,
        *,
        pack: Pack | None = None,
    ) -> int:
        """As any basket; empties that were brought before their full ones are those of the new line."""
        before = self.state.returnables
        self.state.returnables = self._without_brought(product, quantity)
        try:
            return super().add(product, quantity, lot, approval, pack=pack)
        except BaseException:
            self.state.returnables = before
            raise

    def _line_of(self, product: Product, quantity: int, lot: Lot, pack: Pack | None) -> BasketLine:
        line = super()._line_of(product, quantity, lot, pack)
        if not product.behaviour.comes_back:
            return line
        with self._context.database.read() as connection:
            return refills.paired(connection, self._context.shop(), line, product)

    def _without_brought(self, product: Product, quantity: int) -> list[ReturnableEntry]:
        if quantity <= 0 or not product.behaviour.comes_back or not self.state.returnables:
            return self.state.returnables
        with self._context.database.read() as connection:
            empty = pairs.pair_of(connection, self._context.org_id, product.product_id).empty_id
        left = [
            replace(one, quantity=min(one.quantity + quantity, 0))
            if one.product_id == empty and one.quantity < 0
            else one
            for one in self.state.returnables
        ]
        return [one for one in left if one.quantity]

    def set_quantity(self, index: int, quantity: int, approval: Approval | None = None) -> None:
        """As any basket; what is tied to full ones moves with them, and not by itself.  Raises `Refused`."""
        line = self._line(index)
        if refills.is_tied(line):
            raise Refused("tied-to-full-ones", name=line.description[:60])
        if line.tie and quantity < 0:
            raise Refused("full-ones-back-alone", name=line.description[:60])
        super().set_quantity(index, quantity, approval)

    def remove(self, index: int) -> None:
        """Take a line out: full ones go with what is tied to them; without its deposit a cylinder is lent,
        and one that is not sold is changed for its empty.
        """
        line = self._line(index)
        if refills.is_tied(line):
            whole = next(one for one in self.lines if one.tie == line.tie and one.cylinder_id)
            whole.back = Back.LENT if whole.back == Back.DEPOSIT else Back.EMPTY
            whole.tie = 0
            super().remove(index)
            return
        tied = refills.tied_to(self.lines, line)
        self.state.lines = [one for at, one in enumerate(self.lines) if at not in tied]
        super().remove(index - sum(at < index for at in tied))

    def set_back(self, index: int, back: Back, other: Product | None = None) -> int:
        """Say what comes back for the full ones of a line; of another brand it is `other`.  Gives where the
        line stands then.

        Raises `Refused` for a line without a cylinder, a kind without a deposit or without a price for the
        cylinder, and an empty of its own kind as another brand's.
        """
        line = self._line(index)
        if not line.cylinder_id or line.quantity <= 0:
            raise Refused("line-without-cylinder")
        beside = self._beside(line, back) if back in TIED else None
        if back is Back.OTHER and (
            other is None or other.product_id == line.cylinder_id or not other.stocked
        ):
            raise Refused("not-another-brands", name="" if other is None else other.name[:60])
        if beside is not None and len(self.lines) >= MOST_LINES:
            raise Refused("basket-too-long", most=MOST_LINES)
        gone = refills.tied_to(self.lines, line)
        self.state.lines = [one for at, one in enumerate(self.lines) if at not in gone]
        at = index - sum(one < index for one in gone)
        line.back, line.tie, line.other_id, line.other = back, 0, 0, ""
        if back is Back.OTHER and other is not None:
            line.other_id, line.other = other.product_id, other.name
        if beside is not None:
            beside.tie = line.tie = 1 + max(one.tie for one in self.lines)
            self.lines.insert(at + 1, beside)
        self._save(prices=self._prices(self.lines))
        return at

    def _beside(self, line: BasketLine, back: Back) -> BasketLine:
        """The deposit on the cylinders of a line, or the cylinders themselves, at their price."""
        context = self._context
        with context.database.read() as connection:
            keys = pairs.pair_of(connection, context.org_id, line.product_id)
            wanted = keys.deposit_id if back is Back.DEPOSIT else line.cylinder_id
            product = catalogue.by_id(connection, context.shop(), wanted) if wanted else None
        if product is None or not product.price:
            if back is Back.DEPOSIT:
                raise Refused("cylinder-without-deposit", name=line.cylinder[:60])
            raise Refused("cylinder-without-price", name=line.cylinder[:60])
        return line_of(self._of_today(product), line.quantity)

    def add_changed_meter(
        self, product: Product, meter: str, old: tuple[int, int], new: tuple[int, int], lot: Lot = NO_LOT
    ) -> int:
        """Add what ran through a customer's meter until it was taken away, and through the one in its place.

        Both are pairs of readings in thousandths; the old one may have run no more.  Gives the index of the
        new one's line.  Raises `Refused` for readings that cannot be; nothing is added then.
        """
        stood, showed = old
        if not is_read(*new) or showed < stood or showed >= MOST_READING:
            raise Refused("meter-not-above-last")
        if showed > stood:
            self.add_metered(product, stood, showed, lot, meter=meter)
        return self.add_metered(product, *new, lot, meter=meter, replaced=showed)

    def need_current(self, connection: Connection, occurred_at: datetime) -> bool:
        """As any basket; raises `Refused` too where a meter was read by another basket meanwhile."""
        meters.check_reads(self._context, connection, self.state)
        return super().need_current(connection, occurred_at)

    def bring_empty(self, cylinder: Product, quantity: int = ONE) -> None:
        """Empties are on the counter: those of full ones in the basket that had none, or that come alone.

        Raises `Refused` for an absurd quantity.
        """
        for index, line in enumerate(self.lines):
            if (line.cylinder_id, line.quantity) == (
                cylinder.product_id,
                quantity,
            ) and line.back != Back.EMPTY:
                self.set_back(index, Back.EMPTY)
                return
        self.give_returnable(cylinder, -quantity)

    def _save(
        self,
        *,
        parked: bool = False,
        label: str = "",
        changed: tuple[BasketLine, str] | None = None,
        prices: Prices | None = None,
    ) -> None:
        if refills.follow(self.lines):
            prices = self._prices(self.lines)
        super()._save(parked=parked, label=label, changed=changed, prices=prices)
