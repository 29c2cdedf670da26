"""An M-Pesa code is money once at every till: blocked when it is known, told when two took it offline."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.treasury import MoneyAccount
from pos_app.office import journal_entries, payments, treasury
from pos_app.office.journal_entries import Row
from pos_app.office.office import Office
from pos_app.store.documents import documents, used_codes
from pos_app.store.journal import double_codes
from pos_app.store.master import party_terms
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding
from pos_app.store.upkeep import code_check
from pos_app.till.session.recorded import Recorded
from pos_app.till.till import Till
from sync.server import code_decision
from sync.server.decision import Names
from sync.server.endpoint import Endpoint
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, drift

CODE = "SLK4AOI9Z1"
MPESA = TenderKind.MPESA


class Desk:
    """An enrolled till at work."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.line = centre.till(folder)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till.drawer.open(5_000_00)

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def pay(self, code: str, sku: str = "SKU1") -> Recorded:
        """Sell one product for what it costs, by M-Pesa."""
        basket = self.till.baskets.new()
        basket.add(self.till.catalogue.scan(sku).product, ONE)
        taking = self.till.checkout(basket)
        taking.add_tender(MPESA, taking.total, code)
        return taking.complete()

    def move(self, code: str) -> Recorded:
        return self.till.money_transfers.move(MoneyAccount.MPESA, MoneyAccount.BANK, 10_00, reference=code)


