"""The seal: what the database itself refuses, whoever asks, by plain SQL on both engines."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from pos_app.ledger.document import Document, document_key
from pos_app.ledger.posting import rules as posting_rules
from pos_app.store.documents import audit
from pos_app.store.documents.rows import Sealed
from pos_app.store.tables.tables import PARTS, ledger_metadata
from tests.support.documents import specimens
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, sale
from tests.support.worlds.books import (
    SEALED_TABLES,
    Store,
    altered,
    insert_row,
    next_sealed,
    record_each,
    rows,
    void,
    with_part,
    write,
)

CHANGES = {
    "document": "total = total + 1",
    "journal_line": "amount = amount + 1, base_amount = base_amount + 1",
    "stock_move": "quantity = 0",
    "document_line": "net = net + 1",
    "tender": "amount = 0",
    "open_item": "amount = amount + 1",
    "cost_line": "value = value + 1",
}
SEALED = "a sealed document cannot be changed"
UNBALANCED = "must sum to zero"
INCOMPLETE = "with all its lines"


@pytest.fixture
def sealed(store: Store) -> list[Sealed]:
    return record_each(store.journal())


@pytest.fixture
def draft() -> Document:
    """A document of several businesses with goods, tenders and change; not placed yet."""
    return specimens.one_of_each()[0]


def reaching(part: str) -> Document:
    """A document that has rows in a part; no one reaches all of them."""
    for one in specimens.one_of_each():
        posted = posting_rules.post(one)
        found = {"open_item": posted.open_items, "cost_line": posted.costs}.get(part, not posted.costs)
        if found:
            return one
    raise LookupError(part)


def of_each(sealed: list[Sealed], part: str) -> Sealed:
    """The first recorded document that has rows in a part."""
    found = {"open_item": "open_items", "cost_line": "costs"}.get(part, "lines")
    return next(one for one in sealed if getattr(one.posting, found))


# --- what is sealed stays -------------------------------------------------------------------------


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", SEALED_TABLES)
def test_no_sealed_row_changes_or_goes(store: Store, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET {CHANGES[table]}",
        f"UPDATE {table} SET org_id = 99",
        f"UPDATE {table} SET document_id = document_id + 1000",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE document_id = (SELECT min(document_id) FROM {table})",
    ):
        store.refuses(statement, because=SEALED)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", SEALED_TABLES)
def test_no_row_is_written_over(store: Store, table: str) -> None:
    """INSERT OR REPLACE deletes the old row; ON CONFLICT DO UPDATE changes it."""
    with store.database.read() as connection:
        row = tuple(connection.execute(text(f"SELECT * FROM {table} ORDER BY document_id LIMIT 1")).one())
    if store.is_sqlite:
        store.refuses(
            lambda connection: insert_row(connection, table, row, "INSERT OR REPLACE"), because=SEALED
        )
        store.refuses(f"UPDATE OR REPLACE {table} SET {CHANGES[table]}", because=SEALED)
        store.refuses(f"REPLACE INTO {table} SELECT * FROM {table}", because=SEALED)
    else:
        change = CHANGES[table].replace("= ", f"= {table}.").replace(f"{table}.0", "0")
        on = ", ".join(column.name for column in ledger_metadata.tables[table].primary_key)
        store.refuses(
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({on}) DO UPDATE SET {change}",
            because=SEALED,
        )


@pytest.mark.parametrize("unique", ["key", "request", "number", "void"])
def test_replacing_by_any_unique_key_is_refused_on_a_bare_connection(till_store: Store, unique: str) -> None:
    """Without recursive_triggers SQLite deletes the old row of a REPLACE in silence."""
    journal = till_store.journal()
    first = journal.record_document(sale(Item(11_600)))
    voided = journal.record_document(void(first))
    replacing = next_sealed(till_store, void(first), number=9)
    document = rows(till_store, replacing).document
    new = rows(till_store, replacing)
    match unique:
        case "key":
            new = altered(new, "document", document_id=voided.document.document_id, seq=2, reverses_id=None)
        case "request":
            new = altered(new, "document", request_id=voided.document.request_id, reverses_id=None)
        case "number":
            new = altered(new, "document", number=voided.document.number, reverses_id=None)
    parts = new._replace(document=document)

    def attack(connection: Connection) -> None:
        # The pragma does nothing inside a transaction, so the attacker sets it before.
        for part in PARTS:
            for row in getattr(parts, part.name):
                if unique != "key":
                    insert_row(connection, part.name, row)
        insert_row(connection, "document", new.document, "INSERT OR REPLACE")

    with till_store.database.connection() as connection:
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    before = till_store.fingerprint()
    with till_store.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 0
    till_store.refuses(attack, because=SEALED)
    assert till_store.fingerprint() == before


@pytest.mark.parametrize("table", SEALED_TABLES)
def test_nothing_is_truncated(central_store: Store, table: str) -> None:
    record_each(central_store.journal())
    central_store.refuses(f"TRUNCATE {table}", because=SEALED)
    central_store.refuses(f"TRUNCATE {table} CASCADE", because=SEALED)
    if table != "document":
        central_store.refuses(f"TRUNCATE {table}_2026", because=SEALED)
        central_store.refuses(f"TRUNCATE ONLY {table}_2026", because=SEALED)
        central_store.refuses(f"DELETE FROM {table}_2026", because=SEALED)
        central_store.refuses(f"UPDATE {table}_2026 SET {CHANGES[table]}", because=SEALED)


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_nothing_goes_straight_into_a_partition(central_store: Store, part: str) -> None:
    record_each(central_store.journal())
    central_store.refuses(
        f"INSERT INTO {part}_2026 SELECT * FROM {part} WHERE document_id = {document_key(TILL, 1)}",
        because=SEALED,
    )

    def copy(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(f"COPY {part}_2026 FROM STDIN"):
            pass

    central_store.refuses(copy, because=SEALED)


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_nothing_is_added_under_a_sealed_document(store: Store, sealed: list[Sealed], part: str) -> None:
    row = getattr(rows(store, of_each(sealed, part)), part)[0]
    # The place after the last one of this document.
    added = (*row[:2], 99, *row[3:])
    store.refuses(lambda connection: insert_row(connection, part, added), because=SEALED)


# --- what is not whole does not come in ---------------------------------------------------------


def test_a_whole_document_by_raw_sql_is_taken(store: Store, draft: Document) -> None:
    """So that the refusals below are for what they break and for nothing else."""
    new = next_sealed(store, draft)
    with store.database.write() as connection:
        write(rows(store, new))(connection)
    assert store.scalar("SELECT count(*) FROM document") == 1
    assert store.drifts() == []


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_a_line_without_its_document_is_refused(store: Store, part: str) -> None:
    row = getattr(rows(store, next_sealed(store, reaching(part))), part)[0]
    store.refuses(lambda connection: insert_row(connection, part, row))


def test_an_unbalanced_document_is_refused(store: Store, draft: Document) -> None:
    whole = rows(store, next_sealed(store, draft))
    amount, base = whole.journal_line[0][7:9]
    store.refuses(write(altered(whole, "journal_line", amount=amount + 1)), because=UNBALANCED)
    store.refuses(write(altered(whole, "journal_line", base_amount=base - 1)), because=UNBALANCED)
    more = altered(whole, "journal_line", amount=amount + 5, base_amount=base + 5)
    store.refuses(write(more), because=UNBALANCED)
    # Zero in all, but not in each business.
    business = whole.journal_line[0][4]
    other = next(number for number, line in enumerate(whole.journal_line) if line[4] != business)
    amount, base = whole.journal_line[other][7:9]
    moved = altered(more, "journal_line", other, amount=amount - 5, base_amount=base - 5)
    assert sum(line[7] for line in moved.journal_line) == 0
    store.refuses(write(moved), because=UNBALANCED)


def test_an_unbalanced_document_of_one_business_is_refused(store: Store) -> None:
    """Nearly all are, and are summed without being grouped."""
    whole = rows(store, next_sealed(store, sale(Item(11_600))))
    assert len({(line[4], line[6]) for line in whole.journal_line}) == 1
    amount, base = whole.journal_line[0][7:9]
    store.refuses(write(altered(whole, "journal_line", amount=amount + 1)), because=UNBALANCED)
    store.refuses(write(altered(whole, "journal_line", base_amount=base - 1)), because=UNBALANCED)
    both = altered(whole, "journal_line", amount=amount + 1, base_amount=base - 1)
    store.refuses(write(both), because=UNBALANCED)
    with store.database.write() as connection:
        write(whole)(connection)


def test_a_document_that_mixes_currencies_is_refused(store: Store, draft: Document) -> None:
    """Zero in all, and in base currency, but dollars against shillings."""
    whole = rows(store, next_sealed(store, draft))
    store.refuses(write(altered(whole, "journal_line", currency="USD")), because=UNBALANCED)


def test_a_line_of_base_currency_alone_may_stand(store: Store) -> None:
    """What is gained or lost on an exchange has no amount; in base currency it must be closed too."""
    for one in specimens.one_of_each():
        posted = posting_rules.post(one)
        if any(line.amount == 0 for line in posted.lines):
            break
    else:
        pytest.fail("no specimen has a line of base currency alone")
    whole = rows(store, next_sealed(store, one))
    place = next(number for number, line in enumerate(whole.journal_line) if line[7] == 0)
    off = altered(whole, "journal_line", place, base_amount=whole.journal_line[place][8] + 1)
    store.refuses(write(off), because=UNBALANCED)
    with store.database.write() as connection:
        write(whole)(connection)


COUNTS = ("line_count", "move_count", "item_count", "tender_count", "open_count", "cost_count")


@pytest.mark.parametrize("column", COUNTS)
@pytest.mark.parametrize("off", [-1, 1])
def test_a_document_with_wrong_counts_is_refused(
    store: Store, draft: Document, column: str, off: int
) -> None:
    whole = rows(store, next_sealed(store, draft))
    count = len(whole[COUNTS.index(column)])
    store.refuses(write(altered(whole, "document", **{column: count + off})), because=INCOMPLETE)


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_a_missing_part_is_refused(store: Store, part: str) -> None:
    whole = rows(store, next_sealed(store, reaching(part)))
    store.refuses(write(with_part(whole, part, [])), because=INCOMPLETE)


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_parts_of_another_year_are_not_hidden_from_the_seal(store: Store, part: str) -> None:
    """On Postgres the seal looks at one year's partition; the rest must not slip in behind it."""
    whole = rows(store, next_sealed(store, reaching(part)))
    row = getattr(whole, part)[0]
    added = (*row[:2], 98, 2025, *row[4:])

    def attack(connection: Connection) -> None:
        insert_row(connection, part, added)
        write(whole)(connection)

    store.refuses(attack)


