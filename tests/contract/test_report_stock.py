"""The valuation of stock, against plain sums over the documents' cost lines and the inventory accounts."""

from collections import defaultdict
from datetime import date

import pytest

from pos_app.ledger.money import divide_half_up
from tests.support.documents.book_specimens import R, entry_line, journal_entry
from tests.support.documents.specimens import account
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, at, last, lines, written

SKUS = {1: "GAS13", 2: "GAS6", 5: "BOTTLE20"}


@pytest.fixture
def books(store: Store) -> Books:
    return written(store)


def values(books: Books, day: date, business: int | None = None) -> dict[str, tuple[int, int]]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in books.within(None, day):
        for line in one.posting.costs:
            if business in (None, line.business_id):
                sums[line.product_id][0] += line.quantity
                sums[line.product_id][1] += line.value
    return {
        SKUS[product]: (quantity, value) for product, (quantity, value) in sums.items() if quantity or value
    }


@pytest.mark.parametrize("business", [None, 1, 2])
@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 18)])
def test_stock_valuation(books: Books, day: date, business: int | None) -> None:
    report = books.ask("stock-valuation", None, day, business=business)
    assert report.agrees, report.findings
    (section,) = report.sections
    expected = values(books, day, business)
    assert {row.cells[0]: (row.cells[3], row.cells[5]) for row in lines(section)} == expected
    for row in lines(section):
        quantity, value = expected[str(row.cells[0])]
        assert row.cells[4] == divide_half_up(value * 1000, quantity)
    assert last(section)[5] == sum(value for _, value in expected.values())


def test_it_comes_to_the_inventory_accounts_or_says_so(books: Books) -> None:
    books.record(
        journal_entry(
            entry_line(account(R.INVENTORY), 100),
            entry_line(account(R.OPENING_EQUITY), -100),
            description="By hand",
            **at(2026, 11, 18),
        )
    )
    before = books.ask("stock-valuation", None, date(2026, 11, 17))
    after = books.ask("stock-valuation", None, date(2026, 11, 18))
    assert before.agrees
    # A till knows the values of the centre and its own documents, and no account of the others.
    assert after.agrees is books.store.is_sqlite
    if not books.store.is_sqlite:
        assert "its inventory accounts say" in after.findings[0]
