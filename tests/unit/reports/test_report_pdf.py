"""Reports and invoices as PDF, read back by poppler: pages headed and numbered, nothing cut or lost."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from pos_app.ledger.money import grouped_text
from pos_app.reports.draw.grid import page_for
from pos_app.reports.draw.lettering import width_of
from pos_app.reports.draw.page import LANDSCAPE, PORTRAIT, wrapped
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.model.report import Column, Row, Section, money
from pos_app.reports.slips.invoice_pdf import Facts, invoice_pdf
from pos_app.store.report_queries.invoice_history import Addressee, Change, Sender
from tests.support.documents.book_specimens import DOLLAR, credit_note, invoice
from tests.support.documents.specimens import MOMENT, Item
from tests.unit.reports.sample_reports import KES, LARGEST, LONG, WORD, currencies, ledger, report

SENDER = Sender(
    "Bohari Depots", "LPG & retail", "Kilimani", "K", "Ngong Road 12", "+254 712 000 501",
    "Pay to till 123456.", "KES", "Africa/Nairobi",
)  # fmt: skip
NJERI = Addressee("C501", "Mama Njeri Hotel", "0712000501")


def words(pdf: bytes, tmp_path: Path) -> list[tuple[int, float, float, str]]:
    """Page, left edge, right edge and text of every word, as poppler finds them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    name = "{http://www.w3.org/1999/xhtml}"
    pages = list(ET.fromstring(done.stdout).iter(f"{name}page"))
    found = [
        (
            place,
            float(word.attrib["yMax"]),
            float(word.attrib["xMin"]),
            float(word.attrib["xMax"]),
            word.text or "",
        )
        for place, page in enumerate(pages, 1)
        for word in page.iter(f"{name}word")
    ]
    # Line by line, as it is read, and not column by column as poppler guesses.
    found.sort(key=lambda word: (word[0], round(word[1]), word[2]))
    return [(place, left, right, text) for place, _, left, right, text in found]


