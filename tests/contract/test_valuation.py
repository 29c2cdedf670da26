"""Valuation at the centre: what was sold costs the moving average, once, whatever comes in between."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.language import Sentence
from pos_app.ledger.document import SERVER_TERMINAL_NO, Document
from pos_app.ledger.moving_average import Valued, moved, received
from pos_app.ledger.stock import AdjustmentReason
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.stock.valuation import Valuation, waiting
from pos_app.store.tables import master
from pos_app.store.tables.projections import ACCOUNT_BALANCE, STOCK_LEVEL, STOCK_VALUE
from pos_app.store.upkeep import valued_check, verification
from pos_app.store.upkeep.verdict import Verdict
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.specimens import (
    CASHIER,
    CHART,
    MOMENT,
    ORG,
    TILL,
    Item,
    refund,
    sale,
    stock_count,
)
from tests.support.refused import refused
from tests.support.worlds.books import Store, void

GAS, HOSE, WATER = 1, 2, 5


@pytest.fixture
def shop(central_store: Store) -> Store:
    """An organisation with its accounts, products of two businesses and the centre's own terminal."""
    found(central_store, ORG)
    return central_store


def found(store: Store, org_id: int) -> None:
    org = {"org_id": org_id}
    with store.database.write() as connection:
        connection.execute(
            master.organisation.insert().values(
                **org,
                organisation_id=org_id,
                name="Depot",
                base_currency="KES",
                time_zone="Africa/Nairobi",
                cash_step=100,
            )
        )
        for (role, business_id), code in CHART._by_role.items():
            name = f"{role.value} {business_id}"
            connection.execute(
                text(
                    "INSERT INTO account (org_id, code, name, type, role, business_id)"
                    " VALUES (:org, :code, :name, 'asset', :role, :business) ON CONFLICT DO NOTHING"
                ),
                {"org": org_id, "code": code, "name": name, "role": role.value, "business": business_id},
            )
        for number in range(1, 10):
            connection.execute(
                master.product.insert().values(
                    **org,
                    product_id=number,
                    sku=f"P{number}",
                    name=f"Product {number}",
                    price=100,
                    tax_code="Z",
                    category="",
                    unit="pc",
                    business_id=2 if number == WATER else 1,
                )
            )
        connection.execute(
            master.person.insert().values(
                **org, person_id=CASHIER, code="W", name="W", role="owner", pin_hash=""
            )
        )
    store.journal(org_id, SERVER_TERMINAL_NO)


def value(store: Store, org_id: int = ORG) -> None:
    Valuation(store.database, store.clock, org_id).run()


def record(store: Store, *drafts: Document, terminal_no: int = TILL) -> None:
    journal = store.journal(terminal_no=terminal_no)
    for draft in drafts:
        store.clock.advance(timedelta(seconds=1))
        journal.record_document(draft)


def worth(store: Store, product: int = GAS, business: int = 1) -> tuple[int, int]:
    """Quantity and value of a product's stock, as the projection has it."""
    found = store.cached(STOCK_VALUE).get((ORG, business, product), (0, 0))
    return found[0], found[1]


def costs(store: Store, code: str = "5100", business: int = 1) -> int:
    return store.cached(ACCOUNT_BALANCE).get((ORG, business, code, "KES"), (0, 0))[1]


def without_zeros(sums: dict[int, int]) -> dict[int, int]:
    return {key: one for key, one in sums.items() if one}


def holds(store: Store, org_id: int = ORG) -> None:
    """What is valued is what lies there, and what the inventory accounts say; nothing is left to do."""
    levels: dict[int, int] = {}
    for (_, _, product), (quantity,) in store.cached(STOCK_LEVEL, org_id).items():
        levels[product] = levels.get(product, 0) + quantity
    valued: dict[int, int] = {}
    money: dict[int, int] = {}
    for (_, business, product), (quantity, amount) in store.cached(STOCK_VALUE, org_id).items():
        valued[product] = valued.get(product, 0) + quantity
        money[business] = money.get(business, 0) + amount
    assert without_zeros(valued) == without_zeros(levels)
    inventory: dict[int, int] = {1: 0, 2: 0}
    for (_, business, code, _), (_, base) in store.cached(ACCOUNT_BALANCE, org_id).items():
        if code == CHART.account(books.R.INVENTORY, business):
            inventory[business] += base
    assert inventory == {1: 0, 2: 0} | money
    with store.database.read() as connection:
        assert waiting(connection, org_id) == 0
        state = connection.execute(
            text("SELECT business_id, product_id, quantity, value FROM valued_stock WHERE org_id = :org"),
            {"org": org_id},
        ).all()
    kept = {(org_id, row[0], row[1]): (row[2], row[3]) for row in state if row[2] or row[3]}
    assert kept == store.cached(STOCK_VALUE, org_id)
    assert store.drifts() == []
    assert odd(store, org_id) == []


