"""The rows of the centre against its audit log: what is edited beside the triggers is found and named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.language import Sentence
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.archive import archive
from pos_app.store.documents import audit, audit_runs
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment
from pos_app.store.organisation import founding, master_import, terminals
from pos_app.store.organisation.founding import Founded
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.schema import seals_centre, trail_begin
from pos_app.store.schema.trailed import TRAILED
from pos_app.store.upkeep import trail_check
from pos_app.store.upkeep.verdict import Verdict


@pytest.fixture
def founded(central: Database) -> Founded:
    return founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="secret-hash")


def product(number: int, price: int = 100_00) -> ProductRow:
    return ProductRow(number, f"SKU{number}", (), f"Product {number}", price, "A", "Retail", "pc", 1)


def put(database: Database, founded: Founded, *rows: ProductRow) -> None:
    with database.write() as connection:
        master_import.put_products(connection, founded.org_id, list(rows))


def found(database: Database, org_id: int) -> list[tuple[str, str, str]]:
    """The code, the row and, of one that differs, the columns of each problem."""
    verdict = Verdict()
    trail_check.check(database, org_id, verdict)
    told = [one for one in verdict.problems if isinstance(one, Sentence)]
    assert len(told) == verdict.problem_count
    return [
        (one.code, f"{one.facts['table']} {one.facts['row']}", str(one.facts.get("what", ""))) for one in told
    ]


def beside(database: Database, statement: str, **bound: object) -> None:
    """As somebody to whom triggers do not happen."""
    with database.write() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        assert connection.execute(text(statement), bound).rowcount == 1


def enrolled(database: Database, org_id: int) -> int:
    clock = SystemClock()
    code = enrolment.new_code(database, org_id, "MAIN", clock)
    with database.write() as connection:
        return enrolment.redeem(connection, code, b"k" * 32, clock).terminal_no


def test_what_went_the_ordinary_way_is_what_the_log_says(central: Database, founded: Founded) -> None:
    put(central, founded, product(1), product(2))
    put(central, founded, product(1, 120_00))
    number = enrolled(central, founded.org_id)
    with central.write() as connection:
        now = SystemClock().now()
        terminals.rename(connection, founded.org_id, number, "Counter")
        terminals.revoke(connection, founded.org_id, number, by=founded.owner_id, because="stolen", at=now)
    assert found(central, founded.org_id) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE product SET price = 1 WHERE sku = 'SKU1'", ("row-differs", "product SKU1", "price")),
        ("UPDATE product SET sku = 'SKU7' WHERE sku = 'SKU1'", ("row-differs", "product SKU7", "sku")),
        ("UPDATE product SET org_id = 77 WHERE sku = 'SKU1'", ("row-gone", "product SKU1", "")),
        ("DELETE FROM product WHERE sku = 'SKU1'", ("row-gone", "product SKU1", "")),
        (
            "UPDATE person SET pin_hash = 'mine' WHERE code = 'OWNER'",
            ("row-differs", "person OWNER", "approval_wrap, pin_hash"),
        ),
        (
            "INSERT INTO role_permission (org_id, grant_id, role, permission)"
            " VALUES (:org, 999, 'cashier', 'x')",
            ("row-untold", "role_permission cashier x", ""),
        ),
        (
            "UPDATE terminal SET public_key = 'mine' WHERE terminal_no < 1000000",
            ("row-differs", "terminal {terminal}", "public_key"),
        ),
        (
            "UPDATE terminal SET active = 0 WHERE terminal_no < 1000000",
            ("row-differs", "terminal {terminal}", "active"),
        ),
        ("DELETE FROM directory", ("row-gone", "directory depot-ltd", "")),
        (
            "UPDATE enrolment_code SET expires_at = expires_at + interval '1 year'",
            ("row-differs", "enrolment_code {code}", "expires_at"),
        ),
        (
            "INSERT INTO flag_look (org_id, document_id, kind, place, person_id, looked_at, note)"
            " VALUES (:org, 4294967299, 'price', 0, 1, now(), '')",
            ("row-untold", "flag_look 1/3 price 0", ""),
        ),
    ],
)
def test_an_edit_beside_the_triggers_is_named(
    central: Database, founded: Founded, statement: str, problem: tuple[str, str, str]
) -> None:
    put(central, founded, product(1), product(2))
    number = enrolled(central, founded.org_id)
    with central.read() as connection:
        code = connection.scalar(
            text("SELECT depot_id || ' ' || left(encode(code_hash, 'hex'), 8) FROM enrolment_code")
        )
    beside(central, statement, **({"org": founded.org_id} if ":org" in statement else {}))
    names = {"terminal": number, "code": code}
    assert found(central, founded.org_id) == [(problem[0], problem[1].format(**names), problem[2])]


def test_a_change_with_the_triggers_on_is_told_and_is_no_problem(central: Database, founded: Founded) -> None:
    put(central, founded, product(1))
    with central.write() as connection:
        connection.execute(text("UPDATE product SET price = 1"))
    assert found(central, founded.org_id) == []
    with central.read() as connection:
        (entry,) = audit.read(connection, founded.org_id, action="product.changed", most=9)
    assert (json.loads(entry.after), entry.person) == ({"price": 1}, "")


def waiting(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM audit_waiting")).scalar_one())


def test_what_waits_is_numbered_when_nobody_else_numbers(central: Database, founded: Founded) -> None:
    number = enrolled(central, founded.org_id)
    with central.write() as numbering:
        audit.numbered(numbering, founded.org_id)
        # Whoever tells of a row that waits does not wait for it.
        with central.write() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '20s'")
            terminals.rename(connection, founded.org_id, number, "Counter")
            assert audit_runs.number_waiting(connection, founded.org_id) == 0
        assert waiting(central) == 1
        assert found(central, founded.org_id) == []
    # Whoever numbers and signs gives what waits its numbers on the way.
    assert waiting(central) == 0
    with central.read() as connection:
        (entry,) = audit.read(connection, founded.org_id, action="terminal.changed", most=1)
    assert (entry.subject, json.loads(entry.after)) == (f"terminal {number}", {"name": "Counter"})
    assert found(central, founded.org_id) == []


def test_what_waits_is_numbered_by_the_upkeep(central: Database, founded: Founded) -> None:
    number = enrolled(central, founded.org_id)
    with central.write() as connection:
        terminals.rename(connection, founded.org_id, number, "Counter")
    assert waiting(central) == 1
    audit_runs.sign_rest(central, founded.org_id)
    assert waiting(central) == 0
    assert found(central, founded.org_id) == []


def test_the_marks_of_a_terminal_are_told_nowhere(central: Database, founded: Founded) -> None:
    number = enrolled(central, founded.org_id)
    with central.write() as connection:
        audit_runs.number_waiting(connection, founded.org_id)
        connection.execute(
            text(
                "UPDATE terminal SET last_seq = 9, last_seen_at = now(), starts = 3 WHERE terminal_no = :no"
            ),
            {"no": number},
        )
    assert waiting(central) == 0


def test_an_upgrade_tells_of_the_rows_that_stand(central: Database, founded: Founded) -> None:
    put(central, founded, product(1), product(2))
    number = enrolled(central, founded.org_id)
    with central.write() as connection:
        # As a version left it whose log told of no row.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(text("DELETE FROM audit_waiting"))
        connection.execute(text("UPDATE audit_log SET row_key = NULL, row_hash = NULL"))
        connection.execute(text(f"DELETE FROM audit_log WHERE action = '{trail_begin.BEGUN}'"))
    assert {code for code, *_ in found(central, founded.org_id)} == {"row-untold"}
    with central.write() as connection:
        trail_begin.begin_everywhere(connection)
    assert found(central, founded.org_id) == []
    with central.read() as connection:
        (begun,) = audit.read(connection, founded.org_id, action=trail_begin.BEGUN, most=9)
        stands = audit.read(connection, founded.org_id, action="product.stands", most=9)
    assert set(json.loads(begun.after)["tables"]) == {one.table.name for one in TRAILED}
    assert [one.subject for one in stands] == ["product SKU1", "product SKU2"]
    # Once: what is edited afterwards does not become right by the next upgrade.
    beside(central, "UPDATE terminal SET name = 'x' WHERE terminal_no = :no", no=number)
    with central.write() as connection:
        trail_begin.begin_everywhere(connection)
    assert found(central, founded.org_id) == [("row-differs", f"terminal {number}", "name")]


def test_a_session_of_another_zone_finds_the_same(central: Database, founded: Founded) -> None:
    enrolled(central, founded.org_id)
    with central.write() as connection:
        connection.exec_driver_sql("SET LOCAL TimeZone = 'Asia/Tokyo'")
        connection.exec_driver_sql("SET LOCAL bytea_output = 'escape'")
        connection.execute(
            text("UPDATE terminal SET revoked_at = :at, public_key = :key WHERE terminal_no = :no"),
            {
                "at": datetime(2026, 11, 30, 1, 2, 3, 4, UTC),
                "key": bytes(range(32)),
                "no": SERVER_TERMINAL_NO,
            },
        )
    assert found(central, founded.org_id) == []


def test_what_an_archive_takes_along_is_told_again_as_it_was_said(
    central: Database, founded: Founded, tmp_path: Path
) -> None:
    put(central, founded, product(1), product(2))
    with central.write() as connection:
        seals_centre.make_year(connection, 2017)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(text("UPDATE audit_log SET year = 2017"))
    beside(central, "UPDATE product SET price = 1 WHERE sku = 'SKU2'")
    archive.make(central, tmp_path / "archive", 2019, SystemClock())
    differs = [("row-differs", "product SKU2")]
    assert [one[:2] for one in found(central, founded.org_id)] == differs
    with central.read() as connection:
        assert connection.scalar(text("SELECT to_regclass('audit_log_2017')")) is None
        one, two = audit.read(connection, founded.org_id, action="product.stands", most=9)
    assert (json.loads(one.after)["price"], two.after) == (100_00, "")
    put(central, founded, product(1), product(2))
    assert found(central, founded.org_id) == []