def text_of(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page."""
    found = words(pdf, tmp_path)
    return [
        " ".join(word for place, _, _, word in found if place == page) for page in range(1, found[-1][0] + 1)
    ]


def test_every_page_has_head_title_rows_and_number(tmp_path: Path) -> None:
    pages = text_of(report_pdf(report((ledger(120),), subject=LONG)), tmp_path)
    assert len(pages) > 2
    for place, page in enumerate(pages, 1):
        assert "Bohari Depots · All businesses" in page
        assert "1 to 30 November 2026" in page
        assert f"Page {place} of {len(pages)}" in page
        assert "Debit KES" in page
        assert "Balance KES" in page
    whole = " ".join(pages)
    assert all(f"K3-S{place:06d}" in whole for place in range(120))
    # Each name as often as it was said, over several lines, and at head and foot of every page.
    assert len(re.findall("Cooperative", whole)) == 24 + 2 * len(pages)


def test_a_total_does_not_stand_alone(tmp_path: Path) -> None:
    """Whatever the number of rows: the page with the total has a row above it."""
    for count in range(30, 60, 3):
        pages = text_of(report_pdf(report((ledger(count, "Njeri"),))), tmp_path)
        assert "Total" in pages[-1]
        assert "K3-S" in pages[-1]


@pytest.mark.parametrize("businesses", [1, 3, 8, 14])
def test_large_sums_are_never_cut(tmp_path: Path, businesses: int) -> None:
    columns = (
        Column("Code"),
        Column("Account"),
        *(money(f"Business {one}", KES) for one in range(businesses)),
    )
    amounts = [-LARGEST - one for one in range(businesses)]
    section = Section("", columns, (Row(("1110", LONG, *amounts)), Row(("1120", WORD, *amounts))))
    size, letters = page_for([section])
    if businesses <= 3:
        assert letters >= 7
    found = words(report_pdf(report((section,))), tmp_path)
    texts = [word for _, _, _, word in found]
    for amount in amounts:
        assert texts.count(grouped_text(amount, KES)) == 2
    assert all(left >= 0 and right <= size.width for _, left, right, _ in found)


def test_columns_do_not_overlap(tmp_path: Path) -> None:
    pdf = report_pdf(report((ledger(3, WORD),)))
    found = words(pdf, tmp_path)
    balance = [left for _, left, _, word in found if word.startswith(f"{LARGEST // 100:,}"[:6])]
    name = [right for _, _, right, word in found if "Donau" in word or "schiff" in word]
    assert name
    assert max(name) < min(balance)


def test_a_number_of_a_document_is_not_broken(tmp_path: Path) -> None:
    """Where there is little room, texts are wrapped between their words before a number is cut in two."""
    titles = ("Date", "Document", "What", "Party", "Business", "Original")
    columns = (*map(Column, titles), *(money(one, KES) for one in ("Debit", "Credit", "Balance")))
    facts = ("Journal entry", "Upendo Children's Home of Kilimani", "LAUNDRY", "USD -12,000.00")
    rows = tuple(
        Row(("2026-10-01", f"K1000000-JE{number:06}", *facts, *[123_456_78] * 3)) for number in range(3)
    )
    found = [text for *_, text in words(report_pdf(report((Section("", columns, rows),))), tmp_path)]
    assert {"K1000000-JE000000", "K1000000-JE000002"} <= set(found)


def test_upright_where_it_fits() -> None:
    assert page_for([currencies()])[0] == PORTRAIT
    wide = Section("", tuple(money(f"Business {one}", KES) for one in range(9)), (Row((LARGEST,) * 9),))
    assert page_for([wide])[0] == LANDSCAPE


def test_wrapping_loses_no_letter() -> None:
    for text in (LONG, WORD, "a", "", "two\nlines"):
        lines = wrapped(text, 60, 9)
        assert all(width_of(line, 9) <= 60 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_findings_are_printed(tmp_path: Path) -> None:
    (page,) = text_of(report_pdf(report((currencies(),), findings=("Short by 1.",), notes=(LONG,))), tmp_path)
    assert "Does not agree: Short by 1." in page
    assert "Ngong Road)" in page


def test_an_empty_report_is_a_page(tmp_path: Path) -> None:
    assert "Page 1 of 1" in text_of(report_pdf(report(())), tmp_path)[0]


def test_the_same_report_is_the_same_bytes() -> None:
    one = report((ledger(40),))
    assert report_pdf(one) == report_pdf(one)


# --- invoices -------------------------------------------------------------------------------------


def test_invoice_says_what_it_must(tmp_path: Path) -> None:
    document = invoice(
        Item(2_320_00, 2000, "V16", 1),
        Item(150_00, 10_000, "Z", 2, 2),
        number=7,
        seq=4,
        terminal_no=3,
        reference="PO 4711",
        note="Back door.",
    )
    paid = Change(datetime(2026, 11, 30, 22, 0, tzinfo=UTC), "payment", False, "K", 3, "P", 2, -1_000_00)
    facts = Facts(SENDER, NJERI, (paid,), open_amount=document.total - 1_000_00)
    (page,) = text_of(invoice_pdf(document, facts), tmp_path)
    for text in (
        "LPG & retail", "Ngong Road 12", "Invoice", "K3-I000007", "Due 2026-12-20", "Terms 30 days",
        "Mama Njeri Hotel", "C501 · 0712000501", "Your reference: PO 4711", "V16 16 % incl.",
        "Tax V16 16 % on 4,000.00 640.00", "Total 6,140.00", "Payment K3-P000002 of 2026-12-01 −1,000.00",
        "Balance due 5,140.00", "Back door.", "Pay to till 123456.", "Page 1 of 1",
    ):  # fmt: skip
        assert text in page, text


def test_foreign_invoice_has_its_base_total(tmp_path: Path) -> None:
    document = invoice(Item(100_00, 1000, "Z"), currency="USD", rate_micro=DOLLAR)
    (page,) = text_of(invoice_pdf(document, Facts(SENDER, NJERI, (), document.total)), tmp_path)
    assert "In KES 12,955.00, at 129.55 for 1 USD" in page
    assert "Total 100.00" in page


def test_rate_of_a_currency_with_other_decimals(tmp_path: Path) -> None:
    """A dollar of 3,650.25 shillings of Uganda, which have no cents: 36.5025 for one cent."""
    document = invoice(Item(100_00, 1000, "Z"), currency="USD", rate_micro=36_502_500)
    sender = Sender(*(*SENDER_FIELDS[:7], "UGX", "Africa/Kampala"))
    (page,) = text_of(invoice_pdf(document, Facts(sender, NJERI, (), document.total)), tmp_path)
    assert "In UGX 365,025, at 3650.25 for 1 USD" in page


SENDER_FIELDS = tuple(getattr(SENDER, name) for name in Sender.__slots__)


def test_what_was_paid_elsewhere_is_said(tmp_path: Path) -> None:
    document = invoice(Item(1_000_00, 1000, "Z"))
    (page,) = text_of(invoice_pdf(document, Facts(SENDER, NJERI, (), open_amount=400_00)), tmp_path)
    assert "Paid elsewhere −600.00" in page
    assert "Balance due 400.00" in page


def test_credit_note_names_its_invoice_and_a_void_is_one(tmp_path: Path) -> None:
    document = credit_note(Item(1_160_00), invoice_number="K3-I000007")
    (page,) = text_of(invoice_pdf(document, Facts(SENDER, NJERI, is_void=True)), tmp_path)
    assert "Credit note" in page
    assert " VOID " in page
    assert "Takes from invoice K3-I000007: came back dented" in page
    assert "Balance due" not in page


def test_a_long_invoice_loses_nothing(tmp_path: Path) -> None:
    document = invoice(*(Item(999_999_99, 1_250_000, "X16", place + 1) for place in range(70)), note=LONG)
    lines = tuple(msgspec.structs.replace(line, description=LONG) for line in document.lines)
    document = msgspec.structs.replace(document, lines=lines)
    to = Addressee("C501", LONG, "")
    paid = Change(MOMENT, "payment", False, "K", 3, "P", 2, -1)
    pages = text_of(invoice_pdf(document, Facts(SENDER, to, (paid,), document.total - 1)), tmp_path)
    whole = " ".join(pages)
    assert all(f"P{place + 1} " in whole for place in range(70))
    assert whole.count(grouped_text(document.total, KES)) == 1
    assert grouped_text(document.total - 1, KES) in whole
    # The head of the lines stands above them on every page that has some.
    rows = [page for page in pages if "X16 16 %" in page.partition("Summary")[0]]
    assert all("Description" in page and "Net KES" in page for page in rows)
    assert all(f"Page {place} of {len(pages)}" in page for place, page in enumerate(pages, 1))


@pytest.mark.parametrize(
    "name", ["شركة النور للتجارة", "מסעדת הים התיכון", "Μαγαζί", "ร้านแก๊ส", "ነዳጅ", "ɓaƙin ₦", "叉烧包 Ltd"]
)
def test_a_name_stands_on_a_page_in_its_own_script(name: str, tmp_path: Path) -> None:
    """Found again by its words, and wide enough to be there: Inter alone drew nothing, or a box."""
    pdf = report_pdf(report((ledger(2),), subject=name))
    found = "".join(re.findall(r"\w+", text_of(pdf, tmp_path)[0]))
    shown = name.replace("叉烧包", "ChaShaoBao")
    for word in ("".join(re.findall(r"\w+", word)) for word in shown.split()):
        # With their places poppler gives the signs as they stand, not as they are read.
        assert word in found or word[::-1] in found
    assert width_of(name, 10) > 2.5 * len(name)


def test_a_line_is_as_wide_as_its_parts_in_any_script() -> None:
    for bold in (False, True):
        mixed = "Customer: شركة النور 0722 000 418 (ร้าน)"
        parts = ["Customer: ", "شركة النور", " 0722 000 418 (", "ร้าน", ")"]
        whole = sum(width_of(part, 9, bold=bold) for part in parts)
        assert width_of(mixed, 9, bold=bold) == pytest.approx(whole, abs=0.01)
