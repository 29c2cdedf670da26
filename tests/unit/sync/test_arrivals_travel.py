"""Orders and transfers come to the tills of the depot that they go to, with what came of them already."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import PurchaseOrder, TransferSent
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.office import purchasing, stock
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought, Came
from pos_app.office.stock import Quantity
from pos_app.store.balances import balances
from pos_app.store.journal.quarantine import Quarantined
from pos_app.store.master import enrolment, party_terms, periods
from pos_app.store.master.people import Person
from pos_app.store.orders import open_orders
from pos_app.store.organisation import founding
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.till import Till
from sync.server import decision
from sync.server.decision import Names
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import NOW, Centre, drift

VENDOR = 1


class Desk:
    """An enrolled till at work and its line to the centre."""

    def __init__(self, centre: Centre, folder: Path, depot: str = "MAIN") -> None:
        self.line = centre.till(folder, depot=depot)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def orders(self) -> dict[str, tuple[int, ...]]:
        """What is to come of each order, in whole pieces."""
        return {one.number: tuple(left // ONE for left in one.left) for one in self.till.orders.open()}

    def order(self, place: int = 0) -> PurchaseOrder:
        return self.till.orders.open()[place].order

    def arriving(self) -> dict[str, dict[int, int]]:
        """What is on its way here of each transfer."""
        return {one.number: one.left for one in self.till.transfers.arriving()}

    def document(self, document_id: int) -> Any:
        from pos_app.store.documents import documents

        with self.line.database.read() as connection:
            return documents.get(connection, self.line.who.org_id, document_id)

    def stock(self, location_id: int, product: int) -> int:
        key = {"org_id": self.line.who.org_id, "location_id": location_id, "product_id": product}
        with self.line.database.read() as connection:
            return balances.current(connection, STOCK_LEVEL, key)["quantity"]


class World:
    """A centre with two depots, its office, and tills."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre, self.folder = centre, folder
        with centre.database.write() as connection:
            party_terms.put_role(connection, centre.org_id, VENDOR, PartyRole.VENDOR)
            made = founding.add_depot(
                connection,
                centre.org_id,
                "WEST",
                "West",
                number_prefix="W",
                business_id=centre.founded.business_id,
            )
            self.west = made[1]
            self.van = founding.add_location(
                connection, centre.org_id, "VAN", "Van", "vehicle", depot_id=centre.founded.depot_id
            )
            founding.add_location(connection, centre.org_id, "WAY", "On the way", "transit")
        self.main = centre.founded.location_id
        self.office = Office(centre.database, SystemClock(), centre.org_id, "OWNER")
        self._count = 0

    def desk(self, depot: str = "MAIN") -> Desk:
        self._count += 1
        return Desk(self.centre, self.folder / str(self._count), depot)

    def order(self, *bought: Bought, to: str = "MAIN") -> int:
        made = purchasing.order(self.office, "C1", bought or (Bought("SKU1", 10 * ONE, 50_00),), to=to)
        return made.document_id

    def is_whole(self) -> bool:
        """The rows are what the documents say, at the centre; no balance drifts anywhere."""
        wrong = [key for key, differs in open_orders.check(self.database, self.org_id) if differs]
        assert wrong == []
        assert drift(self.centre.database) == []
        assert [found for till in self.centre.tills for found in drift(till.database)] == []
        return True

    @property
    def org_id(self) -> int:
        return self.centre.org_id

    @property
    def database(self) -> Any:
        return self.centre.database.for_org(self.centre.org_id)

    def accept(self, one: Quarantined) -> None:
        """Two people take it into the books."""
        with self.centre.database.write() as connection:
            if connection.execute(text("SELECT 1 FROM person WHERE code = 'SECOND'")).first() is None:
                founding.add_person(
                    connection, self.org_id, "SECOND", "Second", role="owner", pin_hash="second"
                )
        names = Names("OWNER", "SECOND", "counted on the shelf")
        decision.accept(self.centre.database, self.org_id, one, names, SystemClock())


@pytest.fixture
def world(centre: Centre, tmp_path: Path) -> World:
    return World(centre, tmp_path)


# --- orders -----------------------------------------------------------------------------------------


def test_an_order_of_the_office_is_received_in_parts_at_two_tills(world: World) -> None:
    first, second, west = world.desk(), world.desk(), world.desk("WEST")
    world.order(Bought("SKU1", 10 * ONE, 50_00), Bought("SKU2", 4 * ONE, 70_00))
    for desk in (first, second, west):
        desk.sync()
    (number,) = first.orders()
    assert first.orders() == second.orders() == {number: (10, 4)}
    assert west.orders() == {}
    done = first.till.receiving.against_order(first.order(), {0: 6 * ONE}, reference="DN 1")
    # Before the line is back this till knows what it received itself.
    assert (first.orders(), second.orders()) == ({number: (4, 4)}, {number: (10, 4)})
    first.sync()
    assert first.orders() == {number: (4, 4)}
    second.sync()
    assert second.orders() == {number: (4, 4)}
    with refused("more-than-to-come"):
        second.till.receiving.against_order(second.order(), {0: 5 * ONE})
    second.till.receiving.against_order(second.order())
    assert second.orders() == {}
    second.sync()
    first.sync()
    assert first.orders() == {}
    assert (first.stock(world.main, 1), first.stock(world.main, 2)) == (10 * ONE, 4 * ONE)
    # What was voided is to come again, everywhere.
    first.till.voids.void(done.document_id, "counted wrongly")
    assert first.orders() == {}, "the till has let go of the order; it hears of it again"
    first.sync()
    second.sync()
    assert first.orders() == second.orders() == {number: (6, 0)}
    assert world.centre.quarantine() == []
    assert world.is_whole()


