"""The feed of what is on its way: rows of a wrong server, thousands of open orders, who hears of what."""

import secrets
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERIES, SERVER_TERMINAL_NO, PurchaseOrder
from pos_app.ledger.purchasing import OrderLine
from pos_app.ledger.quantity import ONE
from pos_app.ledger.travel import Cursor
from pos_app.store.feed import feed
from pos_app.store.journal import centre_journal, journal
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.orders import open_orders
from pos_app.store.organisation import founding
from pos_app.till.till import Till as TheTill
from sync.client.errors import StartAgain
from sync.client.pull import _take
from sync.protocol.messages import Page
from tests.support.refused import damaged
from tests.support.worlds.sync_fixtures import NOW, Centre, Till

COLUMNS = (
    "org_id", "document_id", "depot_id", "kind", "number", "party_id", "location_id", "made_at_us", "state",
    "body", "came",
)  # fmt: skip


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def order(centre: Centre, pieces: int = 10, **changes: Any) -> PurchaseOrder:
    """An order of the office for the depot."""
    line = OrderLine(
        product_id=1, sku="SKU1", description="Product 1", quantity=pieces * ONE, unit_cost=1_00,
        net=pieces * 1_00, business_id=centre.founded.business_id,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "org_id": centre.org_id,
        "request_id": secrets.token_hex(16),
        "series": SERIES[PurchaseOrder],
        "occurred_at": NOW,
        "recorded_at": NOW,
        "person_id": 1,
        "business_id": centre.founded.business_id,
        "depot_id": centre.founded.depot_id,
        "currency": "KES",
        "party_id": 1,
        "location_id": centre.founded.location_id,
        "lines": (line,),
        "total": pieces * 1_00,
    }
    return PurchaseOrder(**(fields | changes))


def ordered(centre: Centre, **changes: Any) -> int:
    made = CentreJournal(centre.database, centre.org_id, SERVER_TERMINAL_NO, SystemClock())
    return made.record_document(order(centre, **changes)).document.document_id


def row(centre: Centre, till: Till, **changes: Any) -> dict[str, Any]:
    """A row as the centre sends it."""
    document = msgspec.structs.replace(order(centre), terminal_no=SERVER_TERMINAL_NO, seq=1, number=1)
    return {
        "org_id": centre.org_id,
        "document_id": document.document_id,
        "depot_id": till.who.depot_id,
        "kind": "purchase_order",
        "number": "M99-Q000001",
        "party_id": 1,
        "location_id": centre.founded.location_id,
        "made_at_us": 1,
        "state": "open",
        "body": canonical.encode(document).decode(),
        "came": "{}",
    } | changes


def page(values: dict[str, Any], mark: int | None = 0) -> Page:
    return Page(
        kind="arrival",
        columns=tuple(values),
        rows=(tuple(values.values()),),
        before=Cursor(),
        after=Cursor(7, "[1]"),
        mark=mark,
    )


def kept(till: Till) -> int:
    with till.database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM arrival")).scalar_one())


def test_a_good_row_is_kept(centre: Centre, till: Till) -> None:
    assert _take(till.database, till.who, [page(row(centre, till))]) == 1
    assert kept(till) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"org_id": 77}, "arrival-of-other-place"),
        ({"org_id": None}, "arrival-of-other-place"),
        ({"depot_id": 99}, "arrival-of-other-place"),
        ({"document_id": 12345}, "arrival-of-other-document"),
        ({"document_id": "1"}, "arrival-of-other-document"),
        ({"document_id": 2**70}, "arrival-number-too-large"),
        ({"kind": "sale"}, "arrival-row-senseless"),
        ({"kind": "transfer_sent"}, "arrival-of-other-document"),
        ({"state": "lost"}, "arrival-row-senseless"),
        ({"state": 1}, "arrival-row-senseless"),
        ({"location_id": 99}, "arrival-of-other-document"),
        ({"made_at_us": "yesterday"}, "feed-row-wrong"),
        ({"made_at_us": 2**63}, "arrival-number-too-large"),
        ({"party_id": -(2**64)}, "arrival-number-too-large"),
        ({"number": None}, "feed-row-wrong"),
        ({"body": ""}, "arrival-without-document"),
        ({"body": "{}"}, "arrival-bytes-damaged"),
        ({"body": "no document"}, "arrival-bytes-damaged"),
        ({"body": "\ud800"}, "arrival-bytes-damaged"),
        ({"body": None}, "arrival-without-document"),
        ({"body": "[" * 100_000}, "arrival-bytes-damaged"),
        ({"came": "all"}, "arrival-row-senseless"),
        ({"came": "[1]"}, "arrival-row-senseless"),
        ({"came": '{"0": 1.5}'}, "arrival-row-senseless"),
        ({"came": '{"0": true}'}, "arrival-row-senseless"),
        ({"came": '{"first": 1}'}, "arrival-row-senseless"),
        ({"came": f'{{"0": {2**80}}}'}, "arrival-row-senseless"),
        ({"came": "[" * 100_000}, "arrival-row-senseless"),
        ({"came": 5}, "arrival-row-senseless"),
        ({"mark": 10**6}, "arrival-columns-wrong"),
    ],
)
def test_rows_of_a_wrong_server_are_refused(
    centre: Centre, till: Till, changes: dict[str, Any], code: str
) -> None:
    with damaged(code):
        _take(till.database, till.who, [page(row(centre, till, **changes))])
    assert kept(till) == 0


