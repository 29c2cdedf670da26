"""The basket: what a customer is about to pay, saved at every change, so that a kill loses nothing.

A basket carries its request from the moment it is opened; the request goes on the document, and
pressing Pay twice gives the same document.
"""

import json
from typing import Final

import msgspec
from msgspec import Struct

from pos_app.ledger import tax
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR, divide_half_up
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE, extend, quantity_text
from pos_app.ledger.totals import shares_of, totals_of
from pos_app.store.journal import drafts
from pos_app.store.journal.drafts import Draft
from pos_app.store.master import party_terms, people
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Party
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.till.selling.basket_state import BasketLine, BasketState, ReturnableEntry, TenderEntry, decoded
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.sign_in import Action, Approval, require

MOST_LINES: Final = 500


class Totals(Struct, frozen=True):
    """The basket in figures, minor units; `items` counts lines; tax is included in `total`."""

    items: int
    subtotal: int
    tax_total: int
    total: int
    discount: int


_encoder: Final = msgspec.msgpack.Encoder()


class Basket:
    """The basket at the till.  Every change is on disk when the method returns."""

    def __init__(self, context: Context, state: BasketState | None = None) -> None:
        self._context = context
        self.state = state or BasketState(request_id=new_request())
        self._closed = False

    # --- what is in it -------------------------------------------------------------------------

    @property
    def lines(self) -> list[BasketLine]:
        """The lines, in the order in which they were added."""
        return self.state.lines

    @property
    def tenders(self) -> list[TenderEntry]:
        """What was tendered so far."""
        return self.state.tenders

    def taxed(self) -> list[tax.Taxed]:
        """Net and tax of each line: parts of an order have theirs, all others share it out."""
        if all(line.agreed is None for line in self.lines):
            return shares_of(self.lines)
        parts = [line.part() for line in self.lines]
        shares = iter(shares_of(line for line, part in zip(self.lines, parts, strict=True) if part is None))
        return [next(shares) if part is None else part for part in parts]

    def totals(self) -> Totals:
        """The figures below the lines."""
        taxed = self.taxed()
        discount = sum(line.discount for line in self.lines)
        return Totals(len(self.lines), *totals_of(taxed), discount)

    def customer(self) -> Party | None:
        """Who buys, where a customer was chosen."""
        if self.state.party_id is None:
            return None
        with self._context.database.read() as connection:
            return people.party(connection, self._context.org_id, self.state.party_id)

    # --- changes -------------------------------------------------------------------------------

    def add(self, product: Product, quantity: int = ONE) -> int:
        """Add a product; the same product at its list price joins its line.  Gives the line's index.

        The list price of a customer with a contract is the contract's.
        Raises `Refused` for an absurd quantity or too many lines.
        """
        self._context.need(Permission.SELL)
        price = self._price(product.product_id, product.price)
        for index, line in enumerate(self.lines):
            same = line.product_id == product.product_id and line.unit_price == price
            plain = not line.discount and line.meter_after is None and line.order_line is None
            if same and plain and (line.quantity > 0) == (quantity > 0):
                _check_quantity(line.quantity + quantity)
                line.quantity += quantity
                self._save()
                return index
        _check_quantity(quantity)
        return self._append(product, quantity, price)

    def add_metered(self, product: Product, before: int, after: int) -> int:
        """Add goods that ran through a meter: the two readings, in thousandths, give the quantity.

        The last reading is asked of `Catalogue.last_reading`.  Raises `Refused` for readings that cannot be.
        """
        self._context.need(Permission.SELL)
        if before < 0 or after <= before:
            raise Refused("meter-not-above-last")
        _check_quantity(after - before)
        index = self._append(
            product, after - before, self._price(product.product_id, product.price), save=False
        )
        self.lines[index].meter_before, self.lines[index].meter_after = before, after
        self._save()
        return index

    def collect(self, order_id: int, customer: Party | None, lines: list[BasketLine]) -> None:
        """Add what is collected of a service order, as agreed on intake, for the customer who brought it.

        Raises `Refused` when the basket collects another order already, or is another customer's.
        """
        if self.state.order_id not in (None, order_id):
            raise Refused("basket-collects-other-order")
        if customer is not None and self.state.party_id not in (None, customer.party_id):
            raise Refused("basket-of-other-customer")
        others = [line for line in self.lines if line.order_line is None]
        if len(others) + len(lines) > MOST_LINES:
            raise Refused("basket-too-long", most=MOST_LINES)
        self.state.lines = [*others, *lines]
        self.state.order_id = order_id
        self.state.order_party = None if customer is None else customer.party_id
        if customer is None:
            self._save()
        else:
            self.set_customer(customer)

    def _append(self, product: Product, quantity: int, price: int, *, save: bool = True) -> int:
        if len(self.lines) >= MOST_LINES:
            raise Refused("basket-too-long", most=MOST_LINES)
        self.lines.append(
            BasketLine(
                product_id=product.product_id,
                sku=product.sku,
                description=product.name,
                quantity=quantity,
                unit=product.unit,
                list_price=price,
                unit_price=price,
                shelf_price=None if price == product.price else product.price,
                tax_code=product.tax_code,
                tax_rate_bp=product.tax_rate_bp,
                tax_inclusive=product.tax_inclusive,
                business_id=product.business_id,
                stocked=product.stocked,
            )
        )
        if save:
            self._save()
        return len(self.lines) - 1

    def _price(self, product_id: int, shelf_price: int) -> int:
        """What the customer of this basket pays for a product by the list: by contract, or as everybody."""
        if self.state.party_id is None:
            return shelf_price
        context = self._context
        with context.database.read() as connection:
            agreed = party_terms.contract_price(connection, context.org_id, self.state.party_id, product_id)
        return shelf_price if agreed is None else agreed

    def give_returnable(self, product: Product, quantity: int) -> None:
        """Give cylinders or bottles beside the goods (negative: take them back); of one product they add up.

        Raises `Refused` for an absurd quantity.
        """
        self._context.need(Permission.SELL)
        entries = [one for one in self.state.returnables if one.product_id != product.product_id]
        before = sum(one.quantity for one in self.state.returnables if one.product_id == product.product_id)
        if before + quantity:
            _check_quantity(before + quantity)
            entries.append(
                ReturnableEntry(
                    product_id=product.product_id, description=product.name, quantity=before + quantity
                )
            )
        self.state.returnables = entries
        self._save()

    def shortages(self) -> list[Level]:
        """Which goods this basket takes below what the books have here: `quantity` is what will be left.

        Selling them is allowed: what the hand holds is there, whatever the books say.
        """
        wanted: dict[int, int] = {}
        for line in self.lines:
            if line.stocked:
                wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
        context = self._context
        with context.database.read() as connection:
            return stock_levels.short_of(connection, context.org_id, context.location_id, wanted)

    def set_quantity(self, index: int, quantity: int) -> None:
        """Change a line's quantity, in thousandths; negative takes the goods back."""
        _check_quantity(quantity)
        line = self._line(index)
        if line.meter_after is not None:
            raise Refused("metered-quantity-fixed")
        if line.order_line is not None and not 0 < quantity <= line.order_left:
            raise Refused("left-of-order", left=quantity_text(line.order_left), unit=line.unit)
        if line.discount:
            line.discount = divide_half_up(line.discount * quantity, abs(line.quantity))
            line.discount = line.discount if quantity * line.quantity > 0 else 0
        line.quantity = quantity
        self._save()

    def set_price(self, index: int, unit_price: int, approval: Approval | None = None) -> None:
        """Charge another unit price, in minor units.  Raises `NeedsApproval` for a cashier alone."""
        line = self._line(index)
        if line.order_line is not None:
            raise Refused("order-price-fixed")
        if not 0 <= unit_price <= MOST_MINOR // 1000:
            raise Refused("price-implausible")
        allowed_by = self._who_allows_a_price(approval)
        before = _price_of(line)
        line.unit_price, line.discount = unit_price, 0
        line.price_approver = allowed_by
        self._save(changed=(line, before))

    def set_discount(self, index: int, discount: int, approval: Approval | None = None) -> None:
        """Take an amount in minor units off a line.  Raises `NeedsApproval` for a cashier alone."""
        line = self._line(index)
        whole = extend(line.unit_price, line.quantity)
        if not 0 <= discount <= whole:
            raise Refused("discount-above-line")
        allowed_by = self._who_allows_a_price(approval)
        before = _price_of(line)
        line.discount = discount
        line.price_approver = allowed_by
        self._save(changed=(line, before))

    def price_again(self, approval: Approval | None) -> None:
        """Ask anew for prices that nobody allowed who still may: raises `NeedsApproval` then.

        A basket outlives a shift and a role: whoever allowed its prices may not do so any more.
        """
        context = self._context
        stale = [
            line
            for line in self.lines
            if line.changed
            and (line.price_approver is None or not context.allows(line.price_approver, Action.PRICE.value))
        ]
        if stale:
            allowed_by = self._who_allows_a_price(approval)
            for line in stale:
                line.price_approver = allowed_by
            self._save()

    def _who_allows_a_price(self, approval: Approval | None) -> int:
        person = self._context.signed_in()
        return (require(person, Action.PRICE, approval) or person).person_id

    def remove(self, index: int) -> None:
        """Take a line out."""
        self._line(index)
        del self.lines[index]
        if all(line.order_line is None for line in self.lines):
            self.state.order_id = self.state.order_party = None
        self._save()

    def set_customer(self, party: Party | None) -> None:
        """Say who buys, or that nobody in particular does; the goods get that customer's prices.

        A price that somebody changed by hand or agreed with an order stays.  Raises `Refused` for another
        customer than the one whose order is collected.
        """
        key = None if party is None else party.party_id
        if self.state.order_party not in (None, key):
            raise Refused("basket-order-of-other-customer")
        self.state.party_id = key
        for line in self.lines:
            if line.order_line is not None:
                continue
            shelf = line.list_price if line.shelf_price is None else line.shelf_price
            price = self._price(line.product_id, shelf)
            if not line.changed:
                line.unit_price = price
            line.list_price = price
            line.shelf_price = None if price == shelf else shelf
        self._save()

    def set_tenders(self, tenders: list[TenderEntry]) -> None:
        """Keep what was tendered so far (see `checkout`)."""
        self.state.tenders = tenders
        self._save()

    def _line(self, index: int) -> BasketLine:
        if not 0 <= index < len(self.lines):
            raise Refused("no-line-chosen")
        return self.lines[index]

    # --- keeping -------------------------------------------------------------------------------

    def close(self) -> None:
        """The basket is paid: what is scanned from now on belongs into another one."""
        self._closed = True

    def _save(
        self, *, parked: bool = False, label: str = "", changed: tuple[BasketLine, str] | None = None
    ) -> None:
        """Write the basket; with `changed`, a line's price and what it was before go into the audit log."""
        context = self._context
        if self._closed:
            raise Refused("basket-paid")
        with context.database.write() as connection:
            if changed is not None:
                context.note(
                    connection,
                    "price",
                    f"product {changed[0].sku}",
                    before=changed[1],
                    after=_price_of(changed[0]),
                )
            if not self.lines and not self.state.returnables and self.state.party_id is None and not parked:
                drafts.delete(connection, context.org_id, self.state.request_id)
                return
            draft = Draft(
                request_id=self.state.request_id,
                person_id=context.signed_in().person_id,
                parked=parked,
                label=label,
                updated_at=context.clock.now(),
                body=_encoder.encode(self.state),
            )
            drafts.save(connection, context.org_id, draft)

    def park(self, label: str) -> None:
        """Put the basket aside under a name.  Raises `Refused` when it is empty."""
        if not self.lines:
            raise Refused("nothing-to-park")
        self.state.tenders = []
        self._save(parked=True, label=label.strip()[:40])

    def discard(self) -> None:
        """Forget the basket: the customer left."""
        context = self._context
        with context.database.write() as connection:
            drafts.delete(connection, context.org_id, self.state.request_id)


