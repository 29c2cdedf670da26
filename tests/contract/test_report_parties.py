"""Statements and ageing, against plain sums over the documents' postings and open items."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from pos_app.reports.ask.age import aged, days_overdue
from tests.support.documents.book_specimens import (
    VENDOR,
    R,
    allocated_payment,
    allocation,
    bill,
    bill_line,
    credit_note,
    invoice,
    settlement,
    vendor_payment,
    write_off,
)
from tests.support.documents.specimens import CUSTOMER, Item, account
from tests.support.refused import refused
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import NAIROBI, Books, at, last, lines, written

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 18)


@pytest.fixture
def books(store: Store) -> Books:
    return written(store)


def party_sum(books: Books, whose: tuple[int, str, str], day: date) -> int:
    """Of a party in a role and a currency at the end of a day: debit positive."""
    return sum(
        line.amount
        for one in books.within(None, day)
        for line in one.posting.lines
        if (line.party_id, line.party_role, line.currency or one.document.currency) == whose
    )


@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("C501", (CUSTOMER, "customer", "KES")),
        ("C501", (CUSTOMER, "customer", "USD")),
        ("V601", (VENDOR, "vendor", "KES")),
        ("V601", (VENDOR, "vendor", "USD")),
    ],
)
def test_statement(books: Books, code: str, whose: tuple[int, str, str]) -> None:
    _, role, currency = whose
    sign = 1 if role == "customer" else -1
    report = books.ask("party-statement", FIRST, LAST, party=code)
    titles = [section.title for section in report.sections]
    section = report.sections[titles.index(f"{role.capitalize()}, {currency}")]
    opening = sign * party_sum(books, whose, FIRST - timedelta(days=1))
    closing = sign * party_sum(books, whose, LAST)
    assert section.rows[0].cells[-1] == opening
    changes: dict[int, int] = defaultdict(int)
    for one in books.within(FIRST, LAST):
        for line in one.posting.lines:
            key = (line.party_id, line.party_role, line.currency or one.document.currency)
            if key == whose:
                changes[one.document.document_id] += sign * line.amount
    found = [(row.cells[4] or 0, row.cells[5] or 0) for row in lines(section)]
    assert sorted(int(str(a)) - int(str(b)) for a, b in found) == sorted(changes.values())
    assert last(section)[-1] == closing
    assert last(section)[4] - last(section)[5] == closing - opening
    foot = report.sections[titles.index(f"{role.capitalize()}, {currency}") + 1]
    assert foot.rows[0].cells[-1] == closing
    assert sum(int(str(cell)) for cell in foot.rows[0].cells[:-1]) == closing
    assert foot.rows[0].cells[:5] == tuple(classes(books, whose, LAST))


def open_at(books: Books, day: date) -> dict[tuple[int, str, str], list[tuple[int, int, int]]]:
    """By party, role and currency: (due day, amount, base amount) of each invoice."""
    amounts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for one in books.within(None, day):
        for item in one.posting.open_items:
            whose = (item.party_id, item.party_role.value, one.document.currency)
            entry = amounts[whose, item.invoice_id, item.due_on]
            entry[0] += item.amount
            entry[1] += item.base_amount
    found: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)
    for (whose, _, due), (amount, base) in amounts.items():
        found[whose].append((due, amount, base))
    return found


def classes(books: Books, whose: tuple[int, str, str], day: date) -> list[int]:
    """Current, 1 to 30, 31 to 60, 61 to 90 and more, by plain comparisons of dates."""
    sums = [0] * 5
    for due, amount, _ in open_at(books, day)[whose]:
        late = (day - date(due // 10_000, due // 100 % 100, due % 100)).days
        place = 0 if late <= 0 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4
        sums[place] += max(amount, 0)
    return sums


def below_nothing(books: Books, whose: tuple[int, str, str], day: date) -> int:
    """What was credited or paid beyond what was open."""
    return sum(min(amount, 0) for _, amount, _ in open_at(books, day)[whose])


@pytest.mark.parametrize("day", [date(2026, 6, 2), date(2026, 10, 31), LAST, date(2027, 3, 1)])
def test_ageing(books: Books, day: date) -> None:
    """Of a day long past, too: what was paid since is open again."""
    report = books.ask("ageing", None, day)
    roles = {"Receivable": ("customer", CUSTOMER, 1), "Payable": ("vendor", VENDOR, -1)}
    seen = set()
    for section in report.sections:
        title, _, currency = section.title.partition(", ")
        role, party, sign = roles[title]
        seen.add((role, currency))
        (row,) = lines(section)
        assert list(row.cells[2:7]) == classes(books, (party, role, currency), day)
        balance = sign * party_sum(books, (party, role, currency), day)
        assert row.cells[9] == balance
        credit = below_nothing(books, (party, role, currency), day)
        beside = balance - sum(int(str(cell)) for cell in row.cells[2:7]) - credit
        assert row.cells[7:9] == (max(beside, 0), credit + min(beside, 0))
        assert last(section)[2:10] == row.cells[2:10]
    expected = {(role, currency) for (_, role, currency) in open_at(books, day)}
    assert {key for key in expected if key[0] in ("customer", "vendor")} <= seen


def test_ageing_has_base_beside_foreign_amounts(books: Books) -> None:
    report = books.ask("ageing", None, LAST)
    section = next(one for one in report.sections if one.title == "Payable, USD")
    base = sum(
        line.base_amount
        for one in books.within(None, LAST)
        for line in one.posting.lines
        if line.party_role == "vendor" and (line.currency or one.document.currency) == "USD"
    )
    assert section.columns[-1].currency is not None
    assert section.columns[-1].currency.code == "KES"
    assert last(section)[-1] == -base


def test_ageing_of_one_business_knows_its_invoices_only(books: Books) -> None:
    report = books.ask("ageing", None, LAST, business=1)
    section = next(one for one in report.sections if one.title == "Receivable, KES")
    opened = sum(amount for _, amount, _ in open_at(books, LAST)[CUSTOMER, "customer", "KES"])
    titles = [column.title for column in section.columns]
    if books.store.is_sqlite:
        assert titles[-1] == "Open amount"
        assert last(section)[-1] == opened
    else:
        credit = below_nothing(books, (CUSTOMER, "customer", "KES"), LAST)
        assert sum(int(str(cell)) for cell in last(section)[2:7]) == opened - credit
        assert titles[7:] == ["Not on invoices", "Unused credit", "Balance"]
    assert books.ask("ageing", None, LAST, business=2).sections == ()


def _settle_across(books: Books) -> None:
    across = {"clearing_account": account(R.CLEARING)}
    made = books.record(invoice(Item(50_000, code="Z"), business_id=2, **across, **at(2026, 11, 3)))
    part = {"invoice_id": made.document_id, "business_id": 2}
    books.record(allocated_payment(9_000, allocation(7_000, **part), **at(2026, 11, 4)))
    books.record(settlement(allocation(2_000, **part), **at(2026, 11, 5)))
    books.record(write_off(allocation(3_000, **part), business_id=3, **at(2026, 11, 6)))
    books.record(
        credit_note(
            Item(1_000, code="Z"),
            invoice_id=made.document_id,
            invoice_business_id=2,
            **across,
            **at(2026, 11, 7),
        )
    )
    bill_of_two = books.record(bill(bill_line(8_000), business_id=2, **across, **at(2026, 11, 8)))
    paid = allocation(3_000, bill_of_two.document_id, business_id=2)
    books.record(vendor_payment(3_000, paid, **at(2026, 11, 9)))


@pytest.mark.parametrize("business", [1, 2, 3])
def test_ageing_of_a_business_comes_to_its_receivable_account(books: Books, business: int) -> None:
    """An invoice of one business that others' documents pay, credit, settle and give up: each is right."""
    if books.store.is_sqlite:
        pytest.skip("a till has not all the lines of a business")
    _settle_across(books)
    report = books.ask("ageing", None, LAST, business=business)
    for title, code in (("Receivable", account(R.RECEIVABLE)), ("Payable", account(R.PAYABLE))):
        shown: Counter[str] = Counter()
        for section in report.sections:
            if section.title.startswith(title):
                shown[section.title.partition(", ")[2]] += int(str(last(section)[9]))
        owed: Counter[str] = Counter()
        for one in books.within(None, LAST):
            for line in one.posting.lines:
                if (line.business_id, line.account) == (business, code):
                    owed[line.currency or one.document.currency] += line.amount
        sign = 1 if title == "Receivable" else -1
        assert {code: sign * one for code, one in owed.items() if one} == {
            c: o for c, o in shown.items() if o
        }


