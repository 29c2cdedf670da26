"""Trial balance, profit and loss, balance sheet and account ledger, against plain sums over the documents."""

from datetime import date, timedelta

import pytest

from pos_app.reports.model.report import RowKind
from tests.support.documents.book_specimens import R, entry_line, journal_entry
from tests.support.documents.specimens import BUSINESSES, account
from tests.support.refused import refused
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import NAIROBI, Books, at, by_code, last, lines, written

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 18)
CLEARING = account(R.CLEARING)
RESULTS = ("4", "5", "6")


@pytest.fixture
def books(store: Store) -> Books:
    return written(store)


def signed(report_row: tuple[int | None, ...]) -> int:
    debit, credit = report_row
    return (debit or 0) - (credit or 0)


@pytest.mark.parametrize("business", [None, *BUSINESSES])
@pytest.mark.parametrize(
    "day", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 5), LAST, date(2027, 1, 1)]
)
def test_trial_balance_at_a_day(books: Books, business: int | None, day: date) -> None:
    report = books.ask("trial-balance", None, day, business=business)
    found = {row.cells[0]: signed(row.cells[2:4]) for row in lines(report.sections[0])}  # type: ignore[arg-type]
    expected = books.account_sums(None, day, business)
    if business is None:
        assert expected.pop(CLEARING, 0) == 0
    assert found == expected
    assert report.agrees
    assert last(report.sections[0])[2] == last(report.sections[0])[3]


def test_trial_balance_of_a_period(books: Books) -> None:
    report = books.ask("trial-balance", FIRST, LAST)
    before = books.account_sums(None, FIRST - timedelta(days=1))
    after = books.account_sums(None, LAST)
    assert by_code(report.sections[0], 2).keys() == by_code(report.sections[0], 5).keys()
    for row in lines(report.sections[0]):
        code, _, opening, debit, credit, closing = row.cells
        assert (opening, closing) == (before.get(str(code), 0), after.get(str(code), 0))
        moved = [
            line.base_amount
            for one in books.within(FIRST, LAST)
            for line in one.posting.lines
            if line.account == code
        ]
        assert debit == sum(amount for amount in moved if amount > 0)
        assert credit == -sum(amount for amount in moved if amount < 0)
    assert CLEARING not in by_code(report.sections[0])
    assert last(report.sections[0])[2] == last(report.sections[0])[5] == 0


def test_clearing_stands_in_one_business_and_vanishes_in_all(books: Books) -> None:
    alone = books.ask("trial-balance", None, LAST, business=2)
    assert by_code(alone.sections[0])[CLEARING] or by_code(alone.sections[0], 2)[CLEARING]
    sheet = books.ask("balance-sheet", None, LAST)
    assert CLEARING not in by_code(sheet.sections[0])
    beside = books.ask("balance-sheet", None, LAST, by_business=True)
    assert by_code(beside.sections[0])[CLEARING] == 0
    assert beside.agrees


@pytest.mark.parametrize("business", [None, *BUSINESSES])
def test_profit_and_loss(books: Books, business: int | None) -> None:
    report = books.ask("profit-and-loss", date(2026, 1, 1), LAST, business=business)
    sums = books.account_sums(date(2026, 1, 1), LAST, business)
    expected = {
        code: -amount if code.startswith("4") else amount
        for code, amount in sums.items()
        if code.startswith(RESULTS)
    }
    assert by_code(report.sections[0]) == expected
    assert last(report.sections[0])[1:] == (
        "Profit",
        -sum(amount for code, amount in sums.items() if code.startswith(RESULTS)),
    )


def test_businesses_add_up_to_all(books: Books) -> None:
    report = books.ask("profit-and-loss", date(2026, 1, 1), LAST, by_business=True)
    for row in report.sections[0].rows:
        if row.kind is not RowKind.HEADING:
            *each, together = (cell for cell in row.cells[2:] if isinstance(cell, int))
            assert sum(each) == together
    for place, business in enumerate(BUSINESSES):
        alone = books.ask("profit-and-loss", date(2026, 1, 1), LAST, business=business)
        assert last(alone.sections[0])[2] == last(report.sections[0])[2 + place]


def test_trial_balances_of_businesses_beside_each_other(books: Books) -> None:
    report = books.ask("trial-balance", None, LAST, by_business=True)
    assert report.agrees
    for place, business in enumerate(BUSINESSES):
        expected = books.account_sums(None, LAST, business)
        shown = by_code(report.sections[0], 2 + place)
        assert {code: amount for code, amount in shown.items() if amount} == expected
    assert last(report.sections[0])[2:] == (0,) * (len(BUSINESSES) + 1)
    assert by_code(report.sections[0])[CLEARING] == 0


