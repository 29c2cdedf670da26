"""Cached balances: equal to their select and to pencil and paper, after any history, on both engines."""

import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from pos_app.ledger.document import CashReason, Document, Reversal, Sale, document_key
from pos_app.ledger.line import TenderKind
from pos_app.store.balances import balances
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import privacy
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DOCUMENT_TOTAL,
    DRAWER_CASH,
    PARTY_BALANCE,
    PROJECTIONS,
    STOCK_LEVEL,
)
from tests.support.documents import specimens
from tests.support.documents.specimens import CUSTOMER, DRAWER, LOCATION, ORG, TILL, Item, sale, tender
from tests.support.oracle.model import Model
from tests.support.worlds.books import Store, record_each, void

_organisations = itertools.count(1_000)
#: A history: documents, and between them voids of the n-th document so far.
HISTORIES = st.lists(st.one_of(specimens.documents(), st.integers(0, 30)), min_size=1, max_size=8)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES)
def test_any_history_gives_the_balances_of_pencil_and_paper(
    store: Store, history: list[Document | int]
) -> None:
    """After every single document: cache = select = an independent model that never saw the rules."""
    org_id = next(_organisations)
    journal, model = store.journal(org_id), Model()
    recorded: list[Sealed] = []
    for step in history:
        if isinstance(step, int):
            open_ = [one for one in recorded if _can_be_voided(one, recorded)]
            if not open_:
                continue
            draft: Document = void(open_[step % len(open_)])
        else:
            draft = _fresh(step)
        sealed = journal.record_document(draft)
        recorded.append(sealed)
        model.add(sealed.document)
        store.equals(model, org_id)
        with store.database.read() as connection:
            for projection in PROJECTIONS:
                assert not list(balances.drifts(connection, projection, {"org_id": org_id}))


def _fresh(document: Document) -> Document:
    """Hypothesis replays examples: the same document needs another request in another history."""
    import msgspec

    return msgspec.structs.replace(document, request_id=specimens.request())


def _can_be_voided(one: Sealed, recorded: list[Sealed]) -> bool:
    if isinstance(one.document, Reversal):
        return False
    voided = {other.document.original_id for other in recorded if isinstance(other.document, Reversal)}
    return one.document.document_id not in voided


def test_other_rates_keep_their_base_amounts(store: Store) -> None:
    journal = store.journal()
    journal.record_document(sale(Item(1_001, code="Z"), currency="USD", rate_micro=129_550_000))
    journal.record_document(specimens.payment(333, currency="USD", rate_micro=130_111_111))
    assert store.drifts() == []
    cash = store.cached(ACCOUNT_BALANCE)[ORG, 1, "1110", "USD"]
    assert cash == (1_334, 129_680 + 43_327)
    for column in ("amount", "base_amount"):
        assert store.scalar(f"SELECT sum({column}) FROM account_balance") == 0


# --- damage and mending ---------------------------------------------------------------------------

DAMAGE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "customers": (
        "party_balance",
        "UPDATE party_balance SET amount = amount + 777"
        " WHERE party_id = 501 AND party_role = 'customer' AND currency = 'KES'",
        {"party_id": CUSTOMER},
    ),
    "drawers": ("drawer_cash", "UPDATE drawer_cash SET amount = 0", {"drawer_id": DRAWER}),
    "accounts": (
        "account_balance",
        "UPDATE account_balance SET base_amount = base_amount - 1"
        " WHERE account_code = '2200' AND business_id = 1",
        {"account_code": "2200"},
    ),
    "stock": (
        "stock_level",
        "DELETE FROM stock_level WHERE product_id = 1 AND location_id = 11",
        {"product_id": 1},
    ),
    "invoices": (
        "open_invoice",
        "UPDATE open_invoice SET base_amount = base_amount + 1 WHERE invoice_id ="
        " (SELECT min(invoice_id) FROM open_invoice WHERE party_role = 'customer')",
        {"party_role": "customer"},
    ),
    "stock-values": (
        "stock_value",
        "DELETE FROM stock_value WHERE product_id = 1 AND business_id = 1",
        {"product_id": 1, "business_id": 1},
    ),
    "sales": (
        "document_total",
        "INSERT INTO document_total (org_id, document_id, subtotal, tax_total, total)"
        " VALUES (1, 999, 1, 2, 3)",
        {"document_id": 999},
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_recalculate_finds_mends_and_logs_exactly_what_was_damaged(store: Store, kind: str) -> None:
    table, damage, key = DAMAGE[kind]
    journal = store.journal()
    record_each(journal)
    journal.record_document(
        sale(Item(11_600, product_id=1), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, 11_600)])
    )
    whole = {one.name: store.cached(one) for one in PROJECTIONS}
    store.execute(damage)

    found = store.drifts()
    assert [drift.projection for drift in found] == [table]
    assert key.items() <= found[0].key.items()

    checked, dry = store.reconcile(kind, dry_run=True)
    assert (len(dry), store.drifts()) == (1, found)
    assert store.scalar("SELECT count(*) FROM audit_log WHERE action = 'recalculate'") == 0

    checked, mended = store.reconcile(kind)
    assert mended == found
    assert checked > 0
    assert {one.name: store.cached(one) for one in PROJECTIONS} == whole

    assert store.scalar("SELECT subject FROM audit_log WHERE action = 'recalculate'").startswith(f"{table} ")
    with store.database.read() as connection:
        private = privacy.of(connection)
        before, after = (
            private.decrypt_text(ORG, privacy.AUDIT, said)
            for said in connection.execute(
                text("SELECT before, after FROM audit_log WHERE action = 'recalculate'")
            ).one()
        )
    assert json.dumps(found[0].cached) in before
    assert json.dumps(found[0].expected) in after

    assert store.reconcile(kind)[1] == []
    assert store.scalar("SELECT count(*) FROM audit_log WHERE action = 'recalculate'") == 1


