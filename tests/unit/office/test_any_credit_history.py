"""Any history of invoices, payments, credits, settlements, payouts and voids, beside a naive model of it.

The model knows sums alone: what each invoice came to and what was taken from it, and money that lies on none.
Of each party and business what is open less what is to their credit is what stands on the receivable account,
and nothing is lost or used twice.
"""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger.document import Document, PartyMoney, Settlement
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import invoicing, payments, treasury, voids
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Credited, Goods
from pos_app.store.engine.engine import Database
from pos_app.store.receivables import open_items
from tests.support.worlds.office_fixture import ONE, Desk, bank

_CUSTOMERS = ("C1", "C2")
_BUSINESSES = {"": 1, "WATER": 2}
_PRICES = st.integers(1, 9).map(lambda hundreds: hundreds * 100_00)
_PARTS = st.sampled_from([10_00, 100_00, 150_00, 300_00, 1_000_00])


@dataclass
class Naive:
    """What somebody with a sheet of paper has: of each invoice what is left, and money without one."""

    left: dict[int, int] = field(default_factory=dict)
    whose: dict[int, tuple[str, int]] = field(default_factory=dict)
    total: dict[int, int] = field(default_factory=dict)
    credited: Counter[int] = field(default_factory=Counter)
    loose: Counter[tuple[str, int]] = field(default_factory=Counter)

    def owes(self, customer: str) -> int:
        """What a customer owes in all: below nothing we owe them."""
        items = sum(self.left[key] for key, (who, _) in self.whose.items() if who == customer)
        return items - sum(amount for (who, _), amount in self.loose.items() if who == customer)

    def credit(self, customer: str) -> int:
        """What can be used."""
        below = sum(-min(self.left[key], 0) for key, (who, _) in self.whose.items() if who == customer)
        return below + sum(amount for (who, _), amount in self.loose.items() if who == customer)


