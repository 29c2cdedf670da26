"""`verify` finds every kind of damage that somebody past the triggers could do; on both engines."""

import time

import pytest
from sqlalchemy import text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.balances import balances
from pos_app.store.journal import quarantine
from pos_app.store.schema import seals
from pos_app.store.tables.projections import STOCK_LEVEL
from pos_app.store.upkeep import verification
from pos_app.store.upkeep.verdict import Verdict
from tests.support.documents import specimens
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.worlds.books import Store, record_each


def verdict_of(store: Store) -> Verdict:
    return verification.verify(store.database, ORG, TILL if store.is_sqlite else None)


def tamper(store: Store, *statements: str) -> None:
    """What somebody with the file and the key could do: switch the triggers off, write, switch them on."""
    if not store.is_sqlite:
        store.execute("SET LOCAL session_replication_role = replica", *statements)
        return
    with store.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(text(statement))
        seals.rebuild(connection)
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def test_whole_books_are_right(store: Store) -> None:
    sealed = record_each(store.journal())
    verdict = verdict_of(store)
    assert verdict.problems == []
    assert verdict.ok
    assert verdict.documents == len(sealed)
    assert set(verdict.projections) == {
        "account_balance",
        "party_balance",
        "drawer_cash",
        "stock_level",
        "document_total",
        "open_invoice",
        "stock_value",
        "party_in_business",
    }
    assert verdict.projections["account_balance"].rows > 0


def test_empty_books_are_right(store: Store) -> None:
    assert verdict_of(store).ok


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE document SET hash = prev_hash WHERE seq = 2", "its hash is not the hash of its bytes"),
        ("UPDATE document SET prev_hash = hash WHERE seq = 3", "does not follow the one before it"),
        ("UPDATE document SET posting_digest = hash WHERE seq = 1", "posts other lines today"),
        ("UPDATE document SET total = total + 1 WHERE seq = 1", "its rows in document are not"),
        ("UPDATE document SET total = total + 1 WHERE kind = 'sale'", "not the sums of its lines"),
        ("UPDATE document SET body = '{}' WHERE seq = 1", ("cannot be posted again", "does not open")),
        ("UPDATE journal_line SET amount = amount + 1 WHERE line_no = 0", "do not sum to zero"),
        ("UPDATE journal_line SET account_code = '1' WHERE line_no = 0", "rows in journal_line"),
        ("UPDATE stock_move SET quantity = quantity + 1", "rows in stock_move"),
        ("UPDATE tender SET reference = 'X'", ("rows in tender", "does not open")),
        ("DELETE FROM document_line", "rows in document_line"),
        ("UPDATE account_balance SET amount = amount + 1", "account_balance"),
        ("DELETE FROM stock_level", "stock_level"),
        ("DELETE FROM document WHERE seq = 2", "/2 is missing"),
    ],
)
def test_damage_is_found(store: Store, statement: str, said: str | tuple[str, str]) -> None:
    if isinstance(said, tuple):
        # What is closed at the centre does not even open there.
        said = said[0] if store.is_sqlite else said[1]
    record_each(store.journal())
    if "body" in statement and not store.is_sqlite:
        statement = statement.replace("'{}'", "'{}'::bytea")
    elif "body" in statement:
        statement = statement.replace("'{}'", "x'7b7d'")
    tamper(store, statement)
    verdict = verdict_of(store)
    assert not verdict.ok
    assert any(said in problem for problem in verdict.problems), verdict.problems


def test_lines_of_no_document_are_found(store: Store) -> None:
    record_each(store.journal())
    names = "org_id, document_id, move_no, year, location_id, product_id, quantity"
    tamper(store, f"INSERT INTO stock_move ({names}) VALUES ({ORG}, {(TILL << 32) + 999}, 0, 2026, 1, 1, 5)")
    assert any("which is no document" in problem for problem in verdict_of(store).problems)


def test_a_dropped_trigger_is_found_and_not_quietly_made_again(store: Store) -> None:
    record_each(store.journal())
    on = "" if store.is_sqlite else " ON journal_line"
    name = "seal_journal_line_update" if store.is_sqlite else "seal_journal_line_change"
    store.execute(f"DROP TRIGGER {name}{on}")
    assert any(name in problem for problem in verdict_of(store).problems)


def test_a_trigger_that_is_not_ours_is_found(till_store: Store) -> None:
    till_store.execute("CREATE TRIGGER mine AFTER INSERT ON document BEGIN SELECT 1; END")
    assert any("mine is not one of this version's" in problem for problem in verdict_of(till_store).problems)


def test_a_trigger_that_is_switched_off_is_found(central_store: Store) -> None:
    central_store.execute("ALTER TABLE document DISABLE TRIGGER seal_document_insert")
    assert any("switched off" in problem for problem in verdict_of(central_store).problems)


def test_a_changed_function_is_found(central_store: Store) -> None:
    central_store.execute(
        "CREATE OR REPLACE FUNCTION seal_refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'"
    )
    assert any("seal_refuse is not as" in problem for problem in verdict_of(central_store).problems)


def test_a_partition_without_its_guard_is_found(central_store: Store) -> None:
    central_store.execute("DROP TRIGGER seal_journal_line_2026_direct ON journal_line_2026")
    assert any("journal_line_2026" in problem for problem in verdict_of(central_store).problems)


def test_a_gap_is_right_only_where_quarantine_has_the_document(central_store: Store) -> None:
    sealed = record_each(central_store.journal())
    gone = sealed[1]
    key = gone.document.document_id
    parts = ("journal_line", "stock_move", "document_line", "tender", "document_total")
    tamper(central_store, *(f"DELETE FROM {name} WHERE document_id = {key}" for name in (*parts, "document")))
    # Only the balances are wrong then: set them right, as a server that never took it would have them.
    missing = verdict_of(central_store)
    assert any("/2 is missing" in problem for problem in missing.problems)
    with central_store.database.write() as connection:
        quarantine.put(
            connection,
            org_id=ORG,
            terminal_no=TILL,
            seq=2,
            hash_=gone.hash,
            prev_hash=gone.prev_hash,
            body=gone.body,
            reason="a test",
            received_at=MOMENT,
        )
    found = verdict_of(central_store)
    assert found.quarantined == 1
    assert [problem for problem in found.problems if "missing" in problem or "follow" in problem] == []


def test_documents_above_the_mark_are_found(central_store: Store) -> None:
    record_each(central_store.journal(terminal_no=SERVER_TERMINAL_NO))
    central_store.execute("UPDATE terminal SET last_seq = 1")
    assert any("above its mark" in problem for problem in verdict_of(central_store).problems)


def test_drift_among_many_keys_is_found_in_one_pass(store: Store) -> None:
    many = 20_000
    store.journal().record_document(
        specimens.stock_count(*((product, 0, 1000) for product in range(1, many + 1)))
    )
    store.execute("UPDATE stock_level SET quantity = 7 WHERE product_id = 12345")
    started = time.perf_counter()
    with store.database.read() as connection:
        (drift,) = balances.drifts(connection, STOCK_LEVEL, {"org_id": ORG})
    # Each key against each would take minutes.
    assert time.perf_counter() - started < 5
    assert (drift.key["product_id"], drift.cached, drift.expected) == (
        12345,
        {"quantity": 7},
        {"quantity": 1000},
    )
