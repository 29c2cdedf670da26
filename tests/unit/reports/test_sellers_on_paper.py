"""Who sells, under which tax number, what the law calls the paper, and the tax by its own name."""

from dataclasses import replace

import msgspec
import pytest

from pos_app.devices.paper import Columns
from pos_app.ledger.document import Refund, Sale, kind_of
from pos_app.ledger.line import GoodsLine
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from pos_app.reports.slips.tax_invoice import SIMPLIFIED, TAX_INVOICE, words_of
from pos_app.store.master.letterheads import Seller, TaxName
from tests.support.documents import specimens
from tests.support.documents.specimens import Item
from tests.unit.reports.test_paper_language import texts_of

GAS = Seller(1, "GAS", "Gas", "Bohari Gas Ltd", "Plot 4\nNakuru", "0700 1", "PIN", "P051234567X", "", "", "")
WATER = Seller(2, "WAT", "Water", "Maji Safi Ltd", "Plot 5", "", "PIN", "P059999999Z", "", "", "")
TAXES = {
    "V16": TaxName("", "inclusive"),
    "X16": TaxName("", "exclusive"),
    "Z": TaxName("", "zero"),
    "E": TaxName("", "exempt"),
}
HEAD = Letterhead(
    "Bohari Depots",
    "Kilimani",
    "K",
    "Ngong Road",
    "",
    "Asante",
    "Africa/Nairobi",
    head="Open daily\nEvery day",
    currency="KES",
    sellers={1: GAS, 2: WATER},
    taxes=TAXES,
)


def said(document: Sale | Refund, head: Letterhead = HEAD, party: str = "") -> list[str]:
    return texts_of(receipt(document, head, Names("Wanjiru", party)))


def part_sums(document: Sale, head: Letterhead) -> dict[str, str]:
    blocks = receipt(document, head, Names("W")).blocks
    return {block.left: block.right for block in blocks if isinstance(block, Columns)}


def test_a_receipt_of_one_seller_says_who_it_is_and_that_it_is_a_tax_invoice() -> None:
    texts = said(specimens.sale(Item(11_600)))
    for wanted in (
        *("Open daily", "Every day", "Bohari Gas Ltd", "Plot 4", "Nakuru", "PIN P051234567X", TAX_INVOICE),
        *("VAT 16 % (V16) on 100.00", "16.00"),
    ):
        assert wanted in texts, texts
    assert "PIN P059999999Z" not in texts


def test_a_basket_over_two_businesses_names_both_with_their_parts() -> None:
    sale = specimens.sale(Item(11_600), Item(5_000, code="Z", business_id=2), Item(2_320, business_id=2))
    texts = said(sale)
    for wanted in (GAS.legal_name, WATER.legal_name, "PIN P051234567X", "PIN P059999999Z"):
        assert texts.count(wanted) == 1, texts
    assert texts.count(TAX_INVOICE) == 2
    sums = part_sums(sale, HEAD)
    assert (sums["Gas KES"], sums["Water KES"], sums["Total KES"]) == ("116.00", "73.20", "189.20")
    assert (sums["VAT 16 % (V16) on 20.00"], sums["Zero-rated (Z) on 50.00"]) == ("3.20", "0.00")


def test_one_of_two_without_a_tax_number_issues_none() -> None:
    head = replace(HEAD, sellers={1: GAS, 2: replace(WATER, tax_number="")})
    texts = said(specimens.sale(Item(11_600), Item(11_600, business_id=2)), head)
    assert texts.count(TAX_INVOICE) == 1


def test_what_takes_back_is_no_tax_invoice_and_names_the_seller() -> None:
    refund = next(one for one in specimens.one_of_each() if kind_of(one) == "refund")
    assert isinstance(refund, Refund)
    texts = said(refund)
    assert TAX_INVOICE not in texts
    assert "PIN P051234567X" in texts


def test_without_a_letterhead_a_receipt_is_what_it_was() -> None:
    texts = said(specimens.sale(Item(11_600)), replace(HEAD, sellers={}, taxes={}, currency=""))
    assert TAX_INVOICE not in texts
    assert "16 % (V16) on 100.00" in texts


def lines(*codes: str) -> tuple[GoodsLine, ...]:
    made = specimens.sale(*(Item(10_000, code="Z" if code == "E" else code) for code in codes)).lines
    return tuple(msgspec.structs.replace(line, tax_code=code) for line, code in zip(made, codes, strict=True))


@pytest.mark.parametrize(
    ("country", "codes", "total", "customer", "words"),
    [
        ("KES", ("V16",), 100_00, "", TAX_INVOICE),
        ("KES", ("Z",), 100_00, "", TAX_INVOICE),
        ("KES", ("E",), 100_00, "", ""),
        ("KES", ("V16", "E"), 100_00, "", TAX_INVOICE),
        ("SGD", ("V16",), 1_000_00, "", SIMPLIFIED),
        ("SGD", ("V16",), 1_000_01, "", ""),
        ("SGD", ("V16",), 1_000_01, "Hotel", TAX_INVOICE),
        ("SGD", ("V16",), 10_00, "Hotel", TAX_INVOICE),
        # Exempt or zero-rated goods stand on no simplified one, and alone on none.
        ("SGD", ("V16", "E"), 10_00, "", ""),
        ("SGD", ("V16", "Z"), 10_00, "", ""),
        ("SGD", ("Z",), 10_00, "Hotel", ""),
        ("USD", ("V16",), 10_00, "Hotel", ""),
    ],
)
def test_the_law_of_each_country(
    country: str, codes: tuple[str, ...], total: int, customer: str, words: str
) -> None:
    told = {"total": total, "currency": country, "customer": customer}
    assert words_of(country, GAS, lines(*codes), TAXES, **told) == words  # type: ignore[arg-type]
    unregistered = replace(GAS, tax_number="")
    assert words_of(country, unregistered, lines(*codes), TAXES, **told) == ""  # type: ignore[arg-type]


def test_a_simplified_one_says_that_the_tax_is_in_it() -> None:
    head = replace(HEAD, currency="KES")
    sale = specimens.sale(Item(11_600))
    assert "Price payable includes VAT" not in said(sale, head)
    singapore = replace(HEAD, currency="SGD")
    there = msgspec.structs.replace(sale, currency="SGD")
    assert "Price payable includes GST" in said(there, singapore)
    assert SIMPLIFIED in said(there, singapore)
    assert "GST 16 % (V16) on 100.00" in said(there, singapore)