def test_ageing_comes_to_the_receivable_account(books: Books) -> None:
    report = books.ask("ageing", None, LAST)
    kes, usd = (
        next(one for one in report.sections if one.title == f"Receivable, {code}") for code in ("KES", "USD")
    )
    assert last(kes)[9] + last(usd)[-1] == books.account_sums(None, LAST)["1300"]


def test_statement_names_whom_it_does_not_know(books: Books) -> None:
    with refused("party-not-said"):
        books.ask("party-statement", FIRST, LAST)
    with refused("party-not-here"):
        books.ask("party-statement", FIRST, LAST, party="X")


@pytest.mark.parametrize(
    ("due", "place"),
    [(20261118, 0), (20261117, 1), (20261019, 1), (20261018, 2), (20260919, 2), (20260918, 3), (20260820, 3),
     (20260819, 4), (20991231, 0), (19991231, 4)],
)  # fmt: skip
def test_the_edges_of_the_classes(due: int, place: int) -> None:
    assert aged([(due, 7)], LAST) == [7 if one == place else 0 for one in range(5)]
    assert days_overdue(20261117, LAST) == 1


def test_dates_on_a_statement_are_local(books: Books) -> None:
    section = books.ask("party-statement", FIRST, LAST, party="C501").sections[0]
    days = [row.cells[0] for row in lines(section)]
    assert days == sorted(
        one.document.occurred_at.astimezone(NAIROBI).date()
        for one in books.within(FIRST, LAST)
        if any(
            (line.party_id, line.currency or one.document.currency) == (CUSTOMER, "KES")
            for line in one.posting.lines
        )
    )


