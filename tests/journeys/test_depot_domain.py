"""What a depot of ours deals in, from the counter to the reports of the centre: gas, water, meters, services.

A real centre, an enrolled till of it, and the office; every figure is asked on both sides.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from pos_app.ledger.cylinder import gas_left
from pos_app.ledger.document import Bill, VendorCredit
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills
from pos_app.office.bills import Cost
from pos_app.office.office import Office
from pos_app.store.balances import balances
from pos_app.store.engine.engine import Database
from pos_app.store.master import party_terms
from pos_app.store.organisation import founding
from pos_app.store.report_queries import sales
from pos_app.store.report_queries.scope import Scope
from pos_app.store.tables import master
from pos_app.store.tables.projections import ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL, STOCK_VALUE
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.stock.half_returns import Half
from tests.journeys.test_depot_day import HOTEL, VENDOR, Depot
from tests.support.worlds.sync_fixtures import Centre, drift, product

CASH, ACCOUNT = TenderKind.CASH, TenderKind.ACCOUNT
#: Key, code, price in cents, unit, whether it is stock.
GOODS: Final = {
    "GAS13": (11, 2_320_00, "pc", 1),
    "CYL13": (12, 0, "pc", 1),
    "DEP13": (13, 3_500_00, "pc", 0),
    "BULK": (14, 200_00, "kg", 0),
    "REPAIR": (15, 400_00, "h", 0),
    "WAT20R": (16, 150_00, "pc", 0),
    "WAT10R": (17, 80_00, "pc", 0),
    "WAT20N": (18, 950_00, "pc", 1),
    "BOTTLE20": (19, 0, "pc", 1),
}
WATER: Final = {"WAT20R", "WAT10R", "WAT20N", "BOTTLE20"}
BY_CONTRACT: Final = 2_200_00


def key(code: str) -> int:
    return GOODS[code][0]


def _fill(connection: Connection, centre: Centre) -> int:
    org = centre.org_id
    water = founding.add_business(connection, org, "WATER", "Water")
    for code, (number, price, unit, stocked) in GOODS.items():
        row = product(centre.founded, number) | {
            "sku": code,
            "name": code,
            "price": price,
            "unit": unit,
            "stocked": stocked,
            "tax_code": "E",
            "business_id": water if code in WATER else centre.founded.business_id,
        }
        connection.execute(master.product.insert().values(**row))
    party_terms.put_role(connection, org, HOTEL, PartyRole.CUSTOMER, terms_days=30, credit_limit=100_000_00)
    party_terms.put_role(connection, org, VENDOR, PartyRole.VENDOR, terms_days=14)
    party_terms.put_contract_price(connection, org, HOTEL, key("GAS13"), BY_CONTRACT)
    return water


class Domain(Depot):
    """The depot of these tests, with what the books say on both sides."""

    water: int

    def both(self, projection: Any, **fields: Any) -> dict[str, int]:
        """A balance as the till has it, after making sure that the centre has the same."""
        self.line.drain()
        self.line.drain()
        named = {"org_id": self.centre.org_id, **fields}
        with self.line.database.read() as here, self.centre.database.read() as there:
            found = balances.current(here, projection, named)
            assert found == balances.current(there, projection, named), (projection.name, fields)
        return found

    def stock(self, code: str, location: int | None = None) -> int:
        place = self.till.location_id if location is None else location
        return self.both(STOCK_LEVEL, location_id=place, product_id=key(code))["quantity"]

    def account(self, code: str, business_id: int = 1) -> int:
        fields = {"business_id": business_id, "account_code": code, "currency": "KES"}
        return self.both(ACCOUNT_BALANCE, **fields)["amount"]

    def with_us(self, role: PartyRole, party_id: int) -> int:
        fields = {"party_role": role.value, "party_id": party_id, "currency": "KES"}
        return self.both(PARTY_BALANCE, **fields)["amount"]

    def sold(self) -> dict[int, tuple[int, int]]:
        """Quantity and amount by product, as the centre's report of sales has it."""
        self.line.drain()
        end = datetime.now(UTC) + timedelta(days=1)
        with self.centre.database.read() as connection:
            found = sales.by_product(connection, Scope(self.centre.org_id, None, None, end))
        return {one.key: (one.quantity, one.net + one.tax) for one in found}

    def holds(self) -> None:
        self.line.drain()
        assert self.centre.quarantine() == []
        assert drift(self.line.database) == drift(self.centre.database) == []


