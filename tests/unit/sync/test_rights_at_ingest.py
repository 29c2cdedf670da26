"""The server holds every document against its maker's rights; what a till lets through, it takes."""

import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import CashMovement, CashReason
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.permission import DEFAULT_ROLES, Permission
from pos_app.store.engine.engine import Database
from pos_app.store.master import people
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding, staff
from pos_app.store.tables import master
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.selling.refund import Refundable
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till as Shop
from tests.support.worlds import grants
from tests.support.worlds.sync_fixtures import Centre, Till, cached, drift, opening, reversal, sale
from tests.unit.sync.test_ingest import as_packets, chained, packets_of, push


def hire(centre: Centre, code: str, role: str, depot: int | None = None) -> int:
    with centre.database.write() as connection:
        return founding.add_person(
            connection, centre.org_id, f"THE-{code}", code.title(), role=role, pin_hash="pin", depot_id=depot
        )


def by(draft: Any, person: int, approver: int | None = None) -> Any:
    return msgspec.structs.replace(draft, person_id=person, approver_id=approver)


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def taken(centre: Centre, till: Till, *drafts: Any) -> list[str]:
    """Push these as a till that checks nothing would; the reasons of those that were set aside."""
    answer = push(centre, till, as_packets(chained(list(drafts), till)))
    assert answer.mark == len(drafts)
    assert drift(centre.database) == []
    return [one.reason for one in answer.set_aside]


@pytest.mark.parametrize("role", DEFAULT_ROLES)
def test_a_sale_is_for_who_may_sell(centre: Centre, till: Till, role: str) -> None:
    person = hire(centre, "WHO", role)
    reasons = taken(centre, till, by(sale(till.who), person))
    if Permission.SELL in DEFAULT_ROLES[role][1]:
        assert reasons == []
        assert len(centre.documents()) == 1
    else:
        assert reasons == ["Who may not sell at this depot."]
        assert centre.documents() == []
        assert len(centre.quarantine()) == 1


def test_a_person_nobody_knows(centre: Centre, till: Till) -> None:
    assert taken(centre, till, by(sale(till.who), 99)) == [
        "#99 has no role here; it cannot stand under this name."
    ]


def test_who_left_keeps_what_was_before_and_makes_nothing_after(centre: Centre, till: Till) -> None:
    person = hire(centre, "PETER", "cashier")
    at = sale(till.who).recorded_at
    with centre.database.write() as connection:
        staff.leave(connection, centre.org_id, person, at + timedelta(minutes=1))
    late = msgspec.structs.replace(sale(till.who), recorded_at=at + timedelta(hours=1))
    backdated = msgspec.structs.replace(late, occurred_at=at)
    early = sale(till.who)
    reasons = taken(centre, till, by(early, person), by(late, person), by(backdated, person), sale(till.who))
    assert reasons == ["Peter had no role at the time when this was recorded."] * 2
    assert [key & 0xFFFF for key in centre.documents()] == [1, 4]


def test_another_depots_cashier(centre: Centre, till: Till) -> None:
    with centre.database.write() as connection:
        other, _ = founding.add_depot(
            connection,
            centre.org_id,
            "WEST",
            "West",
            number_prefix="W",
            business_id=centre.founded.business_id,
        )
    person = hire(centre, "JUMA", "cashier", other)
    forged = msgspec.structs.replace(sale(till.who), depot_id=other)
    assert taken(centre, till, by(sale(till.who), person), by(forged, person)) == [
        "Juma may not sell at this depot.",
        "It says that it was made at another depot than its terminal's.",
    ]


def test_what_needs_approval_and_who_gave_it(centre: Centre, till: Till) -> None:
    cashier, other = hire(centre, "AMINA", "cashier"), hire(centre, "GRACE", "cashier")
    manager = hire(centre, "JOSEPH", "manager")

    def cash_out() -> CashMovement:
        head = opening(till.who)
        names = ("org_id", "occurred_at", "recorded_at", "person_id", "business_id", "depot_id", "currency")
        return CashMovement(
            **{name: getattr(head, name) for name in names},
            series="M",
            request_id=f"{next(_requests):032x}",
            drawer_id=1,
            amount=5,
            reason=CashReason.PAY_OUT,
            cash_account="1110",
            contra_account="6200",
        )

    reasons = taken(
        centre,
        till,
        by(cash_out(), cashier),
        by(cash_out(), cashier, other),
        by(cash_out(), cashier, manager),
        by(cash_out(), manager),
        by(cash_out(), cashier, 99),
    )
    assert reasons == [
        "Amina may not take cash out alone, and nobody approved it.",
        "Amina may not take cash out alone, and Grace may not approve it.",
        "Amina may not take cash out alone, and #99 may not approve it.",
    ]


