"""Sales by product, hour and cashier, their totals, and tax, against plain sums over the documents' lines."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pos_app.ledger.document import Bill, Expense, Refund, Sale, VendorCredit
from pos_app.reports.model.report import RowKind
from tests.support.documents.book_specimens import bill, bill_line
from tests.support.documents.specimens import BUSINESSES, Item, sale
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import (
    NAIROBI,
    SOLD,
    TAX_ACCOUNTS,
    Books,
    at,
    by_code,
    content_of,
    in_base,
    last,
    lines,
    written,
)

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 18)


@pytest.fixture
def books(store: Store) -> Books:
    return written(store)


def sums(books: Books, key: Callable[[Any, Any], Any], business: int | None = None) -> dict[Any, list[int]]:
    """Quantity, net and tax in base currency: foreign lines summed by rate and converted once."""
    groups: dict[tuple[Any, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for document, line, sign in books.goods(FIRST, LAST):
        if business in (None, line.business_id):
            group = groups[key(document, line), document.rate_micro]
            for place, value in enumerate((line.quantity, line.net, line.tax)):
                group[place] += sign * value
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (name, rate), (quantity, net, tax) in groups.items():
        one = found[name]
        one[0], one[1], one[2] = one[0] + quantity, one[1] + in_base(net, rate), one[2] + in_base(tax, rate)
    return found


def documents(books: Books, key: Callable[[Any], Any]) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = defaultdict(set)
    for document, _, _ in books.goods(FIRST, LAST):
        found[key(document)].add(document.document_id)
    return found


@pytest.mark.parametrize("business", [None, *BUSINESSES])
def test_sales_by_product(books: Books, business: int | None) -> None:
    report = books.ask("sales-by-product", FIRST, LAST, business=business)
    (section,) = report.sections
    skus = {1: "GAS13", 2: "GAS6", 3: "REG", 5: "BOTTLE20", 6: "WASH", 10: "CLIP"}
    expected = {
        skus[product]: (quantity, net, tax, net + tax)
        for product, (quantity, net, tax) in sums(books, lambda _, line: line.product_id, business).items()
    }
    found = {row.cells[0]: (row.cells[3], *row.cells[5:]) for row in lines(section)}
    assert found == expected
    assert last(section)[5] == sum(one[1] for one in expected.values())


def test_sales_by_hour_are_local(books: Books) -> None:
    (section,) = books.ask("sales-by-hour", FIRST, LAST).sections

    def hour(document: Any) -> int:
        return int(document.occurred_at.astimezone(NAIROBI).hour)

    expected = sums(books, lambda document, _: hour(document))
    counts = documents(books, hour)
    assert {8, 9, 18, 23, 0, 11, 10} >= set(expected)
    for row in lines(section):
        place = int(str(row.cells[0])[:2])
        assert row.cells[1] == len(counts.get(place, ()))
        assert row.cells[2:4] == tuple(expected[place][1:])
    assert last(section)[4] == sum(sum(one[1:]) for one in expected.values())


def test_sales_by_cashier(books: Books) -> None:
    (section,) = books.ask("sales-by-cashier", FIRST, LAST).sections
    expected = sums(books, lambda document, _: document.person_id)
    found = {row.cells[0] or row.cells[1]: row.cells[4:6] for row in lines(section)}
    codes = {42: "wanjiru", 43: "otieno"}
    assert found == {codes.get(key, f"Person {key}"): tuple(one[1:]) for key, one in expected.items()}


def test_sales_totals(books: Books) -> None:
    report = books.ask("sales-totals", FIRST, LAST)
    assert report.agrees, report.findings
    business, day, *tenders = report.sections
    by_business = sums(books, lambda _, line: line.business_id)
    names = {1: "LPG & retail", 2: "Water", 3: "Laundry"}
    assert {row.cells[0]: row.cells[1:3] for row in lines(business)} == {
        names[key]: tuple(one[1:]) for key, one in by_business.items()
    }

    def local(document: Any) -> date:
        moment: date = document.occurred_at.astimezone(NAIROBI).date()
        return moment

    by_day = sums(books, lambda document, _: local(document))
    assert {row.cells[0]: row.cells[2:4] for row in lines(day)} == {
        key: tuple(one[1:]) for key, one in by_day.items()
    }
    assert sum(int(str(row.cells[1])) for row in lines(day)) == sum(
        len(one) for one in documents(books, local).values()
    )
    assert [section.title for section in tenders] == ["Tenders, KES", "Tenders, USD"]
    assert [last(section)[-1] for section in tenders] == [kept(books, "KES"), kept(books, "USD")]


def kept(books: Books, currency: str) -> int:
    """What sales and refunds came to, with cash rounding."""
    total = 0
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        if isinstance(content, Sale | Refund) and content.currency == currency:
            total += sign * (content.total + content.rounding)
    return total


def test_the_day_after_the_period_is_not_in_it(books: Books) -> None:
    """A sale at midnight of the 19th by the clocks of Nairobi is 21:00 of the 18th in UTC."""
    until = books.ask("sales-totals", FIRST, date(2026, 11, 18))
    beyond = books.ask("sales-totals", FIRST, date(2026, 11, 19))
    assert last(beyond.sections[0])[3] - last(until.sections[0])[3] == 5_555


def test_a_total_that_is_not_its_lines_is_a_finding(books: Books) -> None:
    """What no recording can do, a hand in the database could."""
    books.store.execute(
        *unsealed(books.store, "document"), "UPDATE document SET total = total + 1 WHERE kind = 'refund'"
    )
    report = books.ask("sales-totals", FIRST, LAST)
    assert len(report.findings) == 2
    assert "The lines come to KES" in report.findings[0]


def unsealed(store: Store, table: str) -> list[str]:
    """Statements after which a hand in the database can change a sealed row of a table."""
    if not store.is_sqlite:
        return ["SET LOCAL session_replication_role = replica"]
    names = store.scalar(
        "SELECT group_concat(name) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
        table=table,
    )
    return [f"DROP TRIGGER {name}" for name in str(names).split(",")]


# --- tax ------------------------------------------------------------------------------------------


def tax_lines(books: Books, kinds: tuple[type, ...]) -> dict[tuple[str, str], list[int]]:
    """By code and rate: net and tax of the documents in base currency alone."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        if isinstance(content, VendorCredit):
            sign = -sign
        if type(content) in kinds and content.rate_micro == 1_000_000:
            for line in content.lines:
                key = (line.tax_code, f"{line.tax_rate_bp // 100} %")
                found[key][0] += sign * line.net
                found[key][1] += sign * line.tax
    return found