def test_recalculate_looks_at_its_kind_and_organisation_only(store: Store) -> None:
    record_each(store.journal())
    record_each(store.journal(org_id=ORG + 1))
    store.execute("UPDATE drawer_cash SET amount = 5", "UPDATE stock_level SET quantity = 5")
    for kind in set(balances.KINDS) - {"drawers", "stock"}:
        assert store.reconcile(kind)[1] == []
    assert len(store.reconcile("drawers")[1]) == 1
    left = store.drifts()
    assert {drift.projection for drift in left} == {"drawer_cash", "stock_level"}
    assert [drift.key["org_id"] for drift in left if drift.projection == "drawer_cash"] == [ORG + 1]


def test_recalculate_of_an_empty_ledger_checks_nothing(store: Store) -> None:
    for kind in balances.KINDS:
        assert store.reconcile(kind) == (0, [])


def test_reconciling_beside_writers_loses_no_sale(central_store: Store) -> None:
    """Two tills sell while a third thread damages and mends: in the end cache = ledger."""
    sales, rounds = 25, 12
    failures: list[BaseException] = []
    begin = threading.Barrier(3)

    def sell(terminal_no: int) -> None:
        journal = central_store.journal(terminal_no=terminal_no)
        begin.wait()
        for _ in range(sales):
            journal.record_document(
                sale(Item(100), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, 100)])
            )

    def mend() -> None:
        begin.wait()
        for number in range(rounds):
            central_store.execute(f"UPDATE party_balance SET amount = amount + {number + 1}")
            central_store.execute("UPDATE stock_level SET quantity = quantity - 1")
            for kind in ("customers", "stock"):
                central_store.reconcile(kind)

    def guarded(work: Any, *arguments: Any) -> None:
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 - the thread's failure is the test's, whatever it is
            failures.append(error)
            begin.abort()

    threads = [
        threading.Thread(target=guarded, args=(sell, 1)),
        threading.Thread(target=guarded, args=(sell, 2)),
        threading.Thread(target=guarded, args=(mend,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    for kind in ("customers", "stock"):
        central_store.reconcile(kind)
    assert central_store.drifts() == []
    assert central_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"][0] == 2 * sales * 100
    assert central_store.cached(STOCK_LEVEL)[ORG, LOCATION, 1] == (-2 * sales * 1000,)


def _until_somebody_waits(store: Store, over: Callable[[], bool] = lambda: False) -> None:
    """Until a connection of this database waits for a lock, or it is `over`."""
    deadline = time.monotonic() + 30
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while not over() and not store.scalar(f"{waiting} AND datname = current_database()"):
        assert time.monotonic() < deadline, "nobody waited"


DAMAGES = ("UPDATE party_balance SET amount = amount + 9", "DELETE FROM party_balance")


def _damaged(store: Store, damage: str) -> Sale:
    """A customer with a wrong balance, or without one; gives the draft of another sale to them."""
    draft = sale(Item(100), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, 100)])
    store.journal().record_document(draft)
    store.execute(damage)
    return sale(Item(100), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, 100)])


@pytest.mark.parametrize("damage", DAMAGES)
def test_mending_waits_for_a_sale_that_is_being_recorded(central_store: Store, damage: str) -> None:
    """The sale holds the customer's balance; whoever mends it must see that sale, not the day before."""
    draft = _damaged(central_store, damage)
    mender = threading.Thread(target=central_store.reconcile, args=("customers",))

    def while_recording(*_: object) -> None:
        mender.start()
        _until_somebody_waits(central_store)

    central_store.journal().record_document(draft, while_recording)
    mender.join(30)
    assert central_store.drifts() == []
    assert central_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"][0] == 200


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_sale_waits_for_the_mending_of_its_balance(central_store: Store, damage: str) -> None:
    """Between reading the ledger and setting the balance nobody may come in between."""
    draft = _damaged(central_store, damage)
    seller = threading.Thread(target=central_store.journal().record_document, args=(draft,))

    def before_the_mending_ends(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT * FROM tenancy_mend_party_balance"):
            seller.start()
            _until_somebody_waits(central_store, over=lambda: not seller.is_alive())

    event.listen(central_store.database.engine, "after_cursor_execute", before_the_mending_ends)
    central_store.reconcile("customers")
    event.remove(central_store.database.engine, "after_cursor_execute", before_the_mending_ends)
    seller.join(30)
    assert central_store.drifts() == []
    assert central_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"][0] == 200


# --- explaining -----------------------------------------------------------------------------------


def test_an_explanation_adds_up_to_the_balance(store: Store) -> None:
    journal = store.journal()
    record_each(journal)
    for amount in (100, 250, 31):
        journal.record_document(specimens.cash_movement(CashReason.PAY_IN, amount))
    last = journal.record_document(
        sale(Item(5_000), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, 5_000)])
    )
    journal.record_document(void(last))
    with store.database.read() as connection:
        for projection in PROJECTIONS:
            first_value = next(iter(projection.values))
            for key_values in store.cached(projection):
                key = dict(zip(projection.keys, key_values, strict=True))
                steps = balances.explain(connection, projection, key)
                assert steps
                assert sum(step.change for step in steps) == steps[-1].balance
                assert steps[-1].balance == balances.current(connection, projection, key)[first_value]
                assert balances.validate(connection, projection, key) is None


