"""The walk in the background, resumption, and Show 2 in short; on both engines."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.store.balances import balances
from pos_app.store.tables.projections import PARTY_BALANCE, PROJECTIONS, STOCK_LEVEL
from pos_app.store.upkeep import findings, mending, sweep, upkeep_state
from pos_app.store.upkeep.recalculation import Recalculation
from pos_app.store.upkeep.reconciliation import MEND_AFTER, Reconciliation
from pos_app.store.upkeep.traced_drift import TracedDrift
from pos_app.store.upkeep.upkeep_state import State
from tests.contract.test_checkpoint import advance_mark, enrol, on_account
from tests.support.documents.specimens import LOCATION, ORG, TILL, Item, sale
from tests.support.worlds.books import Store, record_each

Told = list[tuple[str, TracedDrift]]


class Watched:
    """A reconciliation over a store, and what it told."""

    def __init__(self, store: Store, **choices: Any) -> None:
        self.store = store
        self.told: Told = []
        self._walk = Reconciliation(
            store.database, store.clock, terminal_no=TILL, alert=self.alert, **choices
        )

    def alert(self, what: str, org_id: int, found: Any) -> None:
        assert org_id == ORG
        self.told += [(what, one) for one in found]

    def minute(self, minutes: int = 1) -> Told:
        """Turns until the next pass is over; what was told meanwhile."""
        self.told = []
        self.store.clock.advance(timedelta(minutes=minutes))
        self._walk.turn(10_000)
        return self.told

    def state(self) -> State:
        with self.store.database.read() as connection:
            return upkeep_state.read(connection, ORG)


@pytest.fixture
def books(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Recorded documents in an organisation that the walk knows."""
    enrol(store, monkeypatch)
    store.execute(
        "INSERT INTO organisation (org_id, organisation_id, name, base_currency, time_zone, cash_step)"
        f" VALUES ({ORG}, {ORG}, 'Depot', 'KES', 'Africa/Nairobi', 100)"
    )
    record_each(store.journal())
    for amount in range(1, 30):
        store.journal().record_document(on_account(amount))
    advance_mark(store)
    return store


def test_a_whole_ledger_gives_no_finding_and_full_coverage(books: Store) -> None:
    watched = Watched(books)
    assert watched.minute() == watched.minute() == []
    state = watched.state()
    assert {walk.name for walk in state.walks} >= {one.name for one in PROJECTIONS}
    assert all(walk.coverage_percent() == 100 and walk.passes >= 1 for walk in state.walks)
    assert state.checked_at == books.clock.now()