def odd(store: Store, org_id: int = ORG) -> list[str]:
    """What the verification says of the valued stock."""
    verdict = Verdict()
    valued_check.check(store.database, org_id, verdict)
    return verdict.problems


def test_a_sale_costs_the_average_and_a_second_run_finds_nothing(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100), (HOSE, 4_000, 50)))
    record(
        shop,
        books.goods_receipt((GAS, 10_000, 200)),
        sale(Item(999, 4_000), Item(10, 1_000, product_id=HOSE)),
    )
    value(shop)
    assert worth(shop) == (16_000, 2_400)
    assert worth(shop, HOSE) == (3_000, 150)
    assert costs(shop) == 600 + 50
    before = shop.scalar("SELECT count(*) FROM document")
    value(shop)
    assert shop.scalar("SELECT count(*) FROM document") == before
    holds(shop)
    assert verification.verify(shop.database, ORG).problems == []


def test_refunds_returns_voids_and_transfers(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)), sale(Item(999, 4_000)))
    value(shop)
    record(shop, refund(Item(999, 1_000)), books.transfer_sent((GAS, 2_000)))
    record(shop, books.transfer_received((GAS, 2_000, 1_000)), books.returnable((GAS, 3_000)))
    sold = shop.journal().record_document(sale(Item(999, 2_000)))
    value(shop)
    assert worth(shop) == (5_000, 500)
    shop.journal().record_document(void(sold))
    value(shop)
    assert worth(shop) == (7_000, 700)
    assert costs(shop) == 300
    holds(shop)


def test_counts_and_adjustments_are_losses_and_finds(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100), (HOSE, 1_000, 70)))
    record(shop, stock_count((GAS, 10_000, 8_000), (HOSE, 1_000, 3_000)))
    record(shop, books.stock_adjustment(AdjustmentReason.DAMAGE, (GAS, -1_000)))
    value(shop)
    assert worth(shop) == (7_000, 700)
    assert worth(shop, HOSE) == (3_000, 210)
    assert costs(shop, CHART.account(books.R.STOCK_LOSS, 1)) == 300
    assert costs(shop, CHART.account(books.R.STOCK_GAIN, 1)) == -140
    assert costs(shop) == 0
    holds(shop)


def test_what_is_sold_before_it_came_is_trued_up(shop: Store) -> None:
    record(shop, sale(Item(999, 3_000)))
    value(shop)
    assert (worth(shop), costs(shop)) == ((-3_000, 0), 0)
    record(shop, books.goods_receipt((GAS, 5_000, 100)))
    value(shop)
    assert (worth(shop), costs(shop)) == ((2_000, 200), 300)
    record(shop, sale(Item(999, 4_000)))
    value(shop)
    assert (worth(shop), costs(shop)) == ((-2_000, -200), 700)
    record(shop, books.goods_receipt((GAS, 2_000, 130)))
    value(shop)
    assert (worth(shop), costs(shop)) == ((0, 0), 760)
    holds(shop)


def test_freight_and_dollars(shop: Store) -> None:
    record(shop, books.goods_receipt((GAS, 10_000, 10), currency="USD", rate_micro=books.DOLLAR))
    record(shop, books.landed_cost((GAS, 1_045)), sale(Item(999, 5_000)))
    value(shop)
    # 100 cents of a dollar are 12,955 of a shilling; with the freight half of 14,000 went out.
    assert (worth(shop), costs(shop)) == ((5_000, 7_000), 7_000)
    holds(shop)


def test_two_businesses_have_their_own_stock_accounts_and_documents(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)))
    record(shop, books.opening_count((WATER, 10_000, 30), business_id=2))
    record(shop, sale(Item(999, 1_000), Item(999, 2_000, product_id=WATER, business_id=2)))
    value(shop)
    assert (costs(shop), costs(shop, "5200", 2)) == (100, 60)
    made = shop.scalar("SELECT count(DISTINCT business_id) FROM document WHERE kind = 'stock_valuation'")
    assert made == 2
    assert (
        shop.scalar("SELECT count(*) FROM document WHERE kind = 'stock_valuation' AND terminal_no <> 1000000")
        == 0
    )
    holds(shop)


