"""The GST return F5 and Kenya's VAT3, box by box, against plain sums over the documents."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import text

from pos_app.ledger.document import Bill, CreditNote, Expense, Invoice, Refund, Sale, VendorCredit
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.reports.ask.tax_return import F5, VAT3
from pos_app.reports.model.report import Leads, Report, RowKind
from tests.support.documents import specimens
from tests.support.documents.book_specimens import (
    bill,
    bill_line,
    credit_note,
    expense,
    invoice,
    vendor_credit,
)
from tests.support.documents.specimens import ORG, Item, refund, sale
from tests.support.refused import refused
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, at, content_of, last, lines
from tests.support.worlds.report_history import lived

FIRST, LAST = date(2025, 1, 2), date(2026, 12, 31)
#: Codes of our own: treatment, and the kind of supply on a return.
KINDS: Final = {
    "Z": ("zero", ""),
    "EXP": ("zero", "export"),
    "FIN": ("exempt", "financial"),
    "EX": ("exempt", ""),
    "OS": ("zero", "outside"),
    "ME": ("zero", "suspended"),
    "RC": ("exempt", "reverse"),
    "BL": ("exempt", "blocked"),
    "NR": ("zero", "unregistered"),
    "IM": ("exclusive", "import"),
}
RATES: Final = {"IM": (900, False)}
SOLD = (Sale, Refund, Invoice, CreditNote)


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> None:
    for code in KINDS:
        monkeypatch.setitem(specimens.TAX_CODES, code, RATES.get(code, (0, True)))


def with_kinds(store: Store) -> None:
    with store.database.write() as connection:
        for code, (treatment, supply) in KINDS.items():
            connection.execute(
                text(
                    "INSERT INTO tax_code (org_id, code, name, treatment, supply)"
                    " VALUES (:org, :code, 'T', :how, :supply)"
                ),
                {"org": ORG, "code": code, "how": treatment, "supply": supply},
            )


def year(store: Store) -> Books:
    """A shop's year at the desk: all kinds of sales and purchases, what takes them back, a void, a price
    that was too high.
    """
    books = Books(store).prepare()
    with_kinds(store)
    books.record(sale(Item(11_600), Item(10_800, code="V8"), Item(500, code="EXP"), **at(2026, 11, 2)))
    books.record(sale(Item(700, code="EX"), Item(3_000, code="FIN"), Item(99, code="OS"), **at(2026, 11, 2)))
    books.record(refund(Item(2_900), Item(100, code="EX"), Item(50, code="EXP"), **at(2026, 11, 3)))
    owed = books.record(invoice(Item(70_000, code="X16"), Item(800, code="Z"), **at(2026, 11, 4)))
    # The price was too high: no goods come back.
    too_much = credit_note(
        Item(1_000, code="X16", stocked=False),
        invoice_id=owed.document_id,
        reason="price agreed",
        **at(2026, 11, 5),
    )
    books.record(too_much)
    wrong = books.record(sale(Item(99_999), Item(1_234, code="FIN"), **at(2026, 11, 5)))
    books.void(wrong, **at(2026, 11, 12))
    bought = books.record(
        bill(
            bill_line(10_000),
            bill_line(777, "V16"),
            bill_line(50_000, "ME"),
            bill_line(20_000, "IM"),
            bill_line(4_000, "RC"),
            bill_line(1_090, "BL"),
            bill_line(600, "NR"),
            bill_line(250, "EX"),
            bill_line(320, "Z"),
            **at(2026, 11, 6),
        )
    )
    books.record(
        vendor_credit(bill_line(1_000), bill_line(5_000, "ME"), bill_id=bought.document_id, **at(2026, 11, 7))
    )
    books.record(expense(bill_line(2_320, "V16", account="6200"), **at(2026, 11, 8)))
    return books


def naive(books: Books, first: date = FIRST) -> Iterator[tuple[bool, str, int, int, int]]:
    """Sold, code, rate, net, tax of each line, signed as returns count them; documents in base currency."""
    for one in books.within(first, LAST):
        content, sign = content_of(one.document)
        if not isinstance(content, (*SOLD, Bill, VendorCredit, Expense)) or content.rate_micro != RATE_ONE:
            continue
        sign = -sign if isinstance(content, VendorCredit) else sign
        for line in content.lines:
            if line.tax_code not in ("DEPOSIT", "VOUCHER"):
                sold = isinstance(content, SOLD)
                yield sold, line.tax_code, line.tax_rate_bp, sign * line.net, sign * line.tax


def boxes_of(books: Books, first: date = FIRST) -> dict[int, int]:
    """Form F5 by hand, as its instructions read."""
    box: dict[int, int] = defaultdict(int)
    for sold, code, rate, net, tax in naive(books, first):
        if sold:
            box[13] += net
        if sold and rate:
            box[1] += net
            box[6] += tax
        elif sold and code in ("Z", "EXP"):
            box[2] += net
        elif sold and code in ("EX", "FIN"):
            box[3] += net
        elif not sold:
            box[5] += net if rate or code in ("Z", "ME") else 0
            box[7] += tax
            box[9] += net if code == "ME" else 0
            box[14] += net if code == "RC" else 0
    box[4], box[8] = box[1] + box[2] + box[3], box[6] - box[7]
    return {number: box[number] for number in range(1, 16)}


def sheets_of(books: Books) -> dict[str, tuple[int, int]]:
    """VAT3 by hand."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sold, code, rate, net, tax in naive(books):
        general, other, zero, exempt = "BCDE" if sold else "FGHI"
        sheet = {1600: general, 0: ""}.get(rate, other)
        if not sheet:
            sheet = {"Z": zero, "EXP": zero, "ME": zero, "EX": exempt, "FIN": exempt, "RC": "J"}.get(code, "")
        found[sheet][0] += net
        found[sheet][1] += tax
    return {sheet: (found[sheet][0], found[sheet][1]) for sheet in "BCDEFGHIJ"}


