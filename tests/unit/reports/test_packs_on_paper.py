"""Receipt, invoice and delivery note say cases where cases were sold, in either language."""

import pytest
from msgspec.structs import replace

from pos_app.devices.paper import Text
from pos_app.devices.typeset import Line, typeset
from pos_app.language import use_paper_language
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Invoice, Sale
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.pack import Packed
from pos_app.ledger.quantity import ONE
from pos_app.reports.slips import goods_pdf, invoice_pdf
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from pos_app.reports.slips.slip import slip
from tests.support.documents import book_specimens, specimens

HEAD = Letterhead("Bohari Depots", "Kilimani", "K", "Ngong Road", "", "Asante", "Africa/Nairobi")
CASE = Packed(unit="CS", word="cs", size=12 * ONE)


def by_the_case(line: GoodsLine) -> GoodsLine:
    return replace(line, quantity=24 * ONE, unit_price=20_83, price_fine=3333, pack=CASE)


@pytest.mark.parametrize(("language", "words"), [("en", "cs of 12"), ("sw", "cs ya 12")])
@pytest.mark.parametrize("width", [42, 32])
def test_the_receipt_says_cases(language: str, words: str, width: int) -> None:
    bare = next(one for one in specimens.one_of_each() if isinstance(one, Sale))
    document = replace(bare, lines=(by_the_case(bare.lines[0]),))
    use_paper_language(language)
    try:
        paper = receipt(document, HEAD, Names("W"), width=width)  # type: ignore[arg-type]
        lines = [piece.text for piece in typeset(paper) if isinstance(piece, Line)]
    finally:
        use_paper_language("en")
    assert any(f"2 {words} × 250.00" in line for line in lines), lines


def test_an_order_and_what_came_of_it_are_counted_as_they_were_ordered() -> None:
    bare = book_specimens.goods_receipt((4, 1000, 500_00))
    line = replace(bare.lines[0], quantity=24 * ONE, unit_cost=20_83, net=500_00, pack=CASE, pack_cost=250_00)
    names = Names("Amina")
    for document, said in (
        (replace(bare, lines=(line,), total=500_00), (2 * ONE, "cs of 12", "250.00")),
        # A case came that lacks a piece.
        (replace(bare, lines=(replace(line, quantity=23 * ONE),)), (23 * ONE, "", "20.833333")),
    ):
        assert goods_pdf._lines(document, names).rows[0].cells[1:4] == said
        paper = slip(document, currency(document.currency), names)
        lines = [block.text.strip() for block in paper if isinstance(block, Text)]
        assert any(f"{said[0] // ONE} {said[1]}".strip() + f" × {said[2]}" in one for one in lines), lines


def test_the_sheets_count_cases() -> None:
    bare = next(one for one in specimens.one_of_each() if isinstance(one, Invoice))
    document = replace(bare, lines=(by_the_case(bare.lines[0]), *bare.lines[1:]), returnables=())
    first = invoice_pdf._lines(document, currency(document.currency)).rows[0].cells
    assert first[2:5] == (2 * ONE, "cs of 12", "250.00")
    note = goods_pdf._lines(document, Names("Amina")).rows[0].cells
    assert note[1:] == (2 * ONE, "cs of 12")