def test_a_balance_that_nothing_touched_is_zero(store: Store) -> None:
    key = {"org_id": ORG, "drawer_id": 1, "currency": "KES"}
    with store.database.read() as connection:
        assert balances.current(connection, DRAWER_CASH, key) == {"amount": 0}
        assert balances.explain(connection, DRAWER_CASH, key) == []
        assert balances.validate(connection, DRAWER_CASH, key) is None


# --- baselines on the till ------------------------------------------------------------------------


def _party_key(party_id: int = CUSTOMER) -> dict[str, Any]:
    return {"org_id": ORG, "party_role": "customer", "party_id": party_id, "currency": "KES"}


def _put_baseline(store: Store, amount: int, mark: int, party_id: int = CUSTOMER) -> None:
    store.execute(
        "INSERT INTO party_balance_baseline"
        " (org_id, party_role, party_id, currency, amount, base_amount, mark)"
        f" VALUES (1, 'customer', {party_id}, 'KES', {amount}, {amount}, {mark})"
        " ON CONFLICT DO UPDATE SET amount = excluded.amount, base_amount = excluded.base_amount,"
        " mark = excluded.mark"
    )


def test_a_tills_balance_is_baseline_plus_own_documents_above_the_mark(till_store: Store) -> None:
    journal = till_store.journal()
    for amount in (100, 200, 400, 800):
        journal.record_document(
            sale(Item(amount), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, amount)])
        )
    # The centre saw the first two (300) and 10,000 from elsewhere.
    _put_baseline(till_store, 10_300, 2)
    with till_store.database.read() as connection:
        assert balances.expected(connection, PARTY_BALANCE, _party_key()) == {
            "amount": 11_500,
            "base_amount": 11_500,
        }
        assert balances.current(connection, PARTY_BALANCE, _party_key())["amount"] == 1_500
    # `recalculate` on a till goes by the same formula, for every mark.
    assert len(till_store.reconcile("customers")[1]) == 1
    assert till_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"] == (11_500, 11_500)
    for mark, expected in ((0, 10_300 + 1_500), (3, 10_300 + 800), (4, 10_300)):
        _put_baseline(till_store, 10_300, mark)
        till_store.reconcile("customers")
        assert till_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"][0] == expected
    journal.record_document(specimens.payment(10_000))
    assert till_store.cached(PARTY_BALANCE)[ORG, "customer", CUSTOMER, "KES"][0] == 300
    assert till_store.drifts() == []


def test_what_came_from_elsewhere_is_explained_first_and_adds_up(till_store: Store) -> None:
    journal = till_store.journal()
    for amount in (100, 200, 400):
        journal.record_document(
            sale(Item(amount), party_id=CUSTOMER, tenders=[tender(TenderKind.ACCOUNT, amount)])
        )
    # The centre has 5,000, and in it our own first sale of 100.
    _put_baseline(till_store, 5_000, 1)
    till_store.reconcile("customers")
    with till_store.database.read() as connection:
        steps = balances.explain(connection, PARTY_BALANCE, _party_key())
        assert [(step.kind, step.change, step.balance) for step in steps] == [
            ("elsewhere", 4_900, 4_900),
            ("sale", 100, 5_000),
            ("sale", 200, 5_200),
            ("sale", 400, 5_600),
        ]
        assert [step.document_id for step in steps[1:]] == [document_key(TILL, seq) for seq in (1, 2, 3)]
        assert balances.current(connection, PARTY_BALANCE, _party_key())["amount"] == 5_600


def test_a_baseline_of_somebody_unknown_here_counts_alone(till_store: Store) -> None:
    _put_baseline(till_store, -4_200, 0, party_id=777)
    assert [drift.key["party_id"] for drift in till_store.drifts()] == [777]
    till_store.reconcile("customers")
    assert till_store.cached(PARTY_BALANCE) == {(ORG, "customer", 777, "KES"): (-4_200, -4_200)}


def test_document_totals_have_no_baseline(till_store: Store) -> None:
    assert not DOCUMENT_TOTAL.from_centre
    assert till_store.scalar("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'document_total_base%'") == 0
