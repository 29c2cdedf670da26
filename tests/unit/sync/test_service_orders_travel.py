"""Things taken in at one till are collected at another one of the depot, by what the feed brings."""

from pathlib import Path
from typing import Any

import pytest

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.day import later
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.service_orders import Step
from pos_app.store.master import party_terms
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from pos_app.till.laundry.intake import Wanted
from pos_app.till.session.errors import UnknownBarcode
from pos_app.till.till import Till
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, drift, product

WASH = 9


class Desk:
    """An enrolled till at work and its line to the centre."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.line = centre.till(folder)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till.drawer.open(5_000_00)

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def take_in(self, *wanted: Wanted, **changes: Any) -> int:
        fields: dict[str, Any] = {"promised_on": later(self.till.today, 2), "customer_name": "Kamau"}
        orders = self.till.service_orders
        return orders.take_in(wanted or (Wanted(WASH, 3 * ONE),), **(fields | changes)).document_id

    def numbers(self) -> list[str]:
        return [one.number for one in self.till.service_orders.open()]

    def pay(self, basket: Any) -> int:
        checkout = self.till.checkout(basket)
        checkout.add_tender(TenderKind.CASH, checkout.cash_due())
        return int(checkout.complete().document_id)


@pytest.fixture
def desks(centre: Centre, tmp_path: Path) -> tuple[Desk, Desk]:
    """Two tills of one depot, which washes."""
    with centre.database.write() as connection:
        wash = product(centre.founded, WASH) | {"stocked": 0, "unit": "kg"}
        connection.execute(master.product.insert().values(**wash))
    return Desk(centre, tmp_path / "a"), Desk(centre, tmp_path / "b")


def test_taken_in_here_and_collected_there(centre: Centre, desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    key = first.take_in(tag="A 17")
    first.sync()
    second.sync()
    assert first.numbers() == second.numbers()
    found = second.till.service_orders.find("a17")
    assert (found.order.document_id, found.is_ready, found.customer) == (key, False, "Kamau")
    second.till.service_orders.mark_ready(key)
    assert second.till.service_orders.find("a17").is_ready
    second.sync()
    first.sync()
    # What the other till did is known here too.
    assert [one.is_ready for one in first.till.service_orders.open()] == [True]
    second.pay(second.till.service_orders.collect(key, {0: ONE}))
    second.sync()
    first.sync()
    assert [one.left for one in first.till.service_orders.open()] == [(2 * ONE,)]
    first.pay(first.till.service_orders.collect(key))
    first.sync()
    second.sync()
    assert first.numbers() == second.numbers() == []
    with pytest.raises(UnknownBarcode):
        second.till.service_orders.find("A17")
    assert centre.quarantine() == []
    assert drift(first.line.database) == drift(second.line.database) == drift(centre.database) == []


def test_a_void_of_the_collection_opens_it_everywhere(centre: Centre, desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    key = first.take_in()
    first.sync()
    second.sync()
    sale = second.pay(second.till.service_orders.collect(key))
    second.sync()
    first.sync()
    assert first.numbers() == []
    second.till.voids.void(sale, "wrong person")
    # The centre has told that all was collected; that it is open again the centre tells too.
    second.sync()
    first.sync()
    assert len(first.numbers()) == len(second.numbers()) == 1
    first.pay(first.till.service_orders.collect(key))
    first.sync()
    assert centre.quarantine() == []


def test_given_back_elsewhere_it_is_gone_here(centre: Centre, desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    key, other = first.take_in(), first.take_in()
    first.sync()
    second.sync()
    second.till.service_orders.give_back(key, "the colour would run", step=Step.CANCELLED)
    second.sync()
    first.till.voids.void(other, "typed twice")
    first.sync()
    second.sync()
    assert first.numbers() == second.numbers() == []
    assert centre.quarantine() == []
    with refused("order-not-here-any-more"):
        first.till.service_orders.collect(key)


def test_two_tills_that_gave_the_same_things_out(centre: Centre, desks: tuple[Desk, Desk]) -> None:
    """Offline both may; things exist once, so the second sale is told to somebody and kept."""
    first, second = desks
    key = first.take_in()
    first.sync()
    second.sync()
    first.pay(first.till.service_orders.collect(key))
    second.pay(second.till.service_orders.collect(key))
    second.sync()
    first.sync()
    (waiting,) = centre.quarantine()
    assert "collected or given back already" in waiting.reason
    second.sync()
    assert first.numbers() == second.numbers() == []


def test_another_depot_does_not_hear_of_it(centre: Centre, desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    first, _ = desks
    with centre.database.write() as connection:
        founding.add_depot(
            connection,
            centre.org_id,
            "WEST",
            "Westlands",
            number_prefix="W",
            business_id=centre.founded.business_id,
        )
    code = centre.code
    centre.code = lambda depot="WEST": code("WEST")  # type: ignore[method-assign]
    west = Desk(centre, tmp_path / "west")
    first.take_in()
    first.sync()
    west.sync()
    assert west.numbers() == []


def test_a_new_till_hears_of_all_that_is_open(
    centre: Centre, desks: tuple[Desk, Desk], tmp_path: Path
) -> None:
    first, _ = desks
    with centre.database.write() as connection:
        party_terms.put_role(connection, centre.org_id, 1, PartyRole.CUSTOMER)
    first.sync()
    keys = [first.take_in(party_id=1, customer_name="") for _ in range(3)]
    first.pay(first.till.service_orders.collect(keys[0]))
    first.sync()
    new = Desk(centre, tmp_path / "new")
    found = new.till.service_orders.open("customer 1")
    assert [one.order.document_id for one in found] == keys[1:]
    assert new.till.service_orders.open("nobody") == []
    new.pay(new.till.service_orders.collect(keys[1]))
    new.sync()
    assert centre.quarantine() == []
