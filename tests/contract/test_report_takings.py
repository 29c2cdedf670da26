"""What tills and cashiers took, and what drawers differed, against plain sums over the documents."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger.document import CreditNote, DrawerClose, Invoice, Refund, Reversal, Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.tax import NO_SALE
from pos_app.reports.ask import asked
from pos_app.reports.ask.asked import Asked
from pos_app.reports.ask.drawer_differences import MOST_CLOSES
from pos_app.reports.model.report import Leads
from pos_app.store.master import organisations
from pos_app.store.report_queries.patience import within
from tests.support.documents import specimens
from tests.support.documents.specimens import BUSINESSES, ORG, TILL, Item
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import (
    Books,
    at,
    content_of,
    in_base,
    last,
    lines,
    written,
)
from tests.support.worlds.report_history import lived

FIRST, LAST = date(2025, 1, 2), date(2026, 12, 31)
SEEDS = (3, 11)


def deeds(books: Books, key: str, business: int | None = None) -> dict[Any, dict[str, Any]]:
    """By till or person: documents by deed, what they came to and what was let off, in base currency."""
    groups: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    papers: dict[Any, set[int]] = defaultdict(set)
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        if not isinstance(content, Sale | Refund | Invoice | CreditNote):
            continue
        deed = "back" if isinstance(content, Refund | CreditNote) else "given"
        deed = "voided" if isinstance(one.document, Reversal) else deed
        for line in content.lines:
            if line.tax_code in NO_SALE or business not in (None, line.business_id):
                continue
            who = getattr(one.document, key)
            papers[who, deed].add(one.document.document_id)
            group = groups[who, deed, content.currency, content.rate_micro]
            group[0] += sign * (line.net + line.tax)
            group[1] += sign * line.discount
    found: dict[Any, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for (who, deed, _, rate), (gross, discount) in groups.items():
        found[who][deed] += in_base(gross, rate)
        found[who]["discount"] += in_base(discount, rate)
    for (who, deed), ids in papers.items():
        found[who][f"{deed} papers"] = len(ids)
    return found


def as_row(taken: dict[str, Any]) -> tuple[Any, ...]:
    sales, sold = taken["given papers"], taken["given"]
    average = divide_half_up(sold, sales) if sales and sold >= 0 else None
    kept = sold + taken["back"] + taken["voided"]
    back, voided = (taken["back papers"], taken["back"]), (taken["voided papers"], taken["voided"])
    return (sales, sold, average, *back, *voided, taken["discount"], kept)


@pytest.mark.parametrize("seed", [0, *SEEDS])
@pytest.mark.parametrize("business", [None, BUSINESSES[0]])
def test_tills_and_cashiers(store: Store, seed: int, business: int | None) -> None:
    books = lived(store, seed) if seed else written(store)
    for name, key, names in (("sales-by-till", "terminal_no", 1), ("cashiers", "person_id", 2)):
        (section,) = books.ask(name, FIRST, LAST, business=business).sections
        expected = deeds(books, key, business)
        found = sorted((row.cells[names:] for row in lines(section)), key=repr)
        assert found == sorted((as_row(one) for one in expected.values()), key=repr)
        if expected:
            assert last(section)[-1] == sum(as_row(one)[-1] for one in expected.values())
            amounts: list[Any] = [row.cells[-1] for row in lines(section)]
            assert amounts == sorted(amounts, reverse=True)


def test_a_cashier_opens_into_their_documents(store: Store) -> None:
    (section,) = written(store).ask("cashiers", FIRST, LAST).sections
    to = next(row.opens for row in lines(section) if row.cells[0] == "wanjiru")
    assert to is not None
    assert to.to is Leads.DOCUMENTS
    assert dict(to.asked) == {"from": "2025-01-02", "to": "2026-12-31", "person": "wanjiru"}


def test_another_till_and_depot_are_told_apart(store: Store) -> None:
    books = Books(store).prepare()
    books.record(specimens.sale(Item(5_000), **at(2026, 11, 2)))
    elsewhere = specimens.sale(Item(70_000), depot_id=2, **at(2026, 11, 2))
    books.sealed.append(store.journal(terminal_no=TILL + 1).record_document(elsewhere))
    (section,) = books.ask("sales-by-till", FIRST, LAST).sections
    assert [(row.cells[0], row.cells[-1]) for row in lines(section)] == [
        ("Till 4", 70_000),
        ("Till 3", 5_000),
    ]
    (section,) = books.ask("sales-by-till", FIRST, LAST, till=TILL).sections
    assert [row.cells[-1] for row in lines(section)] == [5_000]
    for name in ("sales-by-product", "sales-by-hour", "sales-by-cashier", "cashiers"):
        (section,) = books.ask(name, FIRST, LAST, till=TILL + 1).sections
        assert last(section)[-1] == 70_000
    report = books.ask("sales-totals", FIRST, LAST, till=TILL)
    assert report.agrees
    assert report.scope == "All businesses, Till 3"
    assert last(report.sections[0])[-1] == 5_000


def test_another_organisation_is_not_seen(store: Store) -> None:
    books = written(store)
    before = {
        name: books.ask(name, FIRST, LAST) for name in ("sales-by-till", "cashiers", "drawer-differences")
    }
    strange = store.journal(org_id=ORG + 1, terminal_no=TILL)
    strange.record_document(specimens.sale(Item(999), org_id=ORG + 1, **at(2026, 11, 5)))
    strange.record_document(specimens.drawer_close(5, 9, org_id=ORG + 1, **at(2026, 11, 5)))
    assert {name: books.ask(name, FIRST, LAST) for name in before} == before


# --- drawers --------------------------------------------------------------------------------------


def closes(books: Books, first: date | None, until: date) -> list[DrawerClose]:
    """Those that stand, the last of each till, oldest first."""
    voided = {one.document.original_id for one in books.sealed if isinstance(one.document, Reversal)}
    found: dict[int, list[DrawerClose]] = defaultdict(list)
    for one in books.within(first, until):
        if isinstance(one.document, DrawerClose) and one.document.document_id not in voided:
            found[one.document.terminal_no].append(one.document)
    kept = [one for own in found.values() for one in own[-MOST_CLOSES:]]
    return sorted(kept, key=lambda close: (close.occurred_at, close.document_id))


@pytest.mark.parametrize("seed", SEEDS)
def test_drawer_differences_of_any_history(store: Store, seed: int) -> None:
    books = lived(store, seed)
    compare(books, None, LAST)


def compare(books: Books, first: date | None, until: date) -> None:
    report = books.ask("drawer-differences", first, until)
    expected = closes(books, first, until)
    assert len(report.sections) == 3 * len({one.currency for one in expected})
    for place, code in enumerate(sorted({one.currency for one in expected})):
        own = [one for one in expected if one.currency == code]
        by_till, by_person, each = report.sections[3 * place : 3 * place + 3]
        assert [(row.cells[4], row.cells[5], row.cells[6], row.cells[7]) for row in lines(each)] == [
            (one.expected, one.counted, one.counted - one.expected, one.reason) for one in own
        ]
        off = [one.counted - one.expected for one in own]
        for section in (by_till, by_person):
            whole = (len(own), sum(map(bool, off)), sum(one for one in off if one < 0))
            assert last(section)[1:4] == whole
            assert last(section)[5] == sum(off)


def test_the_last_thirty_closes_without_the_voided(store: Store) -> None:
    books = Books(store).prepare()
    begin = date(2026, 10, 1)
    made = []
    for day in range(35):
        when = begin + timedelta(days=day)
        drawn = specimens.drawer_close(
            10_000 + day * 7 % 5, 10_000, reason="a coin", **at(when.year, when.month, when.day, 18)
        )
        made.append(books.record(drawn))
    books.void(made[-1], **at(2026, 11, 20, 9))
    compare(books, None, LAST)
    compare(books, date(2026, 10, 20), date(2026, 10, 25))
    (_, by_person, each) = books.ask("drawer-differences", None, LAST).sections
    assert len(lines(each)) == MOST_CLOSES
    assert [row.cells[0] for row in lines(by_person)] == ["Wanjiru"]
    assert lines(each)[-1].cells[0] == "2026-11-03 18:00"
    assert lines(each)[-1].opens is not None


def test_a_report_that_takes_too_long_or_brings_too_much_is_refused(store: Store) -> None:
    books = written(store)
    with store.database.read() as connection:
        organisation = organisations.get(connection, ORG)
        assert organisation is not None
        wanted = Asked(name="account-ledger", account="1110", first="2025-01-01")
        whole = asked.answer(connection, organisation, specimens.MOMENT, wanted)
    most = len(books.sealed) // 4
    assert len(whole.sections[0].rows) > most
    with (
        pytest.raises(Refused) as refused,
        store.database.read() as connection,
        within(connection, milliseconds=5_000, rows=most),
    ):
        asked.answer(connection, organisation, specimens.MOMENT, wanted)
    assert refused.value.code == "report-too-long"
    if not store.is_sqlite:
        with (
            pytest.raises(Refused) as refused,
            store.database.read() as connection,
            within(connection, milliseconds=10, rows=most),
        ):
            connection.execute(text("SELECT pg_sleep(5)"))
        assert refused.value.code == "report-takes-too-long"


@pytest.mark.parametrize("name", ["sales-by-till", "cashiers", "drawer-differences"])
def test_an_empty_organisation_has_an_empty_report(store: Store, name: str) -> None:
    report = Books(store).prepare().ask(name, FIRST, LAST)
    assert report.agrees
    assert all(not lines(section) for section in report.sections)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"name": "nothing"}, "report-unknown"),
        ({"name": "balance-sheet", "depot": "X"}, "report-not-by-depot"),
        ({"name": "tax", "till": "3"}, "report-not-by-till"),
        ({"name": "cashiers", "days": "30"}, "report-without-days"),
        ({"name": "cashiers", "depot": "'; --"}, "depot-unknown"),
        ({"name": "cashiers", "till": "three"}, "report-till-unknown"),
        ({"name": "cashiers", "till": "9" * 400}, "report-till-unknown"),
        ({"name": "cashiers", "till": "²"}, "report-till-unknown"),
    ],
)
def test_what_it_cannot_be_asked(store: Store, words: dict[str, Any], code: str) -> None:
    Books(store).prepare()
    with store.database.read() as connection:
        organisation = organisations.get(connection, ORG)
        assert organisation is not None
        with pytest.raises(Refused) as refused:
            asked.answer(connection, organisation, specimens.MOMENT, Asked(**words))
    assert refused.value.code == code
    assert msgspec.json.encode(refused.value.sentence)
