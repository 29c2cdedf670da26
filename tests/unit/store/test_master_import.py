"""Products and customers in bulk at the centre: by code, with their barcodes, only what changed."""

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.store.engine.engine import Database
from pos_app.store.organisation import founding, master_import
from pos_app.store.organisation.master_import import CustomerRow, ProductRow


@pytest.fixture
def org_id(central: Database) -> int:
    return founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="-").org_id


def row(sku: str, *barcodes: str, name: str = "Hose", price: int = 420_00) -> ProductRow:
    return ProductRow(2, sku, barcodes, name, price, "A", "Accessories", "pc", 1)


def put(central: Database, org_id: int, *rows: ProductRow) -> list[str]:
    with central.write() as connection:
        master_import.lock(connection, org_id)
        return [refusal.reason for refusal in master_import.put_products(connection, org_id, list(rows))]


def products(central: Database) -> list[tuple[int, str, str, int]]:
    with central.read() as connection:
        found = connection.execute(
            text("SELECT product_id, sku, name, price FROM product ORDER BY product_id")
        )
        return [tuple(one) for one in found]


def stamps(central: Database, table: str) -> list[int]:
    with central.read() as connection:
        return list(connection.scalars(text(f"SELECT stamp FROM {table} ORDER BY 1")))


def test_new_known_and_unchanged(central: Database, org_id: int) -> None:
    assert put(central, org_id, row("A"), row("B")) == []
    before = stamps(central, "product")
    assert put(central, org_id, row("A"), row("B")) == []
    assert stamps(central, "product") == before
    assert put(central, org_id, row("C"), row("A", name="Hose 2 m", price=500_00)) == []
    assert products(central) == [
        (1, "A", "Hose 2 m", 500_00),
        (2, "B", "Hose", 420_00),
        (3, "C", "Hose", 420_00),
    ]


def test_a_product_comes_back_into_use(central: Database, org_id: int) -> None:
    put(central, org_id, row("A"))
    with central.write() as connection:
        connection.execute(text("UPDATE product SET active = 0"))
    put(central, org_id, row("A"))
    with central.read() as connection:
        assert connection.scalar(text("SELECT active FROM product")) == 1


def test_a_barcode_belongs_to_one_product(central: Database, org_id: int) -> None:
    assert put(central, org_id, row("A", "4006381333931", "X-1"), row("B", "X-1")) == [
        "The barcode X-1 is on the product “A” already."
    ]
    assert put(central, org_id, row("C", "4006381333931")) == [
        "The barcode 4006381333931 is on the product “A” already."
    ]
    assert put(central, org_id, row("A", "4006381333931", "X-2")) == []
    assert [one[1] for one in products(central)] == ["A"]
    with central.read() as connection:
        codes = connection.scalars(text("SELECT barcode FROM product_barcode ORDER BY 1")).all()
    assert codes == ["4006381333931", "X-1", "X-2"]


def test_customers(central: Database, org_id: int) -> None:
    def put_customers(*rows: CustomerRow) -> None:
        with central.write() as connection:
            master_import.put_customers(connection, org_id, list(rows))

    put_customers(CustomerRow(2, "C1", "Hotel", "0722", 100), CustomerRow(3, "C2", "School", "", 0))
    before = stamps(central, "party")
    put_customers(CustomerRow(2, "C1", "Hotel", "0722", 100), CustomerRow(3, "C2", "School", "", 0))
    assert stamps(central, "party") == before
    put_customers(CustomerRow(2, "C2", "School", "", 5_000_00))
    with central.read() as connection:
        found = connection.execute(
            text(
                "SELECT p.party_id, p.code, r.credit_limit, r.role FROM party AS p"
                " JOIN party_role AS r USING (org_id, party_id) ORDER BY 1"
            )
        ).all()
    assert [tuple(one) for one in found] == [(1, "C1", 100, "customer"), (2, "C2", 5_000_00, "customer")]
