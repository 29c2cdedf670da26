"""Every type of document has its paper: a till that records one must be able to print it."""

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import Document, kind_of
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from tests.support.documents import specimens

HEAD = Letterhead("Bohari Depots", "Kilimani", "K", "Ngong Road", "", "Asante", "Africa/Nairobi")


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=kind_of)
@pytest.mark.parametrize("width", [42, 32])
def test_it_can_be_printed(document: Document, width: int) -> None:
    paper = receipt(document, HEAD, Names("Wanjiru", "Njeri"), width=width)  # type: ignore[arg-type]
    lines = [piece.text for piece in typeset(paper) if isinstance(piece, Line)]
    assert len(lines) > 4
    assert any("Served by" in line for line in lines)


def test_what_an_invoice_says() -> None:
    document = next(one for one in specimens.one_of_each() if kind_of(one) == "invoice")
    lines = [piece.text for piece in typeset(receipt(document, HEAD, Names("W"))) if isinstance(piece, Line)]
    text = "\n".join(lines)
    assert "INVOICE" in text
    assert "To be paid by" in text
    assert "20.12.2026" in text


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=kind_of)
@pytest.mark.parametrize("copy_no", [0, 2])
def test_a_copy_says_so_at_its_head_and_at_its_foot(document: Document, copy_no: int) -> None:
    paper = receipt(document, HEAD, Names("Wanjiru", "Njeri"), copy_no=copy_no)
    lines = [piece.text.strip() for piece in typeset(paper) if isinstance(piece, Line)]
    assert lines.count(f"*** COPY {copy_no} ***") == (2 if copy_no else 0)
    assert ("*** COPY 2 ***" in lines[: len(lines) // 2]) == bool(copy_no)
