"""Margins, slow stock, cylinders and meters, against plain sums over the documents and the model."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger.document import Invoice, Reversal, Sale, StockAdjustment, StockValuation
from pos_app.ledger.stock import PARTY_LOCATIONS, AdjustmentReason, ValuationCause
from pos_app.ledger.tax import NO_SALE
from tests.support.documents import specimens
from tests.support.documents.book_specimens import (
    goods_receipt,
    returnable,
    stock_adjustment,
    stock_valuation,
    valued,
)
from tests.support.documents.specimens import BUSINESSES, CUSTOMER, ORG, Item, sale
from tests.support.oracle.model import Model
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import (
    NAIROBI,
    Books,
    at,
    content_of,
    in_base,
    last,
    lines,
)
from tests.support.worlds.report_history import lived

FIRST, LAST = date(2025, 1, 2), date(2026, 12, 31)
SEEDS = (7, 23)
NAMES = ("margins", "slow-stock", "cylinders", "meter-consumption")
#: Where goods of the histories lie beside the first depot.
PLACES = ((12, "depot"), (13, "transit"), (14, "vehicle"))


def placed(store: Store) -> None:
    with store.database.write() as connection:
        for number, kind in PLACES:
            connection.execute(
                text(
                    "INSERT INTO location (org_id, location_id, code, name, kind, depot_id)"
                    " VALUES (:org, :number, :code, 'Place', :kind, NULL)"
                ),
                {"org": ORG, "number": number, "code": f"P{number}", "kind": kind},
            )


def levels(books: Books) -> dict[tuple[int, int], int]:
    """By location and product, after the model."""
    model = Model()
    for sealed in books.sealed:
        model.add(sealed.document)
    return {(key[1], key[2]): int(figures[0]) for key, figures in model.figures("stock_level").items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_history(store: Store, seed: int) -> None:
    books = lived(store, seed)
    placed(store)
    margins_are_sales_less_costs(books)
    slow_is_what_nobody_bought(books, 90)
    slow_is_what_nobody_bought(books, 400)
    cylinders_are_where_the_model_has_them(books)


# --- margins --------------------------------------------------------------------------------------


def margins_are_sales_less_costs(books: Books) -> None:
    report = books.ask("margins", FIRST, LAST)
    if books.store.is_sqlite:
        assert report.sections == ()
        assert report.notes == ("What goods cost is worked out at the centre.",)
        return
    assert report.agrees, report.findings
    net: dict[Any, int] = defaultdict(int)
    groups: dict[Any, int] = defaultdict(int)
    for document, line, sign in books.goods(FIRST, LAST):
        if line.tax_code not in NO_SALE:
            groups[line.business_id, line.product_id, document.currency, document.rate_micro] += (
                sign * line.net
            )
    for (business, product, _, rate), amount in groups.items():
        net[business, product] += in_base(amount, rate)
    cost: dict[Any, int] = defaultdict(int)
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        if isinstance(content, StockValuation):
            for each in content.lines:
                if each.cause in (ValuationCause.SALE, ValuationCause.REVALUATION):
                    cost[each.business_id, each.product_id] += sign * each.value
    by_business, by_category, by_product = report.sections
    expected = sorted((net[key], cost[key], net[key] - cost[key]) for key in {*net, *cost})
    found: list[Any] = [row.cells[3:6] for row in lines(by_product)]
    assert sorted(found) == expected
    whole = (sum(net.values()), sum(cost.values()), sum(net.values()) - sum(cost.values()))
    for section, names in ((by_business, 1), (by_category, 1), (by_product, 3)):
        assert last(section)[names : names + 3] == whole
    for business, row in zip(BUSINESSES, books_rows(by_business), strict=False):
        own = books.ask("margins", FIRST, LAST, business=business)
        if row is not None:
            assert last(own.sections[-1])[5] == sum(
                net[key] - cost[key] for key in {*net, *cost} if key[0] == business
            )


def books_rows(section: Any) -> list[Any]:
    return list(lines(section))


def test_a_margin_in_per_cent_and_what_is_not_costed(central_store: Store) -> None:
    books = Books(central_store).prepare()
    books.record(goods_receipt((1, 10_000, 700), **at(2026, 11, 1)))
    books.record(sale(Item(1_160, 3_000), **at(2026, 11, 2)))
    books.record(stock_valuation(valued(1, 2_000, 1_400), **at(2026, 11, 2)))
    made = books.record(stock_valuation(valued(1, 1_000, 5_000), **at(2026, 11, 3)))
    books.void(made, **at(2026, 11, 3))
    report = books.ask("margins", FIRST, LAST)
    assert report.agrees, report.findings
    (row,) = lines(report.sections[2])
    assert row.cells == ("GAS13", "Gas 13 kg, refill", 3_000, 3_000, 1_400, 1_600, 533, 1_000)
    books.ask("margins", FIRST, LAST)


# --- slow stock -----------------------------------------------------------------------------------


def slow_is_what_nobody_bought(books: Books, days: int) -> None:
    report = books.ask("slow-stock", None, LAST, days=days)
    begin = LAST - timedelta(days=days - 1)
    voided = {one.document.original_id for one in books.sealed if isinstance(one.document, Reversal)}
    sold: dict[int, date] = {}
    came: dict[int, date] = {}
    for one in books.sealed:
        day = one.document.occurred_at.astimezone(NAIROBI).date()
        for move in one.posting.moves:
            came[move.product_id] = min(day, came.get(move.product_id, day))
        if isinstance(one.document, Sale | Invoice) and one.document.document_id not in voided:
            for line in one.document.lines:
                sold[line.product_id] = max(day, sold.get(line.product_id, day))
    here: dict[int, int] = defaultdict(int)
    for (location, product), quantity in levels(books).items():
        if location in (specimens.LOCATION, 12, 14):
            here[product] += quantity
    expected = {
        product: quantity
        for product, quantity in here.items()
        if quantity > 0 and sold.get(product, date.min) < begin and came[product] < begin
    }
    (section,) = report.sections
    skus = {1: "GAS13", 2: "GAS6", 3: "REG", 4: "WATER20", 5: "BOTTLE20", 6: "WASH"}
    assert {row.cells[0]: row.cells[3] for row in lines(section)} == {
        skus[product]: quantity for product, quantity in expected.items()
    }


def test_slow_stock_and_its_worth(store: Store) -> None:
    books = Books(store).prepare()
    books.record(goods_receipt((1, 10_000, 700), (2, 4_000, 999), (3, 1_000, 500), **at(2026, 1, 5)))
    books.record(goods_receipt((7, 1_000, 50), **at(2026, 11, 1)))
    books.record(sale(Item(1_160, 1_000, product_id=2), **at(2026, 2, 1)))
    books.record(sale(Item(1_160, 1_000, product_id=3), **at(2026, 8, 23)))
    recent = books.record(sale(Item(1_160, 1_000), **at(2026, 11, 10)))
    (section,) = books.ask("slow-stock", None, date(2026, 11, 20)).sections
    assert [row.cells[0] for row in lines(section)] == ["GAS6"]
    books.void(recent, **at(2026, 11, 10, 13))
    (section,) = books.ask("slow-stock", None, date(2026, 11, 20)).sections
    gas, small = lines(section)
    assert gas.cells == ("GAS13", "Gas 13 kg, refill", "pc", 10_000, None, None, 7_000)
    assert small.cells[3:] == (3_000, date(2026, 2, 1), 292, 2_997)
    assert last(section)[-1] == 9_997
    (section,) = books.ask("slow-stock", None, date(2026, 11, 20), days=300).sections
    assert [row.cells[0] for row in lines(section)] == ["GAS13"]


# --- cylinders ------------------------------------------------------------------------------------


def cylinders_are_where_the_model_has_them(books: Books) -> None:
    report = books.ask("cylinders", None, LAST)
    assert report.agrees, report.findings
    held = levels(books)
    lent = {product for (location, product) in held if location >= PARTY_LOCATIONS}
    lost: dict[int, int] = defaultdict(int)
    for one in books.sealed:
        content, sign = content_of(one.document)
        gone = (AdjustmentReason.LOSS, AdjustmentReason.DAMAGE)
        if isinstance(content, StockAdjustment) and content.reason in gone:
            for line in content.lines:
                lost[line.product_id] -= sign * line.quantity
    expected = {}
    for product in lent:
        at_kind: dict[str, int] = defaultdict(int)
        for (location, one_product), quantity in held.items():
            if one_product == product:
                kind = "customer" if location >= PARTY_LOCATIONS else dict(PLACES).get(location, "depot")
                at_kind[kind] += quantity
        here = at_kind["depot"] + at_kind["vehicle"]
        owned = here + at_kind["customer"] + at_kind["transit"]
        expected[product] = (here, at_kind["customer"], at_kind["transit"], 0, owned)
    skus = {1: "GAS13", 2: "GAS6", 3: "REG", 4: "WATER20", 5: "BOTTLE20", 6: "WASH"}
    if not expected:
        assert report.sections == ()
        return
    where = report.sections[0]
    assert {row.cells[0]: row.cells[3:8] for row in lines(where)} == {
        skus[product]: cells for product, cells in expected.items()
    }
    assert {row.cells[0]: row.cells[9] for row in lines(where)} == {
        skus[product]: lost[product] for product in expected
    }
    if not books.store.is_sqlite:
        assert [row.cells[-1] for row in lines(report.sections[1])] == [row.cells[7] for row in lines(where)]


def test_a_pair_is_full_empty_lent_and_lost(store: Store) -> None:
    books = Books(store).prepare()
    store.execute(
        "INSERT INTO returnable_pair (org_id, product_id, empty_id, deposit_id) VALUES (1, 1, 5, 0)",
        "INSERT INTO party (org_id, party_id, code, name) VALUES (1, 777, 'FILL', 'Filling plant')",
        "INSERT INTO party_role (org_id, party_id, role) VALUES (1, 777, 'vendor')",
    )
    books.record(goods_receipt((1, 20_000, 700), (5, 10_000, 100), **at(2026, 11, 1)))
    books.record(sale(Item(1_160, 4_000), **at(2026, 11, 2)))
    books.record(returnable((5, 3_000), **at(2026, 11, 2)))
    books.record(returnable((5, -1_000), **at(2026, 11, 3)))
    books.record(returnable((5, 2_000), party_id=777, **at(2026, 11, 3)))
    books.record(stock_adjustment(AdjustmentReason.LOSS, (5, -1_000), **at(2026, 11, 4)))
    report = books.ask("cylinders", None, date(2026, 11, 20))
    assert report.agrees, report.findings
    (row,) = lines(report.sections[0])
    assert row.cells == (
        "GAS13", "Gas 13 kg, refill", 16_000, 5_000, 2_000, 0, 0, 23_000, 2_000, 1_000,
    )  # fmt: skip
    before = books.ask("cylinders", None, date(2026, 11, 1))
    assert lines(before.sections[0])[0].cells[2:4] == (20_000, 10_000)
    if not store.is_sqlite:
        (row,) = lines(report.sections[1])
        assert row.cells[2:] == (30_000, -4_000, 0, -1_000, 0, 25_000)


# --- meters ---------------------------------------------------------------------------------------


def metered(before: int, after: int, **more: Any) -> Sale:
    """Water through a meter: 10 cents a litre."""
    made = sale(Item(10, after - before, "Z", 4, 2, stocked=False), **({"party_id": CUSTOMER} | more))
    line = msgspec.structs.replace(
        made.lines[0], meter_before=before, meter_after=after, meter="M-1", unit="l"
    )
    return msgspec.structs.replace(made, lines=(line,))


def test_meters_by_customer_with_readings(store: Store) -> None:
    books = Books(store).prepare()
    store.execute("UPDATE product SET type = 'metered' WHERE product_id = 4")
    books.record(metered(0, 100_000, **at(2026, 10, 20)))
    books.record(metered(100_000, 150_000, **at(2026, 11, 2)))
    wrong = books.record(metered(150_000, 950_000, **at(2026, 11, 3)))
    books.void(wrong, **at(2026, 11, 3, 13))
    books.record(metered(160_000, 200_000, **at(2026, 11, 4)))
    books.record(metered(5_000, 6_000, party_id=None, **at(2026, 11, 5)))
    report = books.ask("meter-consumption", date(2026, 11, 1), LAST)
    meters, each = report.sections
    assert [row.cells for row in lines(meters)] == [
        ("C501", "Mama Njeri Hotel", "Product 4", "l", "M-1", 100_000, 200_000, 90_000, 10_000, 900),
        ("", "No name", "Product 4", "l", "M-1", 5_000, 6_000, 1_000, None, 10),
    ]
    assert last(meters)[-1] == 910
    assert [row.cells[6] for row in lines(each)] == [50_000, 800_000, -800_000, 40_000, 1_000]
    assert lines(each)[0].cells[5] == "100 – 150"
    (meters, _) = books.ask("meter-consumption", date(2026, 10, 1), LAST, business=2).sections
    assert lines(meters)[0].cells[5:9] == (0, 200_000, 190_000, 10_000)
    assert books.ask("meter-consumption", date(2026, 10, 1), LAST, business=1).sections == ()


def test_another_organisation_is_not_seen_and_none_is_empty(store: Store) -> None:
    books = Books(store).prepare()
    empty = {name: books.ask(name, FIRST, LAST) for name in NAMES}
    assert all(one.agrees for one in empty.values())
    strange = store.journal(org_id=ORG + 1)
    strange.record_document(sale(Item(999), org_id=ORG + 1, **at(2026, 11, 5)))
    strange.record_document(goods_receipt((1, 9_000, 700), org_id=ORG + 1, **at(2025, 11, 1)))
    strange.record_document(returnable((5, 3_000), org_id=ORG + 1, **at(2026, 11, 2)))
    assert {name: books.ask(name, FIRST, LAST) for name in NAMES} == empty
