"""Products and customers in bulk at the centre: by code, with their barcodes, only what changed."""

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import PartyRole
from pos_app.store.engine.engine import Database
from pos_app.store.master import party_terms, people
from pos_app.store.organisation import founding, master_import
from pos_app.store.organisation.master_import import CustomerRow
from pos_app.store.organisation.product_row import ProductRow


@pytest.fixture
def org_id(central: Database) -> int:
    return founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="-").org_id


def row(sku: str, *barcodes: str, name: str = "Hose", price: int = 420_00) -> ProductRow:
    return ProductRow(2, sku, barcodes, name, price, "A", "Accessories", "pc", 1)


def put(central: Database, org_id: int, *rows: ProductRow) -> list[str]:
    with central.write() as connection:
        master_import.lock(connection, org_id)
        return [
            refusal.reason for refusal in master_import.put_products(connection, org_id, list(rows)).refusals
        ]


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


def test_a_product_out_of_use_comes_back_when_a_row_says_so(central: Database, org_id: int) -> None:
    put(central, org_id, row("A"))
    put(central, org_id, ProductRow(2, "A", active=0))
    with central.write() as connection:
        brought = master_import.put_products(connection, org_id, [row("A", price=1_00)])
    assert brought.out_of_use == ["A"]
    with central.read() as connection:
        assert connection.execute(text("SELECT active, price FROM product")).one() == (0, 1_00)
    put(central, org_id, ProductRow(2, "A", active=1))
    with central.read() as connection:
        assert connection.scalar(text("SELECT active FROM product")) == 1


def test_a_barcode_belongs_to_one_product(central: Database, org_id: int) -> None:
    assert put(central, org_id, row("A", "4006381333931", "X-1"), row("B", "X-1")) == [
        "The barcode X-1 is on the product “A” already."
    ]
    assert put(central, org_id, row("C", "4006381333931")) == [
        "The barcode 4006381333931 is on the product “A” already."
    ]
    assert [one[1] for one in products(central)] == ["A"]
    assert barcodes(central) == {"4006381333931": "A", "X-1": "A"}


# --- K6: an import says only what its file says ----------------------------------------------------------


def barcodes(central: Database) -> dict[str, str]:
    """What a scan finds: the codes of the products by barcode."""
    with central.read() as connection:
        found = connection.execute(
            text(
                "SELECT b.barcode, p.sku FROM product_barcode AS b JOIN product AS p"
                " USING (org_id, product_id)"
            )
        )
        return {str(one[0]): str(one[1]) for one in found}


def says(sku: str, *codes: str) -> ProductRow:
    """A row that says which barcodes a product has, and nothing else."""
    return ProductRow(2, sku, codes)


def test_k6_a_row_changes_what_it_says_and_nothing_else(central: Database, org_id: int) -> None:
    with central.write() as connection:
        whole = ProductRow(2, "A", ("X-1",), "Hose", 420_00, "E", "Accessories", "m", 1, 0, 1)
        master_import.put_products(connection, org_id, [whole])
        master_import.put_products(connection, org_id, [ProductRow(2, "A", price=500_00)])
        found = connection.execute(
            text("SELECT name, price, tax_code, category, unit, stocked, on_shelf, active FROM product")
        ).one()
    assert tuple(found) == ("Hose", 500_00, "E", "Accessories", "m", 0, 1, 1)
    assert barcodes(central) == {"X-1": "A"}


def test_k6_a_new_product_takes_the_defaults(central: Database, org_id: int) -> None:
    assert put(central, org_id, ProductRow(2, "A", name="Hose", price=1)) == []
    with central.read() as connection:
        found = connection.execute(
            text("SELECT tax_code, category, unit, business_id, stocked, on_shelf, active FROM product")
        ).one()
    assert tuple(found) == ("A", "", "pc", 1, 1, 0, 1)
    (refused,) = put(central, org_id, ProductRow(3, "B", price=1))
    assert "needs name" in refused


def test_k6_a_code_is_known_whatever_its_case(central: Database, org_id: int) -> None:
    put(central, org_id, row("GAS13"))
    (twice,) = put(central, org_id, ProductRow(2, "gas13", price=1_00), ProductRow(3, "Gas13", price=2_00))
    assert "row 2 already" in twice
    assert [(one[1], one[3]) for one in products(central)] == [("GAS13", 1_00)]


