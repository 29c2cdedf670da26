"""A day at the counter of a till: the drawer opens, customers come, the drawer is counted and closed.

What happens follows from the seed, the day, and what the till knows, so that the same month comes out twice.
People sign in by their PINs; a manager types hers once for each thing that a cashier may not do alone, and
the month remembers that she did.
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Final

from sqlalchemy import Connection

from demo.month.homes import Seat, pins
from pos_app.ledger import chit as chits
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import CashReason, Sale
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.quantity import ONE
from pos_app.store.balances import balances
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Party
from pos_app.store.tables.projections import DRAWER_CASH
from pos_app.till.drawer.money_count import Found
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.checkout import Checkout
from pos_app.till.selling.takings import Takings
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till

#: What is asked for: code, how often, most of it at once.
WANTED: Final = (
    ("WAT-20R", 30, 4),
    ("LPG-R13", 16, 1),
    ("LPG-R06", 14, 1),
    ("LAU-KG", 10, 8),
    ("HOSE-15", 5, 2),
    ("LIGHT", 6, 3),
    ("WAT-10N", 6, 2),
    ("REG-C", 4, 1),
    ("LAU-090", 5, 5),
    ("WAT-1N", 5, 4),
    ("WAC-076", 3, 2),
    ("LAU-DUV2", 3, 2),
    ("LSP-137", 3, 1),
    ("ACC-209", 3, 2),
    ("BURN-1", 2, 1),
    ("GRILL", 2, 1),
    ("LSP-145", 2, 1),
    ("WAT-189N", 2, 1),
    ("SRV-STOVE", 2, 1),
    ("LAU-CORP", 2, 6),
    ("EXP-O13", 1, 2),
    ("LPG-R50", 1, 1),
    ("LPG-O06", 1, 1),
)
#: The shift begins with so much in the drawer; above the other a part goes to the safe.
_FLOAT: Final = 5_000_00
_TOO_MUCH: Final = 60_000_00
#: The canteen that pays ahead and the church that will not pay deal with the office alone.
_AT_THE_OFFICE: Final = ("C-0112", "C-0114")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def cash_of(till: Till, connection: Connection, currency: str = "") -> int:
    """What the books say lies in a till's drawer, in minor units of `currency` (empty: ours)."""
    who = till.place.terminal
    key = {"org_id": who.org_id, "drawer_id": who.drawer_id, "currency": currency or till.currency.code}
    return balances.current(connection, DRAWER_CASH, key)["amount"]


