"""An owner opens a fourth business, a car wash: rows only, and every till and report knows it.

The codes of its accounts are those that the owner's notes name: cash 1115, revenue 4400.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from pos_app.ledger.chart import Account, AccountRole, AccountType
from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.model.period import Period, zone_of
from pos_app.reports.model.report import Report
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.report_queries import chart_of_accounts
from pos_app.store.tables import master
from pos_app.store.tables.projections import ACCOUNT_BALANCE
from pos_app.till.till import Till
from tests.support.documents.specimens import ORG
from tests.support.oracle.judges import Beancount, Hledger
from tests.support.worlds.sync_fixtures import NOW, Centre, cached
from tests.support.worlds.till_fixture import CASHIER, GOOD, LPG, MANAGER, Shop

WASH: Final = 4
OWN_ACCOUNTS: Final = (
    Account("1115", "Cash - Car Wash", AccountType.ASSET, AccountRole.CASH, WASH),
    Account("1145", "M-Pesa - Car Wash", AccountType.ASSET, AccountRole.MPESA, WASH),
    Account("1240", "Inventory - Car Wash", AccountType.ASSET, AccountRole.INVENTORY, WASH),
    Account("4400", "Car Wash Revenue", AccountType.INCOME, AccountRole.REVENUE, WASH),
    Account("5400", "Cost of goods - Car Wash", AccountType.EXPENSE, AccountRole.COST_OF_GOODS, WASH),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A till to which the feed brought a fourth business, its accounts and two things that it sells."""
    made = Shop.make(tmp_path)
    with made.database.write() as connection:
        wash = {"org_id": ORG, "business_id": WASH}
        connection.execute(
            master.business.insert().values(**wash, code="WASH", name="Car Wash", mpesa_till="522533")
        )
        founding.add_accounts(connection, ORG, OWN_ACCOUNTS)
        for key, sku, name, price, stocked in (
            (90, "CAR", "Car, inside and out", 580_00, 0),
            (91, "WAX", "Wax", 116_00, 1),
        ):
            connection.execute(
                master.product.insert().values(
                    **wash,
                    product_id=key,
                    sku=sku,
                    name=name,
                    price=price,
                    tax_code="A",
                    category="Car wash",
                    unit="pc",
                    stocked=stocked,
                    on_shelf=1,
                )
            )
    made.restart()
    yield made
    made.database.close()


def test_a_till_sells_for_the_car_wash(shop: Shop, tmp_path: Path) -> None:
    shop.be(CASHIER)
    shop.open_drawer()
    shop.sell("CAR", "GAS13", "WAX")
    shop.sell_on_account(GOOD, "CAR")
    voided = shop.sell("WAX")
    shop.be(MANAGER)
    shop.till.voids.void(voided.document_id, "wrong tin; goods: returned")

    # Two washes and a tin of wax, 16 % VAT inside.
    assert shop.account("4400", WASH) == -(500_00 + 500_00 + 100_00)
    assert shop.account("2200", WASH) == -(80_00 + 80_00 + 16_00)
    # The depot's own business took the money and owes it.
    assert shop.account("1900", WASH) == 580_00 + 580_00 + 116_00
    assert shop.account("1900", LPG) == -shop.account("1900", WASH)
    assert shop.owes(GOOD) == 580_00
    assert shop.drifts() == []

    alone = _profit(shop.database, WASH)
    assert _row(alone, "Car Wash Revenue") == 1_100_00
    together = _profit(shop.database, None)
    assert _row(together, "Car Wash Revenue") == 1_100_00
    assert _row(together, "Revenue, LPG & retail") == 2_000_00

    organisation = _organisation(shop.database)
    for judge, write in ((Beancount, beancount), (Hledger, hledger)):
        path = tmp_path / judge.__name__
        path.write_text("".join(write(shop.database, organisation)))
        assert judge(path).accounts("WASH")["4400", "KES"] == -1_100


def test_the_cash_of_a_depot_of_the_car_wash_is_its_own(shop: Shop) -> None:
    """A depot that belongs to the new business: its cash account and its equity to the safe."""
    with shop.database.write() as connection:
        connection.execute(master.depot.update().values(business_id=WASH))
    shop.restart()
    shop.be(CASHIER)
    shop.open_drawer(1_000_00)
    shop.sell("CAR")
    assert shop.account("1115", WASH) == 1_580_00
    assert shop.account("1150", WASH) == -1_000_00
    assert shop.account("1900", WASH) == 0
    basket = shop.basket("CAR")
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.MPESA, 580_00, "SLK4AB9Z01")
    checkout.complete()
    assert shop.account("1145", WASH) == 580_00


def test_the_centre_adds_it_and_the_tills_hear_of_it(central: Database, tmp_path: Path) -> None:
    """Founded at the centre, brought by the feed, sold on a till, pushed back, in everybody's books."""
    centre = Centre(central)
    for code, name in (("WATER", "Water"), ("WASHING", "Laundry")):
        with central.write() as connection:
            founding.add_business(connection, centre.org_id, code, name)
    till = centre.till(tmp_path / "till")
    with central.write() as connection:
        wash = founding.add_business(connection, centre.org_id, "CARS", "Car Wash")
        row = ProductRow(1, "CAR", (), "Car", 580_00, "A", "Car wash", "pc", wash, stocked=0)
        assert put_products(connection, centre.org_id, [row]).refusals == []
    till.drain()

    desk = Shop(
        tmp_path / "till" / "till.db", SetClock(NOW), till.database, Till(till.database, SetClock(NOW))
    )
    desk.be(Person(centre.founded.owner_id, "OWNER", "Owner", "owner"))
    desk.open_drawer()
    desk.sell("CAR")
    till.drain()

    expected = {(centre.org_id, wash, "4400", "KES"): (-500_00, -500_00)}
    for database in (central, till.database):
        assert cached(database, ACCOUNT_BALANCE, business_id=wash, account_code="4400") == expected
    with central.read() as connection:
        named = chart_of_accounts.businesses(connection, centre.org_id)[wash]
    assert named.name == "Car Wash"
    assert _row(_profit(central, wash, centre.org_id), "Revenue, Car Wash") == 500_00
    centre.close()


def _organisation(database: Database, org_id: int = ORG) -> organisations.Organisation:
    with database.read() as connection:
        found = organisations.get(connection, org_id)
    assert found is not None
    return found


def _profit(database: Database, business: int | None, org_id: int = ORG) -> Report:
    """The profit and loss of 2026, of one business or of all."""
    organisation = _organisation(database, org_id)
    with database.read() as connection:
        businesses = chart_of_accounts.businesses(connection, org_id)
        question = Question(
            connection=connection,
            organisation=organisation,
            period=Period(date(2026, 1, 1), date(2026, 12, 31), zone_of(organisation.time_zone)),
            business=None if business is None else businesses[business],
        )
        return REPORTS["profit-and-loss"].make(question)


def _row(report: Report, label: str) -> int:
    """The last figure of the row that names an account."""
    (cells,) = (
        row.cells for section in report.sections for row in section.rows if label in map(str, row.cells)
    )
    figure = cells[-1]
    assert isinstance(figure, int)
    return figure
