"""A day at a depot: every document that its till makes, then the line comes back, and both sides are equal.

The till is enrolled at a real centre; parties, places, rates and prices came by the feed.  What happened is
pushed, posted again there and compared; then every balance that the till touched says the same on both sides.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from pos_app.ledger import chit as chits
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.day import later
from pos_app.ledger.document import SERIES, CashReason, TransferSent
from pos_app.ledger.line import CashCount, PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.tax import DEPOSIT_CODE
from pos_app.ledger.treasury import PartyReason
from pos_app.store.balances import affected, balances
from pos_app.store.documents import documents
from pos_app.store.engine.engine import Database
from pos_app.store.journal import print_jobs
from pos_app.store.master import locations, party_terms, rates
from pos_app.store.master.people import Party, Person
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.drawer.expense import Spent
from pos_app.till.drawer.money_transfer import Exchanged, MoneyAccount
from pos_app.till.laundry.intake import Wanted
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session.sign_in import Proved
from pos_app.till.till import Till
from tests.support.worlds.sync_fixtures import Centre, drift, product

CASH, MPESA, ACCOUNT = TenderKind.CASH, TenderKind.MPESA, TenderKind.ACCOUNT
CUSTOMER, HOTEL = 1, 2
VENDOR, EMPLOYEE, MEMBER = 3, 4, 5
CYLINDER = 5
#: A service: things are taken in and collected.
WASH = 6
#: A deposit for a cylinder: no sale, but money that goes back by its slip.
DEPOSIT = 7
#: What the office makes, or the centre by itself: no till records it.
ELSEWHERE: Final = {
    "bill",
    "vendor_credit",
    "vendor_payment",
    "write_off",
    "landed_cost",
    "stock_valuation",
    "journal_entry",
    "bag_banked",
}


class Depot:
    """An enrolled till at work, and the way to the centre."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre = centre
        self.line = centre.till(folder)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.owner = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till._context.person = self.owner

    def document(self, document_id: int) -> Any:
        with self.line.database.read() as connection:
            return documents.get(connection, self.centre.org_id, document_id)

    def party(self, party_id: int) -> Party:
        found = self.till.customers.get(party_id)
        assert found is not None
        return found

    def basket(self, *products: int, party_id: int | None = None) -> Any:
        basket = self.till.baskets.new()
        for key in products:
            basket.add(self.till.catalogue.by_id(key))
        if party_id is not None:
            basket.set_customer(self.party(party_id))
        return basket

    def sell(self, *products: int, kind: TenderKind = CASH, **more: Any) -> Any:
        basket = self.basket(*products, party_id=more.pop("party_id", None))
        checkout = self.till.checkout(basket)
        checkout.add_tender(kind, more.pop("amount", 0) or basket.totals().total, **more)
        return checkout.complete()


def _fill(connection: Connection, centre: Centre) -> None:
    """What an office enters before its depots open."""
    org = centre.org_id
    party_terms.put_role(connection, org, HOTEL, PartyRole.CUSTOMER, terms_days=30, credit_limit=100_000_00)
    party_terms.put_role(connection, org, VENDOR, PartyRole.VENDOR, terms_days=14)
    for key, name, role, limit in (
        (EMPLOYEE, "Kamau", PartyRole.EMPLOYEE, 5_000_00),
        (MEMBER, "Achieng", PartyRole.MEMBER, 0),
    ):
        connection.execute(
            text("INSERT INTO party (org_id, party_id, code, name) VALUES (:org, :key, :code, :name)"),
            {"org": org, "key": key, "code": f"P{key}", "name": name},
        )
        party_terms.put_role(connection, org, key, role, credit_limit=limit)
    depot = centre.founded.depot_id
    founding.add_location(connection, org, "WAY", "On the way", "transit")
    founding.add_location(connection, org, "VAN", "Van", "vehicle", depot_id=depot)
    rates.put_exchange_rate(connection, org, "USD", 0, 129_500_000)
    party_terms.put_contract_price(connection, org, HOTEL, 1, 90_00)
    connection.execute(master.product.insert().values(**product(centre.founded, WASH) | {"stocked": 0}))
    connection.execute(
        master.product.insert().values(
            **product(centre.founded, DEPOSIT) | {"stocked": 0, "tax_code": DEPOSIT_CODE, "price": 2_500_00}
        )
    )
    locations.put_reorder_level(
        connection, org, centre.founded.location_id, 4, minimum=2 * ONE, target=9 * ONE
    )