@pytest.fixture
def depot(central: Database, tmp_path: Path) -> Iterator[Domain]:
    """A depot that sells gas and water; its drawer is open."""
    centre = Centre(central)
    with central.write() as connection:
        water = _fill(connection, centre)
    made = Domain(centre, tmp_path / "till")
    made.water = water
    made.till.drawer.open(20_000_00)
    yield made
    centre.close()


def test_from_the_depot_to_the_supplier_and_back(depot: Domain) -> None:
    """Empties and a half-full one go to the supplier, full ones come back, and the gas is credited."""
    till, centre = depot.till, depot.centre
    office = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    ours, theirs = till.location_id, location_of(VENDOR)
    till.stock_counts.count({key("GAS13"): 2 * ONE, key("CYL13"): 10 * ONE})

    # A customer brings a half-full cylinder back.
    left = gas_left(21_400, 14_900, 13_000)
    done = till.half_returns.take_back(
        [Half(key("GAS13"), key("CYL13"), left)], party_id=HOTEL, tender=ACCOUNT
    )
    assert done.total == BY_CONTRACT // 2
    assert depot.with_us(PartyRole.CUSTOMER, HOTEL) == -BY_CONTRACT // 2
    assert depot.stock("CYL13") == 11 * ONE

    # The lorry takes six empty ones and the half-full one to the supplier and brings five full ones.
    till.returnables.move(VENDOR, {key("CYL13"): 7 * ONE}, role=PartyRole.VENDOR, note="one half full")
    receipt = till.receiving.without_order(
        VENDOR, {key("GAS13"): Ordered(5 * ONE, 1_700_00)}, reference="DN 9"
    )
    till.returnables.move(VENDOR, {key("CYL13"): -5 * ONE}, role=PartyRole.VENDOR)
    assert depot.stock("GAS13") == 7 * ONE
    assert (depot.stock("CYL13", ours), depot.stock("CYL13", theirs)) == (9 * ONE, 2 * ONE)
    assert [one.quantity for one in till.returnables.held(VENDOR)] == [2 * ONE]

    # Their paper: the bill for five fills, and what they credit for the gas that was left in the one.
    bill = bills.bill_for_receipt(office, receipt.document_id)
    credit = bills.credit(
        office,
        bill.document_id,
        "gas left in one",
        [Cost("Half a fill", 1_700_00 // 2, "5100")],
        reference="CN 3",
    )
    assert isinstance(bill.document, Bill)
    assert isinstance(credit.document, VendorCredit)
    assert (bill.document.total, credit.document.total) == (8_500_00, 850_00)
    assert depot.with_us(PartyRole.VENDOR, VENDOR) == -(8_500_00 - 850_00)
    assert depot.account("2130") == 0
    value = depot.both(STOCK_VALUE, business_id=1, product_id=key("GAS13"))
    assert value == {"quantity": 5 * ONE, "value": 8_500_00}

    # The two cylinders that are still there come filled with the next lorry, against an order.
    till.orders.order(VENDOR, {key("GAS13"): Ordered(2 * ONE, 1_700_00)})
    (coming,) = till.orders.open()
    till.receiving.against_order(coming.order)
    till.returnables.move(VENDOR, {key("CYL13"): -2 * ONE}, role=PartyRole.VENDOR)
    assert depot.stock("CYL13", theirs) == 0
    assert (depot.stock("GAS13"), depot.stock("CYL13")) == (9 * ONE, 11 * ONE)
    depot.holds()


def test_gas_that_runs_through_a_meter(depot: Domain) -> None:
    till = depot.till
    gas = till.catalogue.by_id(key("BULK"))
    assert till.catalogue.last_reading(gas.product_id) is None
    for before, after in ((4_120_000, 4_132_500), (4_132_500, 4_140_000)):
        basket = till.baskets.new()
        basket.add_metered(gas, till.catalogue.last_reading(gas.product_id) or before, after)
        checkout = till.checkout(basket)
        checkout.add_tender(CASH, basket.totals().total)
        sale = depot.document(checkout.complete().document_id)
        assert (sale.lines[0].meter_before, sale.lines[0].meter_after) == (before, after)
    assert till.catalogue.last_reading(gas.product_id) == 4_140_000
    assert depot.sold() == {gas.product_id: (20_000, 20 * 200_00)}
    assert depot.account("4100") == -20 * 200_00
    depot.holds()


def test_services_contracts_and_list_prices(depot: Domain) -> None:
    till = depot.till
    till.stock_counts.count({key("GAS13"): 10 * ONE})
    assert depot.sell(key("REPAIR"), key("GAS13")).total == 400_00 + 2_320_00
    invoice = till.invoicing.issue(depot.basket(key("GAS13"), key("REPAIR"), party_id=HOTEL))
    assert invoice.total == BY_CONTRACT + 400_00
    assert depot.stock("GAS13") == 8 * ONE
    assert depot.with_us(PartyRole.CUSTOMER, HOTEL) == invoice.total
    assert depot.sold() == {
        key("GAS13"): (2 * ONE, 2_320_00 + BY_CONTRACT),
        key("REPAIR"): (2 * ONE, 800_00),
    }
    assert depot.account("4100") == -(2_320_00 + BY_CONTRACT + 800_00)
    depot.holds()


def test_a_deposit_on_a_cylinder(depot: Domain) -> None:
    """A customer's deposit is owed to them until the cylinder is back; who has no name buys and returns."""
    till = depot.till
    till.stock_counts.count({key("GAS13"): 10 * ONE, key("CYL13"): 10 * ONE})
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL, 3_500_00, note="cylinder 13 kg")
    basket = depot.basket(key("GAS13"), party_id=HOTEL)
    basket.give_returnable(till.catalogue.by_id(key("CYL13")), ONE)
    till.invoicing.issue(basket)
    assert depot.with_us(PartyRole.DEPOSITOR, HOTEL) == -3_500_00
    assert (depot.stock("CYL13"), depot.stock("CYL13", location_of(HOTEL))) == (9 * ONE, ONE)
    till.returnables.move(HOTEL, {key("CYL13"): -ONE})
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT_RETURN, HOTEL, 3_500_00)
    assert depot.with_us(PartyRole.DEPOSITOR, HOTEL) == 0
    assert (depot.stock("CYL13"), depot.stock("CYL13", location_of(HOTEL))) == (10 * ONE, 0)

    walk_in = depot.basket(key("GAS13"), key("DEP13"))
    walk_in.give_returnable(till.catalogue.by_id(key("CYL13")), ONE)
    checkout = till.checkout(walk_in)
    checkout.add_tender(CASH, walk_in.totals().total)
    sold = checkout.complete()
    assert depot.stock("CYL13", location_of(None)) == ONE
    back = till.refunds.find(sold.number)
    till.refunds.complete(back, {1: ONE}, CASH, "cylinder is back")
    till.returnables.move(None, {key("CYL13"): -ONE})
    assert depot.stock("CYL13", location_of(None)) == 0
    assert depot.sold()[key("DEP13")] == (0, 0)
    assert depot.stock("GAS13") == 8 * ONE
    depot.holds()


def test_water_by_size_as_a_refill_or_with_a_new_bottle(depot: Domain) -> None:
    till = depot.till
    till.stock_counts.count({key("WAT20N"): 6 * ONE, key("BOTTLE20"): 4 * ONE})
    depot.sell(key("WAT20R"), key("WAT10R"), key("WAT20N"))
    lent = depot.basket(key("WAT20R"), party_id=HOTEL)
    lent.give_returnable(till.catalogue.by_id(key("BOTTLE20")), 2 * ONE)
    till.invoicing.issue(lent)
    # A refill takes no bottle; a new one does; a lent one is at the customer.
    assert (depot.stock("WAT20N"), depot.stock("BOTTLE20")) == (5 * ONE, 2 * ONE)
    assert depot.stock("BOTTLE20", location_of(HOTEL)) == 2 * ONE
    assert depot.sold() == {
        key("WAT20R"): (2 * ONE, 300_00),
        key("WAT10R"): (ONE, 80_00),
        key("WAT20N"): (ONE, 950_00),
    }
    # Water's revenue, in the drawer of the gas depot: over the clearing account of both.
    assert depot.account("4200", depot.water) == -1_330_00
    depot.holds()