class World:
    """A centre, two tills of it, and its office."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre, self.folder = centre, folder
        with centre.database.write() as connection:
            founding.add_person(
                connection, centre.org_id, "SECOND", "Second", role="owner", pin_hash="second"
            )
            party_terms.put_role(connection, centre.org_id, 1, PartyRole.VENDOR)
        self.office = Office(centre.database, SystemClock(), centre.org_id, "OWNER")
        self.one, self.two = Desk(centre, folder / "1"), Desk(centre, folder / "2")

    @property
    def org_id(self) -> int:
        return self.centre.org_id

    def twice(self, *, everything: bool = False) -> Sequence[double_codes.DoubleCode]:
        read = double_codes.everything if everything else double_codes.waiting
        with self.centre.database.read() as connection:
            return read(connection, self.org_id)

    def settle(self, number: str, *, by: str = "OWNER", with_: str = "SECOND", booked: str = "") -> None:
        names = Names(by, with_, "looked at the statement")
        code_decision.settle(self.centre.database, self.org_id, number, names, SystemClock(), booked=booked)

    def mpesa(self) -> int:
        with self.centre.database.read() as connection:
            found = connection.execute(
                text("SELECT sum(amount) FROM account_balance WHERE org_id = :org AND account_code = '1140'"),
                {"org": self.org_id},
            ).scalar()
        return int(found or 0)

    def both_offline(self, code: str = CODE, again: str = CODE) -> tuple[Recorded, Recorded]:
        """Both tills take a message before either hears of the other."""
        first, second = self.one.pay(code), self.two.pay(again, "SKU2")
        self.one.sync()
        self.two.sync()
        return first, second


@pytest.fixture
def world(centre: Centre, tmp_path: Path) -> World:
    return World(centre, tmp_path)


@pytest.mark.parametrize(
    "typed", [CODE, "slk4aoi9z1", " SLK4 AOI9 Z1 ", "SLK4-AOI-9Z1", "SLK4A0I9Z1", "slk4aO19z1"]
)
def test_a_code_of_one_till_is_blocked_at_the_other_in_every_spelling(world: World, typed: str) -> None:
    sold = world.one.pay(CODE)
    world.one.sync()
    world.two.sync()
    with refused("mpesa-code-used", number=sold.number):
        world.two.pay(typed)
    with refused("mpesa-code-used", number=sold.number):
        world.two.move(typed)
    assert world.twice() == []
    world.two.pay("SLK4AOI9Z2")


def test_a_code_is_blocked_whatever_document_carried_it(world: World) -> None:
    world.one.move("SLK4AB9T01")
    world.one.sync()
    payments.receive(world.office, "C1", [TenderInput(MPESA, 10_00, "SLK4AB9T02")], prepay=True)
    payments.pay_vendor(world.office, "C1", [TenderInput(MPESA, 10_00, "SLK4AB9T03")], prepay=True)
    treasury.transfer(world.office, "mpesa", "bank", 10_00, reference="SLK4AB9T04")
    treasury.transfer(world.office, "bank", "safe", 10_00, reference="SLK4AB9T05")
    world.two.sync()
    for last in (1, 2, 3, 4):
        with refused("mpesa-code-used"):
            world.two.pay(f"SLK4AB9T0{last}")
    # The number of a bank slip is no M-Pesa code.
    world.two.pay("SLK4AB9T05")
    world.two.sync()
    for last in (1, 5):
        with refused("mpesa-code-used"):
            payments.receive(world.office, "C1", [TenderInput(MPESA, 1_00, f"SLK4AB9T0{last}")], prepay=True)


def test_of_two_taken_offline_both_are_booked_and_the_second_is_told(world: World) -> None:
    first, second = world.both_offline()
    assert world.centre.quarantine() == []
    assert world.mpesa() == 300_00
    (told,) = world.twice()
    assert (told.number, told.other_number, told.code) == (second.number, first.number, CODE)
    assert (told.amount, told.currency, told.account_code) == (200_00, "KES", "1140")
    world.one.sync()
    with refused("mpesa-code-used"):
        world.one.pay(CODE)
    with refused("mpesa-code-used"):
        world.two.pay(CODE)
    assert drift(world.centre.database) == []


def test_two_spellings_taken_offline_are_one_code(world: World) -> None:
    world.both_offline("SLK4AOI9Z1", "slk4a019z1")
    (told,) = world.twice()
    assert told.code == "SLK4A019Z1"


def test_a_batch_again_tells_nothing_new(world: World) -> None:
    world.one.pay(CODE)
    world.one.sync()
    world.two.line.transport.lose_answers = 1
    world.two.pay("SLK4AB9Z77")
    for _ in range(2):
        try:
            world.two.line.daemon().drain()
        except Exception:  # noqa: BLE001 - the answer was lost, as it should be
            continue
    assert world.twice() == []


def test_a_void_frees_the_code_at_every_till(world: World) -> None:
    sold = world.one.pay(CODE)
    world.one.sync()
    world.two.sync()
    world.one.till.voids.void(sold.document_id, "wrong product")
    again = world.one.pay(CODE)
    world.one.till.voids.void(again.document_id, "wrong product again")
    world.one.sync()
    world.two.sync()
    world.two.pay(CODE)
    world.two.sync()
    world.one.sync()
    assert world.twice() == []
    with refused("mpesa-code-used"):
        world.one.pay(CODE)


def test_when_the_first_is_voided_the_second_holds_the_code(world: World) -> None:
    first, second = world.both_offline()
    world.one.till.voids.void(first.document_id, "not mine")
    world.one.sync()
    assert world.twice() == []
    with world.centre.database.read() as connection:
        holder = used_codes.holder(connection, world.org_id, CODE)
    assert holder is not None
    assert holder.number == second.number
    world.one.sync()
    with refused("mpesa-code-used", number=second.number):
        world.one.pay(CODE)


def test_when_the_second_is_voided_nothing_waits(world: World) -> None:
    _, second = world.both_offline()
    world.two.till.voids.void(second.document_id, "it was the other's")
    world.two.sync()
    assert world.twice() == []
    with world.centre.database.read() as connection:
        assert double_codes.count(connection, world.org_id) == 0


def test_two_people_say_that_the_money_came(world: World) -> None:
    first, second = world.both_offline()
    with refused("two-people-decide"):
        world.settle(second.number, with_="OWNER")
    with refused("person-unknown"):
        world.settle(second.number, with_="NOBODY")
    with refused("code-not-twice"):
        world.settle(first.number)
    world.settle(second.number.lower())
    assert world.twice() == []
    (told,) = world.twice(everything=True)
    assert (told.decision, told.decision_reason) == ("came", "looked at the statement")
    with refused("code-not-twice"):
        world.settle(second.number)


def test_missing_money_is_booked_off_before_it_is_settled(world: World) -> None:
    _, second = world.both_offline()

    def entry(amount: int) -> str:
        rows = [Row("6900", amount), Row("1140", -amount)]
        return journal_entries.entry(world.office, "The message paid once", rows).number

    with refused("booked-nowhere"):
        world.settle(second.number, booked="M1000000-J000009")
    with refused("booked-otherwise"):
        world.settle(second.number, booked=second.number)
    with refused("booked-otherwise"):
        world.settle(second.number, booked=entry(199_99))
    # As much by M-Pesa, and it came: of another sale, and by hand.
    sale = world.one.pay("SLK4AOI9Z7", "SKU2")
    world.one.sync()
    with refused("booked-otherwise"):
        world.settle(second.number, booked=sale.number)
    with refused("booked-otherwise"):
        world.settle(second.number, booked=entry(-200_00))
    world.settle(second.number, booked=entry(200_00))
    (told,) = world.twice(everything=True)
    assert told.decision == "missing"
    assert world.mpesa() == 300_00 - 199_99 + 200_00 + 200_00 - 200_00


def test_a_new_till_hears_of_the_codes_of_so_many_days(world: World) -> None:
    sold = world.one.pay(CODE)
    world.one.sync()
    with world.centre.database.write() as connection:
        connection.execute(text("UPDATE used_code SET day = 20200101"))
    world.one.pay("SLK4AB9Z88")
    world.one.sync()
    late = Desk(world.centre, world.folder / "late")
    with late.line.database.read() as connection:
        assert used_codes.holder(connection, world.org_id, CODE) is None
        assert used_codes.holder(connection, world.org_id, "SLK4AB9Z88") is not None
    world.centre.desk = Endpoint(world.centre.database, SystemClock(), code_days=3650)
    later = Desk(world.centre, world.folder / "later")
    with later.line.database.read() as connection:
        found = used_codes.holder(connection, world.org_id, CODE)
        assert documents.get(connection, world.org_id, sold.document_id) is None
    assert found is not None
    assert found.number == sold.number


def test_a_table_of_codes_that_is_not_what_the_documents_say_is_found_and_mended(world: World) -> None:
    """A row gone, one that names a document without that code, one that a void left standing."""
    first, _ = world.both_offline()
    voided = world.one.pay("SLK4AB9T07")
    world.one.move("SLK4AB9T08")
    world.one.till.voids.void(voided.document_id, "wrong product")
    world.one.sync()
    database, org_id = world.centre.database, world.org_id
    assert not any(one.differs for one in code_check.check(database, org_id))
    with database.write() as connection:
        connection.execute(
            text("UPDATE used_code SET state = 'used' WHERE document_id = :key"), {"key": voided.document_id}
        )
        connection.execute(
            text("UPDATE used_code SET document_id = document_id - 1 WHERE place = 0 AND document_id = :key"),
            {"key": voided.document_id + 1},
        )
        connection.execute(text("DELETE FROM used_code WHERE document_id = :key"), {"key": first.document_id})
    wrong = {one.document_id for one in code_check.check(database, org_id) if one.differs}
    assert {first.document_id, voided.document_id} <= wrong
    assert len([one for one in code_check.check(database, org_id, mend=True) if one.differs]) >= len(wrong)
    assert not any(one.differs for one in code_check.check(database, org_id))
    with database.read() as connection:
        assert used_codes.holder(connection, org_id, CODE) is not None
        assert used_codes.holder(connection, org_id, "SLK4AB9T07") is None
        assert used_codes.holder(connection, org_id, "SLK4AB9T08") is not None