def test_an_order_of_a_till_is_received_at_another_and_at_the_office(world: World) -> None:
    first, second = world.desk(), world.desk()
    made = first.till.orders.order(VENDOR, {1: Ordered(10 * ONE, 50_00)})
    assert first.orders() == {made.number: (10,)}
    second.sync()
    assert second.orders() == {}
    first.sync()
    second.sync()
    # Each once: the till that made it has it whole and hears of it too.
    assert first.orders() == second.orders() == {made.number: (10,)}
    second.till.receiving.against_order(second.order(), {0: 3 * ONE})
    second.sync()
    purchasing.receive(world.office, made.document_id, [Came("SKU1", 2 * ONE)])
    first.sync()
    assert first.orders() == {made.number: (5,)}
    with refused("built-upon-already"):
        first.till.voids.void(made.document_id, "twice ordered")
    first.till.receiving.against_order(first.document(made.document_id))
    assert first.orders() == {}
    first.sync()
    second.sync()
    assert second.orders() == {}
    assert world.centre.quarantine() == []
    assert world.is_whole()


def test_goods_for_a_vehicle_are_put_there(world: World) -> None:
    desk = world.desk()
    world.order(to="VAN")
    desk.sync()
    desk.till.receiving.against_order(desk.order())
    assert (desk.stock(world.van, 1), desk.stock(world.main, 1)) == (10 * ONE, 0)


def test_two_offline_tills_receive_the_same_order(world: World) -> None:
    first, second = world.desk(), world.desk()
    world.order()
    first.sync()
    second.sync()
    for desk in (first, second):
        desk.till.receiving.against_order(desk.order(), {0: 7 * ONE})
    second.sync()
    first.sync()
    (waits,) = world.centre.quarantine()
    assert waits.terminal_no == first.line.who.terminal_no
    assert "came than was ordered" in waits.reason
    first.sync()
    second.sync()
    # It is no more on the shelf of the books, here as there, and the order goes on without it.
    assert first.stock(world.main, 1) == second.stock(world.main, 1) == 7 * ONE
    assert list(first.orders().values()) == list(second.orders().values()) == [(3,)]
    assert world.is_whole()
    # Fourteen did come: two people looked.
    world.accept(waits)
    first.sync()
    second.sync()
    assert first.stock(world.main, 1) == second.stock(world.main, 1) == 14 * ONE
    assert first.orders() == second.orders() == {}
    assert world.is_whole()


def test_two_receipts_in_one_batch_are_judged_together(world: World) -> None:
    first, second = world.desk(), world.desk()
    world.order()
    first.sync()
    second.sync()
    for quantity in (4 * ONE, 4 * ONE):
        first.till.receiving.against_order(first.order(), {0: quantity})
    second.till.receiving.against_order(second.order(), {0: 5 * ONE})
    second.sync()
    first.sync()
    (waits,) = world.centre.quarantine()
    assert waits.seq == 2, "the first of them came, the second is too much"
    assert first.stock(world.main, 1) == 9 * ONE
    assert world.is_whole()


def test_what_the_centre_keeps_out_for_another_reason_is_still_to_come(world: World) -> None:
    desk = world.desk()
    world.order()
    desk.sync()
    with world.centre.database.write() as connection:
        periods.put_lock(connection, world.org_id, None, desk.till.today, reason="closed")
    desk.till.receiving.against_order(desk.order())
    assert desk.orders() == {}
    desk.sync()
    (waits,) = world.centre.quarantine()
    assert "locked" in waits.reason
    assert list(desk.orders().values()) == [(10,)]
    assert desk.stock(world.main, 1) == 0


def test_a_void_of_the_order_ends_it_and_what_comes_after_waits(world: World) -> None:
    first, second = world.desk(), world.desk()
    made = first.till.orders.order(VENDOR, {1: Ordered(10 * ONE, 50_00)})
    first.sync()
    second.sync()
    order = second.order()
    first.till.voids.void(made.document_id, "twice ordered")
    assert first.orders() == {}
    first.sync()
    second.till.receiving.against_order(order)
    second.sync()
    (waits,) = world.centre.quarantine()
    assert "order was voided" in waits.reason
    assert second.orders() == {}
    with refused("order-voided"):
        second.till.receiving.against_order(order)
    assert world.is_whole()


