"""The demonstration organisation: three businesses, two depots, goods that scan, people who may sign in."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.bootstrap import Central
from pos_app.cli import demo_people, templates
from pos_app.devices import barcode
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.product_type import behaviour
from pos_app.settings import Settings
from pos_app.store.engine import tenant_proof
from pos_app.store.engine.engine import Database, Login
from pos_app.store.master import people
from pos_app.store.master.people import Person
from pos_app.store.upkeep import verification
from pos_app.till.session.sign_in import hash_pin
from resources import resource


def rows(*name: str) -> list[dict[str, str]]:
    with resource(*name).open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_products_scan() -> None:
    products = rows("templates", "depots-kenya", "products.csv")
    assert len(products) >= 200
    for product in products:
        assert barcode.classify(product["barcode"]).gtins == (product["barcode"],)
    for column in ("sku", "barcode", "name"):
        assert max(Counter(product[column] for product in products).values()) == 1
    assert sum(product["on_shelf"] == "yes" for product in products) == 16
    assert {product["category"] for product in products} == {"Gas", "Water", "Laundry", "Accessories"}


@pytest.mark.parametrize("name", ["depots-kenya", "lpg-singapore"])
def test_what_templates_say_of_stock_is_what_their_types_do(name: str) -> None:
    """A type decides whether something is counted, whatever stands in the column beside it."""
    for product in rows("templates", name, "products.csv"):
        stocked = behaviour(product["type"]).stocked
        assert stocked in (None, product["stocked"] == "yes"), product


def test_people_and_customers() -> None:
    roles = Counter(person["role"] for person in rows("demo", "people.csv"))
    assert roles == {"owner": 1, "accountant": 1, "manager": 2, "cashier": 4}
    for person in rows("demo", "people.csv"):
        assert hash_pin(person["pin"])
    assert len(rows("demo", "customers.csv")) == 30


@pytest.fixture
def made(central: Database, tmp_path: Path) -> tuple[int, Central]:
    centre = Central(tmp_path, Settings(), central, None, SystemClock(), Login("", tenant_proof.draw()))
    plan = templates.founding_of(demo_people.TEMPLATE)
    org_id, _ = demo_people.found_demo(centre, "Bohari Depots Ltd", plan)
    return org_id, centre


def test_it_is_founded_whole(made: tuple[int, Central]) -> None:
    org_id, centre = made
    verdict = verification.verify(centre.database, org_id)
    assert verdict.ok, verdict.problems
    assert verdict.documents == 2
    with centre.database.read() as connection:
        accounts = {
            str(row[0]): str(row[1])
            for row in connection.execute(
                text(
                    "SELECT a.code, b.code FROM account AS a JOIN business AS b"
                    " ON b.org_id = a.org_id AND b.business_id = a.business_id"
                )
            )
        }
        depots = connection.execute(
            text(
                "SELECT d.code, d.letter, b.code FROM depot AS d JOIN business AS b"
                " ON b.org_id = d.org_id AND b.business_id = d.business_id ORDER BY d.depot_id"
            )
        ).all()
        counted = connection.execute(
            text("SELECT DISTINCT terminal_no FROM document WHERE kind = 'stock_count'")
        ).scalar_one()
        elsewhere = connection.scalars(text("SELECT person_id FROM person WHERE depot_id <> 1")).all()
        known = people.people(connection, org_id)
        at_kilimani = [person for person in known if person.person_id not in elsewhere]
    assert {code: accounts[code] for code in ("1140", "4100", "4200", "4300")} == {
        "1140": "WATER",
        "4100": "WATER",
        "4200": "LAUNDRY",
        "4300": "RETAIL",
    }
    assert [tuple(depot) for depot in depots] == [("MAIN", "K", "RETAIL"), ("WEST", "W", "RETAIL")]
    assert counted == SERVER_TERMINAL_NO
    assert isinstance(at_kilimani[0], Person)
    assert "Amina W." in [person.name for person in at_kilimani]
    assert "Peter K." not in [person.name for person in at_kilimani]
