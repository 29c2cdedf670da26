"""An invoice is owed to a business: whoever takes the money, wherever, its receivable is what goes down."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pos_app.ledger.document import Payment
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import invoicing, payments
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.store.documents import documents
from pos_app.store.engine.engine import Database
from pos_app.store.journal import quarantine
from pos_app.store.master import codes, enrolment, people
from pos_app.store.stock.recorded import Recorded
from pos_app.till.till import Till
from sync.client.daemon import Daemon
from sync.client.enrol import enrol
from sync.protocol import signature
from sync.server.endpoint import Endpoint as Server
from tests.conftest import prepared_till
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank, on
from tests.support.worlds.sync_fixtures import DeskTransport, drift

GAS, WATER = 1, 2
CLEARING, DEPOSITS = "1900", "2320"


@dataclass
class Window:
    """A till at work, and its daemon."""

    till: Till
    daemon: Daemon

    def takes(self, amount: int) -> Payment:
        """The customer C1 pays what is due first."""
        context = self.till._context
        with context.database.read() as connection:
            known = codes.party(connection, context.org_id, "C1")
            assert known is not None
            party = people.party(connection, context.org_id, known.party_id)
        assert party is not None
        desk = self.till.receive_payment(party, amount)
        desk.add_tender(TenderKind.CASH, amount)
        done = desk.complete()
        with context.database.read() as connection:
            found = documents.get(connection, context.org_id, done.document_id)
        assert isinstance(found, Payment)
        return found


@pytest.fixture
def desk(central: Database) -> Desk:
    """An office of three businesses; the depot MAIN is the gas's, WEST the water's."""
    return Desk.make(central)


@pytest.fixture
def west(desk: Desk, tmp_path: Path) -> Iterator[Window]:
    """A till of the depot WEST, whose business is water, with everything that the centre has for it."""
    server = Server(desk.database, desk.clock)
    made: list[DeskTransport] = []

    def connect(_: str, key: Ed25519PrivateKey, name: str) -> DeskTransport:
        made.append(DeskTransport(server, key, name))
        return made[-1]

    code = enrolment.new_code(desk.database, desk.org_id, "WEST", desk.clock)
    database = prepared_till(tmp_path)
    who = enrol(database, tmp_path / "terminal.key", "http://desk", code, connect=connect)
    transport = DeskTransport(server, made[0].key, signature.terminal_id(who.org_id, who.terminal_no))
    daemon = Daemon(database, who, transport, clock=desk.clock)
    daemon.drain()
    till = Till(database, desk.clock)
    with database.read() as connection:
        key = connection.scalar(text("SELECT person_id FROM person WHERE code = 'MGR'"))
        found = people.person(connection, who.org_id, int(key))
    assert found is not None
    till._context.person = found[0]
    till.drawer.open(1_000_00)
    yield Window(till, daemon)
    database.close()


def owed_to(desk: Desk, business: int) -> dict[str, int]:
    """What a business has on its receivable account, what is open of its invoices, and on no invoice."""
    values = {"org": desk.org_id, "business": business}
    with desk.database.read() as connection:
        account = connection.execute(
            text(
                "SELECT coalesce(sum(amount), 0) FROM account_balance WHERE org_id = :org"
                " AND business_id = :business AND account_code = '1300'"
            ),
            values,
        ).scalar_one()
        opened = connection.execute(
            text(
                "SELECT coalesce(sum(amount), 0) FROM open_invoice WHERE org_id = :org"
                " AND business_id = :business AND party_role = 'customer'"
            ),
            values,
        ).scalar_one()
    return {"account": int(account), "open": int(opened)}


def invoiced(desk: Desk, west: Window) -> Recorded:
    """An invoice of the gas business by the office; the till of the water business hears of it."""
    made = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)], on(20261120, business="MAIN"))
    assert made.document.business_id == GAS
    west.daemon.drain()
    return made


def test_an_invoice_of_the_office_is_paid_at_a_till_of_another_business(desk: Desk, west: Window) -> None:
    made = invoiced(desk, west)
    with west.till.database.read() as connection:
        assert documents.get(connection, desk.org_id, made.document_id) is None
    payment = west.takes(200_00)
    assert payment.business_id == WATER
    assert [(one.invoice_id, one.business_id) for one in payment.allocations] == [(made.document_id, GAS)]
    west.daemon.drain()
    with desk.database.read() as connection:
        assert quarantine.waiting(connection, desk.org_id) == []
    assert owed_to(desk, GAS) == {"account": 380_00, "open": 380_00}
    assert owed_to(desk, WATER) == {"account": 0, "open": 0}
    assert (desk.account(CLEARING, GAS), desk.account(CLEARING, WATER)) == (200_00, -200_00)
    assert drift(west.till.database) == []
    assert desk.is_whole()


def test_what_the_office_does_afterwards_is_each_businesss_own(desk: Desk, west: Window) -> None:
    """Paid in advance at the water's till, settled, credited and given up by the office for the gas."""
    made = invoiced(desk, west)
    west.takes(600_00)
    west.daemon.drain()
    assert owed_to(desk, GAS) == {"account": 0, "open": 0}
    # Twenty shillings too much lie with the water business.
    assert owed_to(desk, WATER) == {"account": -20_00, "open": 0}
    second = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)], on(20261120, business="MAIN"))
    with refused("money-in-other-business"):
        payments.settle(desk.office, "C1", occasion=PostingDetails(business="MAIN"))
    settled = payments.settle(desk.office, "C1").document
    assert settled.business_id == WATER
    assert owed_to(desk, GAS) == {"account": 560_00, "open": 560_00}
    assert owed_to(desk, WATER) == {"account": 0, "open": 0}
    invoicing.credit(desk.office, second.document_id, "too dear", [invoicing.Credited(0, None, 10_00)])
    invoicing.write_off(
        desk.office,
        "C1",
        "moved",
        [InvoiceChoice(second.document_id, 50_00)],
        PostingDetails(business="WATER"),
    )
    payments.receive(desk.office, "C1", bank(100_00), occasion=PostingDetails(business="WASH"))
    left = owed_to(desk, GAS)
    assert left["account"] == left["open"] == desk.open(second) < 410_00
    assert owed_to(desk, WATER) == owed_to(desk, 3) == {"account": 0, "open": 0}
    assert desk.open(made) == 0
    west.daemon.drain()
    opens = west.till.open_invoices.of(1)
    assert [(one.invoice_id, one.business_id) for one in opens] == [(second.document_id, GAS)]
    assert desk.is_whole()


def test_a_deposit_goes_out_of_the_business_that_holds_it(desk: Desk, west: Window) -> None:
    invoiced(desk, west)
    west.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, 1, 300_00)
    west.daemon.drain()
    settled = payments.settle(desk.office, "C1", from_deposit=True).document
    assert settled.business_id == WATER
    assert desk.account(DEPOSITS, WATER) == desk.account(DEPOSITS, GAS) == 0
    assert owed_to(desk, GAS) == {"account": 280_00, "open": 280_00}
    assert desk.owes("C1", PartyRole.DEPOSITOR) == 0
    assert desk.is_whole()
