"""Before a till, its daemon or the server works: the seals stand, and the last day's documents hold."""

import pytest

from pos_app.ledger.head import document_key
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.upkeep import chain_check, start_check
from tests.contract.test_verification import tamper
from tests.support.documents.specimens import ORG, TILL
from tests.support.refused import damaged
from tests.support.worlds.books import Store, record_each


def start(store: Store) -> None:
    if store.is_sqlite:
        start_check.check_till(store.database, ORG, TILL)
    else:
        start_check.check_centre(store.database, [ORG])


def test_whole_books_start(store: Store) -> None:
    start(store)
    record_each(store.journal())
    start(store)


def test_without_its_seals_nothing_starts(store: Store) -> None:
    name = "seal_document_update" if store.is_sqlite else "seal_document_change ON document"
    store.execute(f"DROP TRIGGER {name}")
    with damaged("seals-not-whole", count=1):
        start(store)


def test_a_seal_that_says_less_is_noticed(till_store: Store) -> None:
    till_store.execute(
        "DROP TRIGGER seal_document_update",
        "CREATE TRIGGER seal_document_update BEFORE UPDATE ON document BEGIN SELECT 1; END",
    )
    with damaged("seals-not-whole", count=1):
        start(till_store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET total = total + 1 WHERE seq = 2",
        "UPDATE document SET prev_hash = hash WHERE seq = 3",
        "DELETE FROM tender",
        "UPDATE journal_line SET account_code = '1' WHERE line_no = 0",
    ],
)
def test_what_was_changed_of_the_last_day_is_noticed(store: Store, statement: str) -> None:
    record_each(store.journal())
    start(store)
    tamper(store, statement)
    with damaged("last-day-does-not-hold"):
        start(store)


def test_the_last_day_begins_a_day_before_the_last_document(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is older is left to the night, however few documents there are."""
    journal = store.journal()
    record_each(journal)
    with store.database.read() as connection:
        last = chain_check.last_keys(connection, ORG)[0]
        assert start_check._last_day(connection, ORG, last, 10**6).after == document_key(TILL, 0)
        assert start_check._last_day(connection, ORG, last, 5).after == last - 5
        monkeypatch.setattr(start_check, "_DAY", start_check._DAY * 0)
        assert start_check._last_day(connection, ORG, last, 10**6).upto == last


def test_known_damage_keeps_a_till_from_starting(till_store: Store) -> None:
    till_store.database.damage.note(DamagedDatabase("database-damaged"))
    with damaged("database-damaged-noticed"):
        start(till_store)
    till_store.database.damage.lift()
    start(till_store)