def test_on_a_till_the_opening_holds_what_happened_elsewhere(till_store: Store) -> None:
    """A till knows of other tills a balance, and no documents."""
    books = written(till_store)
    before = books.ask("party-statement", FIRST, LAST, party="C501").sections[0]
    # What the triggers leave when the centre's value comes in with 1,000.00 from elsewhere.
    till_store.execute(
        "UPDATE party_balance SET amount = amount + 100000"
        f" WHERE party_id = {CUSTOMER} AND party_role = 'customer' AND currency = 'KES'"
    )
    after, foot, *_ = books.ask("party-statement", FIRST, LAST, party="C501").sections
    assert last(after)[-1] == last(before)[-1] + 100_000
    assert int(str(after.rows[0].cells[-1])) == int(str(before.rows[0].cells[-1])) + 100_000
    assert lines(after)[0].cells[:6] == lines(before)[0].cells[:6]
    assert foot.rows[0].cells[-1] == last(after)[-1]


@pytest.mark.parametrize("business", [1, 2])
def test_statement_of_one_business(books: Books, business: int) -> None:
    report = books.ask("party-statement", FIRST, LAST, party="C501", business=business)
    expected = sum(
        line.amount
        for one in books.within(None, LAST)
        for line in one.posting.lines
        if (line.party_id, line.currency or one.document.currency) == (CUSTOMER, "KES")
        and line.business_id == business
    )
    if business == 2:
        assert expected == 0
        assert report.sections == ()
    else:
        assert last(report.sections[0])[-1] == expected