def test_a_finding_is_told_once_waits_for_a_person_and_is_mended_in_the_end(books: Store) -> None:
    watched = Watched(books)
    watched.minute()
    books.execute(
        "UPDATE party_balance SET amount = amount + 777"
        " WHERE party_id = 501 AND party_role = 'customer' AND currency = 'KES'"
    )
    ((what, found),) = watched.minute()
    assert what == "drift found"
    assert found.drift.cached["amount"] - found.drift.expected["amount"] == 777
    assert found.documents[0] == books.scalar("SELECT max(document_id) FROM document")
    assert found.known_good_at is not None
    assert watched.minute() == []
    (open_,) = watched.state().findings
    assert open_.traced.drift == found.drift
    assert books.scalar("SELECT count(*) FROM audit_log WHERE action = 'drift'") == 1
    assert len(books.drifts()) == 1

    ((what, mended),) = watched.minute(int(MEND_AFTER.total_seconds() // 60) + 1)
    assert (what, mended.mended) == ("drift mended", True)
    assert books.drifts() == []
    assert watched.state().findings == []
    assert books.scalar("SELECT count(*) FROM audit_log WHERE action = 'recalculate'") == 1


def test_what_a_person_mended_is_no_finding_any_longer(books: Store) -> None:
    watched = Watched(books)
    books.execute("UPDATE drawer_cash SET amount = amount - 1 WHERE currency = 'KES'")
    assert [what for what, _ in watched.minute()] == ["drift found"]
    books.reconcile("drawers")
    assert watched.state().findings == []
    assert watched.minute() == []


def test_damage_of_cache_and_checkpoint_alike_is_found_by_the_walk_over_lines(books: Store) -> None:
    watched = Watched(books, lines_every=timedelta(0))
    monday = watched.minute()
    assert monday == []
    with books.database.write() as connection:
        from pos_app.store.balances import checkpoint

        checkpoint.advance(connection, ORG, 1000)
    for table in ("stock_level", "stock_level_checkpoint"):
        books.execute(
            f"UPDATE {table} SET quantity = quantity + 9 WHERE product_id = 1 AND location_id = {LOCATION}"
        )
    told = watched.minute() + watched.minute()
    assert [what for what, _ in told] == ["checkpoint damaged", "drift found"]
    assert told[1][1].drift.projection == STOCK_LEVEL.name


def test_a_killed_run_goes_on_where_it_was(books: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for product in range(20, 40):
        books.journal().record_document(sale(Item(100, product_id=product)))
    books.execute("UPDATE stock_level SET quantity = quantity + product_id WHERE product_id >= 20")
    run = Recalculation(books.database, books.clock, org_id=ORG, terminal_no=TILL, chunk_keys=5)
    real, mended = mending.mend, 0

    def killed(*arguments: Any, **more: Any) -> bool:
        nonlocal mended
        mended += 1
        if mended == 8:
            raise KeyboardInterrupt
        return real(*arguments, **more)

    monkeypatch.setattr(mending, "mend", killed)
    with pytest.raises(KeyboardInterrupt):
        run.walk(STOCK_LEVEL)
    monkeypatch.setattr(mending, "mend", real)
    again = Recalculation(books.database, books.clock, org_id=ORG, terminal_no=TILL, chunk_keys=5)
    outcome = again.walk(STOCK_LEVEL)
    assert outcome.resumed_after is not None
    assert outcome.mended == 20 - 7
    assert books.drifts() == []
    total = len(books.cached(STOCK_LEVEL))
    assert outcome.checked < total
    # The finished run is history; the next one begins at the first key.
    assert again.walk(STOCK_LEVEL).checked == total
    rows = "SELECT count(*) FROM recalculation WHERE finished_at IS NOT NULL"
    assert books.scalar(rows) == 2
    # What is mended is audited, whichever run did it.
    assert books.scalar("SELECT count(*) FROM audit_log WHERE action = 'recalculate'") == 20


def test_an_old_unfinished_run_is_not_continued(books: Store) -> None:
    books.execute(
        "INSERT INTO recalculation (org_id, run_id, kind, started_at, updated_at, walked_to)"
        f" SELECT {ORG}, 1, 'stock_level', recorded_at, recorded_at, '1000000' FROM document LIMIT 1"
    )
    books.clock.advance(timedelta(days=2))
    run = Recalculation(books.database, books.clock, org_id=ORG, terminal_no=TILL)
    assert run.walk(STOCK_LEVEL).resumed_after is None


def test_chunks_find_what_one_walk_finds(books: Store) -> None:
    for product in range(20, 50):
        books.journal().record_document(sale(Item(100, product_id=product)))
    books.execute(
        "UPDATE stock_level SET quantity = 5 WHERE product_id IN (20, 33, 49)",
        "DELETE FROM stock_level WHERE product_id IN (24, 25, 48)",
        f"INSERT INTO stock_level (org_id, location_id, product_id, quantity) VALUES ({ORG}, 1, 999, 7)",
        f"INSERT INTO stock_level (org_id, location_id, product_id, quantity) VALUES ({ORG}, 1, 19, 7)",
    )
    for size in (1, 3, 7, 1000):
        run = Recalculation(books.database, books.clock, org_id=ORG, terminal_no=TILL, chunk_keys=size)
        found = run.walk(STOCK_LEVEL, dry_run=True).found
        assert sorted((one.drift for one in found), key=repr) == sorted(books.drifts(), key=repr)
        assert sorted(one.drift.key["product_id"] for one in found) == [19, 20, 24, 25, 33, 48, 49, 999]
    assert books.scalar("SELECT count(*) FROM recalculation") == 0


def test_a_deleted_row_is_drift_even_when_it_was_zero(books: Store) -> None:
    books.execute(
        "DELETE FROM party_balance WHERE party_id = 501 AND party_role = 'customer' AND currency = 'KES'"
    )
    books.execute("INSERT INTO drawer_cash (org_id, drawer_id, currency, amount) VALUES (1, 99, 'KES', 0)")
    (found,) = books.drifts()
    assert found.projection == PARTY_BALANCE.name
    for kind in balances.KINDS:
        books.reconcile(kind)
    assert books.drifts() == []


def test_a_walk_says_how_far_it_is(books: Store) -> None:
    now = books.clock.now()
    walk = sweep.Sweep.begin(None, "stock_level", now)
    walk.total, walk.seen = 10, 4
    walk.step(17, now)
    with books.database.write() as connection:
        sweep.save(connection, ORG, walk)
    with books.database.read() as connection:
        again = sweep.load(connection, ORG, "stock_level")
    assert again == walk
    assert again is not None
    assert (again.coverage_percent(), again.is_idle, again.finished_at) == (40, False, None)
    again.step(None, now)
    with books.database.write() as connection:
        sweep.save(connection, ORG, again)
    with books.database.read() as connection:
        assert sweep.load(connection, ORG, "stock_level") == again


def test_findings_are_read_as_they_were_put(books: Store) -> None:
    books.execute("UPDATE drawer_cash SET amount = amount - 1 WHERE currency = 'KES'")
    drift = books.drifts()[0]
    with books.database.write() as connection:
        findings.put(connection, ORG, TracedDrift(drift, [1, 2]), books.clock.now())
        (kept,) = findings.all_of(connection, ORG)
        assert (kept.traced.drift, kept.traced.documents) == (drift, [1, 2])
        findings.forget(connection, drift.projection, drift.key)
        assert findings.all_of(connection, ORG) == []
    raw = text("SELECT count(*) FROM balance_finding")
    with books.database.read() as connection:
        assert connection.scalar(raw) == 0
    assert json.loads(findings.key_text(drift.key)) == drift.key


def test_a_balance_that_is_always_busy_is_left_and_nothing_else_waits(central_store: Store) -> None:
    """Mending gives up a locked row again and again for a moment; what it holds meanwhile is nothing."""
    central_store.journal().record_document(on_account(100))
    central_store.execute("UPDATE party_balance SET amount = amount + 9")
    (drift,) = central_store.drifts()
    found = TracedDrift(drift)
    now = central_store.clock.now()
    with central_store.database.write() as busy:
        busy.execute(text("SELECT 1 FROM party_balance FOR UPDATE"))
        assert not mending.mend(central_store.database, PARTY_BALANCE, found, at=now, terminal_no=TILL)
        assert not found.mended
        central_store.journal(terminal_no=TILL + 1).record_document(sale(Item(100)))
    assert mending.mend(central_store.database, PARTY_BALANCE, found, at=now, terminal_no=TILL)
    assert central_store.drifts() == []