def moved_on_tax_accounts(books: Books, kinds: tuple[type, ...]) -> int:
    """Debit positive, base currency, all currencies of documents."""
    return sum(
        line.base_amount
        for one in books.within(FIRST, LAST)
        if isinstance(content_of(one.document)[0], kinds)
        for line in one.posting.lines
        if line.account in TAX_ACCOUNTS
    )


@pytest.mark.parametrize(("place", "kinds", "sign"), [(0, SOLD, -1), (1, (Bill, VendorCredit, Expense), 1)])
def test_tax_comes_to_the_tax_accounts(books: Books, place: int, kinds: tuple[type, ...], sign: int) -> None:
    report = books.ask("tax", FIRST, LAST)
    assert report.agrees, report.findings
    section = report.sections[place]
    assert last(section)[4] == sign * moved_on_tax_accounts(books, kinds) != 0


def test_tax_by_code(store: Store) -> None:
    """Without foreign documents every code is a plain sum of lines."""
    books = Books(store).prepare()
    books.record(sale(Item(11_600), Item(10_800, code="V8"), Item(500, code="Z"), **at(2026, 11, 2)))
    books.record(sale(Item(99, code="X16"), Item(4_321), **at(2026, 11, 3)))
    books.record(bill(bill_line(10_000), bill_line(777, "V16"), **at(2026, 11, 4)))
    report = books.ask("tax", FIRST, LAST)
    for place, kinds in ((0, SOLD), (1, (Bill, Expense))):
        expected = tax_lines(books, kinds)
        found = {(row.cells[0], row.cells[1]): list(row.cells[3:5]) for row in lines(report.sections[place])}
        assert found == expected


def test_tax_accounts_from_opening_to_closing(books: Books) -> None:
    """The payment to the tax office is a line of its own, not a disagreement."""
    section = books.ask("tax", FIRST, LAST).sections[2]
    before = books.account_sums(None, date(2026, 10, 31))
    after = books.account_sums(None, LAST)
    assert section.rows[0].kind is RowKind.BALANCE
    assert section.rows[0].cells[1] == -sum(before.get(code, 0) for code in TAX_ACCOUNTS)
    assert last(section)[1] == -sum(after.get(code, 0) for code in TAX_ACCOUNTS)
    assert by_code(section)["Journal entry"] == -3_000
    moved = [row.cells[1] for row in section.rows[:-1]]
    assert sum(int(str(amount)) for amount in moved) == last(section)[1]


@pytest.mark.parametrize("business", BUSINESSES)
def test_tax_of_one_business(books: Books, business: int) -> None:
    report = books.ask("tax", FIRST, LAST, business=business)
    assert report.agrees, report.findings


def test_tax_that_the_accounts_do_not_have_is_a_finding(books: Books) -> None:
    free = unsealed(books.store, "document_line")
    books.store.execute(*free, "UPDATE document_line SET tax = tax + 1 WHERE tax_code = 'V8'")
    report = books.ask("tax", FIRST, LAST)
    assert not report.agrees
    assert report.findings[0].startswith("Tax on sales: the documents come to")