_requests = itertools.count(1)


def test_a_void_beyond_the_rights_leaves_the_sale_in_the_books(centre: Centre, till: Till) -> None:
    cashier = hire(centre, "AMINA", "cashier")
    sold = till.sell(customer=1)
    till.journal.record_document(by(reversal(till.who, sold), cashier))
    answer = push(centre, till, packets_of(till))
    assert [one.reason for one in answer.set_aside] == [
        "Amina may not void documents alone, and nobody approved it."
    ]
    assert centre.documents() == [sold.document.document_id]


def test_a_change_of_roles_is_seen_by_the_next_batch(centre: Centre, till: Till) -> None:
    person = hire(centre, "AMINA", "auditor")
    first = chained([by(sale(till.who), person)], till)
    assert len(push(centre, till, as_packets(first)).set_aside) == 1
    with centre.database.write() as connection:
        connection.execute(
            text("UPDATE person_role SET role = 'cashier' WHERE person_id = :person"), {"person": person}
        )
    # The very same server: what it knew of the rights is stale now.
    second = chained([by(sale(till.who), person)], till, first[-1].hash, 1)
    assert push(centre, till, as_packets(second)).set_aside == ()


def test_a_till_takes_what_is_beyond_its_rights_off_its_balances(centre: Centre, till: Till) -> None:
    person = hire(centre, "AUDITOR", "auditor")
    till.sell(customer=1)
    till.journal.record_document(by(sale(till.who, customer=1), person))
    till.sell(customer=2)
    till.drain()
    for projection in PROJECTIONS:
        if projection.from_centre:
            assert cached(till.database, projection) == cached(centre.database, projection)


# --- what a till lets a person record, the server takes -----------------------------------------------


class Depot:
    """A centre and a till at which people of any rights try everything."""

    def __init__(self, database: Database, folder: Path, seed: int) -> None:
        self.centre = Centre(database)
        self.till = self.centre.till(folder / "till")
        self.people: dict[str, Person] = {}
        for role in DEFAULT_ROLES:
            self.hire(role, role)
        self.till.drain()
        self.shop = Shop(self.till.database, SystemClock())
        self.sold: list[int] = []
        self.refused = self.done = 0

    def hire(self, code: str, role: str, **scope: int) -> None:
        key = hire(self.centre, code, role, scope.get("depot_id"))
        self.people[code] = Person(key, code, code.title(), role)

    def make_role(self, code: str, permissions: frozenset[Permission]) -> None:
        with self.centre.database.write() as connection:
            org = self.centre.org_id
            connection.execute(master.role.insert().values(org_id=org, code=code, name=code))
            for one in permissions:
                grants.allow(connection, org, code, one, self.centre.clock.now() - timedelta(days=1))
        self.hire(code, code)

    def approval(self, who: str, action: Action) -> Approval | None:
        """What `SignIn.approve` gives after the PIN."""
        person = self.people[who]
        may = self.shop._context.standing(person.person_id).may
        return Approval(replace(person, may=may), action) if {"approve", action.value} <= may else None

    def attempt(self, act: Callable[[Approval | None], Any], approver: str) -> Any:
        """Try alone, then with whatever approval is asked for; None when it stays refused."""
        approval = None
        for _ in range(3):
            try:
                result = act(approval)
            except NeedsApproval as needed:
                approval = self.approval(approver, Action(needed.action))
                if approval is None:
                    break
            except Refused:
                break
            else:
                self.done += 1
                return result
        self.refused += 1
        return None

    def act(self, who: str, what: str, approver: str) -> None:
        self.shop._context.person = self.people[who]
        {
            "sell": self.sell,
            "sell for less": self.sell_for_less,
            "sell beyond the limit": self.sell_beyond,
            "refund": self.refund,
            "take back": self.take_back,
            "void": self.void,
            "open": lambda _: self.attempt(lambda _a: self.shop.drawer.open(500_000_00), approver),
            "close": self.close,
            "cash out": lambda _: self.move(CashReason.PAY_OUT, approver),
            "cash in": lambda _: self.move(CashReason.PAY_IN, approver),
            "payment": self.pay,
        }[what](approver)

    def basket(self, quantity: int = 1000) -> Any:
        basket = self.shop.baskets.new()
        basket.add(self.shop.catalogue.scan("SKU1").product, quantity)
        return basket

    def sell(self, approver: str, change: Callable[[Any], Any] = lambda _: None) -> None:
        def act(approval: Approval | None) -> Any:
            basket = self.basket()
            change(basket)
            checkout = self.shop.checkout(basket)
            checkout.add_tender(TenderKind.CASH, checkout.cash_due())
            return checkout.complete(approval)

        done = self.attempt(act, approver)
        if done:
            self.sold.append(done.document_id)

    def sell_for_less(self, approver: str) -> None:
        basket = self.attempt(lambda _: self.basket(), approver)
        if basket and self.attempt(lambda approval: basket.set_price(0, 90_00, approval) or basket, approver):

            def act(approval: Approval | None) -> Any:
                checkout = self.shop.checkout(basket)
                if not basket.tenders:
                    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
                return checkout.complete(approval)

            # Somebody else may finish it.
            self.shop._context.person = self.people["cashier"]
            self.attempt(act, approver)

    def sell_beyond(self, approver: str) -> None:
        def act(approval: Approval | None) -> Any:
            basket = self.basket(5_000_000)
            with self.till.database.read() as connection:
                basket.set_customer(people.party(connection, self.centre.org_id, 1))
            checkout = self.shop.checkout(basket)
            checkout.add_tender(TenderKind.ACCOUNT, basket.totals().total)
            return checkout.complete(approval)

        self.attempt(act, approver)

    def take_back(self, approver: str) -> None:
        def act(approval: Approval | None) -> Any:
            checkout = self.shop.checkout(self.basket(-1000))
            checkout.add_tender(TenderKind.CASH, checkout.cash_due())
            return checkout.complete(approval)

        self.attempt(act, approver)

    def refund(self, approver: str) -> None:
        if self.sold:
            key = self.sold.pop()

            def act(approval: Approval | None) -> Any:
                with self.till.database.read() as connection:
                    receipt: Refundable = self.shop.refunds._refundable(connection, key)
                return self.shop.refunds.complete(receipt, {0: 1000}, TenderKind.CASH, "broken", approval)

            self.attempt(act, approver)

    def void(self, approver: str) -> None:
        if self.sold:
            key = self.sold.pop()
            self.attempt(lambda approval: self.shop.voids.void(key, "typed twice", approval), approver)

    def close(self, approver: str) -> None:
        # What was refused left its basket open.
        self.shop.baskets.resume().discard()
        counts = (CashCount(value=100_00, pieces=3),)
        if self.attempt(lambda approval: self.shop.drawer.close(counts, "counted so", approval), approver):
            self.sold.clear()

    def move(self, reason: CashReason, approver: str) -> None:
        self.attempt(lambda approval: self.shop.drawer.move(reason, 5_00, "note", approval), approver)

    def pay(self, approver: str) -> None:
        def act(_: Approval | None) -> Any:
            with self.till.database.read() as connection:
                party = people.party(connection, self.centre.org_id, 2)
            assert party is not None
            desk = self.shop.receive_payment(party, 100_00)
            desk.add_tender(TenderKind.CASH, 100_00)
            return desk.complete()

        self.attempt(act, approver)


