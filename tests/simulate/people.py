"""What people do at a till, by its use cases; each gives what it does to the drawer by their own sum."""

import functools
import random
from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.ledger.document import CashReason
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.till.drawer.money_count import Found
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.checkout import Checkout
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from tests.simulate.shop import GOODS, VENDOR
from tests.simulate.trace import Broken
from tests.support.worlds.till_fixture import GOOD, MANAGER, PRODUCTS


class Done(NamedTuple):
    """What was recorded, and by how much the cash in the drawer changed."""

    recorded: Recorded
    cash: int


class Counter:
    """A person at a till, who remembers the receipts that lie on the counter."""

    def __init__(self, till: Till, cash: int, sales: list[int], chance: random.Random) -> None:
        self.till, self.cash, self.sales, self.chance = till, cash, sales, chance

    def do(self, what: str) -> Done | None:
        """One deed; None where there is nothing to do it to.  Raises what the product raises."""
        done = self._opened if self.till.shift is None else functools.partial(_DEEDS[what], self)
        try:
            return done()
        except NeedsApproval as asked:
            # The clock went back: a manager looks at the date and it is done once more.
            if asked.action != Action.BACKDATE.value or self._may(Action.BACKDATE) is None:
                raise
            self.till.allow_date(Approval(MANAGER, Action.BACKDATE))
            return done()

    def _opened(self) -> Done:
        amount = self.chance.randrange(1_000_00, 9_000_00)
        return Done(self.till.drawer.open(amount), amount)

    def _may(self, action: Action) -> Approval | None:
        """A manager agrees, where whoever is at the till may not by themselves."""
        person = self.till.person
        return None if person is not None and action.value in person.may else Approval(MANAGER, action)

    # --- goods over the counter ---------------------------------------------------------------------

    def _basket(self) -> tuple[Basket, int]:
        """A basket with goods, the one that lay there if one did, and what a person adds it up to."""
        basket = self.till.baskets.resume()
        if not basket.lines:
            for sku in self.chance.sample(GOODS, self.chance.choice((1, 1, 1, 2, 3))):
                product = self.till.catalogue.scan(sku).product
                basket.add(product, ONE * self.chance.choice((1, 1, 1, 2, 5)))
        return basket, sum(line.extended for line in basket.lines)

    def _checkout(self, basket: Basket) -> Checkout:
        """To the money, which is counted anew where some lay there when the program died."""
        checkout = self.till.checkout(basket)
        if basket.tenders:
            basket.set_tenders([])
        return checkout

    def sell(self) -> Done | None:
        """For cash, at times with a note that is too large."""
        basket, total = self._basket()
        if basket.state.party_id is not None:
            return self._on_account(basket, total)
        checkout = self._checkout(basket)
        given = total if self.chance.random() < 0.7 else total + 5 * ONE
        try:
            checkout.add_tender(TenderKind.CASH, given)
            recorded = checkout.complete()
        except Refused as no:
            # Too little in the drawer for the change, or, of a free sample alone, nothing to pay.
            if no.said.code.startswith("drawer-holds") or not total:
                basket.discard()
            raise
        self._is(recorded.total, total)
        if self.chance.random() < 0.05 and checkout.complete().document_id != recorded.document_id:
            raise Broken("pressed twice", f"{recorded.number} became another document")
        self.sales.append(recorded.document_id)
        return Done(recorded, total)

    def on_account(self) -> Done | None:
        """On the account of a good customer."""
        basket, total = self._basket()
        basket.set_customer(GOOD)
        return self._on_account(basket, total)

    def _on_account(self, basket: Basket, total: int) -> Done | None:
        checkout = self._checkout(basket)
        checkout.add_tender(TenderKind.ACCOUNT, total)
        recorded = checkout.complete(self._may(Action.OVER_LIMIT))
        self._is(recorded.total, total)
        return Done(recorded, 0)

    def park(self) -> Done | None:
        """A basket is parked, taken up again and paid."""
        basket, _ = self._basket()
        if basket.state.party_id is not None:
            return self.sell()
        basket.park("the man in the red shirt")
        self.till.baskets.take_up(basket.state.request_id)
        return self.sell()

    def _is(self, said: int, expected: int) -> None:
        if said != expected:
            raise Broken("price", f"the receipt says {said}, the goods cost {expected}")

    def _sale(self) -> int | None:
        return self.chance.choice(self.sales[-20:]) if self.sales else None

    def refund(self) -> Done | None:
        """One line of a receipt comes back."""
        found = self._sale()
        if found is None:
            return None
        with self.till.database.read() as connection:
            receipt = self.till.refunds._refundable(connection, found)
        quantities = {0: ONE}
        amount = self.till.refunds.amount(receipt, quantities)
        done = self.till.refunds.complete(
            receipt, quantities, TenderKind.CASH, "does not fit", self._may(Action.REFUND)
        )
        return Done(done, -amount)

    def void(self) -> Done | None:
        """A sale that was none."""
        found = self._sale()
        if found is None:
            return None
        with self.till.database.read() as connection:
            total = self.till.refunds._refundable(connection, found).sale.total
        done = self.till.voids.void(found, "wrong button", self._may(Action.VOID))
        self.sales.remove(found)
        return Done(done, -total)

    # --- money --------------------------------------------------------------------------------------

    def pay(self) -> Done | None:
        """The customer pays something of what they owe."""
        amount = self.chance.randrange(1_00, 5_000_00)
        desk = self.till.receive_payment(GOOD, amount)
        desk.add_tender(TenderKind.CASH, amount)
        return Done(desk.complete(), amount)

    def cash_in(self) -> Done | None:
        """Change from the bank."""
        amount = self.chance.randrange(1_00, 500_00)
        return Done(self.till.drawer.move(CashReason.PAY_IN, amount, "change"), amount)

    def cash_out(self) -> Done | None:
        """Some of it to the safe."""
        amount = max(1, self.cash // 3)
        done = self.till.drawer.move(CashReason.SAFE_DROP, amount, "to the safe", self._may(Action.CASH_OUT))
        return Done(done, -amount)

    def close(self) -> Done | None:
        """Counted and right."""
        left = self.till.baskets.resume()
        if left.lines:
            left.discard()
        every = Found(frozenset(one.key for one in self.till.drawer.payments_to_tick()))
        closed = self.till.drawer.close(
            (CashCount(value=1, pieces=self.cash),), "", self._may(Action.CLOSE_DRAWER), money=every
        )
        self._is(closed.expected, self.cash)
        self.sales.clear()
        return Done(closed.done, -self.cash)

    # --- goods --------------------------------------------------------------------------------------

    def receive(self) -> Done | None:
        """Gas comes."""
        ordered = Ordered(ONE * self.chance.randrange(1, 60), self.chance.randrange(500_00, 2_000_00))
        products = {PRODUCTS["GAS13"].product_id: ordered}
        may = self._may(Action.RECEIVE_GOODS)
        return Done(self.till.receiving.without_order(VENDOR, products, approval=may), 0)

    def adjust(self) -> Done | None:
        """Something broke."""
        done = self.till.stock_adjustments.adjust(
            AdjustmentReason.DAMAGE,
            {PRODUCTS["REG"].product_id: ONE},
            note="fell down",
            approval=self._may(Action.ADJUST_STOCK),
        )
        return Done(done, 0)

    def poison(self) -> Done | None:
        """A free sample under a name that the till takes and the centre's database cannot: it has a NUL."""
        product = PRODUCTS["SAMPLE"]
        self._rename(product.product_id, "Free\0sample")
        try:
            basket = self.till.baskets.new()
            basket.add(self.till.catalogue.scan(product.sku).product, ONE)
            return Done(self.till.checkout(basket).complete(), 0)
        finally:
            self._rename(product.product_id, product.name)

    def _rename(self, product_id: int, name: str) -> None:
        with self.till.database.write() as connection:
            connection.execute(
                text("UPDATE product SET name = :name WHERE product_id = :key"),
                {"name": name, "key": product_id},
            )


_DEEDS: Final[dict[str, Callable[[Counter], Done | None]]] = {
    "sell": Counter.sell,
    "on account": Counter.on_account,
    "park": Counter.park,
    "refund": Counter.refund,
    "void": Counter.void,
    "pay": Counter.pay,
    "cash in": Counter.cash_in,
    "cash out": Counter.cash_out,
    "close": Counter.close,
    "receive": Counter.receive,
    "adjust": Counter.adjust,
    "poison": Counter.poison,
}
DEEDS: Final = frozenset(_DEEDS)