def test_a_document_out_of_the_chain_is_refused(till_store: Store) -> None:
    """The till's chain is checked by its database; at the centre quarantined documents leave gaps."""
    till_store.journal().record_document(sale(Item(100)))
    whole = rows(till_store, next_sealed(till_store, sale(Item(100))))
    because = "must follow the one before it"
    till_store.refuses(write(altered(whole, "document", prev_hash=bytes(32))), because=because)
    gap = next_sealed(till_store, sale(Item(100)), seq=3)
    till_store.refuses(write(rows(till_store, gap)), because=because)


@pytest.mark.parametrize("value", [1.5, 0.1 + 0.2, "12.5", "much", b"\x01"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("journal_line", "amount"), ("document", "total"), ("stock_move", "quantity"), ("tender", "amount")],
)
def test_no_float_enters_a_money_column(
    till_store: Store, draft: Document, table: str, column: str, value: object
) -> None:
    whole = rows(till_store, next_sealed(till_store, draft))
    changes: dict[str, Any] = {column: value}
    till_store.refuses(write(altered(whole, table, **changes)), because="cannot store")


def test_no_float_enters_a_cached_balance(till_store: Store) -> None:
    record_each(till_store.journal())
    for table in ("account_balance", "party_balance", "drawer_cash"):
        till_store.refuses(f"UPDATE {table} SET amount = amount + 0.5", because="cannot store")


