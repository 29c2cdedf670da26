"""What the books judge at ingest: identity into quarantine, amounts into the books; what tills hear of it."""

import secrets
from pathlib import Path

from sqlalchemy import text

from pos_app.ledger.document import SERIES, Invoice, Payment
from pos_app.ledger.line import GoodsLine, PartyRole, Tender, TenderKind
from pos_app.ledger.settlement import Allocation
from pos_app.store.balances import balances
from pos_app.store.documents.rows import Sealed
from pos_app.store.feed import baseline, cursors
from pos_app.store.master import periods
from pos_app.store.stock.valuation import Valuation
from pos_app.store.tables.projections import OPEN_INVOICE, STOCK_VALUE
from tests.support.worlds.sync_fixtures import NOW, Centre, Till, drift

DUE = 20261220


def head(till: Till, kind: type) -> dict[str, object]:
    return {
        "org_id": till.who.org_id,
        "request_id": secrets.token_hex(16),
        "series": SERIES[kind],
        "occurred_at": NOW,
        "recorded_at": NOW,
        "person_id": 1,
        "business_id": 1,
        "depot_id": till.who.depot_id,
        "currency": "KES",
    }


def invoice(till: Till, party_id: int = 1) -> Sealed:
    line = GoodsLine(
        product_id=1,
        sku="SKU1",
        description="Product 1",
        quantity=1_000,
        unit_price=100_00,
        tax_code="E",
        tax_rate_bp=0,
        net=100_00,
        tax=0,
        business_id=1,
        revenue_account="4100",
        tax_account="2200",
        location_id=1,
    )
    fields = head(till, Invoice) | {
        "party_id": party_id,
        "receivable_account": "1300",
        "lines": (line,),
        "subtotal": 100_00,
        "tax_total": 0,
        "total": 100_00,
        "due_on": DUE,
    }
    return till.journal.record_document(Invoice(**fields))  # type: ignore[arg-type]


def pay(till: Till, one: Sealed, amount: int, party_id: int = 1) -> Sealed:
    fields = head(till, Payment) | {
        "party_id": party_id,
        "receivable_account": "1300",
        "total": amount,
        "tenders": (
            Tender(kind=TenderKind.CASH, amount=amount, account="1110", drawer_id=till.who.drawer_id),
        ),
        "allocations": (
            Allocation(invoice_id=one.document.document_id, due_on=DUE, amount=amount, base_amount=amount),
        ),
        "difference_account": "6920",
    }
    return till.journal.record_document(Payment(**fields))  # type: ignore[arg-type]


def key(one: Sealed) -> dict[str, object]:
    return {
        "org_id": one.document.org_id,
        "party_role": PartyRole.CUSTOMER.value,
        "party_id": 1,
        "business_id": one.document.business_id,
        "invoice_id": one.document.document_id,
        "due_on": DUE,
        "currency": "KES",
    }


def test_an_invoice_is_paid_at_another_till(centre: Centre, tmp_path: Path) -> None:
    first, second = centre.till(tmp_path / "a"), centre.till(tmp_path / "b")
    one = invoice(first)
    first.drain()
    second.drain()
    for till in (first, second):
        with till.database.read() as connection:
            assert balances.current(connection, OPEN_INVOICE, key(one))["amount"] == 100_00
    pay(second, one, 40_00)
    second.drain()
    first.drain()
    with first.database.read() as connection:
        assert balances.current(connection, OPEN_INVOICE, key(one))["amount"] == 60_00
    assert drift(first.database) == drift(second.database) == drift(centre.database) == []


def test_two_offline_tills_that_took_the_last_instalment_are_both_right(
    centre: Centre, tmp_path: Path
) -> None:
    first, second = centre.till(tmp_path / "a"), centre.till(tmp_path / "b")
    one = invoice(first)
    first.drain()
    second.drain()
    pay(first, one, 100_00)
    pay(second, one, 100_00)
    first.drain()
    second.drain()
    first.drain()
    assert centre.quarantine() == []
    for database in (centre.database, first.database, second.database):
        with database.read() as connection:
            assert balances.current(connection, OPEN_INVOICE, key(one))["amount"] == -100_00
        assert drift(database) == []


