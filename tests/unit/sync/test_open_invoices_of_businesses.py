"""An invoice is owed to a business: whoever takes the money, wherever, its receivable is what goes down."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger.document import Payment
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import invoicing, payments, treasury
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
from sync.client.known_centre import KnownCentre
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

    def connect(_: str, key: Ed25519PrivateKey, name: str, known: KnownCentre) -> DeskTransport:
        made.append(DeskTransport(server, key, name, known))
        return made[-1]

    code = enrolment.new_code(desk.database, desk.org_id, "WEST", desk.clock)
    database = prepared_till(tmp_path)
    who = enrol(database, tmp_path / "terminal.key", "http://desk", code, connect=connect)
    transport = DeskTransport(
        server, made[0].key, signature.terminal_id(who.org_id, who.terminal_no), made[0].known_centre
    )
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


def test_a_credit_that_till_and_office_both_used_is_owed_again(desk: Desk, west: Window) -> None:
    """Each did so rightly by what it knew: the centre takes both, and what was used twice is open for all."""
    owner = desk.as_("OWNER")
    first = invoicing.invoice(owner, "C1", [Goods("SERVICE", ONE, 1_000_00)])
    payments.receive(desk.office, "C1", bank(800_00), [InvoiceChoice(first.document_id, 800_00)])
    invoicing.credit(desk.office, first.document_id, "too dear", [invoicing.Credited(0, ONE // 2)])
    second = invoicing.invoice(owner, "C1", [Goods("REFILL", ONE, 400_00)], PostingDetails(business="WATER"))
    west.daemon.drain()
    assert west.till.open_invoices.credit(1) == 300_00
    treasury.party_money(desk.office, PartyReason.CUSTOMER_CREDIT_RETURN, "C1", bank(300_00))
    # The till has not heard of that, and settles the water's invoice with the credit of the gas's.
    west.till.settling.settle(1)
    west.daemon.drain()
    assert documents_waiting(desk) == 0
    assert (desk.open(first), desk.open(second)) == (300_00, 100_00)
    assert owed_to(desk, GAS) == {"account": 300_00, "open": 300_00}
    assert owed_to(desk, WATER) == {"account": 100_00, "open": 100_00}
    assert west.till.open_invoices.credit(1) == 0
    assert {one.invoice_id for one in west.till.open_invoices.of(1)} == {
        first.document_id,
        second.document_id,
    }
    with refused("nothing-to-settle-with"):
        payments.settle(desk.office, "C1")
    assert desk.is_whole()


def documents_waiting(desk: Desk) -> int:
    """How many wait in quarantine."""
    with desk.database.read() as connection:
        return len(quarantine.waiting(connection, desk.org_id))


def in_business(desk: Desk, business: int, role: str) -> int:
    """What lies of C1 in a business, on no invoice and on invoices."""
    with desk.database.read() as connection:
        found = connection.execute(
            text(
                "SELECT amount FROM party_in_business WHERE org_id = :org AND business_id = :business"
                " AND party_role = :role"
            ),
            {"org": desk.org_id, "business": business, "role": role},
        ).scalar_one_or_none()
    return int(found or 0)


def test_money_paid_ahead_to_one_business_leaves_it_when_a_till_of_another_uses_it(
    desk: Desk, west: Window
) -> None:
    """An advance and a deposit that the gas holds, used and paid out at the water's till."""
    owner = desk.as_("OWNER")
    payments.receive(owner, "C1", bank(900_00), occasion=PostingDetails(business="MAIN"), prepay=True)
    treasury.party_money(
        owner, PartyReason.CUSTOMER_DEPOSIT, "C1", bank(500_00), PostingDetails(business="MAIN")
    )
    invoicing.invoice(owner, "C1", [Goods("REFILL", ONE, 400_00)], PostingDetails(business="WATER"))
    west.takes(150_00)
    west.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, 1, 100_00)
    west.daemon.drain()
    west.daemon.drain()
    # Of the water's own nothing lies free: what is open of its invoice, the gas pays.
    west.till.settling.settle(1)
    west.till.party_money.record(PartyReason.CUSTOMER_CREDIT_RETURN, 1, 200_00)
    west.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT_RETURN, 1, 250_00)
    west.daemon.drain()
    assert documents_waiting(desk) == 0
    assert (in_business(desk, GAS, "customer"), in_business(desk, WATER, "customer")) == (-450_00, 0)
    assert (in_business(desk, GAS, "depositor"), in_business(desk, WATER, "depositor")) == (-350_00, 0)
    assert (desk.account(CLEARING, GAS), desk.account(CLEARING, WATER)) == (-600_00, 600_00)
    assert desk.owes("C1", PartyRole.DEPOSITOR) == -350_00
    assert drift(west.till.database) == drift(desk.database) == []
    assert desk.is_whole()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("gwGWdrR"), st.integers(1, 400)), min_size=3, max_size=9))
def test_no_business_gives_what_another_one_holds(
    desk: Desk, west: Window, acts: list[tuple[str, int]]
) -> None:
    """Whatever is paid ahead where, and used where: none of them holds less than nothing for it."""
    owner = desk.as_("OWNER")
    for act, shillings in acts:
        amount = shillings * 100
        gas = PostingDetails(business="MAIN")
        try:
            match act:
                case "g":
                    payments.receive(owner, "C1", bank(amount), occasion=gas, prepay=True)
                case "w":
                    west.takes(amount)
                case "G":
                    treasury.party_money(owner, PartyReason.CUSTOMER_DEPOSIT, "C1", bank(amount), gas)
                case "W":
                    west.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, 1, amount)
                case "d":
                    west.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT_RETURN, 1, amount)
                case "r":
                    west.till.party_money.record(PartyReason.CUSTOMER_CREDIT_RETURN, 1, amount)
                case _:
                    treasury.party_money(owner, PartyReason.CUSTOMER_CREDIT_RETURN, "C1", bank(amount))
        except Refused:
            # There was not so much, or the drawer has not.
            continue
        west.daemon.drain()
        west.daemon.drain()
        for role in ("customer", "depositor"):
            assert in_business(desk, GAS, role) <= 0
            assert in_business(desk, WATER, role) <= 0
    assert documents_waiting(desk) == 0
    assert drift(west.till.database) == drift(desk.database) == []
    assert desk.is_whole()