WHATS = ("sell", "sell for less", "sell beyond the limit", "refund", "take back", "void", "open", "close",
         "cash out", "cash in", "payment")  # fmt: skip
_people = st.sampled_from([*DEFAULT_ROLES, "odd"])
_acts = st.tuples(_people, st.sampled_from(WHATS), _people)


def test_every_role_tries_everything_with_every_approver(central: Database, tmp_path: Path) -> None:
    depot = Depot(central, tmp_path, 0)
    depot.act("owner", "open", "owner")
    for who, what, approver in itertools.product(DEFAULT_ROLES, WHATS, ("cashier", "manager")):
        depot.act("owner", "open", "owner")
        depot.act("manager", "sell", "owner")
        depot.act(who, what, approver)
    assert depot.done > 100
    assert depot.refused > 50
    depot.till.drain()
    assert [one.reason for one in depot.centre.quarantine()] == []
    bodies = packets_of(depot.till)
    assert len(depot.centre.documents()) == len(bodies)
    assert {type(canonical.decode(one.body)).__name__ for one in bodies} == {
        "Sale", "Refund", "Payment", "CashMovement", "DrawerOpen", "DrawerClose", "Reversal"}  # fmt: skip
    depot.centre.close()


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    permissions=st.frozensets(st.sampled_from(Permission)),
    acts=st.lists(_acts, min_size=5, max_size=30),
)
def test_whatever_a_role_may_what_the_till_records_the_server_takes(
    central: Database, permissions: frozenset[Permission], acts: list[tuple[str, str, str]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        depot = Depot(central, folder, 0)
        depot.make_role("odd", permissions)
        depot.till.drain()
        depot.shop.refresh()
        depot.act("owner", "open", "owner")
        for act in acts:
            depot.act(*act)
        depot.till.drain()
        assert [one.reason for one in depot.centre.quarantine()] == []
        depot.centre.close()
    finally:
        shutil.rmtree(folder)