# --- what is unique stays unique ------------------------------------------------------------------


def test_no_key_is_used_twice(store: Store, sealed: list[Sealed]) -> None:
    again = next_sealed(store, sale(Item(100)))
    first = sealed[0].document
    whole = rows(store, again)
    # Without parts, so that nothing but the key is in the way.
    bare = whole._replace(journal_line=[], stock_move=[], document_line=[], tender=[])
    empty = dict.fromkeys(COUNTS, 0)
    store.refuses(write(altered(bare, "document", document_id=first.document_id, seq=first.seq, **empty)))


def test_no_request_number_or_void_is_used_twice(store: Store, sealed: list[Sealed]) -> None:
    first = sealed[0].document
    whole = rows(store, next_sealed(store, sale(Item(100))))
    store.refuses(write(altered(whole, "document", request_id=first.request_id)))
    store.refuses(write(altered(whole, "document", series=first.series, number=first.number)))
    # The last of `sealed` voided the first already.
    store.refuses(write(rows(store, next_sealed(store, void(sealed[0])))))
    store.refuses(write(altered(whole, "document", reverses_id=first.document_id)))


def test_a_key_that_is_not_terminal_and_sequence_is_refused(store: Store) -> None:
    whole = rows(store, next_sealed(store, sale(Item(100))))
    for broken in (
        altered(whole, "document", terminal_no=TILL + 1),
        altered(whole, "document", seq=2),
        altered(whole, "document", number=0),
        altered(whole, "document", number=None),
    ):
        store.refuses(write(broken))


