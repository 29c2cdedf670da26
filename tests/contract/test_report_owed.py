"""VAT figures, deposits owed and M-Pesa by number, against plain sums over the documents and the model."""

from collections import defaultdict
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.ledger.document import (
    Bill,
    CreditNote,
    DepositReturn,
    Expense,
    Invoice,
    PartyMoney,
    Refund,
    Reversal,
    Sale,
    VendorCredit,
    VendorPayment,
)
from pos_app.ledger.line import TenderKind
from pos_app.ledger.mpesa_code import alike
from pos_app.ledger.treasury import PartyReason
from pos_app.reports.model.report import Leads, RowKind
from tests.support.documents import specimens
from tests.support.documents.book_specimens import bill, bill_line, invoice
from tests.support.documents.specimens import BUSINESSES, ORG, Item, sale, tender
from tests.support.oracle.model import Model
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, at, content_of, last, lines, written
from tests.support.worlds.report_history import lived

FIRST, LAST = date(2025, 1, 2), date(2026, 12, 31)
SEEDS = (5, 17)
NAMES = ("vat", "deposits-owed", "mpesa")
#: Where money goes out by hand of the shop.
OUT = (
    PartyReason.EMPLOYEE_ADVANCE,
    PartyReason.MEMBER_WITHDRAWAL,
    PartyReason.MEMBER_SHARE_RETURN,
    PartyReason.CUSTOMER_DEPOSIT_RETURN,
    PartyReason.CUSTOMER_CREDIT_RETURN,
)


def modelled(books: Books) -> Model:
    """What pencil and paper say of all documents."""
    model = Model()
    for sealed in books.sealed:
        model.add(sealed.document)
    return model


@pytest.mark.parametrize("seed", SEEDS)
def test_any_history(store: Store, seed: int) -> None:
    books = lived(store, seed)
    vat_comes_to_the_accounts(books)
    deposits_are_those_of_the_model(books, LAST)
    mpesa_is_the_sum_of_its_tenders(books)


# --- VAT ------------------------------------------------------------------------------------------


