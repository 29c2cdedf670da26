"""The basket: what a customer is about to pay, saved at every change, so that a kill loses nothing.

A basket carries its request from the moment it is opened; the request goes on the document, and
pressing Pay twice gives the same document.

Decisions
---------
2026-11-29  Who allows a price allows what they were shown: this line, this quantity, so much less than the
list in all.  The line keeps that sum, and whatever makes it larger (more of it, a discount on top, a customer
whose list is higher) asks again, at the change or, at the latest, when it is paid; what makes it smaller does
not.

2026-11-29  Goods past the last day on their pack are sold like goods at another price: whoever may change
prices may allow it, for a cashier a manager.  It is asked when they are scanned, and again before the money
where a basket waited over that day.  It is allowed for the lot, however many of it follow.  What comes back
is not asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger import order_discount
from pos_app.ledger.day import day_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.lot import NO_LOT, Lot
from pos_app.ledger.metering import is_read, ran
from pos_app.ledger.money import MOST_MINOR, divide_half_up, grouped_text
from pos_app.ledger.pack import Pack
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, fine_parts, of_fine_parts
from pos_app.ledger.quantity import ONE, extend, quantity_text
from pos_app.ledger.tax import NO_SALE, VOUCHER_CODE, TaxTerms
from pos_app.ledger.totals import totals_of
from pos_app.ledger.typed_discount import How, TypedDiscount
from pos_app.store.master import catalogue, people
from pos_app.store.master.catalogue import Product, Shop
from pos_app.store.master.people import Party
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.till.selling import allowed, concession, day_rates, line_prices
from pos_app.till.selling.basket_state import BasketLine, ReturnableEntry, TenderEntry, line_of
from pos_app.till.selling.concession import conceded, conceding, given_away, price_note
from pos_app.till.selling.kept_basket import KeptBasket
from pos_app.till.selling.line_prices import Prices
from pos_app.till.selling.quantities import check_no_sale, check_quantity
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval, require

MOST_LINES: Final = 500


def _by_hand(line: BasketLine, **values: Price) -> BasketLine:
    """A line as a person prices it: no promotion is on it any more."""
    off = 0 if line.promotion_id is not None else line.discount
    return replace(line, **{"discount": off, **values}, promotion_id=None, promotion="")


class Basket(KeptBasket):
    """The basket at the till.  Every change is on disk when the method returns."""

    # --- changes -------------------------------------------------------------------------------

    def add(
        self,
        product: Product,
        quantity: int = ONE,
        lot: Lot = NO_LOT,
        approval: Approval | None = None,
        *,
        pack: Pack | None = None,
    ) -> int:
        """Add a product; the same one of the same lot at its list price joins its line.  Gives its index.

        What it costs is by the lists (see `line_prices`).  In packs the quantity counts what is in them.
        Raises `Refused` for an absurd quantity, one that is no whole packs, or too many lines,
        `NeedsApproval` for goods past their last day.
        """
        self._context.need(Permission.SELL)
        product = self._of_today(product)
        new = self._line_of(product, quantity, lot, pack)
        prices = self._price_beside(new)
        for index, line in enumerate(self.lines):
            if line.joins(new, prices[index]):
                check_quantity(line.quantity + quantity, pack)
                self._allow_past([line], approval)
                line.quantity += quantity
                # Together they may get another promotion than beside each other.
                self._save(prices=self._prices(self.lines))
                return index
        check_quantity(quantity, pack)
        check_no_sale(product.tax_code, quantity)
        return self._append(new, prices, approval)

    def add_metered(
        self,
        product: Product,
        before: int,
        after: int,
        lot: Lot = NO_LOT,
        *,
        meter: str = "",
        turn: int = 0,
        replaced: int | None = None,
    ) -> int:
        """Add goods that ran through a meter: two readings, in thousandths, the last one asked of
        `Catalogue.last_reading`, give the quantity.  `meter` is the code of one of the customer's own
        (see `Meters`).  A reading below the last one says why: it turned over at `turn`, or another meter,
        read from `before` on, took the place of one that showed `replaced`.  Raises `Refused` for readings
        that cannot be.
        """
        self._context.need(Permission.SELL)
        if not is_read(before, after, turn):
            raise Refused("meter-not-above-last")
        quantity = ran(before, after, turn)
        check_quantity(quantity)
        line = line_of(self._of_today(product), quantity, lot, (before, after))
        line.meter_turn, line.meter_replaced = turn, replaced
        if meter:
            line.meter, line.description = meter, f"{line.description} ({meter})"
        line.expiry_approver = next((one.expiry_approver for one in self.lines if one.lot == lot), None)
        return self._append(line, self._price_beside(line))

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

    def _line_of(self, product: Product, quantity: int, lot: Lot, pack: Pack | None) -> BasketLine:
        """A new line of a product, by itself or in packs, before any list was asked."""
        return line_of(product, quantity, lot, pack=pack)

    def _append(self, line: BasketLine, prices: Prices, approval: Approval | None = None) -> int:
        if len(self.lines) >= MOST_LINES:
            raise Refused("basket-too-long", most=MOST_LINES)
        self._allow_past([line], approval)
        self.lines.append(line)
        self._save(prices=prices)
        return len(self.lines) - 1

    def _price_beside(self, new: BasketLine) -> Prices:
        """Price a new line; gives what the lists say of all lines with it among them."""
        prices = self._prices([*self.lines, new])
        line_prices.take([new], prices[-1:])
        return prices

    def _prices(self, lines: Sequence[BasketLine]) -> Prices:
        with self._context.database.read() as connection:
            return line_prices.of_lines(self._context, connection, self.state.party_id, lines)

    def give_returnable(self, product: Product, quantity: int) -> None:
        """Give cylinders or bottles beside the goods (negative: take them back); of one product they add up.

        Raises `Refused` for an absurd quantity.
        """
        self._context.need(Permission.SELL)
        entries = [one for one in self.state.returnables if one.product_id != product.product_id]
        before = sum(one.quantity for one in self.state.returnables if one.product_id == product.product_id)
        if before + quantity:
            check_quantity(before + quantity)
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

    def set_quantity(self, index: int, quantity: int, approval: Approval | None = None) -> None:
        """Change a line's quantity, in thousandths; negative takes the goods back.

        Raises `NeedsApproval` for a cashier alone where more is given away by it than was allowed.
        """
        line = self._line(index)
        check_quantity(quantity, line.pack)
        if line.meter_after is not None:
            raise Refused("metered-quantity-fixed")
        check_no_sale(line.tax_code, quantity)
        if line.order_line is not None and not 0 < quantity <= line.order_left:
            raise Refused("left-of-order", left=quantity_text(line.order_left), unit=line.unit)
        self.rate_again()
        discount = 0
        if line.discount_by_hand and quantity * line.quantity > 0:
            discount = divide_half_up(line.discount * abs(quantity), abs(line.quantity))
        wanted = replace(line, quantity=quantity, discount=discount, promotion_id=None, promotion="")
        prices = self._prices(self._with(index, wanted))
        line_prices.take([wanted], prices[index : index + 1])
        if wanted.changed and given_away(wanted) > wanted.price_allowed:
            self._concede(index, wanted, approval)
        else:
            self.lines[index] = wanted
            self._save(prices=prices)

    def set_price(self, index: int, unit_price: Price, approval: Approval | None = None) -> None:
        """Charge another unit price, in minor units.  Raises `NeedsApproval` for a cashier alone."""
        line = self._line(index)
        if line.order_line is not None:
            raise Refused("order-price-fixed")
        if not 0 <= unit_price <= MOST_MINOR // 1000 or of_fine_parts(fine_parts(unit_price)) != unit_price:
            raise Refused("price-implausible")
        if line.tax_code == VOUCHER_CODE:
            # It owes what is paid for it: nobody gives anything away.
            before = price_note(line)
            line.unit_price = line.list_price = unit_price
            self._save(changed=(line, before))
            return
        self.rate_again()
        self._concede(index, _by_hand(line, unit_price=unit_price, discount=0), approval)

    def set_discount(self, index: int, discount: int, approval: Approval | None = None) -> None:
        """Take an amount off what a line is paid, or handed back, for.  Raises `NeedsApproval`."""
        line = self._line(index)
        if line.tax_code in NO_SALE:
            raise Refused("no-sale-discounted")
        if not 0 <= discount <= abs(extend(line.price, line.quantity)):
            raise Refused("discount-above-line")
        self.rate_again()
        off = discount if line.quantity > 0 else -discount
        self._concede(index, _by_hand(line, discount=off), approval)

    def discount_order(
        self, discount: int = 0, approval: Approval | None = None, *, percent_bp: int = 0
    ) -> None:
        """Take an amount in minor units, or a per cent in basis points, off all goods that go out at once.

        It is shared over their rates (see `order_discount`) and stands in place of discounts and promotions;
        parts of an order keep what was agreed, what is no sale what is owed.  Raises `NeedsApproval`.
        """
        self.rate_again()
        places = self._discounted_together()
        wanted = [_by_hand(self.lines[at], discount=0) for at in places]
        prices = [line.taxable() for line in wanted]
        off = order_discount.percent_of(prices, percent_bp) if percent_bp else discount
        for line, part in zip(wanted, order_discount.shared(prices, off), strict=True):
            line.discount = part
        self._who_allows(wanted, approval)
        for at, line in zip(places, wanted, strict=True):
            self._concede(at, line, approval)

    def _discounted_together(self) -> list[int]:
        """Which lines a discount on all is shared over."""
        return [
            at
            for at, line in enumerate(self.lines)
            if line.order_line is None and line.tax_code not in NO_SALE and line.quantity > 0
        ]

    def off_line(self, index: int, typed: TypedDiscount) -> int:
        """How much a typed discount takes off a line, in minor units.  Raises `Refused`."""
        line = self._line(index)
        return typed.off(abs(extend(line.price, line.quantity)))

    def off_all(self, typed: TypedDiscount) -> int:
        """How much a typed discount takes off all that it is shared over; a target is what is paid for all
        lines, with the tax that comes on top of some.

        Raises `Refused`.
        """
        places = self._discounted_together()
        bare = [_by_hand(self.lines[at], discount=0) for at in places]
        prices = [line.taxable() for line in bare]
        if typed.how is not How.TARGET:
            return typed.off(sum(line.extended for line in bare))

        def paid(off: int) -> int:
            lines = list(self.lines)
            for at, line, part in zip(places, bare, order_discount.shared(prices, off), strict=True):
                lines[at] = replace(line, discount=part)
            return totals_of(self._taxed(lines)).total

        return order_discount.off_to(prices, typed.value, paid)

    def price_again(self, approval: Approval | None) -> None:
        """Ask anew for prices that nobody allowed who still may: raises `NeedsApproval` then.

        A basket outlives a shift and a role, and its customer changes what the list says: whoever allowed its
        prices may not do so any more, or allowed less than is given away now.
        """
        stale = [line for line in self.lines if line.changed and not self._is_allowed(line)]
        if stale:
            allowed_by = self._who_allows(stale, approval)
            for line in stale:
                line.price_approver, line.price_allowed = allowed_by, max(given_away(line), 0)
            self._save()

    def _is_allowed(self, line: BasketLine) -> bool:
        person = self._context.signed_in()
        is_own = line.price_approver == person.person_id and concession.within_own(line, person.may)
        still = is_own or allowed.may_still(self._context, self.state, line.price_approver)
        return still and given_away(line) <= line.price_allowed

    def allow_past(self, approval: Approval | None) -> None:
        """Ask for goods past their last day that nobody who still may allowed: raises `NeedsApproval`."""
        if self._allow_past(self.lines, approval):
            self._save()

    def _allow_past(self, lines: Sequence[BasketLine], approval: Approval | None) -> bool:
        context, state = self._context, self.state
        past = [
            one for one in self._past(lines) if not allowed.may_still(context, state, one.expiry_approver)
        ]
        if not past:
            return False
        allowed_by = concession.who_sells_past(past, context.signed_in(), approval)
        allowed.remember(context, state, allowed_by.person_id)
        for line in past:
            line.expiry_approver = allowed_by.person_id
        return True

    def _past(self, lines: Sequence[BasketLine], moment: datetime | None = None) -> list[BasketLine]:
        if all(line.expires_on is None for line in lines):
            return []
        day = day_of(moment or self._context.clock.now(), self._context.place.time_zone)
        return [line for line in lines if line.is_past(day)]

    def is_past(self, index: int) -> bool:
        """Whether a line gives out goods past their last day."""
        return bool(self._past([self._line(index)]))

    def _concede(self, index: int, wanted: BasketLine, approval: Approval | None) -> None:
        """Put a line at a price of its own in place of what it was, allowed just as it stands then."""
        allowed_by = self._who_allows([wanted], approval)
        before = price_note(self.lines[index])
        wanted.price_approver, wanted.price_allowed = allowed_by, max(given_away(wanted), 0)
        self.lines[index] = wanted
        # What a person prices is in no promotion with the others any more.
        self._save(changed=(wanted, before), prices=self._prices(self.lines))

    def _with(self, index: int, wanted: BasketLine) -> list[BasketLine]:
        """The lines with another one in the place of one."""
        return [wanted if at == index else one for at, one in enumerate(self.lines)]

    def _who_allows(self, lines: Sequence[BasketLine], approval: Approval | None) -> int:
        """Who allows the prices of these lines: whoever sells, as far as their own roles go.

        Raises `NeedsApproval`, which says what they give away.
        """
        person = self._context.signed_in()
        if all(concession.within_own(line, person.may) for line in lines):
            return person.person_id
        try:
            allowed_by = (require(person, Action.PRICE, approval) or person).person_id
        except NeedsApproval:
            raise conceding([conceded(line) for line in lines], self._context.place.currency) from None
        allowed.remember(self._context, self.state, allowed_by)
        return allowed_by

    def remove(self, index: int) -> None:
        """Take a line out."""
        self._line(index)
        self.rate_again()
        del self.lines[index]
        if all(line.order_line is None for line in self.lines):
            self.state.order_id = self.state.order_party = None
        self._save(prices=self._prices(self.lines))

    def set_customer(self, party: Party | None) -> None:
        """Say who buys, or that nobody in particular does; the goods get that customer's prices.

        A price that somebody changed by hand or agreed with an order stays.  Raises `Refused` for another
        customer than the one whose order is collected, or whose own meter was read.
        """
        key = None if party is None else party.party_id
        if self.state.order_party not in (None, key):
            raise Refused("basket-order-of-other-customer")
        if self.state.party_id != key and any(line.meter for line in self.lines):
            # What ran through it would be paid by another, and once more by whose it is.
            raise Refused("basket-meter-of-other-customer")
        self._sell_to(key)

    def _sell_to(self, key: int | None) -> None:
        self.rate_again()
        self.state.party_id = key
        self._save(prices=self._prices(self.lines))

    def follow_merged(self) -> None:
        """Sell to the customer into whom the chosen one was merged meanwhile.

        Raises `Refused` where that is another one now: their prices hold, and whoever buys is told.
        """
        key = self.state.party_id
        if key is None or self.state.order_party is not None:
            return
        with self._context.database.read() as connection:
            kept = people.merged_into(connection, self._context.org_id, key)
            gone = people.party(connection, self._context.org_id, key)
        if kept is not None and gone is not None:
            # What was theirs is the kept one's now, meters too.
            self._sell_to(kept.party_id)
            raise Refused("customer-merged", name=gone.name, kept=kept.name)

    def set_tenders(self, tenders: list[TenderEntry]) -> None:
        """Keep what was tendered so far (see `checkout`)."""
        self.state.tenders = tenders
        self._save()

    # --- the rates of the day --------------------------------------------------------------------

    def rate_again(self) -> None:
        """Take the taxes of today for all lines (see `day_rates`); what that changes is `news`."""
        if self.lines and not self._closed:
            with self._context.database.read() as connection:
                self._rate_again(connection, self._context.shop())

    def _rate_again(
        self, connection: Connection, shop: Shop, also: Sequence[int] = ()
    ) -> dict[int, TaxTerms]:
        """Gives how the products of the lines, and of `also`, are taxed."""
        terms = catalogue.tax_of(connection, shop, [*(line.product_id for line in self.lines), *also])
        # It is written with the next change: whoever opens it before takes the rates anew.
        _, told = self._take_anew(connection, shop, terms)
        self._news = told or self._news
        return terms

    def _of_today(self, product: Product) -> Product:
        """A product with its tax of today, however long ago it was looked up; all lines beside it too."""
        with self._context.database.read() as connection:
            known = self._rate_again(connection, self._context.shop(), [product.product_id])
        return day_rates.taxed_by(product, known.get(product.product_id))

    def take_news(self) -> Sentence | None:
        """What the person was not told yet of a total that changed without them; only once."""
        news, self._news = self._news, None
        return news

    def need_current(self, connection: Connection, occurred_at: datetime) -> bool:
        """Tax and price the lines as of the document's moment, in its transaction; says whether any changed.

        Raises `Refused` where the total is another than what was shown; from then on it is that; and
        `NeedsApproval` for goods that are past their last day since it was asked.
        """
        context = self._context
        past = [line for line in self._past(self.lines, occurred_at) if line.expiry_approver is None]
        if past:
            # Midnight came in between.
            raise concession.selling_past(past)
        day = day_of(occurred_at, context.place.time_zone)
        shop = Shop(context.org_id, context.location_id, day)
        terms = catalogue.tax_of(connection, shop, [line.product_id for line in self.lines])
        is_other, told = self._take_anew(connection, shop, terms, occurred_at)
        if told is not None:
            raise Refused(told)
        return is_other

    def _take_anew(
        self, connection: Connection, shop: Shop, terms: Mapping[int, TaxTerms], at: datetime | None = None
    ) -> tuple[bool, Sentence | None]:
        """Tax and price the lines as of a moment; whether any changed, and what to tell of the total."""
        due = day_rates.due(connection, shop, self.lines, terms)
        prices = line_prices.of_lines(self._context, connection, self.state.party_id, self.lines, at)
        if not due and not line_prices.differ(self.lines, prices):
            return False, None
        before, money = self.totals().total, self._context.place.currency
        for one in due:
            one.take()
        line_prices.take(self.lines, prices)
        now = self.totals().total
        if now == before:
            return True, None
        figures = grouped_text(before, money), grouped_text(now, money)
        return True, said("basket-total-changed", before=figures[0], now=figures[1])