class History:
    """One desk and its model, step by step."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.office, self.model = desk, desk.as_("OWNER"), Naive()
        self.notes: list[tuple[int, int, int]] = []
        self.uses: list[tuple[str, Settlement | PartyMoney]] = []

    def invoice(self, customer: str, business: str, price: int) -> None:
        sku = "REFILL" if business else "SERVICE"
        goods = [Goods(sku, 10 * ONE, price // 10)]
        made = invoicing.invoice(self.office, customer, goods, PostingDetails(business=business))
        key = made.document_id
        self.model.left[key] = self.model.total[key] = price
        self.model.whose[key] = (customer, _BUSINESSES[business])

    def pay(self, customer: str, business: str, amount: int) -> None:
        payments.receive(
            self.office, customer, bank(amount), None, PostingDetails(business=business), prepay=True
        )
        order = sorted(key for key, (who, _) in self.model.whose.items() if who == customer)
        for key in order:
            taken = min(amount, max(self.model.left[key], 0))
            self.model.left[key] -= taken
            amount -= taken
        self.model.loose[customer, _BUSINESSES[business]] += amount

    def credit(self, pick: int, pieces: int) -> None:
        keys = sorted(self.model.left)
        if not keys:
            return
        key = keys[pick % len(keys)]
        piece = self.model.total[key] // 10
        pieces = min(pieces, 10 - self.model.credited[key])
        if not pieces:
            return
        made = invoicing.credit(self.office, key, "too dear", [Credited(0, pieces * ONE)])
        self.model.left[key] -= pieces * piece
        self.model.credited[key] += pieces
        self.notes.append((made.document_id, key, pieces))

    def void_note(self, pick: int) -> None:
        if not self.notes:
            return
        note, key, pieces = self.notes.pop(pick % len(self.notes))
        voids.void(self.office, note, "by mistake")
        self.model.left[key] += pieces * self.model.total[key] // 10
        self.model.credited[key] -= pieces

    def settle(self, customer: str, pick: int, amount: int) -> None:
        keys = [
            key for key, left in self.model.left.items() if left > 0 and self.model.whose[key][0] == customer
        ]
        if not keys:
            return
        key = sorted(keys)[pick % len(keys)]
        amount = min(amount, self.model.left[key])
        there = self.model.credit(customer)
        try:
            made = payments.settle(self.office, customer, [InvoiceChoice(key, amount)]).document
        except Refused:
            # Money without an invoice is used of one business at a time.
            assert amount > there or len([one for one in self.model.loose.values() if one]) > 1
            return
        assert amount <= there
        self.model.left[key] -= amount
        self.use(customer, made)

    def pay_out(self, customer: str, amount: int) -> None:
        there = self.model.credit(customer)
        try:
            reason = PartyReason.CUSTOMER_CREDIT_RETURN
            made = treasury.party_money(self.office, reason, customer, bank(amount)).document
        except Refused:
            assert amount > there or len([one for one in self.model.loose.values() if one]) > 1
            return
        assert amount <= there
        self.use(customer, made)

    def use(self, customer: str, document: Document, sign: int = 1) -> None:
        """The credits that a document says it used, and the rest out of what lies loose in its business."""
        assert isinstance(document, Settlement | PartyMoney)
        rest = document.total
        for one in document.credits:
            assert sign < 0 or one.amount <= -self.model.left[one.invoice_id]
            self.model.left[one.invoice_id] += sign * one.amount
            rest -= one.amount
        own = (customer, document.business_id)
        assert sign < 0 or rest <= self.model.loose[own]
        self.model.loose[own] -= sign * rest
        if sign > 0:
            self.uses.append((customer, document))

    def void_use(self, pick: int) -> None:
        if not self.uses:
            return
        customer, document = self.uses.pop(pick % len(self.uses))
        voids.void(self.office, document.document_id, "by mistake")
        self.use(customer, document, -1)
        for one in document.allocations if isinstance(document, Settlement) else ():
            self.model.left[one.invoice_id] += one.amount

    def check(self) -> None:
        """The books say what the sheet of paper says."""
        with self.office.read() as books:
            for customer in _CUSTOMERS:
                self._check(customer, books.party(customer, PartyRole.CUSTOMER).party_id)
            found = books.connection.execute(
                text("SELECT invoice_id, sum(amount) FROM open_invoice WHERE org_id = :org GROUP BY 1"),
                {"org": self.desk.org_id},
            )
            assert {int(key): int(left) for key, left in found} == self.model.left

    def _check(self, customer: str, party_id: int) -> None:
        role, model = PartyRole.CUSTOMER, self.model
        assert self.desk.owes(customer) == model.owes(customer)
        with self.office.read() as books:
            asked = (books.connection, self.desk.org_id, role, party_id, "KES")
            assert open_items.credit(*asked).amount == model.credit(customer)
            for business in _BUSINESSES.values():
                receivable = books.connection.execute(
                    text(
                        "SELECT coalesce(sum(amount), 0) FROM journal_line WHERE account_code = '1300'"
                        " AND party_id = :party AND business_id = :business AND org_id = :org"
                    ),
                    {"party": party_id, "business": business, "org": self.desk.org_id},
                ).scalar_one()
                mine = [key for key, owner in model.whose.items() if owner == (customer, business)]
                assert receivable == sum(model.left[key] for key in mine) - model.loose[customer, business]


_STEPS = st.one_of(
    st.tuples(st.just("invoice"), st.sampled_from(_CUSTOMERS), st.sampled_from([*_BUSINESSES]), _PRICES),
    st.tuples(st.just("pay"), st.sampled_from(_CUSTOMERS), st.sampled_from([*_BUSINESSES]), _PARTS),
    st.tuples(st.just("credit"), st.integers(0, 9), st.integers(1, 10)),
    st.tuples(st.just("void_note"), st.integers(0, 9)),
    st.tuples(st.just("void_use"), st.integers(0, 9)),
    st.tuples(st.just("settle"), st.sampled_from(_CUSTOMERS), st.integers(0, 9), _PARTS),
    st.tuples(st.just("pay_out"), st.sampled_from(_CUSTOMERS), _PARTS),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_STEPS, min_size=4, max_size=14))
def test_open_invoices_less_credits_are_the_receivable_account(
    central: Database, steps: list[tuple[object, ...]]
) -> None:
    # Each example is an organisation of its own.
    history = History(Desk.make(central))
    for name, *facts in steps:
        getattr(history, str(name))(*facts)
    history.check()
