"""What a till of the demo month does beside selling: invoices, payments, deposits, stock, petty cash.

Each task can be done on any day: it makes first what it needs (an invoice before it credits one).
"""

from collections.abc import Callable
from typing import Final

from demo.month.counter import Counter, cash_of
from demo.month.founding import FIRST_DAY, GOODS
from demo.month.laundry import Laundry
from pos_app.ledger.cylinder import gas_left
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from pos_app.store.master.people import Party
from pos_app.till.drawer.expense import Spent
from pos_app.till.drawer.money_transfer import MoneyAccount
from pos_app.till.purchasing.ordering import OpenOrder, Ordered
from pos_app.till.stock.half_returns import Half

#: The depot whose till receives what the office ordered; for the other one the office receives it itself.
_ORDERED_FOR: Final = "WEST"
_LAUNDRY_POWDER: Final = "LSP-137"
#: What an employee may be owed in advance at a time, in cents.
_ADVANCE: Final = 1_500_00
_DOLLARS_FROM: Final = FIRST_DAY + 14


class Desk:
    """The tasks of one till.  Who stands `at_gate` receives what the other depot sent and the office ordered,
    as the feed brought it.
    """

    def __init__(self, counter: Counter, *, at_gate: bool) -> None:
        self.counter = counter
        self._at_gate = at_gate
        self.till = counter.till
        self._invoices: list[str] = []
        self._slips: list[str] = []
        self._left = 0
        self.tasks: tuple[Callable[[], None], ...] = (
            self.invoice,
            self.take_payment,
            self.order,
            self.invoice,
            self.pay_expense,
            self.take_deposit,
            self.deposit_on_a_slip,
            self.send_stock,
            self.credit,
            self.advance,
            self.receive_goods,
            self.count_stock,
            self.invoice,
            self.settle,
            self.member,
            self.adjust_stock,
            self.lend_bottles,
            self.bank_money,
            Laundry(counter).work,
            self.half_return,
            counter.cash_in_or_out,
        )

    def work(self, slot: int) -> None:
        """The task of this slot of the month."""
        self.tasks[slot % len(self.tasks)]()

    def take_in(self) -> None:
        """In the morning comes what is on its way here."""
        if self._at_gate:
            self._receive_transfers()
            if self.till.place.depot_code == _ORDERED_FOR:
                for order in reversed(self._waiting(SERVER_TERMINAL_NO)):
                    self._receive(order)

    def _receive_transfers(self) -> None:
        """What the other depot sent; of a large one, at times a piece is missing and is looked for."""
        for one in self.till.transfers.arriving():
            came = {line.product_id: line.quantity for line in one.sent.lines}
            if one.left != came:
                continue
            first = next(iter(came))
            if came[first] > ONE and self.counter.random.randrange(3) == 0:
                came[first] -= ONE
            self.counter.approved(
                lambda approval, sent=one.sent, came=came: self.till.transfers.receive(  # type: ignore[misc]
                    sent, came, approval=approval
                )
            )

    # --- customers ----------------------------------------------------------------------------------

    def invoice(self) -> None:
        """A customer takes goods on an invoice; at times it is a draft first."""
        counter, invoicing = self.counter, self.till.invoicing
        basket = counter.basket(counter.random.choice(counter.customers()))
        if counter.random.randrange(3) == 0 and not basket.state.returnables:
            draft = invoicing.save_draft(basket, reference="LPO 4471")
            changed = invoicing.change_draft(draft, reference="LPO 4472")
            done = counter.approved(lambda approval: invoicing.issue_draft(changed.request_id, approval))
        else:
            done = counter.approved(lambda approval: invoicing.issue(basket, approval=approval))
        self._invoices.append(done.number)

    def credit(self) -> None:
        """One line of an invoice of this till was wrong."""
        if not self._invoices:
            self.invoice()
        number = self._invoices.pop(0)
        found = self.till.credit_notes.find(number)
        place = next((place for place, left in enumerate(found.left) if left > 0), None)
        if place is None:
            return
        whole = found.left[place]
        quantity = ONE if whole > ONE else whole
        self.counter.approved(
            lambda approval: self.till.credit_notes.complete(
                found, {place: quantity}, "delivered too much", approval=approval
            )
        )

    def take_payment(self) -> None:
        """A customer who owes pays: all of it, or a part; or dollars for an invoice in dollars.

        The first invoice of the club in dollars is paid at the office, so a till takes none before the 15th.
        """
        counter, till = self.counter, self.till
        club = self._party(PartyRole.CUSTOMER, "C-0201")
        dollars = sum(one.amount for one in till.open_invoices.of(club.party_id, "USD"))
        if dollars and till.today >= _DOLLARS_FROM and counter.random.randrange(2) == 0:
            self._pay(club, dollars // 2 if dollars > 100_00 else dollars, "USD")
            return
        owing = [(one, owes) for one in counter.customers() if (owes := till.customers.owes(one)) >= 100_00]
        if not owing:
            self.invoice()
            return
        customer, owes = counter.random.choice(owing)
        self._pay(customer, owes // counter.random.choice((100, 200, 200)) * 100, "")

    def _pay(self, customer: Party, amount: int, currency: str) -> None:
        desk = self.till.receive_payment(customer, amount, None, currency)
        if currency or self.counter.random.randrange(2):
            desk.add_tender(TenderKind.BANK, amount, self.counter.reference())
        else:
            self.counter.by_mpesa(desk)
        desk.complete()

    def deposit_on_a_slip(self) -> None:
        """A walk-in leaves a deposit for a cylinder; every other time one of the slips is brought back."""
        counter = self.counter
        self._slips.append(counter.leave_deposit("DEP-13"))
        self._left += 1
        if self._left % 2:
            counter.pay_deposit_back(self._slips.pop(0))

    def take_deposit(self) -> None:
        """A customer leaves a deposit; who has one from before may get it back."""
        counter, money = self.counter, self.till.party_money
        customer = counter.random.choice(counter.customers())
        held = -money.balance(PartyRole.DEPOSITOR, customer.party_id)
        if held > 0 and counter.has_cash(held):
            counter.approved(
                lambda approval: money.record(
                    PartyReason.CUSTOMER_DEPOSIT_RETURN, customer.party_id, held, approval=approval
                )
            )
        else:
            money.record(PartyReason.CUSTOMER_DEPOSIT, customer.party_id, 3_000_00)

    def settle(self) -> None:
        """An open invoice is settled out of a deposit that the customer leaves for it."""
        counter, till = self.counter, self.till
        owing = [one for one in counter.customers() if till.open_invoices.of(one.party_id)]
        if not owing:
            self.invoice()
            owing = [one for one in counter.customers() if till.open_invoices.of(one.party_id)]
        customer = counter.random.choice(owing)
        till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, customer.party_id, 2_500_00)
        till.settling.settle(customer.party_id, out_of_deposit=True)

    # --- people -------------------------------------------------------------------------------------

    def advance(self) -> None:
        """An employee gets an advance, or brings one back."""
        counter, money = self.counter, self.till.party_money
        code = counter.random.choice(("E-AMINA", "E-JOSEPH", "E-PETER"))
        party = self._party(PartyRole.EMPLOYEE, code)
        drawn = money.balance(PartyRole.EMPLOYEE, party.party_id)
        if drawn >= 2 * _ADVANCE:
            money.record(PartyReason.EMPLOYEE_REPAYMENT, party.party_id, _ADVANCE)
        elif counter.has_cash(_ADVANCE):
            counter.approved(
                lambda approval: money.record(
                    PartyReason.EMPLOYEE_ADVANCE, party.party_id, _ADVANCE, approval=approval
                )
            )

    def member(self) -> None:
        """A member pays in, buys a share, or takes something out again."""
        counter, money = self.counter, self.till.party_money
        party = self._party(PartyRole.MEMBER, counter.random.choice(("M-01", "M-02", "M-03")))
        deposited = -money.balance(PartyRole.MEMBER, party.party_id)
        shares = -money.balance(PartyRole.SHAREHOLDER, party.party_id)
        if deposited >= 4_000_00 and counter.has_cash(1_000_00):
            counter.approved(
                lambda approval: money.record(
                    PartyReason.MEMBER_WITHDRAWAL, party.party_id, 1_000_00, approval=approval
                )
            )
        elif shares >= 5_000_00 and counter.has_cash(2_500_00):
            counter.approved(
                lambda approval: money.record(
                    PartyReason.MEMBER_SHARE_RETURN, party.party_id, 2_500_00, approval=approval
                )
            )
        reason = counter.random.choice((PartyReason.MEMBER_DEPOSIT, PartyReason.MEMBER_SHARE))
        paid = TenderInput(TenderKind.MPESA, 2_500_00, counter.reference())
        money.record(reason, party.party_id, 2_500_00, [paid])

    # --- money --------------------------------------------------------------------------------------

    def pay_expense(self) -> None:
        """Petty cash: fuel with its tax, airtime without, the other businesses' too."""
        if not self.counter.has_cash(2_000_00):
            self.bank_money()
            return
        businesses = {one.code: one.business_id for one in self.till.place.businesses}
        spent = [
            Spent("Fuel for the truck", 1_160_00, "6130", "A"),
            Spent("Airtime", 200_00, business_id=businesses["LAUNDRY"]),
        ]
        self.counter.approved(
            lambda approval: self.till.expenses.pay(spent, reference="CR 20881", approval=approval)
        )

    def bank_money(self) -> None:
        """Foreign notes to the safe, the M-Pesa till to the bank."""
        counter, move = self.counter, self.till.money_transfers.move
        with self.till.database.read() as connection:
            dollars = cash_of(self.till, connection, "USD")
        if dollars:
            counter.approved(
                lambda approval: move(
                    MoneyAccount.DRAWER, MoneyAccount.SAFE, dollars, currency="USD", approval=approval
                )
            )
            # What was paid in them cannot be voided from here on: they are gone.
            counter.forget_sales()
        counter.approved(
            lambda approval: move(
                MoneyAccount.MPESA,
                MoneyAccount.BANK,
                2_000_00,
                reference=counter.reference(),
                approval=approval,
            )
        )
        counter.seal_bag(5_000_00)

    # --- stock --------------------------------------------------------------------------------------

    def order(self) -> None:
        """What is short here is ordered of the vendor of gas and the rest."""
        short = {
            one.product_id: Ordered(one.order, GOODS[one.sku][0]) for one in self.till.stock.reorder_list()
        }
        short = short or {self.counter.product("LIGHT").product_id: Ordered(20 * ONE, GOODS["LIGHT"][0])}
        vendor = self._party(PartyRole.VENDOR, "V-GAS")
        self.counter.approved(
            lambda approval: self.till.orders.order(vendor.party_id, short, approval=approval)
        )

    def receive_goods(self) -> None:
        """An order of this till comes, at times without its first line; or something that nobody ordered."""
        counter, receiving = self.counter, self.till.receiving
        waiting = self._waiting(self.till.terminal_no)
        if waiting:
            self._receive(waiting[-1])
            return
        vendor = self._party(PartyRole.VENDOR, "V-CLEAN")
        goods = {counter.product(_LAUNDRY_POWDER).product_id: Ordered(10 * ONE, GOODS[_LAUNDRY_POWDER][0])}
        counter.approved(
            lambda approval: receiving.without_order(
                vendor.party_id, goods, reference="DN 118", approval=approval
            )
        )

    def _waiting(self, terminal_no: int) -> list[OpenOrder]:
        """The orders of a till, or of the office, of which something is still to come here."""
        return [one for one in self.till.orders.open() if one.order.terminal_no == terminal_no]

    def _receive(self, order: OpenOrder) -> None:
        came = self._came(order)
        self.counter.approved(
            lambda approval: self.till.receiving.against_order(
                order.order, came, reference="DN 7731", approval=approval
            )
        )

    def _came(self, order: OpenOrder) -> dict[int, int] | None:
        still = {place: left for place, left in enumerate(order.left) if left}
        if len(still) > 1 and self.counter.random.randrange(2) == 0:
            del still[min(still)]
            return still
        return None

    def send_stock(self) -> None:
        """Something goes to the other depot; it is received there on another morning."""
        there = next(one for one in self.till.transfers.places() if one.kind == "depot")
        goods = {
            self.counter.product("HOSE-15").product_id: 3 * ONE,
            self.counter.product("LIGHT").product_id: 10 * ONE,
        }
        self.counter.approved(
            lambda approval: self.till.transfers.send(there.location_id, goods, approval=approval)
        )

    def adjust_stock(self) -> None:
        """Something broke, or the laundry used its own powder, or a thing turned up."""
        reason, code = self.counter.random.choice(
            (
                (AdjustmentReason.DAMAGE, "GRILL"),
                (AdjustmentReason.USE, _LAUNDRY_POWDER),
                (AdjustmentReason.FOUND, "WAC-076"),
                (AdjustmentReason.LOSS, "LIGHT"),
            )
        )
        goods = {self.counter.product(code).product_id: ONE}
        self.counter.approved(
            lambda approval: self.till.stock_adjustments.adjust(reason, goods, approval=approval)
        )

    def count_stock(self) -> None:
        """Some shelves are counted; one of them is a piece short."""
        levels = {one.product_id: one.quantity for one in self.till.stock.levels()}
        counted = {}
        for code in ("HOSE-15", "LIGHT", "WAT-10N", "REG-C"):
            product = self.counter.product(code)
            counted[product.product_id] = max(levels.get(product.product_id, 0), 0)
        first = min(counted)
        counted[first] = max(counted[first] - self.counter.random.choice((0, ONE)), 0)
        note = f"shelf of {self.till.place.depot_name}"
        self.counter.approved(
            lambda approval: self.till.stock_counts.count(counted, note=note, approval=approval)
        )

    def lend_bottles(self) -> None:
        """A customer borrows empty bottles, or brings some back."""
        counter = self.counter
        customer = counter.random.choice(counter.customers())
        held = self.till.returnables.held(customer.party_id)
        bottle = counter.product("WAT-189N").product_id
        quantity = -held[0].quantity if held and held[0].product_id == bottle else 2 * ONE
        self.till.returnables.move(customer.party_id, {bottle: quantity or 2 * ONE})

    def half_return(self) -> None:
        """A customer brings a cylinder back in which gas is left; it is credited on the account."""
        counter = self.counter
        customer = counter.random.choice(counter.customers())
        left = gas_left(7_000 + counter.random.randrange(1_000, 5_000), 7_000, 6_000)
        half = Half(counter.product("LPG-R06").product_id, counter.product("LPG-O06").product_id, left)
        counter.approved(
            lambda approval: self.till.half_returns.take_back(
                [half], party_id=customer.party_id, tender=TenderKind.ACCOUNT, approval=approval
            )
        )

    def _party(self, role: PartyRole, code: str) -> Party:
        found = self.till.parties.search(role, code)
        return next(one for one in found if one.code == code)
