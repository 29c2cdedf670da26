"""Every type of document has its paper: a till that records one must be able to print it."""

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import Document, kind_of
from pos_app.reports.slips.receipt import Letterhead, Names, receipt
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