@pytest.mark.parametrize("missing", COLUMNS)
def test_rows_without_a_column_are_refused(centre: Centre, till: Till, missing: str) -> None:
    values = row(centre, till)
    del values[missing]
    if missing in ("number", "party_id", "made_at_us"):
        # The database itself misses what has no default; an absent vendor is none.
        return
    with damaged("arrival-columns-wrong"):
        _take(till.database, till.who, [page(values)])
    assert kept(till) == 0


def test_rows_of_another_length_are_refused(centre: Centre, till: Till) -> None:
    values = row(centre, till)
    for wrong in ((), tuple(values.values())[:-1], (*values.values(), 1)):
        with damaged("arrival-row-length"):
            _take(till.database, till.who, [msgspec.structs.replace(page(values), rows=(wrong,))])


@pytest.mark.parametrize("mark", [None, -1, 10**9])
def test_rows_without_our_mark_in_them_begin_again(centre: Centre, till: Till, mark: int | None) -> None:
    with pytest.raises(StartAgain):
        _take(till.database, till.who, [page(row(centre, till), mark)])
    assert kept(till) == 0


def test_another_depot_and_another_organisation_hear_of_nothing(centre: Centre, till: Till) -> None:
    with centre.database.write() as connection:
        west = founding.add_depot(
            connection,
            centre.org_id,
            "WEST",
            "West",
            number_prefix="W",
            business_id=centre.founded.business_id,
        )
    ordered(centre, location_id=west[1], depot_id=west[0])
    till.drain()
    assert kept(till) == 0
    # Made by this depot for the other one: it hears of it, and lists it nowhere as coming here.
    ordered(centre, location_id=west[1])
    till.drain()
    assert kept(till) == 1
    assert TheTill(till.database, SystemClock()).orders.open() == []
    other = founding.found(centre.database, "Other", "KES", centre.clock, owner_pin_hash="")
    with centre.database.for_org(other.org_id).read() as connection:
        assert connection.scalars(text("SELECT document_id FROM arrival")).all() == []


def test_five_thousand_open_orders(centre: Centre, till: Till) -> None:
    """The feed brings them in pages, a list ends after 200, words find the others."""
    with centre.database.write() as connection:
        connection.execute(text("UPDATE party SET name = 'Rare Gas' WHERE party_id = 2"))
        before = journal.last(connection, centre.org_id, SERVER_TERMINAL_NO)[:2]
        seq, hash_ = before
        batch = []
        for number in range(1, 5_001):
            party = 2 if number % 1_000 == 0 else 1
            made = order(centre, pieces=number, party_id=party)
            placed = msgspec.structs.replace(
                made, terminal_no=SERVER_TERMINAL_NO, seq=seq + number, number=number
            )
            batch.append(journal.seal(placed, hash_))
            hash_ = batch[-1].hash
        for start in range(0, 5_000, 500):
            centre_journal.append(connection, batch[start : start + 500])
        centre_journal.advance_mark(connection, centre.org_id, SERVER_TERMINAL_NO, seq + 5_000, hash_)
    with centre.database.for_org(centre.org_id).read() as connection:
        reading = feed.read(connection, centre.org_id, till.who.terminal_no, {"arrival": Cursor()})
    assert [len(one.rows) for one, _ in reading.pages] == [feed.PAGE_ROWS] * 10
    till.drain()
    assert kept(till) == 5_000
    orders = TheTill(till.database, SystemClock()).orders
    newest = orders.open()
    assert len(newest) == 200
    assert [one.order.number for one in newest[:3]] == [5_000, 4_999, 4_998]
    assert [one.order.number for one in orders.open("rare")] == [5_000, 4_000, 3_000, 2_000, 1_000]
    assert [one.order.number for one in orders.open("Q000017")] == [17]
    assert len(orders.open(most=7)) == 7
    assert not any(differs for _, differs in open_orders.check(centre.database, centre.org_id))