@pytest.fixture
def depot(central: Database, tmp_path: Path) -> Iterator[Depot]:
    """A centre whose office is ready, and one till of it."""
    centre = Centre(central)
    with central.write() as connection:
        _fill(connection, centre)
    yield Depot(centre, tmp_path / "till")
    centre.close()


def _goods(depot: Depot) -> None:
    """Orders, receipts, stock: what a depot's manager does in the morning."""
    till = depot.till
    till.stock_counts.count({1: 5 * ONE, 2: 8 * ONE}, unit_costs={1: 60_00, 2: 120_00})
    (wanted,) = till.stock.reorder_list()
    order = till.orders.order(VENDOR, {wanted.product_id: Ordered(wanted.order, 250_00)})
    till.receiving.against_order(depot.document(order.document_id), {0: 4 * ONE})
    till.receiving.without_order(VENDOR, {3: Ordered(3 * ONE, 2_00)}, currency="USD")
    van = next(one.location_id for one in till.transfers.places() if one.code == "VAN")
    sent = depot.document(till.transfers.send(van, {2: 3 * ONE}).document_id)
    assert isinstance(sent, TransferSent)
    till.transfers.receive(sent, {2: 2 * ONE})
    till.stock_adjustments.adjust(AdjustmentReason.DAMAGE, {1: ONE})
    till.stock_counts.count({1: 3 * ONE})
    till.returnables.move(HOTEL, {CYLINDER: 2 * ONE})


def _trade(depot: Depot) -> None:
    """Sales, invoices, payments: what the counter sees."""
    till = depot.till
    sold = depot.sell(1, 2)
    depot.sell(1, kind=ACCOUNT, party_id=CUSTOMER)
    assert depot.sell(1, amount=10_00, currency="USD").change == 10_00 * 1295 // 10 - 100_00
    with_cylinder = depot.basket(1, party_id=HOTEL)
    with_cylinder.give_returnable(till.catalogue.by_id(CYLINDER), -ONE)
    invoice = till.invoicing.issue(with_cylinder)
    assert invoice.total == 90_00
    metered = till.baskets.new()
    metered.add_metered(till.catalogue.by_id(2), 100 * ONE, 101 * ONE)
    metered.set_customer(depot.party(HOTEL))
    draft = till.invoicing.save_draft(depot.basket(2, party_id=HOTEL), reference="LPO 1")
    second = till.invoicing.issue_draft(draft.request_id)
    third = till.invoicing.issue(metered)
    desk = till.receive_payment(depot.party(HOTEL), 150_00)
    desk.add_tender(MPESA, 150_00, "SLK4AB9Z01")
    desk.complete()
    credited = till.credit_notes.find(till.printed(depot.document(third.document_id)))
    till.credit_notes.complete(credited, {0: ONE}, "not delivered")
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 100_00)
    till.settling.settle(HOTEL, out_of_deposit=True)
    assert second.document_id in {one.invoice_id for one in till.open_invoices.of(HOTEL)}
    receipt = till.refunds.find(sold.number)
    till.refunds.complete(receipt, {0: ONE}, CASH, "wrong size")
    (slip,) = (line.chit for line in depot.document(depot.sell(DEPOSIT).document_id).lines)
    back = till.chits.pay_back(chits.barcode_of(slip.role, slip.number))
    back.add_tender(CASH, back.total)
    back.complete()
    voided = depot.sell(1)
    till.voids.void(voided.document_id, "changed their mind")