def test_a_party_without_its_role_is_refused(store: Store) -> None:
    whole = rows(store, next_sealed(store, specimens.payment(100)))
    assert whole.journal_line[0][10] == CUSTOMER
    store.refuses(write(altered(whole, "journal_line", party_role=None)))
    store.refuses(write(altered(whole, "journal_line", party_id=None)))


# --- the audit log --------------------------------------------------------------------------------


def test_the_audit_log_only_grows(store: Store) -> None:
    for number in range(3):
        with store.database.write() as connection:
            audit.write(
                connection,
                org_id=ORG,
                at=specimens.MOMENT,
                terminal_no=TILL,
                action="price",
                subject=f"product {number}",
                before="100",
                after="120",
            )
    assert store.scalar("SELECT max(entry_id) FROM audit_log") == 3
    because = "the audit log cannot be changed"
    store.refuses("UPDATE audit_log SET after = '90' WHERE entry_id = 1", because=because)
    store.refuses("DELETE FROM audit_log", because=because)
    copy = "INTO audit_log SELECT * FROM audit_log"
    if store.is_sqlite:
        store.refuses(f"INSERT OR REPLACE {copy}", because=because)
    else:
        store.refuses("TRUNCATE audit_log", because=because)
        store.refuses(
            f"INSERT {copy} ON CONFLICT (org_id, entry_id, year) DO UPDATE SET after = ''", because=because
        )


def test_after_an_upgrade_all_triggers_are_there_again(store: Store) -> None:
    """`rebuild` drops and makes them; twice must not double a projection or lose a seal."""
    from pos_app.store.schema import seals

    before = _triggers(store)
    with store.database.write() as connection:
        seals.rebuild(connection)
    assert _triggers(store) == before
    assert len(before) > 15
    record_each(store.journal())
    assert store.drifts() == []
    store.refuses("DELETE FROM document", because=SEALED)
    if not store.is_sqlite:
        store.refuses("INSERT INTO tender_2026 SELECT * FROM tender", because=SEALED)


def _triggers(store: Store) -> list[str]:
    sql = (
        "SELECT name || sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1"
        if store.is_sqlite
        else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    )
    with store.database.read() as connection:
        return list(connection.scalars(text(sql)))
