"""Checkpoints: whatever the history and however they grew, a key's truth by them is that by its lines."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger.line import TenderKind
from pos_app.store.balances import balances, checkpoint, checkpoint_till
from pos_app.store.journal import centre_journal
from pos_app.store.tables.projections import PROJECTIONS, Projection
from pos_app.store.upkeep.recalculation import Recalculation, by_checkpoint
from pos_app.store.upkeep.traced_drift import TracedDrift
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, cash_movement, sale, tender
from tests.support.worlds.books import Store, next_sealed, record_each, void

GROWING = checkpoint.GROWING


def grow(store: Store, most: int, shadow: int = checkpoint.CURRENT) -> int:
    with store.database.write() as connection:
        return checkpoint.advance(connection, ORG, most, shadow)


def enrol(store: Store, monkeypatch: pytest.MonkeyPatch | None = None) -> None:
    if store.is_sqlite:
        store.execute(f"INSERT INTO setting (name, value) VALUES ('terminal_no', '{TILL}')")
    if monkeypatch is not None:
        monkeypatch.setattr(checkpoint_till, "KEEP", 0)


def advance_mark(store: Store) -> None:
    """The centre's terminals stand where their last document is, as ingest leaves them."""
    if not store.is_sqlite:
        store.execute(
            "UPDATE terminal SET last_seq = (SELECT coalesce(max(seq), 0) FROM document AS d"
            " WHERE d.org_id = terminal.org_id AND d.terminal_no = terminal.terminal_no)"
        )


def keys_of(store: Store, projection: Projection) -> list[dict[str, Any]]:
    with store.database.read() as connection:
        rows = connection.execute(
            text(f"SELECT {', '.join(projection.keys)} FROM {projection.name} WHERE org_id = :org"),
            {"org": ORG},
        ).mappings()
        return [dict(row) for row in rows]


def agree(store: Store) -> None:
    """By checkpoint, by lines and the cache: three ways to each balance, one answer."""
    for projection in GROWING:
        for key in keys_of(store, projection):
            with store.database.read() as connection:
                lines = balances.sum_of_lines(connection, projection, key)
                assert checkpoint.expected(connection, projection, key) == lines
                assert balances.current(connection, projection, key) == lines
        with store.database.read() as connection:
            assert list(by_checkpoint(connection, projection, {"org_id": ORG}, no_span())) == []


def no_span() -> Any:
    from pos_app.store.balances.drift import Span

    return Span()


def on_account(amount: int) -> Any:
    return sale(Item(amount), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, amount)])


def test_checkpoints_agree_however_they_grew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store, monkeypatch)
    rng = random.Random(20261120)
    sealed = record_each(store.journal())
    for round_no in range(12):
        for _ in range(rng.randint(1, 4)):
            sealed.append(store.journal().record_document(on_account(rng.randint(1, 900))))
        if round_no % 4 == 3:
            store.journal().record_document(void(sealed[-1]))
        advance_mark(store)
        grow(store, rng.randint(1, 5))
        agree(store)
    while grow(store, 3):
        agree(store)
    agree(store)
    with store.database.read() as connection:
        assert checkpoint.waiting(connection, ORG) == []
        reached = sum(checkpoint.marks(connection, ORG).values())
    assert reached == store.scalar("SELECT max(seq) FROM document")


def test_what_another_terminal_records_is_in_the_tail(central_store: Store) -> None:
    for terminal_no in (TILL, TILL + 1, TILL + 5):
        central_store.journal(terminal_no=terminal_no).record_document(on_account(100))
    advance_mark(central_store)
    grow(central_store, 2)
    for terminal_no in (TILL + 5, TILL + 9, 1):
        central_store.journal(terminal_no=terminal_no).record_document(on_account(7))
    agree(central_store)