def test_small_turns_value_like_a_large_one_and_a_killed_one_did_nothing(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)))
    for terminal_no in (3, 4, 5):
        record(shop, *(sale(Item(999, 700)) for _ in range(5)), terminal_no=terminal_no)
        record(shop, books.goods_receipt((GAS, 3_000, 130 + terminal_no)), terminal_no=terminal_no)
    record(shop, refund(Item(999, 500)))
    before = shop.fingerprint()
    with monkeypatch.context() as patch:
        patch.setattr("pos_app.store.stock.valuation._keep", _die)
        with pytest.raises(_Killed):
            value(shop)
    assert shop.fingerprint() == before
    small = Valuation(shop.database, shop.clock, ORG, chunk_documents=2)
    looked_at, _ = small.turn()
    assert looked_at == 2
    small.run()
    holds(shop)
    expected, paid = Valued(), 0
    for what, quantity, cost in _history(shop):
        if what == "received":
            expected, revaluation = received(expected, quantity, cost)
            paid -= revaluation
        else:
            expected, change = moved(expected, quantity)
            paid -= change
    assert (worth(shop), costs(shop)) == ((expected.quantity, expected.value), paid)


class _Killed(Exception):
    pass


def _die(*_: object) -> None:
    raise _Killed


def _history(store: Store) -> list[tuple[str, int, int]]:
    """What came and went of the gas, in the order of recording, from the documents themselves."""
    events = []
    with store.database.read() as connection:
        rows = connection.execute(
            text("SELECT document_id, kind FROM document ORDER BY recorded_at, document_id")
        ).all()
        for row in rows:
            one = documents.get(connection, ORG, row[0])
            assert one is not None
            for line in getattr(one, "lines", ()):
                if row[1] in ("goods_receipt", "stock_count"):
                    quantity = getattr(line, "quantity", None) or line.counted
                    events.append(("received", quantity, line.unit_cost * quantity // 1000))
                elif row[1] in ("sale", "refund"):
                    events.append(("moved", line.quantity * (-1 if row[1] == "sale" else 1), 0))
    return events


def test_a_cost_stands_in_the_month_of_its_sale_unless_that_is_locked(shop: Store) -> None:
    october = MOMENT - timedelta(days=30)
    record(shop, books.opening_count((GAS, 10_000, 100)))
    record(shop, sale(Item(999, 1_000), occurred_at=october), sale(Item(999, 1_000)))
    value(shop)
    rows = "SELECT count(*) FROM document WHERE kind = 'stock_valuation' AND occurred_at < '2026-11-01'"
    assert shop.scalar(rows) == 1
    record(shop, sale(Item(999, 1_000), occurred_at=october))
    shop.execute(f"INSERT INTO period_lock (org_id, lock_id, locked_through) VALUES ({ORG}, 1, 20261031)")
    value(shop)
    assert shop.scalar(rows) == 1
    holds(shop)


def test_what_comes_out_of_quarantine_is_valued_once(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)), sale(Item(999, 1_000)), sale(Item(999, 1_000)))
    # As if the second had been set aside and taken in after its terminal's mark had passed it.
    shop.execute(
        f"INSERT INTO valuation_mark (org_id, terminal_no, mark) VALUES ({ORG}, {TILL}, 0)",
        "INSERT INTO late_document (org_id, document_id)"
        " SELECT org_id, document_id FROM document WHERE seq = 2",
    )
    value(shop)
    holds(shop)
    shop.execute("DELETE FROM valued_late")
    # Now it is late and below the mark: taken once more, for it is not known as valued.
    assert Valuation(shop.database, shop.clock, ORG).turn()[0] == 1
    assert worth(shop) == (7_000, 700)
    assert Valuation(shop.database, shop.clock, ORG).turn()[0] <= 1
    assert worth(shop) == (7_000, 700)


