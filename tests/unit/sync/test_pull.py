"""The feed: commit order, scope, swapped codes, a restored centre, pages of a wrong server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger.errors import Damaged
from pos_app.ledger.line import PartyRole
from pos_app.ledger.travel import Cursor
from pos_app.store.documents import terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import cursors, intake
from pos_app.store.master import enrolment, letterheads, locations, party_terms, periods, pins, rates
from pos_app.store.organisation import founding, staff, terminals
from pos_app.store.tables import master
from pos_app.store.tables.projections import ACCOUNT_BALANCE, DRAWER_CASH, PARTY_BALANCE, STOCK_LEVEL
from sync.client.errors import ServerUnreachable
from sync.client.pull import _take, pull
from sync.protocol.messages import Page, PullAnswer, PullRequest
from tests.support.worlds.sync_fixtures import (
    Centre,
    DeskTransport,
    Till,
    cached,
    drift,
    product,
    sale,
    setting,
)


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def change(centre: Centre, sql: str) -> None:
    with centre.database.write() as connection:
        connection.execute(text(sql))


def test_master_data_arrives_whole(centre: Centre, till: Till) -> None:
    till.drain()
    # A PIN's hash lies closed by another key on each side.
    closed = {"stamp", *pins.COLUMNS}
    for table in master.MASTER:
        names = ", ".join(column.name for column in table.columns if column.name not in closed)
        sql = f"SELECT {names} FROM {table.name} ORDER BY 1, 2"
        assert rows(till.database, sql) == rows(centre.database, sql), table.name


def test_rates_terms_prices_levels_and_locks_arrive(centre: Centre, till: Till) -> None:
    org = centre.org_id
    with centre.database.write() as connection:
        rates.put_tax_rate(connection, org, "A", 20270101, 1800)
        rates.put_exchange_rate(connection, org, "USD", 20261101, 129_000_000)
        party_terms.put_role(connection, org, 1, PartyRole.VENDOR, terms_days=14)
        party_terms.put_contract_price(connection, org, 1, 2, 150_00)
        locations.put_reorder_level(
            connection, org, centre.founded.location_id, 2, minimum=1_000, target=5_000
        )
        periods.put_lock(connection, org, None, 20260930, reason="closed")
    till.drain()
    for table in (
        "tax_rate", "exchange_rate", "party_role", "contract_rate", "reorder_level", "period_lock",
    ):  # fmt: skip
        columns = ", ".join(one.name for one in intake.TABLES[table].columns if one.name != "stamp")
        found = rows(till.database, f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3")
        assert found, table
        assert found == rows(centre.database, f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3")
    with centre.database.write() as connection:
        rates.put_exchange_rate(connection, org, "USD", 20261101, 131_000_000)
        # The same again is no news.
        party_terms.put_role(connection, org, 1, PartyRole.VENDOR, terms_days=14)
    assert till.daemon().step().pulled == 1
    assert rows(till.database, "SELECT rate_micro FROM exchange_rate") == [(131_000_000,)]


def test_a_change_arrives_and_only_the_change(centre: Centre, till: Till) -> None:
    till.drain()
    change(centre, "UPDATE product SET price = 77700 WHERE product_id = 3")
    assert till.daemon().step().pulled == 1
    assert rows(till.database, "SELECT price FROM product WHERE product_id = 3") == [(77700,)]


def test_a_row_that_comes_is_the_centres_whatever_stood_here(centre: Centre, till: Till) -> None:
    till.drain()
    with till.database.write() as connection:
        # What only differs is written: so all of it must be compared.
        connection.execute(text("UPDATE product SET name = 'Another', sku = 'X' WHERE product_id = 2"))
        connection.execute(text("UPDATE product SET stamp = -1 WHERE product_id = 3"))
        connection.execute(text("DELETE FROM product_barcode WHERE product_id = 4"))
        connection.execute(text("DELETE FROM product WHERE product_id = 4"))
    change(centre, "UPDATE product SET price = price + 1 WHERE product_id IN (1, 2, 4)")
    change(centre, "UPDATE product SET price = price WHERE product_id = 3")
    assert till.daemon().step().pulled == 4
    columns = ", ".join(one.name for one in master.product.columns if one.name != "stamp")
    found = rows(till.database, f"SELECT {columns} FROM product ORDER BY 2")
    assert found == rows(centre.database, f"SELECT {columns} FROM product ORDER BY 2")
    assert rows(till.database, "SELECT DISTINCT stamp FROM product") == [(0,)]


def test_thousands_of_products_come_in_pages(centre: Centre, till: Till) -> None:
    with centre.database.write() as connection:
        connection.execute(
            master.product.insert(), [product(centre.founded, number) for number in range(1000, 13_345)]
        )
    till.drain()
    assert rows(till.database, "SELECT count(*), sum(price) FROM product") == rows(
        centre.database, "SELECT count(*), sum(price)::bigint FROM product"
    )


def test_a_new_till_sells_rightly_while_products_still_come(centre: Centre, till: Till) -> None:
    many = "FROM generate_series(1000, 8999) AS n"
    change(
        centre,
        "INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit, business_id)"
        f" SELECT {centre.org_id}, n, 'P' || n, 'Product ' || n, 100, 'A', 'Retail', 'pc', 1 {many};"
        "INSERT INTO product_barcode (org_id, barcode, product_id)"
        f" SELECT {centre.org_id}, '2' || n, n {many};"
        "INSERT INTO price_list_item (org_id, item_id, price_list_id, product_id, price)"
        f" SELECT {centre.org_id}, n, 1, n, 90 {many}",
    )
    seen: list[tuple[int, ...]] = []

    def look() -> None:
        with till.database.read() as connection:
            counts = [
                int(
                    connection.execute(text(f"SELECT count(*) FROM {table} WHERE {key} >= 1000")).scalar()
                    or 0
                )
                for table, key in (("product", "product_id"), ("product_barcode", "product_id"))
            ]
            items = connection.execute(text("SELECT count(*) FROM price_list_item")).scalar()
            seen.append((*counts, int(items or 0), terminal.sync_state(connection, till.who).coming))
        till.transport.meanwhile["/v1/pull"] = look

    till.transport.meanwhile["/v1/pull"] = look
    till.drain()
    look()
    # What a product costs is there before it, its barcode with it, and the strip says how far it is.
    assert all(items == 8_000 for products, _, items, _ in seen if products)
    assert all(barcodes >= products - 500 for products, barcodes, _, _ in seen)
    assert [coming > 0 for _, _, _, coming in seen] == [False] + [True] * (len(seen) - 2) + [False]
    assert any(0 < products < 8_000 for products, _, _, _ in seen)
    assert seen[-1][:3] == (8_000, 8_000, 8_000)


def test_a_row_behind_an_open_transaction_is_held_back_not_lost(centre: Centre, till: Till) -> None:
    till.drain()
    with centre.database.engine.connect() as early:
        # It draws its number first and writes last: two that write at once wait for each other's audit entry.
        early.execute(text("SELECT pg_current_xact_id()"))
        change(centre, "UPDATE party SET name = 'late' WHERE party_id = 2")
        step = till.daemon().step()
        assert (step.pulled, step.held_back) == (0, True)
        early.execute(text("UPDATE party SET name = 'early' WHERE party_id = 1"))
        early.commit()
    step = till.daemon().step()
    assert (step.pulled, step.held_back) == (2, False)
    assert rows(till.database, "SELECT name FROM party WHERE party_id < 3 ORDER BY party_id") == [
        ("early",),
        ("late",),
    ]


def test_swapped_codes_find_their_rows(centre: Centre, till: Till) -> None:
    till.drain()
    for sku, number in (("x", 1), ("SKU1", 2), ("SKU2", 1)):
        change(centre, f"UPDATE product SET sku = '{sku}' WHERE product_id = {number}")
    till.drain()
    assert rows(till.database, "SELECT product_id, sku FROM product WHERE product_id < 3 ORDER BY 1") == [
        (1, "SKU2"),
        (2, "SKU1"),
    ]


def test_pins_stay_at_the_centre_unless_needed_here(centre: Centre, till: Till) -> None:
    with centre.database.write() as connection:
        other, _ = founding.add_depot(
            connection,
            centre.org_id,
            "NORTH",
            "North",
            number_prefix="N",
            business_id=centre.founded.business_id,
        )
        for code, depot, active in (("HERE", 1, 1), ("GONE", 1, 0), ("NORTH", other, 1)):
            person = founding.add_person(
                connection, centre.org_id, code, code.title(), role="cashier", pin_hash="pin", depot_id=depot
            )
            connection.execute(
                text("UPDATE person SET active = :active WHERE person_id = :person"),
                {"active": active, "person": person},
            )
    till.drain()
    assert rows(till.database, "SELECT code, pin_hash FROM person ORDER BY code") == [
        ("GONE", ""),
        ("HERE", "pin"),
        ("NORTH", ""),
        ("OWNER", "owner-hash"),
    ]


def test_an_owners_pin_is_only_where_the_owner_works(centre: Centre, till: Till, tmp_path: Path) -> None:
    with centre.database.write() as connection:
        depot, _ = founding.add_depot(
            connection, centre.org_id, "NORTH", "North", number_prefix="N", business_id=1
        )
        founding.add_person(connection, centre.org_id, "MGR", "M", role="manager", pin_hash="m")
    north = centre.till(tmp_path / "north", depot="NORTH")
    owner = "SELECT pin_hash FROM person WHERE code = 'OWNER'"
    north.drain()
    till.drain()
    assert (rows(till.database, owner), rows(north.database, owner)) == ([("owner-hash",)], [("",)])
    # Who may not change people and is of no depot goes on to sign in everywhere.
    assert rows(north.database, "SELECT pin_hash FROM person WHERE code = 'MGR'") == [("m",)]

    def works(at: int, *, there: bool) -> list[object]:
        with centre.database.write() as connection:
            staff.work_at(connection, centre.org_id, centre.founded.owner_id, at, works=there)
        till.drain()
        north.drain()
        return [rows(each.database, owner)[0][0] for each in (till, north)]

    assert works(depot, there=True) == ["owner-hash", "owner-hash"]
    assert works(1, there=False) == ["", "owner-hash"]
    assert works(depot, there=False) == ["", ""]


def test_another_organisations_rows_never_arrive(centre: Centre, till: Till, tmp_path: Path) -> None:
    other = Centre(centre.database)
    other_till = other.till(tmp_path / "other")
    other_till.sell(customer=1)
    other_till.drain()
    till.drain()
    for name in [table.name for table in master.MASTER] + ["account_balance", "party_balance"]:
        assert all(row[0] == centre.org_id for row in rows(till.database, f"SELECT org_id FROM {name}"))
    assert cached(till.database, PARTY_BALANCE) == {}


def test_only_the_own_drawer_and_depot(centre: Centre, till: Till, tmp_path: Path) -> None:
    with centre.database.write() as connection:
        founding.add_depot(
            connection,
            centre.org_id,
            "NORTH",
            "North",
            number_prefix="N",
            business_id=centre.founded.business_id,
        )
    sister = centre.till(tmp_path / "sister")
    sister.sell()
    sister.drain()
    till.drain()
    assert cached(till.database, DRAWER_CASH) == {}
    assert cached(till.database, STOCK_LEVEL) == cached(centre.database, STOCK_LEVEL)


def test_a_restored_centre_gets_the_rest_and_the_till_its_balances(
    centre: Centre, till: Till, tmp_path: Path
) -> None:
    sister = centre.till(tmp_path / "sister")
    for one in (till, sister):
        one.sell(customer=1)
        one.drain()
    restore = _restore_point(centre)
    for one in (till, sister):
        one.sell(customer=2)
        one.drain()
    till.drain()
    restore()
    assert len(centre.documents()) == 2
    till.drain()
    assert len(centre.documents()) == 3
    assert drift(till.database) == []
    assert cached(till.database, ACCOUNT_BALANCE) == cached(centre.database, ACCOUNT_BALANCE)
    sister.drain()
    till.drain()
    assert len(centre.documents()) == 4
    for projection in (ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL):
        assert cached(till.database, projection) == cached(centre.database, projection)


def _restore_point(centre: Centre) -> Any:
    """Remember where the centre stands; the function that is given brings it back there."""
    marks = rows(centre.database, "SELECT terminal_no, last_seq, last_hash FROM terminal")
    kept = centre.documents()

    def restore() -> None:
        with centre.database.write() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in ("document", "journal_line", "stock_move", "document_line", "tender"):
                connection.execute(
                    text(f"DELETE FROM {table} WHERE NOT document_id = ANY (:kept)"), {"kept": kept}
                )
            for seq_row in marks:
                connection.execute(
                    text("UPDATE terminal SET last_seq = :seq, last_hash = :hash WHERE terminal_no = :no"),
                    {"no": seq_row[0], "seq": seq_row[1], "hash": bytes(seq_row[2])},
                )
            from pos_app.store.tables.projections import PROJECTIONS

            for projection in PROJECTIONS:
                columns = ", ".join((*projection.keys, *projection.values))
                connection.execute(text(f"DELETE FROM {projection.name}"))
                connection.execute(
                    text(
                        f"INSERT INTO {projection.name} ({columns}, stamp)"
                        f" SELECT *, pg_current_xact_id()::text::bigint FROM ({projection.select()}) AS t"
                    )
                )
            enrolment.begin_epoch(connection)

    return restore


@pytest.mark.parametrize(
    "spoil",
    [
        {"rows": ((99, 1, "code"),)},
        {"rows": ((1, "one", "code"),)},
        {"rows": ((1, 1),)},
        {"columns": ("org_id", "code", "name")},
    ],
)
def test_a_page_that_does_not_belong_here_is_a_sentence(till: Till, spoil: dict[str, Any]) -> None:
    till.drain()
    page = Page(
        kind="drawer",
        columns=("org_id", "drawer_id", "code"),
        rows=((1, 1, "code"),),
        before=_stands_at(till, "drawer"),
        after=Cursor(2**40, "[1]"),
    )

    class Wrong(DeskTransport):
        def call(self, path: str, message: Any, answer_type: Any) -> Any:
            answer = super().call(path, message, answer_type)
            if isinstance(answer, PullAnswer):
                return msgspec.structs.replace(answer, pages=(msgspec.structs.replace(page, **spoil),))
            return answer

    way = Wrong(till.transport.desk, till.transport.key, till.transport.terminal_name)
    before = rows(till.database, "SELECT * FROM drawer")
    with pytest.raises(Damaged):
        till.daemon(way).step()
    assert rows(till.database, "SELECT * FROM drawer") == before
    # The position goes back with the rows, or they would never be asked for again.
    assert _stands_at(till, "drawer") == page.before
    assert setting(till.database, "sync_error").startswith("The centre sent")
    till.drain()
    assert setting(till.database, "sync_error") == ""


def test_balances_are_as_old_as_the_last_round_that_was_whole(till: Till) -> None:
    """Documents go and the centre answers; what it says of other tills does not come, for days."""

    class Deaf(DeskTransport):
        def call(self, path: str, message: Any, answer_type: Any) -> Any:
            if path == "/v1/pull":
                raise ServerUnreachable("The answer never comes.")
            return super().call(path, message, answer_type)

    till.drain()
    with till.database.read() as connection:
        whole = terminal.balances_at(connection)
    till.sell()
    deaf = Deaf(till.transport.desk, till.transport.key, till.transport.terminal_name)
    with pytest.raises(ServerUnreachable):
        till.daemon(deaf).step()
    with till.database.read() as connection:
        state = terminal.sync_state(connection, till.who)
        assert (state.waiting, state.balances_at, terminal.balances_at(connection)) == (0, whole, whole)
    assert state.last_contact_at is not None
    assert whole is not None
    assert state.last_contact_at > whole
    till.drain()
    with till.database.read() as connection:
        assert (terminal.balances_at(connection) or whole) > whole


def _stands_at(till: Till, kind: str) -> Cursor:
    (found,) = rows(till.database, f"SELECT stamp, last_key FROM feed_cursor WHERE kind = '{kind}'")
    return Cursor(*found)


def _spoiled(till: Till, customer: int = 1) -> None:
    """Record what the till can keep and the centre cannot: Postgres has no NUL in a text."""
    draft = sale(till.who, customer=customer, products=(4,))
    lines = tuple(msgspec.structs.replace(line, description="a\x00b") for line in draft.lines)
    till.journal.record_document(msgspec.structs.replace(draft, lines=lines))


def _same_balances(centre: Centre, till: Till) -> None:
    assert drift(till.database) == []
    for projection in (ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL):
        assert cached(till.database, projection) == cached(centre.database, projection)


@pytest.mark.parametrize("lost", [0, 1])
def test_what_the_centre_sets_aside_leaves_the_balances(centre: Centre, till: Till, lost: int) -> None:
    till.sell(customer=1)
    till.drain()
    _spoiled(till, customer=1)
    _spoiled(till, customer=3)
    till.transport.lose_answers = lost
    till.drain()
    assert [one.seq for one in centre.quarantine()] == [2, 3]
    _same_balances(centre, till)
    # The same again changes nothing, and the next sale to the same keys brings fresh baselines.
    till.drain()
    till.sell(customer=3, products=(4,))
    till.drain()
    _same_balances(centre, till)


def test_what_was_set_aside_stays_out_after_a_restore(centre: Centre, till: Till) -> None:
    till.sell(customer=1)
    _spoiled(till, customer=2)
    till.drain()
    restore = _restore_point(centre)
    _spoiled(till, customer=3)
    till.sell(customer=2)
    till.drain()
    restore()
    change(centre, "DELETE FROM quarantine WHERE seq > 2")
    till.drain()
    assert [one.seq for one in centre.quarantine()] == [2, 3]
    _same_balances(centre, till)


def test_a_page_of_before_brings_nothing_back_that_was_set_aside(centre: Centre, till: Till) -> None:
    till.sell(customer=1)
    till.drain()
    with till.database.read() as connection:
        before = cursors.read_all(connection)["party_balance"]
    with till.database.write() as connection:
        connection.execute(text("DELETE FROM feed_cursor WHERE kind = 'party_balance'"))
    late = till.transport.call(
        "/v1/pull",
        PullRequest(epoch=setting(till.database, "epoch"), cursors={"party_balance": Cursor()}),
        PullAnswer,
    )
    _spoiled(till, customer=1)
    till.daemon().step()
    with till.database.write() as connection:
        connection.execute(text("DELETE FROM feed_cursor WHERE kind = 'party_balance'"))
    (page,) = late.pages
    assert page.mark == 1
    assert page.after == Cursor(before.stamp, before.last_key)
    _take(till.database, till.who, [page])
    _same_balances(centre, till)


def test_a_letterhead_and_what_it_was_before_arrive_together(centre: Centre, till: Till) -> None:
    till.drain()
    with centre.database.write() as connection:
        letterheads.change_business(connection, centre.org_id, 1, 5, {"legal_name": "Depot Holdings Ltd"})
        letterheads.change_depot(connection, centre.org_id, 1, 5, {"receipt_head": "Open daily"})
    assert till.daemon().step().pulled == 4
    with till.database.read() as connection:
        at_till = [letterheads.sellers(connection, centre.org_id, at)[1].legal_name for at in (4, 5, None)]
        heads = [letterheads.depots(connection, centre.org_id, at)[1].receipt_head for at in (4, None)]
    assert (at_till, heads) == (["", "Depot Holdings Ltd", "Depot Holdings Ltd"], ["", "Open daily"])


def test_a_till_that_only_asks_for_news_was_seen_when_it_last_did(centre: Centre, till: Till) -> None:
    till.drain()
    change(centre, "UPDATE terminal SET last_seen_at = now() - interval '5 hours'")
    began = datetime.now(UTC)
    pull(till.database, till.who, till.transport)
    with centre.database.for_org(centre.org_id).read() as connection:
        seen = {one.terminal_no: one for one in terminals.all_terminals(connection, centre.org_id)}
    at = seen[till.who.terminal_no].last_seen_at
    assert at is not None
    assert began - timedelta(seconds=1) <= at <= datetime.now(UTC)
    # A number of a time to come says nothing.
    change(centre, "UPDATE heard_request SET numbers = ARRAY[4102444800000000]")
    with centre.database.for_org(centre.org_id).read() as connection:
        seen = {one.terminal_no: one for one in terminals.all_terminals(connection, centre.org_id)}
    at = seen[till.who.terminal_no].last_seen_at
    assert at is not None
    assert began - at > timedelta(hours=4)