class Counter:
    """A till and whoever works at it."""

    def __init__(self, seat: Seat, seed: int) -> None:
        self.seat = seat
        self.till = seat.till
        self.random = Random()  # noqa: S311 - a demonstration, nothing is kept secret by it
        self._seed = seed
        self._pins = pins()
        self._approvals: dict[Action, Approval] = {}
        self._products: dict[str, Product] = {}
        self._sold: list[Recorded] = []
        self._references = 0
        self._gas_meter = 4_120 * ONE

    # --- the day ------------------------------------------------------------------------------------

    def open(self, day: int) -> None:
        """The first cashier of the day signs in and opens the drawer."""
        seat = self.seat
        self.random.seed(f"{self._seed} {seat.terminal_no} {day}")
        self.sign_in(seat.cashiers[day % len(seat.cashiers)])
        self._products, self._sold = {}, []
        self.till.drawer.open(_FLOAT)

    def sign_in(self, code: str) -> None:
        """Somebody of the till's people, by their PIN."""
        people = self.till.sign_in.people()
        person = next(one for one in people if one.code == code)
        self.till.sign_in.sign_in(person.person_id, self._pins[code])

    def serve(self, seconds: int) -> None:
        """One thing happens, and so many seconds go by."""
        self.seat.clock.advance(timedelta(seconds=seconds))
        happens = self.random.choices(
            (
                self.sell,
                self.sell_on_account,
                self.refund,
                self.void,
                self.cash_in_or_out,
                self.sell_by_meter,
            ),
            (900, 35, 20, 10, 20, 15),
        )[0]
        happens()

    def close(self) -> None:
        """The drawer is counted, at times wrong by a coin or two, and closed; each currency by itself."""
        drawer = self.till.drawer
        foreign = drawer.foreign_currencies()
        with self.till.database.read() as connection:
            cash = cash_of(self.till, connection)
            others = {code: cash_of(self.till, connection, code) for code in foreign}
        counted = cash // 100 * 100
        if self.random.randrange(6) == 0:
            counted = max(0, counted + self.random.choice((-50_00, -20_00, -10_00, 10_00, 20_00)))
        reason = "counted twice" if counted != cash else ""
        drawer.close(
            _pieces(counted, self.till.currency),
            reason,
            self.approval(Action.CLOSE_DRAWER),
            foreign={code: _pieces(amount, find_currency(code)) for code, amount in others.items()},
            money=Found(frozenset(one.key for one in drawer.payments_to_tick())),
        )

    # --- what people ask for ------------------------------------------------------------------------

    def basket(self, customer: Party | None = None) -> Basket:
        """A basket of one to four things."""
        basket = self.till.baskets.new()
        if customer is not None:
            basket.set_customer(customer)
        codes, weights, _ = zip(*WANTED, strict=True)
        most = {code: quantity for code, _, quantity in WANTED}
        for code in self.random.choices(codes, weights, k=self.random.choice((1, 1, 1, 2, 2, 3, 4))):
            product = self.product(code)
            quantity = self.random.randint(1, most[code]) * ONE
            if product.unit == "kg":
                quantity += self.random.choice((0, 250, 500, 750))
            basket.add(product, quantity)
            if code in ("LPG-R13", "LPG-R06") and self.random.randrange(3) == 0:
                # The empty one comes back, or will: it is the customer's for so long.
                basket.give_returnable(self.product("LPG-O06"), self.random.choice((-ONE, ONE)))
        return basket

    def product(self, code: str) -> Product:
        """A product as it stands today."""
        if code not in self._products:
            self._products[code] = self.till.catalogue.scan(code).product
        return self._products[code]

    def customers(self) -> list[Party]:
        """Those who may buy on credit at a counter, by name."""
        found = self.till.customers.search("")
        return [one for one in found if one.credit_limit > 0 and one.code not in _AT_THE_OFFICE]

    def sell(self) -> None:
        """Somebody buys and pays."""
        customer = self.random.choice(self.customers()) if self.random.randrange(8) == 0 else None
        basket = self.basket(customer)
        self._change_a_price(basket)
        checkout = self.till.checkout(basket)
        pays = self.random.choices(
            (self._cash, self._mpesa, self._card, self._both, self._dollars, self._dollar_card),
            (520, 340, 50, 50, 25, 15),
        )[0]
        pays(checkout)
        self._sold.append(checkout.complete())

    def _change_a_price(self, basket: Basket) -> None:
        """Now and then a manager allows something off."""
        if self.random.randrange(25) == 0:
            line = basket.lines[0]
            off = divide_half_up(line.extended, 2_000) * 100
            if off:
                basket.set_discount(0, off, self.approval(Action.PRICE))

    def sell_on_account(self) -> None:
        """A customer puts it on the account, beyond the limit only with the manager."""
        basket = self.basket(self.random.choice(self.customers()))
        checkout = self.till.checkout(basket)
        checkout.add_tender(TenderKind.ACCOUNT, checkout.due().still_due)
        self._sold.append(self.approved(checkout.complete))

    def leave_deposit(self, code: str) -> str:
        """Somebody leaves a deposit in cash; gives the number on their slip."""
        basket = self.till.baskets.new()
        basket.add(self.product(code))
        checkout = self.till.checkout(basket)
        self._cash(checkout)
        sold = checkout.complete().document
        if not isinstance(sold, Sale) or sold.lines[0].chit is None:
            raise LookupError(f"no slip was given for {code}")
        chit = sold.lines[0].chit
        return chits.barcode_of(chit.role, chit.number)

    def pay_deposit_back(self, slip: str) -> None:
        """The cylinder is back: the money of its slip is handed out."""
        taking = self.till.chits.pay_back(slip)
        taking.add_tender(TenderKind.CASH, taking.total)
        taking.complete()

    def sell_by_meter(self) -> None:
        """Gas that ran through a meter, by its readings."""
        basket = self.till.baskets.new()
        gas = self.product("GAS-KG")
        before = self.till.catalogue.last_reading(gas.product_id) or self._gas_meter
        basket.add_metered(gas, before, before + self.random.randint(4_000, 30_000))
        checkout = self.till.checkout(basket)
        self._mpesa(checkout)
        checkout.complete()

    # --- how it is paid -----------------------------------------------------------------------------

    def _cash(self, checkout: Checkout) -> None:
        due = checkout.cash_due()
        note = self.random.choice((1_00, 50_00, 100_00, 500_00, 1_000_00))
        checkout.add_tender(TenderKind.CASH, max(-(-due // note) * note, 1_00))

    def _mpesa(self, checkout: Checkout) -> None:
        self.by_mpesa(checkout)

    def by_mpesa(self, takings: Takings) -> None:
        """Each business on its own number, with a code for each."""
        for place in takings.mpesa_places():
            if place.due:
                takings.add_tender(
                    TenderKind.MPESA, place.due, self.reference(), business_id=place.business_id
                )

    def _card(self, checkout: Checkout) -> None:
        checkout.add_tender(TenderKind.CARD, checkout.due().still_due, self.reference())

    def _both(self, checkout: Checkout) -> None:
        first = checkout.mpesa_places()[0]
        part = min(checkout.due().still_due // 200 * 100, first.due)
        if part:
            checkout.add_tender(TenderKind.MPESA, part, self.reference(), business_id=first.business_id)
        self._cash(checkout)

    def _dollars(self, checkout: Checkout) -> None:
        due = checkout.cash_due()
        dollars = -(-due // self._dollar(100))
        with self.till.database.read() as connection:
            cash = cash_of(self.till, connection)
        if self._dollar(dollars * 100) - due > cash:
            self._cash(checkout)
            return
        checkout.add_tender(TenderKind.CASH, dollars * 100, currency="USD")

    def _dollar_card(self, checkout: Checkout) -> None:
        due = checkout.due().still_due
        cents = due * 100 // self._dollar(100)
        while self._dollar(cents) < due:
            cents += 1
        checkout.add_tender(TenderKind.CARD, cents, self.reference(), "USD")

    def _dollar(self, cents: int) -> int:
        """What so many cents of a dollar are worth today, in cents of a shilling."""
        rate = next(one for one in self.till.rates() if one.currency.code == "USD")
        return rate.in_home(cents)

    def reference(self) -> str:
        """The code of an M-Pesa message or of a card's slip: ten letters and digits, never the same."""
        self._references += 1
        digest = sha256(f"{self._seed} {self.seat.terminal_no} {self._references}".encode()).digest()
        return "S" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:9])

    # --- what goes wrong ----------------------------------------------------------------------------

    def refund(self) -> None:
        """Somebody of today brings one line back."""
        if not self._sold:
            self.sell()
            return
        receipt = self.till.refunds.find(self._sold.pop(self.random.randrange(len(self._sold))).number)
        left = [place for place, quantity in enumerate(receipt.left) if quantity > 0]
        if not left:
            return
        place = self.random.choice(left)
        quantities = {place: receipt.left[place]}
        kind = self.till.refunds.tenders_for(receipt)[0]
        parts = self.till.refunds.parts(receipt, quantities, kind)
        coins = sum(part.amount for part in parts if part.purse.kind is TenderKind.CASH)
        if coins and not self.has_cash(coins):
            return
        sent = [self.reference() for part in parts if part.purse.kind is TenderKind.MPESA]
        self.approved(
            lambda approval: self.till.refunds.complete(
                receipt,
                quantities,
                kind,
                "does not fit",
                approval=approval,
                references={TenderKind.MPESA: ",".join(sent)},
            )
        )

    def void(self) -> None:
        """The last sale was keyed in wrong."""
        if not self._sold:
            self.sell()
            return
        last = self._sold.pop()
        if self.has_cash(last.total):
            self.approved(lambda approval: self.till.voids.void(last.document_id, "keyed in twice", approval))

    def cash_in_or_out(self) -> None:
        """A part of the cash goes to the safe, a tea is paid, small change comes."""
        with self.till.database.read() as connection:
            cash = cash_of(self.till, connection)
        move = self.till.drawer.move
        if cash > _TOO_MUCH:
            drop = cash // 2 // 1_000_00 * 1_000_00
            self.approved(lambda approval: move(CashReason.SAFE_DROP, drop, "to the safe", approval))
        elif self.random.randrange(3) == 0 and cash > 500_00:
            self.approved(lambda approval: move(CashReason.PAY_OUT, 350_00, "milk and tea", approval))
        elif self.random.randrange(4) == 0:
            move(CashReason.PAY_IN, 200_00, "found under the counter")
        else:
            move(CashReason.FLOAT, 1_000_00, "small change")

    def forget_sales(self) -> None:
        """None of the sales so far is refunded or voided any more."""
        self._sold = []

    def has_cash(self, amount: int) -> bool:
        """Whether so much lies in the drawer, in cents."""
        with self.till.database.read() as connection:
            return cash_of(self.till, connection) >= amount

    # --- the manager --------------------------------------------------------------------------------

    def seal_bag(self, amount: int) -> None:
        """Cash of the safe goes to the bank in a bag that the manager counted too."""
        code, sign_in = self.seat.manager, self.till.sign_in
        second = next(one for one in sign_in.people() if one.code == code)
        proved = sign_in.prove(second.person_id, self._pins[code])
        self.till.bank_bags.seal(f"BAG{self.reference()}", amount, proved)

    def approved(self, act: Callable[[Approval | None], Recorded]) -> Recorded:
        """Do it; where the till asks for the manager, with her."""
        try:
            return act(None)
        except NeedsApproval as needed:
            return act(self.approval(Action(needed.action)))

    def approval(self, action: Action) -> Approval:
        """The manager's agreement, by her PIN."""
        if action not in self._approvals:
            self._approvals[action] = self.till.sign_in.approve(self._pins[self.seat.manager], action)
        return self._approvals[action]


def _pieces(amount: int, money: Currency) -> tuple[CashCount, ...]:
    """An amount in notes and coins, large ones first."""
    counts, rest = [], amount
    for value in money.denominations():
        counts.append(CashCount(value=value, pieces=rest // value))
        rest %= value
    return tuple(counts)