def amounts(report: Report) -> dict[int, Any]:
    return {int(str(row.cells[0])): row.cells[2] for row in report.sections[0].rows}


@pytest.mark.usefixtures("codes")
def test_every_box_is_what_the_documents_say_and_opens_into_them(store: Store) -> None:
    books = year(store)
    report = books.ask("gst-f5", FIRST, LAST)
    assert report.agrees, report.findings
    assert amounts(report) == boxes_of(books)
    assert all(amounts(report)[number] for number in (1, 2, 3, 5, 6, 7, 9, 13, 14))
    # Imported services are in no taxable purchases, what cannot be claimed neither.
    assert len(report.notes) >= 3, report.notes
    kenya = books.ask("vat3", FIRST, LAST)
    assert kenya.agrees, kenya.findings
    found = {row.cells[0]: row.cells[2:] for section in kenya.sections[:2] for row in lines(section)}
    assert found == sheets_of(books)
    assert all(net for net, _ in found.values()), found
    assert last(kenya.sections[2])[1] == amounts(report)[8]
    opened_is_the_box(books, report, 2, F5)
    opened_is_the_box(books, kenya, 2, VAT3)


def opened_is_the_box(books: Books, report: Report, place: int, boxes: dict[str, Any]) -> None:
    """The documents into which each figure opens come to the figure."""
    opened = set()
    for row in (row for section in report.sections for row in section.rows if row.opens is not None):
        assert row.opens is not None
        asked = dict(row.opens.asked)
        opened.add(asked["box"])
        of_box = books.ask("tax-lines", FIRST, LAST, box=asked["box"]).sections[0]
        column = -1 if boxes[asked["box"]].is_tax else -2
        assert last(of_box)[column] == row.cells[place]
        assert all(one.opens and one.opens.to is Leads.DOCUMENT for one in lines(of_box))
    assert opened == set(boxes)


@pytest.mark.usefixtures("codes")
def test_a_void_counts_on_its_own_day(store: Store) -> None:
    books = year(store)
    later = date(2026, 11, 10)
    assert amounts(books.ask("gst-f5", later, LAST)) == boxes_of(books, later)
    assert boxes_of(books, later)[1] < 0


def test_any_history_comes_to_the_accounts_and_to_the_documents(store: Store) -> None:
    books = lived(store, 29)
    with_kinds(store)
    for name in ("gst-f5", "vat3"):
        report = books.ask(name, FIRST, LAST)
        assert report.agrees, report.findings
    # What was sold in other currencies is in both, at its own rate.
    whole = books.ask("tax-lines", FIRST, LAST).sections[0]
    own = sum(net for _, _, _, net, _ in naive(books))
    assert last(whole)[-2] != own
    kinds = ("sale", "refund", "invoice", "credit note")
    sold = [int(str(row.cells[-2])) for row in lines(whole) if str(row.cells[4]).lower().endswith(kinds)]
    assert amounts(books.ask("gst-f5", FIRST, LAST))[13] == sum(sold)


def test_a_box_that_is_none_and_a_return_without_anything(store: Store) -> None:
    books = Books(store).prepare()
    with refused("tax-box-unknown"):
        books.ask("tax-lines", FIRST, LAST, box="gst-f5-4")
    nothing = books.ask("gst-f5", FIRST, LAST)
    assert set(amounts(nothing).values()) == {0}
    assert [row.kind for row in nothing.sections[0].rows].count(RowKind.SUBTOTAL) == 2
    assert last(books.ask("tax-lines", FIRST, LAST).sections[0])[-2:] == (0, 0)
