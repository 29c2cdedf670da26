"""The audit log: every change of master data by whatever path, set-based, append-only, readable."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.documents import audit
from pos_app.store.documents.audit import AuditRecord
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment, master_edit
from pos_app.store.organisation import founding, master_import, staff
from pos_app.store.organisation.founding import Founded
from pos_app.store.organisation.master_import import CustomerRow
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables import master
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.worlds.books import Store


@pytest.fixture
def founded(central: Database) -> Founded:
    return founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="secret-hash")


def entries(database: Database, org_id: int, action: str = "", **limits: Any) -> list[AuditRecord]:
    with database.read() as connection:
        return audit.read(connection, org_id, action=action, most=limits.pop("most", 10**6), **limits)


def product(number: int, price: int = 100_00) -> ProductRow:
    return ProductRow(number, f"SKU{number}", (), f"Product {number}", price, "A", "Retail", "pc", 1)


def put(database: Database, founded: Founded, rows: list[ProductRow], batch: int = 2_000) -> None:
    with database.write() as connection:
        for start in range(0, len(rows), batch):
            master_import.put_products(connection, founded.org_id, rows[start : start + batch])


# --- both engines ---------------------------------------------------------------------------------------


def test_what_was_written_is_read(store: Store) -> None:
    with store.database.write() as connection:
        for number in range(3):
            audit.write(
                connection,
                org_id=ORG,
                at=MOMENT + timedelta(hours=number),
                terminal_no=TILL,
                person_id=None if number else 42,
                address="192.0.2.7" if number else "",
                action="recalculate" if number == 2 else "quarantine.accepted",
                subject=f"number {number}",
                before=json.dumps({"amount": number}),
                after="jambo – “” \\ '",
            )
    found = entries(store.database, ORG)
    assert [one.entry_id for one in found] == [1, 2, 3]
    assert (found[0].at, found[0].person_id, found[0].address) == (MOMENT, 42, "")
    assert (found[1].person_id, found[1].address, found[1].before) == (None, "192.0.2.7", '{"amount": 1}')
    assert {one.after for one in found} == {"jambo – “” \\ '"}
    assert [one.entry_id for one in entries(store.database, ORG, since=MOMENT + timedelta(hours=1))] == [2, 3]
    assert [one.entry_id for one in entries(store.database, ORG, "quarantine")] == [1, 2]
    assert entries(store.database, ORG, "quarant") == []
    assert [one.entry_id for one in entries(store.database, ORG, most=1)] == [3]
    assert entries(store.database, ORG + 1) == []


# --- the trail at the centre ---------------------------------------------------------------------------


def test_founding_is_in_the_log_whole(central: Database, founded: Founded) -> None:
    found = entries(central, founded.org_id)
    assert [one.entry_id for one in found] == list(range(1, len(found) + 1))
    with central.read() as connection:
        rows = sum(
            int(connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one())
            for table in master.MASTER
        )
    names = {table.name for table in master.MASTER}
    added = [one for one in found if one.action.endswith(".added") and one.action.split(".")[0] in names]
    assert len(added) == rows
    (owner,) = entries(central, founded.org_id, "person.added")
    assert owner.subject == "person OWNER"
    assert json.loads(owner.after)["pin_hash"] == "***"
    assert "secret-hash" not in repr(found)


def test_a_price_has_its_before_and_after(central: Database, founded: Founded) -> None:
    put(central, founded, [product(1), product(2)])
    put(central, founded, [product(1, 120_00), product(2)])
    (change,) = entries(central, founded.org_id, "product.changed")
    assert change.subject == "product SKU1"
    assert (json.loads(change.before), json.loads(change.after)) == ({"price": 100_00}, {"price": 120_00})
    assert change.terminal_no == SERVER_TERMINAL_NO


def test_who_and_from_where(central: Database, founded: Founded) -> None:
    with central.write() as connection:
        audit.actor(connection, person_id=founded.owner_id, address="192.0.2.9", terminal_no=7)
        master_edit.change(connection, master.tax_code, founded.org_id, "A", name="VAT")
    with central.write() as connection:
        master_edit.change(connection, master.tax_code, founded.org_id, "A", name="VAT 16 %")
    first, second = entries(central, founded.org_id, "tax_code.changed")
    assert (first.person, first.address, first.terminal_no) == ("Owner", "192.0.2.9", 7)
    assert (second.person, second.address, second.terminal_no) == ("", "", SERVER_TERMINAL_NO)


def test_raw_sql_cannot_pass_it(central: Database, founded: Founded) -> None:
    put(central, founded, [product(number) for number in range(50)])
    with central.write() as connection:
        connection.execute(
            text("UPDATE product SET price = price + 1 WHERE org_id = :org"), {"org": founded.org_id}
        )
        # The same again changes nothing and says nothing.
        connection.execute(text("UPDATE product SET price = price"))
    assert len(entries(central, founded.org_id, "product.changed")) == 50


def test_roles_and_permissions_and_leaving(central: Database, founded: Founded) -> None:
    clock, org = SystemClock(), founded.org_id
    with central.write() as connection:
        person = founding.add_person(connection, org, "AW", "Amina", role="cashier", pin_hash="x")
        staff.give(connection, org, person, "manager", clock.now())
        staff.leave(connection, org, person, clock.now())
    assert [one.subject for one in entries(central, org, "person_role.added")][-2:] == [
        f"person_role {person} cashier",
        f"person_role {person} manager",
    ]
    assert len(entries(central, org, "person_role.changed")) == 2
    (left,) = entries(central, org, "person.changed")
    assert json.loads(left.before) == {"active": 1, "pin_hash": "***"}


def test_a_telephone_number_is_nowhere_in_plain(central: Database, founded: Founded) -> None:
    with central.write() as connection:
        master_import.put_customers(
            connection, founded.org_id, [CustomerRow(1, "C1", "Mama", "0712345678", 0)]
        )
    (added,) = entries(central, founded.org_id, "party.added")
    assert json.loads(added.after)["phone"] == "0712345678"
    with central.read() as connection:
        raw = connection.execute(
            text("SELECT after FROM audit_log WHERE action = 'party.added'")
        ).scalar_one()
    assert "712345678" not in raw


def test_two_organisations_are_numbered_apart(central: Database, founded: Founded) -> None:
    other = founding.found(central, "Another", "KES", SystemClock(), owner_pin_hash="x")
    with central.write() as connection:
        connection.execute(text("UPDATE tax_code SET name = name || '.'"))
    for org in (founded.org_id, other.org_id):
        found = entries(central, org)
        assert [one.entry_id for one in found] == list(range(1, len(found) + 1))
        assert len(entries(central, org, "tax_code.changed")) == len(founding.TAX_CODES)


def test_an_enrolment_is_in_the_log_with_its_address(central: Database, founded: Founded) -> None:
    clock = SystemClock()
    code = enrolment.new_code(central, founded.org_id, "MAIN", clock)
    with central.write() as connection:
        terminal = enrolment.redeem(connection, code, b"k" * 32, clock, "192.0.2.44")
        enrolment.redeem(connection, code, b"k" * 32, clock, "192.0.2.44")
    (one,) = entries(central, founded.org_id, "enrolment")
    assert (one.terminal_no, one.address) == (terminal.terminal_no, "192.0.2.44")
    assert entries(central, founded.org_id, "drawer.added")[0].address == "192.0.2.44"
    made = [one.action for one in entries(central, founded.org_id, "enrolment_code")]
    assert made == ["enrolment_code", "enrolment_code.added", "enrolment_code.changed"]


def test_twenty_thousand_changes_are_a_few_sets(central: Database, founded: Founded) -> None:
    rows = [product(number) for number in range(20_000)]
    put(central, founded, [product(0)])
    # A plan for one row must not be the plan for all of them.
    put(central, founded, [product(0, 1)])
    put(central, founded, rows)
    started = time.perf_counter()
    with central.write() as connection:
        connection.execute(text("UPDATE product SET price = price + 500"))
    took_s = time.perf_counter() - started
    changes = entries(central, founded.org_id, "product.changed")
    assert len(changes) == 20_000 + 2
    assert json.loads(changes[-1].after)["price"] - json.loads(changes[-1].before)["price"] == 500
    assert took_s < 20


def test_the_log_only_grows(central: Database, founded: Founded) -> None:
    for statement in ("UPDATE audit_log SET after = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"):
        with pytest.raises(Exception, match="audit log cannot be changed"), central.write() as connection:
            connection.execute(text(statement))