@pytest.mark.parametrize(
    ("then", "wanted"),
    [
        # Corrected: the old one is free.
        ([says("A", "1A")], {"1A": "A", "2": "B", "3": "C"}),
        # Removed.
        ([says("A")], {"2": "B", "3": "C"}),
        # Swapped between two, in either order, and passed round between three.
        ([says("A", "2"), says("B", "1")], {"1": "B", "2": "A", "3": "C"}),
        ([says("B", "1"), says("A", "2")], {"1": "B", "2": "A", "3": "C"}),
        ([says("A", "2"), says("B", "3"), says("C", "1")], {"1": "C", "2": "A", "3": "B"}),
        ([says("C", "1"), says("A", "2"), says("B", "3")], {"1": "C", "2": "A", "3": "B"}),
        # Handed on to a new product, and to one that keeps its own beside it.
        ([says("A"), row("D", "1")], {"1": "D", "2": "B", "3": "C"}),
        ([says("B", "2", "1"), says("A")], {"1": "B", "2": "B", "3": "C"}),
    ],
)
def test_k6_barcodes_are_corrected_removed_swapped_and_rotated(
    central: Database, org_id: int, then: list[ProductRow], wanted: dict[str, str]
) -> None:
    put(central, org_id, row("A", "1"), row("B", "2"), row("C", "3"))
    assert put(central, org_id, *then) == []
    assert barcodes(central) == wanted
    # What was freed can be taken, and the same again is no news.
    before = stamps(central, "product_barcode")
    assert put(central, org_id, *then) == []
    assert stamps(central, "product_barcode") == before
    free = {"1", "2", "3"} - wanted.keys()
    assert put(central, org_id, row("E", *free)) == []
    assert barcodes(central) == wanted | dict.fromkeys(free, "E")


def test_k6_a_swap_of_which_one_half_is_refused_is_refused_whole(central: Database, org_id: int) -> None:
    put(central, org_id, row("A", "1"), row("B", "2"), row("C", "3"), row("D", "4"))
    # B waits for C's, A waits for B's, and C cannot have D's: D's row says nothing of barcodes.
    refused = put(
        central, org_id, says("A", "2"), says("B", "3"), says("C", "4"), ProductRow(2, "D", price=1)
    )
    assert len(refused) == 3
    assert barcodes(central) == {"1": "A", "2": "B", "3": "C", "4": "D"}


@pytest.mark.parametrize("name", ["Deposit 13 kg", "Cylinder deposit", "Amana ya mtungi"])
def test_k12_no_row_makes_a_deposit_into_income(central: Database, org_id: int, name: str) -> None:
    """Neither a name for what is sold, nor a tax code for what is called a deposit; a price alone may."""
    assert put(central, org_id, row("A")) == []
    (refused,) = put(central, org_id, ProductRow(2, "A", name=name))
    assert "called a deposit" in refused
    assert put(central, org_id, ProductRow(2, "A", name=name, tax_code="DEPOSIT")) == []
    (refused,) = put(central, org_id, ProductRow(2, "A", tax_code="A"))
    assert "called a deposit" in refused
    assert put(central, org_id, ProductRow(2, "A", price=1_00)) == []
    (refused,) = put(central, org_id, ProductRow(2, "B", name=name, price=1_00, tax_code="A"))
    assert "called a deposit" in refused
    assert put(central, org_id, ProductRow(2, "B", name=name, price=1_00)) == []
    assert [(one[1], one[2], one[3]) for one in products(central)] == [("A", name, 1_00), ("B", name, 1_00)]


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


def test_k6_a_customer_keeps_what_a_row_does_not_say(central: Database, org_id: int) -> None:
    with central.write() as connection:
        master_import.put_customers(connection, org_id, [CustomerRow(2, "C1", "Hotel", "0722 555 418", 100)])
        party_terms.put_role(connection, org_id, 1, PartyRole.CUSTOMER, terms_days=30, credit_limit=100)
        party_terms.put_role(connection, org_id, 1, PartyRole.VENDOR, terms_days=14)
        brought = master_import.put_customers(
            connection, org_id, [CustomerRow(2, "c1", "Grand Hotel"), CustomerRow(3, "C2", phone="0733")]
        )
    assert ["needs a name" in one.reason for one in brought.refusals] == [True]
    with central.read() as connection:
        (found,) = people.parties_by_phone(connection, org_id, "0722555418")
        assert (found.code, found.name, found.phone) == ("C1", "Grand Hotel", "0722 555 418")
        assert (found.credit_limit, found.terms_days) == (100, 30)
        assert party_terms.roles_of(connection, org_id, 1)[PartyRole.VENDOR].terms_days == 14