def test_a_document_out_of_quarantine_is_counted_once(central_store: Store) -> None:
    """Its terminal's mark has passed it: no range above the marks would ever show it."""
    journal_ = central_store.journal()
    journal_.record_document(on_account(100))
    late = next_sealed(central_store, on_account(31))
    central_store.execute("UPDATE terminal SET last_seq = 2")
    grow(central_store, 100)
    with central_store.database.write() as connection:
        centre_journal.append(connection, [late])
    assert central_store.scalar("SELECT count(*) FROM late_document") == 1
    agree(central_store)
    journal_.record_document(on_account(5))
    central_store.execute("UPDATE terminal SET last_seq = 3")
    grow(central_store, 100)
    agree(central_store)
    # Made anew from the first line, it is still one.
    while grow(central_store, 1, checkpoint.SHADOW):
        pass
    with central_store.database.write() as connection:
        assert list(checkpoint.compare_shadow(connection, ORG)) == []
        checkpoint.promote(connection, ORG)
    agree(central_store)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["sell", "baseline", "grow", "forget"]), st.integers(0, 6)), max_size=20
    )
)
def test_a_tills_checkpoints_agree_whatever_baselines_come(
    till_store: Store, steps: list[tuple[str, int]]
) -> None:
    """Baselines come and go with any mark, between any steps; the formula of the lines decides."""
    tables = [part for one in GROWING for part in (one.baseline, one.checkpoint)]
    till_store.execute(
        *(f"DELETE FROM {table}" for table in (*tables, "checkpoint_mark", "setting")),
    )
    enrol(till_store)
    till_store.execute("INSERT INTO setting VALUES ('acknowledged_seq', '100000')")
    for what, number in steps:
        if what == "sell":
            till_store.journal().record_document(on_account(number + 1))
        elif what == "baseline":
            head = int(till_store.scalar("SELECT coalesce(max(seq), 0) FROM document"))
            till_store.execute(
                "INSERT INTO party_balance_baseline"
                " (org_id, party_role, party_id, currency, amount, base_amount, mark)"
                f" VALUES (1, 'customer', {CUSTOMER}, 'KES', 1000, 1000, {max(0, head - number)})"
                " ON CONFLICT DO UPDATE SET mark = max(mark, excluded.mark)"
            )
        elif what == "forget":
            with till_store.database.write() as connection:
                from pos_app.store.feed import baseline
                from pos_app.store.tables.projections import PARTY_BALANCE

                baseline.forget(connection, PARTY_BALANCE, 10)
        else:
            grow(till_store, number + 1)
        with till_store.database.read() as connection:
            if not checkpoint.marks(connection, ORG):
                continue
            for projection in GROWING:
                wrong = list(by_checkpoint(connection, projection, {"org_id": ORG}, no_span()))
                assert wrong == list(balances.drifts(connection, projection, {"org_id": ORG}))
                for key in keys_of(till_store, projection):
                    assert checkpoint.expected(connection, projection, key) == balances.sum_of_lines(
                        connection, projection, key
                    )


def test_a_damaged_checkpoint_is_found_told_and_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(store, monkeypatch)
    record_each(store.journal())
    advance_mark(store)
    grow(store, 1000)
    store.execute("UPDATE account_balance_checkpoint SET amount = amount + 5 WHERE account_code = '1110'")
    told: list[tuple[str, int]] = []

    def alert(what: str, org_id: int, found: Any) -> None:
        assert all(isinstance(one, TracedDrift) for one in found)
        told.append((what, len(found)))

    run = Recalculation(store.database, store.clock, org_id=ORG, terminal_no=TILL, alert=alert)
    for projection in PROJECTIONS:
        assert run.walk(projection).found == []
    assert [what for what, _ in told] == ["checkpoint damaged"]
    assert store.scalar("SELECT count(*) FROM checkpoint_mark") == 0
    assert store.scalar("SELECT count(*) FROM audit_log WHERE action = 'checkpoint'") == told[0][1] > 0
    run.bring_up()
    agree(store)


def test_a_mark_above_every_document_drops_the_checkpoints(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(store, monkeypatch)
    store.journal().record_document(cash_movement_in())
    advance_mark(store)
    grow(store, 10)
    store.execute("UPDATE checkpoint_mark SET mark = mark + 1000")
    assert grow(store, 10) == -1
    grow(store, 10)
    agree(store)


def cash_movement_in() -> Any:
    from pos_app.ledger.document import CashReason

    return cash_movement(CashReason.PAY_IN, 400)
