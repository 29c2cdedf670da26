"""The office's papers on A4: sellers, tax numbers, how to pay, and which of them is a copy."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from pyzbar import pyzbar

from pos_app.language import use_paper_language
from pos_app.ledger.clock import SetClock
from pos_app.ledger.day import to_date
from pos_app.office import invoicing, papers, purchasing, treasury
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.masters import businesses, exchange_rates
from pos_app.office.purchasing import Bought
from pos_app.reports.ask.party_statement import party_statement
from pos_app.reports.ask.question import Question
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.table import table
from pos_app.reports.model.period import Period, zone_of
from pos_app.reports.slips import any_pdf, invoice_pdf
from pos_app.store.master import organisations
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank

GAS = {
    "legal_name": "Bohari Gas Holdings Ltd",
    "address": "Plot 4, Moi Avenue\nP.O. Box 12, Nakuru",
    "phone": "0700 111 222",
    "tax_number_name": "PIN",
    "tax_number": "P051234567X",
    "bank_details": "Equity Bank, Nakuru\nAccount 0170 1234 5678",
    "mpesa_till": "522533",
}
WATER = {"legal_name": "Maji Safi Ltd", "tax_number_name": "PIN", "tax_number": "P059999999Z"}


@pytest.fixture(params=["en", "sw"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_paper_language(request.param)
    yield request.param
    use_paper_language("en")


@pytest.fixture
def shop(desk: Desk) -> Desk:
    businesses.edit_business(desk.as_("OWNER"), "MAIN", GAS)
    businesses.edit_business(desk.as_("OWNER"), "WATER", WATER)
    return desk


def posted(desk: Desk, *skus: str) -> int:
    goods = [Goods(sku, 2 * ONE) for sku in skus]
    return invoicing.invoice(desk.office, "C1", goods).document_id


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed")
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"]
    return " ".join(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())


def drawn(desk: Desk, key: int) -> bytes:
    """As `bohari invoices pdf` draws it."""
    copy_no = papers.copy_number(desk.office, key)
    with desk.office.read() as books:
        made = invoice_pdf.of_key(books.connection, desk.org_id, key, copy_no)
    papers.note_drawn(desk.office, key, copy_no)
    return made


def test_an_invoice_names_its_seller_and_how_to_pay(shop: Desk, language: str, tmp_path: Path) -> None:
    text = text_of(drawn(shop, posted(shop, "GAS")), tmp_path)
    for wanted in (
        *("Tax invoice", "Bohari Gas Holdings Ltd", "Plot 4, Moi Avenue", "P.O. Box 12, Nakuru"),
        *(
            "0700 111 222",
            "PIN P051234567X",
            "VAT 16 % (A)",
            "Equity Bank, Nakuru",
            "0170 1234 5678",
            "522533",
        ),
    ):
        assert wanted in text, text
    assert ("How to pay" in text) == (language == "en")


def test_an_invoice_over_two_businesses_names_both(shop: Desk, tmp_path: Path) -> None:
    text = text_of(drawn(shop, posted(shop, "GAS", "REFILL")), tmp_path)
    for wanted in ("Bohari Gas Holdings Ltd", "Maji Safi Ltd", "PIN P051234567X", "PIN P059999999Z"):
        assert wanted in text, text
    assert "Exempt (E) on 200.00" in text


def test_a_copy_years_later_says_so_and_names_the_same_seller(shop: Desk, tmp_path: Path) -> None:
    key = posted(shop, "GAS")
    first = text_of(drawn(shop, key), tmp_path)
    shop.clock = SetClock(datetime(2027, 12, 1, 9, tzinfo=UTC))
    shop.office = shop.as_("ACC")
    businesses.edit_business(shop.as_("OWNER"), "MAIN", {"legal_name": "Somebody Else Ltd", "tax_number": ""})
    second = text_of(drawn(shop, key), tmp_path)
    assert "COPY" not in first
    assert "COPY 1" in second
    assert sorted(second.replace("COPY 1 ", "").split()) == sorted(first.split())
    assert "COPY 2" in text_of(drawn(shop, key), tmp_path)
    # What is made from now on is the other's; the owner allows the years between.
    shop.office.allows_dates = True
    assert "Somebody Else Ltd" in text_of(drawn(shop, posted(shop, "GAS")), tmp_path)


def test_a_statement_says_who_sends_it_and_how_to_pay(shop: Desk, language: str, tmp_path: Path) -> None:
    posted(shop, "GAS")
    with shop.office.read() as books:
        organisation = organisations.get(books.connection, shop.org_id)
        assert organisation is not None
        period = Period(date(2026, 11, 1), to_date(20261130), zone_of("Africa/Nairobi"))
        report = party_statement(Question(books.connection, organisation, period, party="C1"))
    assert "Bohari Gas Holdings Ltd, Plot 4, Moi Avenue" in table(report)
    text = text_of(report_pdf(report), tmp_path)
    for wanted in ("PIN P051234567X", "Equity Bank, Nakuru", "522533", "Mama Kanini · C1"):
        assert wanted in text, text
    assert ("How to pay" in text) == (language == "en")


def paper(desk: Desk, key: int, folder: Path, *, delivery_note: bool = False) -> str:
    with desk.office.read() as books:
        made = any_pdf.of_key(books.connection, desk.org_id, key, delivery_note=delivery_note)
    return text_of(made, folder)


def test_an_order_and_what_came_name_vendor_goods_place_and_papers(
    shop: Desk, language: str, tmp_path: Path
) -> None:
    bought = [Bought("GAS", 10 * ONE, 2_000_00), Bought("HOSE", 4 * ONE, 500_00)]
    order = purchasing.order(shop.office, "V1", bought)
    text = paper(shop, order.document_id, tmp_path)
    for wanted in ("Bohari Gas Holdings Ltd", "PIN P051234567X", "Total Gas", "Gas 13 kg", "Main depot"):
        assert wanted in text, text
    assert "22,000.00" in text
    came = purchasing.receive(shop.as_("MGR"), order.document_id, reference="DN 4711")
    text = paper(shop, came.document_id, tmp_path)
    for wanted in ("DN 4711", order.number, "Total Gas", "Hose", "Mgr"):
        assert wanted in text, text
    assert ("Delivery note: DN 4711" in text) == (language == "en")


def test_a_delivery_note_has_the_goods_and_no_price(shop: Desk, language: str, tmp_path: Path) -> None:
    key = posted(shop, "GAS")
    text = paper(shop, key, tmp_path, delivery_note=True)
    for wanted in ("Mama Kanini", "GAS Gas 13 kg 2 pc", "M1000000-I000001", "____"):
        assert wanted in text, text
    assert "2,320" not in text
    assert "4,640" not in text
    assert ("Received by" in text) == (language == "en")


def test_what_has_no_page_of_its_own_is_drawn_as_its_slip(shop: Desk, tmp_path: Path) -> None:
    made = treasury.expense(shop.office, [Cost("Rent", 500_00, "6100")], bank(500_00))
    text = paper(shop, made.document_id, tmp_path)
    assert "EXPENSE" in text
    assert "500.00" in text
    with refused("not-an-invoice-to-draw"):
        paper(shop, made.document_id, tmp_path, delivery_note=True)


def test_an_invoice_in_dollars_of_singapore_has_a_code_to_scan(shop: Desk, tmp_path: Path) -> None:
    """PayNow: the sum and the number of the invoice, by which the bank's statement finds it."""
    owner = shop.as_("OWNER")
    with refused("paynow-proxy-none"):
        businesses.edit_business(owner, "MAIN", {"paynow": "12345"})
    businesses.edit_business(owner, "MAIN", {"paynow": "201403121w"})
    exchange_rates.set_rate(owner, "SGD", 96_000_000, 20260101)
    # What a paper says is what was so when it was recorded.
    shop.clock.advance(timedelta(minutes=1))
    made = invoicing.invoice(
        shop.office, "C1", [Goods("GAS", 2 * ONE, 31_00)], occasion=PostingDetails(currency="SGD")
    )
    code = scanned(drawn(shop, made.document_id), tmp_path)
    assert "00020101021226" in code
    assert f"5405{'62.00'}" in code
    assert f"62{len(made.number) + 4:02d}01{len(made.number):02d}{made.number}" in code
    # In another currency nobody pays so.
    assert scanned(drawn(shop, posted(shop, "GAS")), tmp_path) == ""


def scanned(pdf: bytes, folder: Path) -> str:
    """What a telephone reads on the first page; empty where there is nothing to scan."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed")
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-png", "-r", "150", "-singlefile", folder / "paper.pdf", folder / "paper"], check=True
    )
    found = pyzbar.decode(Image.open(folder / "paper.png"))
    return found[0].data.decode() if found else ""