def _laundry(depot: Depot) -> None:
    """Things that customers leave."""
    till = depot.till
    shirts = [Wanted(WASH, 3 * ONE, "blue; stain on the collar")]
    promised = later(till.today, 2)
    taken = till.service_orders.take_in(shirts, promised_on=promised, party_id=CUSTOMER, tag="A 17")
    unwashed = till.service_orders.take_in(shirts, promised_on=promised, customer_name="Kamau")
    till.service_orders.mark_ready(taken.document_id)
    till.service_orders.give_back(unwashed.document_id, "the colour would run")
    basket = till.service_orders.collect(till.service_orders.find("A17").order.document_id)
    checkout = till.checkout(basket)
    checkout.add_tender(MPESA, basket.totals().total, "SLK4AB9Z07")
    checkout.complete()
    assert till.service_orders.open() == []


def _money(depot: Depot) -> None:
    """Parties, petty cash, the bank."""
    till = depot.till
    for reason, party in (
        (PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE),
        (PartyReason.EMPLOYEE_REPAYMENT, EMPLOYEE),
        (PartyReason.MEMBER_DEPOSIT, MEMBER),
        (PartyReason.MEMBER_SHARE, MEMBER),
        (PartyReason.MEMBER_WITHDRAWAL, MEMBER),
        (PartyReason.MEMBER_SHARE_RETURN, MEMBER),
    ):
        till.party_money.record(reason, party, 50_00)
    till.party_money.record(
        PartyReason.MEMBER_DEPOSIT,
        MEMBER,
        1_295_00,
        [TenderInput(CASH, 10_00, "", "USD")],
        note="tourist tips",
    )
    till.expenses.pay([Spent("Diesel", 116_00, "6130", "A")], vendor_id=VENDOR)
    till.money_transfers.move(MoneyAccount.DRAWER, MoneyAccount.SAFE, 500_00)
    till.money_transfers.move(MoneyAccount.SAFE, MoneyAccount.BANK, 400_00, reference="slip 1")
    second = Person(EMPLOYEE, "SECOND", "Second", "cashier")
    till.bank_bags.seal("KCB 1", 50_00, Proved(second))
    till.money_transfers.move(
        MoneyAccount.DRAWER, MoneyAccount.BANK, 5_00, currency="USD", arrives=Exchanged(650_00)
    )


def _recorded(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(text("SELECT DISTINCT kind FROM document")))


def test_a_day_with_every_document_of_a_till(depot: Depot) -> None:
    till = depot.till
    till.drawer.open(5_000_00)
    _goods(depot)
    _trade(depot)
    _laundry(depot)
    _money(depot)
    till.drawer.move(CashReason.PAY_IN, 20_00, "found under the mat")
    counted = till.drawer.expected()
    closed = till.drawer.close(
        (CashCount(value=counted, pieces=1),), foreign={"USD": (CashCount(value=5_00, pieces=3),)}
    )
    assert (closed.variance, closed.others[0].variance) == (0, 0)

    with depot.line.database.read() as connection:
        jobs = print_jobs.everything(connection)
    papers = [paper_of(till._context, job) for job in jobs]
    assert len(papers) > 30
    assert all(paper.blocks for paper in papers)

    kinds = {kind_of_type(one) for one in SERIES}
    assert _recorded(depot.line.database) == kinds - ELSEWHERE

    depot.line.drain()
    centre = depot.centre
    assert centre.quarantine() == []
    who = depot.line.who
    assert _recorded(centre.database) == kinds - ELSEWHERE
    with depot.line.database.read() as here, centre.database.read() as there:
        last = here.execute(text("SELECT max(seq) FROM document")).scalar_one()
        assert centre.mark(who.terminal_no) == last
        compared = 0
        for projection in PROJECTIONS:
            for key in affected.keys(here, projection):
                ours = balances.current(here, projection, key)
                assert ours == balances.current(there, projection, key), (projection.name, key)
                compared += 1
    assert compared > 50
    assert drift(depot.line.database) == drift(centre.database) == []


def kind_of_type(kind: type) -> str:
    """The tag of a document type."""
    return str(kind.__struct_config__.tag)  # type: ignore[attr-defined]
