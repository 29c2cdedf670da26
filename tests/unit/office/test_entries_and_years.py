"""Entries by hand, opening balances, locked periods, the end of a year, and a fourth business."""

from datetime import UTC, datetime

from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import PartyRole
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.office import (
    bills,
    invoicing,
    journal_entries,
    payments,
    purchasing,
    treasury,
    voids,
    year_end,
)
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.journal_entries import OpeningRow, OpeningStock, Row
from pos_app.office.masters import businesses
from pos_app.office.purchasing import Bought
from pos_app.store.stock.valuation import Valuation
from pos_app.store.tables.projections import STOCK_VALUE
from tests.support.refused import refused
from tests.support.worlds.office_fixture import DOLLAR, ONE, Desk, bank, cash, on


def test_an_entry_balances_in_every_business(desk: Desk) -> None:
    office = desk.office
    made = journal_entries.entry(
        office,
        "Rent for two businesses",
        [
            Row("6100", 60_00),
            Row("1900", 40_00),
            Row("1170", -100_00),
            Row("6100", 40_00, "WATER"),
            Row("1900", -40_00, "WATER"),
        ],
    )
    assert made.number == "M1000000-JE000001"
    assert (desk.account("6100"), desk.account("6100", 2)) == (60_00, 40_00)
    journal_entries.entry(office, "A loan", [Row("1310", 10_00, party="E1"), Row("1170", -10_00)])
    assert desk.owes("E1", PartyRole.EMPLOYEE) == 10_00
    for rows, code in (
        ([], "entry-too-short"),
        ([Row("6100", 10_00), Row("1170", -9_00)], "entry-unbalanced"),
        ([Row("6100", 10_00), Row("1170", -10_00, "WATER")], "entry-unbalanced"),
        ([Row("6100", 10_00), Row("1900", -10_00)], "businesses-do-not-cancel"),
        ([Row("1210", 10_00), Row("1170", -10_00)], "account-made-of-documents"),
        ([Row("2130", 10_00), Row("1170", -10_00)], "account-made-of-documents"),
        ([Row("1300", 10_00), Row("1170", -10_00)], "account-needs-party"),
        ([Row("6100", 10_00, party="C1"), Row("1170", -10_00)], "account-without-party"),
        ([Row("1300", 10_00, party="V1"), Row("1170", -10_00)], "party-not-in-role-office"),
        ([Row("1300", -10_00, party="C1", due_on=20261201), Row("1170", 10_00)], "due-side-wrong"),
        ([Row("1300", 10_00, party="C1", due_on=20990101), Row("1170", -10_00)], "year-of-date-implausible"),
        ([Row("1220", 10_00), Row("1170", -10_00)], "account-of-other-business"),
        ([Row("0000", 10_00), Row("1170", -10_00)], "account-unknown"),
        ([Row("6100", 0), Row("1170", 0)], "entry-line-empty"),
    ):
        with refused(code):
            journal_entries.entry(office, "Wrong", rows)
    with refused("reason-missing"):
        journal_entries.entry(office, " ", [Row("6100", 10_00), Row("1170", -10_00)])
    with refused("beyond-rights"):
        journal_entries.entry(desk.as_("MGR"), "Rent", [Row("6100", 10_00), Row("1170", -10_00)])
    assert desk.documents() == ["journal_entry", "journal_entry"]
    assert desk.is_whole()


def opening(desk: Desk, source: bytes = b"file") -> list[str]:
    rows = [
        OpeningRow(Row("1170", 5_000_00)),
        OpeningRow(Row("1170", 100_00), "USD"),
        OpeningRow(Row("3100", -4_000_00)),
        OpeningRow(Row("2310", -300_00, party="M1")),
        OpeningRow(Row("1300", 580_00, "WATER", "C1", 20261001, "OLD-7")),
        OpeningRow(Row("1300", 20_00, "", "C1", 20261001, "OLD-8")),
        OpeningRow(Row("2110", -90_00, "", "V1", 20261005, "INV-1"), "USD"),
    ]
    goods = [OpeningStock("GAS", "MAIN", 10 * ONE, 1_500_00), OpeningStock("REFILL", "MAIN", 50 * ONE, 20_00)]
    made = journal_entries.opening(desk.as_("OWNER"), rows, goods, on(20261031), source=source)
    return [one.number for one in made]