def test_a_voided_valuation_is_valued_again(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)), sale(Item(999, 1_000)))
    value(shop)
    journal = shop.journal(terminal_no=SERVER_TERMINAL_NO)
    key = shop.scalar("SELECT document_id FROM document WHERE kind = 'stock_valuation'")
    with shop.database.read() as connection:
        made, hash_ = documents.get(connection, ORG, key), documents.hash_of(connection, ORG, key)
    assert made is not None
    assert hash_ is not None
    journal.record_document(specimens.reversal(made, hash_))
    assert worth(shop) == (10_000, 1_000)
    value(shop)
    assert (worth(shop), costs(shop)) == ((9_000, 900), 100)
    holds(shop)


def test_a_missing_account_is_a_sentence_and_nothing_happened(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 10_000, 100)), sale(Item(999, 1_000)))
    shop.execute("UPDATE account SET role = NULL WHERE role = 'cost_of_goods'")
    before = shop.fingerprint()
    with refused("account-not-set-up", role="cost of goods"):
        value(shop)
    assert shop.fingerprint() == before


def test_valuing_beside_tills_that_sell(shop: Store) -> None:
    record(shop, books.opening_count((GAS, 100_000, 100)))
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - the thread's failure is the test's
                failures.append(error)

        return run

    def sell(terminal_no: int) -> Callable[[], None]:
        journal = shop.journal(terminal_no=terminal_no)

        def run() -> None:
            for _ in range(20):
                journal.record_document(sale(Item(100)))

        return run

    def turns() -> None:
        for _ in range(10):
            Valuation(shop.database, shop.clock, ORG, chunk_documents=7).turn()

    threads = [threading.Thread(target=guarded(work)) for work in (sell(3), sell(4), turns, turns)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    value(shop)
    assert (worth(shop), costs(shop)) == ((60_000, 6_000), 4_000)
    holds(shop)


HISTORIES = st.lists(
    st.one_of(
        st.builds(
            lambda q, p: sale(Item(100, q, product_id=p)), st.integers(1, 9_000), st.sampled_from([1, 2])
        ),
        st.builds(lambda q: refund(Item(100, q)), st.integers(1, 5_000)),
        st.builds(
            lambda q, c: books.goods_receipt((1, q, c), (2, q, c)), st.integers(1, 9_000), st.integers(0, 500)
        ),
        st.builds(lambda q: stock_count((1, 1_000, q)), st.integers(0, 5_000)),
        st.builds(lambda v: books.landed_cost((1, v)), st.integers(1, 900)),
        st.builds(lambda q: books.transfer_sent((1, q)), st.integers(1, 5_000)),
        st.just("value"),
        st.just("void"),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES)
def test_any_history_is_valued_whole(central_store: Store, history: list[Document | str]) -> None:
    """Whenever a valuation comes: what lies there, its value and the inventory accounts agree."""
    import msgspec

    org_id = int(central_store.scalar("SELECT coalesce(max(org_id), 1) FROM organisation") or 1) + 1
    found(central_store, org_id)
    journal = central_store.journal(org_id)
    recorded: list[Sealed] = []
    for step in history:
        central_store.clock.advance(timedelta(seconds=1))
        if step == "value":
            value(central_store, org_id)
        elif step == "void":
            if recorded:
                journal.record_document(void(recorded.pop()))
        else:
            assert not isinstance(step, str)
            draft = msgspec.structs.replace(step, request_id=specimens.request())
            recorded.append(journal.record_document(draft))
        assert odd(central_store, org_id) == []
    value(central_store, org_id)
    holds(central_store, org_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE valued_stock SET value = value + 1 WHERE product_id = 1",
        "UPDATE valued_stock SET quantity = quantity - 1 WHERE product_id = 1",
        "DELETE FROM valued_stock WHERE product_id = 1",
        # A sale is valued twice, or never.
        "UPDATE valuation_mark SET mark = mark - 1 WHERE terminal_no <> 1000000",
        "UPDATE valuation_mark SET mark = mark + 1 WHERE terminal_no <> 1000000",
        "DELETE FROM valuation_mark WHERE terminal_no <> 1000000",
    ],
)
def test_an_edit_of_what_is_valued_is_found(shop: Store, statement: str) -> None:
    journal = shop.journal()
    journal.record_document(books.goods_receipt((1, 10_000, 500)))
    journal.record_document(sale(Item(100, 1_000, product_id=1)))
    value(shop)
    journal.record_document(sale(Item(100, 2_000, product_id=1)))
    assert odd(shop) == []
    with shop.database.write() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    assert [one.code for one in odd(shop) if isinstance(one, Sentence)] == ["valued-stock-differs"]