def test_a_new_till_hears_of_what_is_open_only(world: World) -> None:
    first = world.desk()
    purchasing.receive(world.office, world.order())
    still = world.order()
    world.order(Bought("SKU2", ONE, 1_00), to="WEST")
    first.sync()
    new = world.desk()
    with new.line.database.read() as connection:
        found = connection.scalars(text("SELECT document_id FROM arrival")).all()
    assert found == [still]
    assert len(new.orders()) == 1
    purchasing.receive(world.office, still)
    new.sync()
    assert new.orders() == {}
    assert world.is_whole()


def test_a_restored_centre_tells_all_anew(world: World) -> None:
    desk = world.desk()
    world.order()
    desk.sync()
    with world.centre.database.write() as connection:
        enrolment.begin_epoch(connection)
        connection.execute(text("DELETE FROM arrival"))
    desk.sync()
    assert desk.orders() == {}
    assert sum(differs for _, differs in open_orders.check(world.database, world.org_id, mend_at=NOW)) == 1
    desk.sync()
    assert len(desk.orders()) == 1


# --- transfers --------------------------------------------------------------------------------------


def sent(desk: Desk, to: int, quantity: int = 5 * ONE) -> TransferSent:
    document = desk.document(desk.till.transfers.send(to, {1: quantity, 2: ONE}).document_id)
    assert isinstance(document, TransferSent)
    return document


def test_a_transfer_comes_to_the_other_depot(world: World) -> None:
    main, west, late = world.desk(), world.desk("WEST"), world.desk("WEST")
    transfer = sent(main, world.west)
    west.sync()
    assert west.arriving() == {}, "its sender did not synchronise yet"
    main.sync()
    west.sync()
    (one,) = west.till.transfers.arriving()
    assert (one.sent, one.left) == (transfer, {1: 5 * ONE, 2: ONE})
    assert one.number.startswith(main.till.place.number_prefix)
    assert main.arriving() == {}
    west.till.transfers.receive(one.sent, {1: 3 * ONE})
    assert list(west.arriving().values()) == [{1: 2 * ONE, 2: ONE}]
    west.sync()
    main.sync()
    late.sync()
    # The sender hears what came there, and may not void it any more.
    assert [each.left for each in main.till.transfers.on_the_way()] == [{1: 2 * ONE, 2: ONE}]
    with refused("built-upon-already"):
        main.till.voids.void(transfer.document_id, "wrong place")
    late.till.transfers.receive(late.till.transfers.arriving()[0].sent)
    late.sync()
    main.sync()
    west.sync()
    assert main.till.transfers.on_the_way() == []
    assert west.arriving() == late.arriving() == {}
    assert (main.stock(world.main, 1), west.stock(world.west, 1)) == (-5 * ONE, 5 * ONE)
    assert world.centre.quarantine() == []
    assert world.is_whole()


def test_what_the_office_sends_comes_to_the_vehicle_too(world: World) -> None:
    main = world.desk()
    stock.send(world.office, "WEST", "VAN", [Quantity("SKU1", 2 * ONE)])
    main.sync()
    main.till.transfers.receive(main.till.transfers.arriving()[0].sent)
    main.sync()
    assert (main.arriving(), main.stock(world.van, 1)) == ({}, 2 * ONE)
    assert world.is_whole()


def test_received_from_the_paper_before_its_sender_synchronised(world: World) -> None:
    main, west = world.desk(), world.desk("WEST")
    transfer = sent(main, world.west)
    west.till.transfers.receive(transfer)
    west.sync()
    (waits,) = world.centre.quarantine()
    assert "not in the books" in waits.reason
    main.sync()
    west.sync()
    assert list(west.arriving().values()) == [{1: 5 * ONE, 2: ONE}], "the centre knows it as not received"
    world.accept(waits)
    west.sync()
    main.sync()
    assert west.arriving() == {}
    assert main.till.transfers.on_the_way() == []
    assert west.stock(world.west, 1) == 5 * ONE
    assert world.is_whole()


def test_voided_at_the_sender_before_it_was_received(world: World) -> None:
    main, west = world.desk(), world.desk("WEST")
    transfer = sent(main, world.west)
    main.sync()
    west.sync()
    main.till.voids.void(transfer.document_id, "stays here")
    main.sync()
    west.till.transfers.receive(transfer)
    west.sync()
    (waits,) = world.centre.quarantine()
    assert "was voided" in waits.reason
    assert west.arriving() == {}
    with refused("transfer-voided"):
        west.till.transfers.receive(transfer)
    assert (main.stock(world.main, 1), west.stock(world.west, 1)) == (0, 0)
    assert world.is_whole()


def test_voided_at_the_sender_after_it_was_received(world: World) -> None:
    main, west = world.desk(), world.desk("WEST")
    transfer = sent(main, world.west)
    main.sync()
    west.sync()
    west.till.transfers.receive(transfer)
    west.sync()
    # The line was down, so the sender could not know.
    main.till.voids.void(transfer.document_id, "stays here")
    main.sync()
    (waits,) = world.centre.quarantine()
    assert "recorded upon it" in waits.reason
    main.sync()
    assert (main.stock(world.main, 1), west.stock(world.west, 1)) == (-5 * ONE, 5 * ONE)
    assert main.till.transfers.on_the_way() == []
    assert world.is_whole()