def test_the_books_open_once_and_whole(desk: Desk) -> None:
    assert len(opening(desk)) == 6
    with refused("brought-in-already"):
        opening(desk)
    assert desk.account("1170") == 5_000_00
    assert desk.base("2110") == -90 * DOLLAR // 10_000
    assert desk.owes("C1") == 600_00
    assert desk.balance(STOCK_VALUE, business_id=1, product_id=1)["value"] == 15_000_00
    assert desk.account("1220", 2) == 1_000_00
    assert desk.is_whole()
    with desk.office.read() as books:
        from pos_app.store.receivables import open_items

        party = books.party("C1", PartyRole.CUSTOMER).party_id
        items = open_items.to_pay(books.connection, desk.org_id, PartyRole.CUSTOMER, party, "KES")
    assert [(one.amount, one.business_id) for one in items] == [(580_00, 2), (20_00, 1)]
    payments.receive(desk.office, "C1", cash(580_00), [InvoiceChoice(items[0].invoice_id)])
    assert (desk.owes("C1"), desk.account("1300", 2)) == (20_00, 0)
    payments.pay_vendor(desk.office, "V1", bank(90_00), occasion=PostingDetails(currency="USD"))
    assert desk.base("2110") == 0


def test_an_opening_with_one_bad_row_opens_nothing(desk: Desk) -> None:
    good = OpeningRow(Row("1170", 5_000_00))
    for row, goods, code in (
        (OpeningRow(Row("1210", 10_00)), [], "account-made-of-documents"),
        (OpeningRow(Row("1300", 10_00)), [], "account-needs-party"),
        (OpeningRow(Row("1170", 10_00), "EUR"), [], "rate-not-set"),
        (good, [OpeningStock("SERVICE", "MAIN", ONE, 1_00)], "service-not-counted"),
        (good, [OpeningStock("GAS", "MOON", ONE, 1_00)], "place-unknown"),
        (good, [OpeningStock("GAS", "MAIN", ONE, -1_00)], "amount-out-of-range"),
    ):
        with refused(code):
            journal_entries.opening(desk.as_("OWNER"), [good, row], goods, source=code.encode())
    with refused("opening-empty"):
        journal_entries.opening(desk.office, [], [], source=b"")
    assert desk.documents() == []


def test_a_locked_period_stays_as_it_is(desk: Desk) -> None:
    office = desk.office
    rent = [Cost("Rent", 10_00, "6100")]
    bills.bill(office, "V1", rent, on(20261031))
    year_end.lock(office, 20261031)
    with refused("books-locked"):
        bills.bill(office, "V1", rent, on(20261031))
    bills.bill(office, "V1", rent, on(20261101))
    year_end.lock(office, 20261115, business="WATER", reason="audited")
    with refused("books-locked"):
        bills.bill(office, "V1", [Cost("Rent", 10_00, "6100", business="WATER")], on(20261110))
    bills.bill(office, "V1", rent, on(20261110))
    year_end.lock(office, 20260930)
    bills.bill(office, "V1", rent, on(20261015))
    for day, code in (
        (20261120, "period-not-over"),
        (20990101, "year-of-date-implausible"),
        (19700101, "year-of-date-implausible"),
    ):
        with refused(code):
            year_end.lock(office, day)
    with refused("person-may-not-here"):
        year_end.lock(desk.as_("MGR"), 20261031)
    assert desk.documents() == ["bill"] * 4