class Baskets:
    """The basket that is open and those that are parked."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def new(self) -> Basket:
        """An empty basket with a request of its own; saved with its first line."""
        return Basket(self._context)

    def resume(self) -> Basket:
        """The basket that was open when the till last ran, or a new one."""
        with self._context.database.read() as connection:
            saved = drafts.load(connection, self._context.org_id, parked=False)
        return Basket(self._context, decoded(saved[0])) if saved else self.new()

    def parked(self) -> list[Draft]:
        """The parked baskets, newest first."""
        with self._context.database.read() as connection:
            return drafts.load(connection, self._context.org_id, parked=True)

    def take_up(self, request_id: str) -> Basket:
        """Open a parked basket again.  Raises `Refused` when it is gone, or another one is open."""
        with self._context.database.read() as connection:
            if drafts.load(connection, self._context.org_id, parked=False):
                raise Refused("basket-open-at-taking-up")
        for draft in self.parked():
            if draft.request_id == request_id:
                basket = Basket(self._context, decoded(draft))
                basket._save()
                return basket
        raise Refused("basket-not-parked")


def _price_of(line: BasketLine) -> str:
    """Price and discount for the audit log, in minor units; who allowed them where they are changed."""
    figures: dict[str, int | None] = {"unit_price": line.unit_price, "discount": line.discount}
    if line.changed:
        figures["allowed_by"] = line.price_approver
    return json.dumps(figures)


def _check_quantity(quantity: int) -> None:
    if quantity == 0:
        raise Refused("quantity-zero")
    if abs(quantity) > MOST_ON_A_LINE:
        raise Refused("basket-quantity-implausible")