def test_an_allocation_to_another_partys_invoice_waits_for_a_person(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "a")
    one = invoice(till)
    pay(till, one, 10_00, party_id=2)
    good = till.sell()
    till.drain()
    (waits,) = centre.quarantine()
    assert "another party's" in waits.reason
    assert centre.documents()[-1] == good.document.document_id
    with centre.database.read() as connection:
        assert balances.current(connection, OPEN_INVOICE, key(one))["amount"] == 100_00


def test_a_document_of_a_locked_period_waits_for_a_person(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "a")
    till.sell()
    with centre.database.write() as connection:
        periods.put_lock(connection, centre.org_id, None, 20261130, reason="closed")
    till.drain()
    (waits,) = centre.quarantine()
    assert "locked through 2026-11-30" in waits.reason
    with centre.database.write() as connection:
        periods.put_lock(connection, centre.org_id, None, 0)
    till.sell()
    till.drain()
    assert len(centre.quarantine()) == 1


def test_the_value_of_stock_comes_to_the_tills(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "a")
    till.sell(products=(1,))
    till.drain()
    Valuation(centre.database, centre.clock, centre.org_id).run()
    till.drain()
    with till.database.read() as connection:
        found = balances.current(
            connection, STOCK_VALUE, {"org_id": centre.org_id, "business_id": 1, "product_id": 1}
        )
    assert found == {"quantity": -1_000, "value": 0}
    assert drift(till.database) == drift(centre.database) == []


def opened_at(till: Till) -> dict[object, int]:
    """What the till has of open invoices, paid ones too."""
    with till.database.read() as connection:
        rows = connection.execute(text("SELECT invoice_id, amount FROM open_invoice")).all()
    return {int(row[0]): int(row[1]) for row in rows}


def test_a_new_till_hears_nothing_of_paid_invoices(centre: Centre, tmp_path: Path) -> None:
    first = centre.till(tmp_path / "a")
    made = [invoice(first) for _ in range(5)]
    for one in made[1:4]:
        pay(first, one, 100_00)
    first.drain()
    second = centre.till(tmp_path / "b")
    second.drain()
    open_ = {made[0].document.document_id: 100_00, made[4].document.document_id: 100_00}
    assert opened_at(second) == open_
    # Who knows an invoice hears that it was paid, and later of all that changes.
    pay(first, made[0], 100_00)
    first.drain()
    second.drain()
    assert opened_at(second) == open_ | {made[0].document.document_id: 0}
    pay(second, made[4], 100_00)
    second.drain()
    first.drain()
    assert set(opened_at(first).values()) == {0}
    assert drift(first.database) == drift(second.database) == drift(centre.database) == []


def test_a_new_till_of_paid_invoices_alone_does_not_ask_for_them_again(
    centre: Centre, tmp_path: Path
) -> None:
    first = centre.till(tmp_path / "a")
    for _ in range(4):
        pay(first, invoice(first), 100_00)
    first.drain()
    second = centre.till(tmp_path / "b")
    second.drain()
    # The last of the feed came, so that the till stands at its end.
    assert len(opened_at(second)) == 1
    with second.database.write() as connection:
        before = cursors.read_all(connection)["open_invoice"]
    second.sell()
    second.drain()
    second.drain()
    with second.database.write() as connection:
        assert cursors.read_all(connection)["open_invoice"] == before
    assert len(opened_at(second)) == 1


def test_a_till_that_comes_back_hears_what_was_paid_of_its_own_invoices(
    centre: Centre, tmp_path: Path
) -> None:
    """It begins the feed anew, with its documents: the row of zeros is what closes its invoice."""
    first, second = centre.till(tmp_path / "a"), centre.till(tmp_path / "b")
    one, other = invoice(first), invoice(first)
    first.drain()
    second.drain()
    pay(second, one, 100_00)
    # Another one comes after it: what closes the first is not the last row of the feed.
    last = invoice(second)
    second.drain()
    with first.database.write() as connection:
        cursors.forget(connection)
        while baseline.forget(connection, OPEN_INVOICE, 100):
            pass
    assert opened_at(first)[one.document.document_id] == 100_00
    first.drain()
    left = {key: amount for key, amount in opened_at(first).items() if key != last.document.document_id}
    assert left == {one.document.document_id: 0, other.document.document_id: 100_00}
    assert drift(first.database) == []