def test_a_year_ends_once(desk: Desk) -> None:
    office, store = desk.office, desk.as_("MGR")
    purchasing.receive_without_order(store, "V1", [Bought("GAS", 10 * ONE, 1_000_00)])
    invoicing.invoice(office, "C1", [Goods("GAS", 2 * ONE), Goods("REFILL", ONE)])
    invoicing.invoice(office, "C1", [Goods("SERVICE", ONE, 11_60)], PostingDetails(currency="USD"))
    treasury.expense(office, [Cost("Rent", 500_00, "6100")], bank(500_00))
    with refused("year-not-over"):
        year_end.year_end(office, 2026)
    desk.clock = SetClock(datetime(2027, 1, 10, 9, tzinfo=UTC))
    office = desk.as_("ACC")
    with refused("books-not-locked"):
        year_end.year_end(office, 2026)
    year_end.lock(office, 20261231)
    with refused("stock-not-valued"):
        year_end.year_end(office, 2026)
    # What is dated in a locked year is valued now: so it is valued before the lock.
    year_end.lock(office, 20261030)
    assert Valuation(desk.database, desk.clock, desk.org_id).run().valuations == 2
    year_end.lock(office, 20261231)
    Valuation(desk.database, desk.clock, desk.org_id).run()
    before = desk.base("1300")
    closed = {one.business: one.profit for one in year_end.year_end(office, 2026)}
    assert closed == {"MAIN": 4_000_00 + 10_00 * 12950 // 100 - 500_00 - 2_000_00, "WATER": 100_00}
    for code in ("4100", "5100", "6100"):
        assert (desk.account(code), desk.account(code, currency="USD"), desk.base(code)) == (0, 0, 0)
    assert desk.base("3400") == -closed["MAIN"]
    assert desk.account("3400", currency="USD") == -10_00
    assert desk.base("1300") == before
    # Whatever waits to be valued since: it is closed.
    with refused("year-closed-already"):
        year_end.year_end(office, 2026)
    Valuation(desk.database, desk.clock, desk.org_id).run()
    with refused("year-closed-already"):
        year_end.year_end(office, 2026)
    with refused("year-not-over"):
        year_end.year_end(office, 2027)
    with refused("year-of-date-implausible"):
        year_end.year_end(office, 2099)
    with refused("person-may-not-here"):
        year_end.year_end(desk.as_("MGR"), 2026)
    assert desk.is_whole()


def test_a_closed_year_is_opened_by_a_void_and_closed_again(desk: Desk) -> None:
    treasury.expense(desk.office, [Cost("Rent", 500_00, "6100")], bank(500_00))
    desk.clock = SetClock(datetime(2027, 1, 10, 9, tzinfo=UTC))
    office = desk.as_("ACC")
    year_end.lock(office, 20261231)
    Valuation(desk.database, desk.clock, desk.org_id).run()
    (closed,) = year_end.year_end(office, 2026)
    assert closed.profit == -500_00
    voids.void(office, closed.made.document_id, "the rent was wrong")
    assert (desk.account("6100"), desk.account("3400")) == (500_00, 0)
    Valuation(desk.database, desk.clock, desk.org_id).run()
    year_end.year_end(office, 2026)
    assert (desk.account("6100"), desk.account("3400")) == (0, 500_00)


def test_a_fourth_business_is_rows_only(desk: Desk) -> None:
    businesses.add_business(desk.as_("OWNER"), "CARS", "Car wash", {"mpesa_till": "522533"})
    made = bills.bill(desk.office, "V1", [Cost("Soap", 10_00, "6110")], PostingDetails(business="CARS"))
    assert made.document.business_id == 4
    journal_entries.entry(
        desk.office,
        "Till",
        [Row("1143", 10_00, "CARS"), Row("3100", -10_00, "CARS")],
        PostingDetails(business="CARS"),
    )
    with refused("business-code-taken"):
        businesses.add_business(desk.as_("OWNER"), "CARS", "Car wash", {})
    assert desk.is_whole()


def test_what_is_voided_here_was_made_here(desk: Desk) -> None:
    made = bills.bill(desk.office, "V1", [Cost("Rent", 10_00, "6100")])
    with refused("void-without-reason"):
        voids.void(desk.office, made.document_id, " ")
    gone = voids.void(desk.office, made.document_id, "wrong vendor")
    for key, code in (
        (made.document_id, "voided-already"),
        (gone.document_id, "void-of-void"),
        (1 << 32 | 1, "not-made-in-office"),
    ):
        with refused(code):
            voids.void(desk.office, key, "wrong")
    assert desk.owes("V1", PartyRole.VENDOR) == 0