def test_a_closed_year_keeps_its_profit(books: Books) -> None:
    """The entry that closes 2025 is dated in it and takes nothing out of what was earned."""
    report = books.ask("profit-and-loss", date(2025, 1, 1), date(2025, 12, 31))
    earned = books.account_sums(date(2025, 1, 1), date(2025, 12, 31), with_closings=False)
    assert last(report.sections[0])[2] == -earned["4100"] > 0
    sheet = books.ask("balance-sheet", None, date(2025, 12, 31))
    assert labels(sheet.sections[0].rows)["Result of 2025, not closed"] == 0


def test_an_opening_entry_on_retained_earnings_is_no_closing(books: Books) -> None:
    """Who begins in the middle of a year brings what was earned so far."""
    before = books.ask("profit-and-loss", date(2026, 1, 1), LAST)
    books.record(
        journal_entry(
            entry_line("4100", -10_000),
            entry_line(account(R.RETAINED_EARNINGS), 10_000),
            description="Until here",
            **at(2026, 3, 1),
        )
    )
    after = books.ask("profit-and-loss", date(2026, 1, 1), LAST)
    assert last(after.sections[0])[2] == last(before.sections[0])[2] + 10_000


def labels(rows: object) -> dict[str, int]:
    return {row.cells[1]: row.cells[2] for row in rows if row.cells[1] is not None}  # type: ignore[attr-defined]


@pytest.mark.parametrize("business", [None, *BUSINESSES])
@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 6, 30), LAST])
def test_balance_sheet(books: Books, business: int | None, day: date) -> None:
    report = books.ask("balance-sheet", None, day, business=business)
    assert report.agrees, report.findings
    sums = books.account_sums(None, day, business)
    rows = labels(report.sections[0].rows)
    assert rows["Total assets"] == sum(amount for code, amount in sums.items() if code.startswith("1"))
    assert rows["Total liabilities"] == -sum(amount for code, amount in sums.items() if code.startswith("2"))
    year = books.account_sums(date(day.year, 1, 1), day, business)
    assert rows[f"Result of {day.year}, not closed"] == -sum(
        amount for code, amount in year.items() if code.startswith(RESULTS)
    )
    assert rows["Total assets"] == rows["Total liabilities and equity"]


def test_earlier_years_that_nobody_closed_are_a_line(books: Books) -> None:
    rows = labels(books.ask("balance-sheet", None, date(2027, 2, 1)).sections[0].rows)
    year = books.account_sums(date(2026, 1, 1), date(2026, 12, 31))
    assert rows["Result of earlier years, not closed"] == -sum(
        amount for code, amount in year.items() if code.startswith(RESULTS)
    )
    assert rows["Result of 2027, not closed"] == 0


@pytest.mark.parametrize("code", ["1110", "1300", "2200", "4100"])
@pytest.mark.parametrize("business", [None, 1])
def test_account_ledger(books: Books, code: str, business: int | None) -> None:
    report = books.ask("account-ledger", FIRST, LAST, account=code, business=business)
    (section,) = report.sections
    opening = books.account_sums(None, FIRST - timedelta(days=1), business).get(code, 0)
    assert section.rows[0].cells[-1] == opening
    expected = sorted(
        (one.document.occurred_at, one.document.document_id, place, line.base_amount)
        for one in books.within(FIRST, LAST)
        for place, line in enumerate(one.posting.lines)
        if line.account == code and business in (None, line.business_id)
    )
    balance = opening
    assert len(lines(section)) == len(expected)
    for row, (moment, _, _, amount) in zip(lines(section), expected, strict=True):
        balance += amount
        assert row.cells[0] == moment.astimezone(NAIROBI).date()
        assert (row.cells[-3] or 0) - (row.cells[-2] or 0) == amount  # type: ignore[operator]
        assert row.cells[-1] == balance
    assert last(section)[-1] == balance == books.account_sums(None, LAST, business).get(code, 0)
    numbers = [row.cells[1] for row in lines(section)]
    assert all(str(number).startswith("K3-") for number in numbers)


def test_account_ledger_names_what_it_does_not_know(books: Books) -> None:
    with refused("account-not-said"):
        books.ask("account-ledger", FIRST, LAST)
    with refused("account-not-here", code="9999"):
        books.ask("account-ledger", FIRST, LAST, account="9999")


def test_a_clearing_account_that_does_not_vanish_is_a_finding(books: Books) -> None:
    """Nothing can record this through the journal: the rows are set aside of it."""
    if books.store.is_sqlite:
        pytest.skip("a till sums sealed lines; only the centre reads a cache that could be wrong")
    books.store.execute(
        f"UPDATE account_balance SET base_amount = base_amount + 7 WHERE account_code = '{CLEARING}'"
        " AND business_id = 2 AND currency = 'KES'"
    )
    report = books.ask("trial-balance", None, LAST)
    assert not report.agrees
    assert "does not cancel out: 0.07" in report.findings[0]
    assert not books.ask("balance-sheet", None, LAST).agrees