def taxes(books: Books, treatments: dict[str, str]) -> dict[tuple[bool, str, str], list[int]]:
    """Whether sold, treatment, rate: net before credits, credits; tax before credits, credited."""
    found: dict[tuple[bool, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        if not isinstance(content, Sale | Refund | Invoice | CreditNote | Bill | VendorCredit | Expense):
            continue
        is_sale = isinstance(content, Sale | Refund | Invoice | CreditNote)
        sign = -sign if isinstance(content, VendorCredit) else sign
        is_credit = isinstance(content, Refund | CreditNote | VendorCredit)
        for line in content.lines:
            treatment = treatments.get(line.tax_code, "Outside the tax")
            words = "Taxable" if line.tax_rate_bp else treatment
            box = found[is_sale, words, f"{line.tax_rate_bp // 100} %"]
            box[is_credit] += sign * line.net
            box[2 + is_credit] += sign * line.tax
    return found


def vat_comes_to_the_accounts(books: Books) -> None:
    report = books.ask("vat", FIRST, LAST)
    assert report.agrees, report.findings
    sales, purchases, whole, by_business = report.sections
    sums = books.account_sums(FIRST, LAST, with_closings=True)
    moved: dict[str, int] = defaultdict(int)
    for one in books.within(FIRST, LAST):
        content, _ = content_of(one.document)
        for line in one.posting.lines:
            if line.account in ("2200", "2210"):
                sold = isinstance(content, Sale | Refund | Invoice | CreditNote)
                bought = isinstance(content, Bill | VendorCredit | Expense)
                moved["sold" if sold else "bought" if bought else "other"] += line.base_amount
    assert last(sales)[-1] == -moved["sold"]
    assert last(purchases)[-1] == moved["bought"]
    assert last(whole)[1] == -moved["sold"] - moved["bought"]
    assert sum(moved.values()) == sums.get("2200", 0) + sums.get("2210", 0)
    assert last(by_business)[-1] == last(whole)[1]
    for row, business in zip(lines(by_business), BUSINESSES, strict=True):
        own = books.ask("vat", FIRST, LAST, business=business)
        assert last(own.sections[2])[1] == row.cells[-1]


def test_vat_by_rate_treatment_and_credits_over_a_change_of_the_rate(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(store).prepare()
    treatments = {"V16": "Taxable", "V8": "Taxable", "X16": "Taxable", "Z": "Zero-rated", "EX": "Exempt"}
    with store.database.write() as connection:
        for code, treatment in (("Z", "zero"), ("EX", "exempt"), ("V16", "inclusive")):
            connection.execute(
                text("INSERT INTO tax_code (org_id, code, name, treatment) VALUES (:org, :code, 'T', :how)"),
                {"org": ORG, "code": code, "how": treatment},
            )
    books.record(sale(Item(11_600), Item(10_800, code="V8"), Item(500, code="Z"), **at(2026, 11, 2)))
    exempt = sale(Item(700, code="Z"), **at(2026, 11, 2))
    books.record(
        msgspec.structs.replace(exempt, lines=(msgspec.structs.replace(exempt.lines[0], tax_code="EX"),))
    )
    # From the third the rate is another one.
    monkeypatch.setitem(specimens.TAX_CODES, "V16", (1400, True))
    books.record(sale(Item(23_200), **at(2026, 11, 3)))
    books.record(specimens.refund(Item(5_800), **at(2026, 11, 4)))
    wrong = books.record(sale(Item(99_999), **at(2026, 11, 5)))
    books.void(wrong, **at(2026, 11, 6))
    books.record(bill(bill_line(10_000), bill_line(777, "V16"), **at(2026, 11, 4)))
    report = books.ask("vat", FIRST, LAST)
    assert report.agrees, report.findings
    for place, is_sale in ((0, True), (1, False)):
        found = {(row.cells[0], row.cells[1]): row.cells[2:] for row in lines(report.sections[place])}
        expected = {}
        for (sold, words, rate), (net, credits_, tax, credited) in taxes(books, treatments).items():
            if sold is is_sale:
                expected[words, rate] = (net, credits_, net + credits_, tax, credited, tax + credited)
        assert found == expected
    assert {row.cells[0] for row in lines(report.sections[0])} == {"Taxable", "Zero-rated", "Exempt"}
    assert ("Taxable", "14 %") in {row.cells[:2] for row in lines(report.sections[0])}
    assert report.sections[2].rows[-1].kind is RowKind.TOTAL


# --- deposits -------------------------------------------------------------------------------------


def deposits_are_those_of_the_model(books: Books, day: date) -> None:
    report = books.ask("deposits-owed", None, day)
    assert report.agrees, report.findings
    model = modelled(books)
    slips = {
        (key[2], key[-1]): int(figures[0])
        for key, figures in model.figures("open_invoice").items()
        if key[1] == "deposit_slip" and figures[0]
    }
    customers = {
        (key[2], key[-1]): -int(figures[0])
        for key, figures in model.figures("party_balance").items()
        if key[1] == "depositor" and figures[0]
    }
    for title, expected in (("Slips", slips), ("Customers", customers)):
        found = [
            (section.title.removeprefix(f"{title}, "), row.cells[-1])
            for section in report.sections
            if section.title.startswith(title)
            for row in lines(section)
        ]
        assert sorted(found) == sorted((code, amount) for (_, code), amount in expected.items())
    if not books.store.is_sqlite:
        (account,) = [section for section in report.sections if section.title == "In the books"]
        assert [row.cells[2] for row in lines(account)] == [-books.account_sums(None, day).get("2320", 0)]


def test_a_deposit_that_the_books_do_not_hold_is_a_finding(central_store: Store) -> None:
    books = lived(central_store, 5)
    central_store.execute(
        "UPDATE account_balance SET base_amount = base_amount - 7 WHERE account_code = '2320'"
    )
    report = books.ask("deposits-owed", None, LAST)
    assert len(report.findings) == 1
    assert "the accounts of deposits" in report.findings[0]


# --- M-Pesa ---------------------------------------------------------------------------------------


def mpesa_tenders(books: Books) -> list[tuple[Any, int, Any]]:
    """The document, +1 where its money comes in, and the tender."""
    found = []
    for one in books.within(FIRST, LAST):
        content, sign = content_of(one.document)
        sign = abs(sign) if not isinstance(one.document, Reversal) else -1
        goes_out = isinstance(content, Refund | Expense | VendorPayment | DepositReturn)
        goes_out = goes_out or (isinstance(content, PartyMoney) and content.reason in OUT)
        for each in getattr(content, "tenders", ()):
            if each.kind is TenderKind.MPESA:
                found.append((one.document, -sign if goes_out else sign, each))
    return found


def mpesa_is_the_sum_of_its_tenders(books: Books) -> None:
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for document, sign, one in mpesa_tenders(books):
        currency = one.paid_currency or document.currency
        expected[one.account, currency] += sign * (one.paid or one.amount)
    report = books.ask("mpesa", FIRST, LAST)
    found: dict[Any, Any] = {}
    for section in report.sections:
        if section.title.startswith("By till number, "):
            currency = section.title.removeprefix("By till number, ")
            found |= {(row.cells[2], currency): row.cells[6] for row in lines(section)}
    assert found == expected
    each = sum(len(lines(one)) for one in report.sections if not one.title.startswith("By till number"))
    assert each == len(mpesa_tenders(books))


def test_doubled_codes_are_marked_and_voided_ones_are_not(store: Store) -> None:
    books = Books(store).prepare()
    store.execute("UPDATE business SET mpesa_till = '174379' WHERE business_id = 1")

    def paid(code: str, day: int) -> Any:
        return books.record(
            sale(Item(1_000), tenders=[tender(TenderKind.MPESA, 1_000, code)], **at(2026, 11, day))
        )

    paid("SLK4AB9Z01", 2)
    paid("SLK4AB9ZO1", 3)
    again = paid("TTT4AB9Z01", 4)
    books.void(again, **at(2026, 11, 5))
    paid("TTT4AB9Z01", 6)
    report = books.ask("mpesa", FIRST, LAST)
    numbers, each = report.sections
    assert lines(numbers)[0].cells[:3] == ("174379", "LPG & retail", tender(TenderKind.MPESA, 1).account)
    assert lines(numbers)[0].cells[3:] == (5, 4_000, -1_000, 3_000, 2)
    assert each.title.startswith("174379, LPG & retail, ")
    assert [(row.cells[1], row.cells[5], row.cells[6]) for row in lines(each)] == [
        ("SLK4AB9Z01", 1_000, "twice"),
        ("SLK4AB9ZO1", 1_000, "twice"),
        ("TTT4AB9Z01", 1_000, ""),
        ("TTT4AB9Z01", -1_000, ""),
        ("TTT4AB9Z01", 1_000, ""),
    ]
    assert alike("SLK4AB9ZO1") == "51K4AB9Z01".replace("51", "SL")
    to = lines(each)[0].opens
    assert to is not None
    assert to.to is Leads.DOCUMENT


# --- all ------------------------------------------------------------------------------------------


def test_another_organisation_is_not_seen_and_none_is_empty(store: Store) -> None:
    books = Books(store).prepare()
    empty = {name: books.ask(name, FIRST, LAST) for name in NAMES}
    assert all(one.agrees for one in empty.values())
    strange = store.journal(org_id=ORG + 1)
    elsewhere = {"org_id": ORG + 1, **at(2026, 11, 5)}
    paid = [tender(TenderKind.MPESA, 999, "SLK4AB9Z01")]
    strange.record_document(sale(Item(999), tenders=paid, **elsewhere))
    strange.record_document(invoice(Item(999, code="X16"), due_on=20261201, **elsewhere))
    assert {name: books.ask(name, FIRST, LAST) for name in NAMES} == empty


def test_a_business_has_its_own(store: Store) -> None:
    books = written(store)
    for business in BUSINESSES:
        for name in NAMES:
            report = books.ask(name, FIRST, LAST, business=business)
            assert report.agrees or name == "deposits-owed", report.findings
