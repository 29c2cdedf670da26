"""An invoice and a delivery note on A4 name batch and last day of their goods, as the receipt does."""

from msgspec.structs import replace

from pos_app.ledger.currency import currency
from pos_app.ledger.document import Invoice
from pos_app.reports.slips import goods_pdf, invoice_pdf
from pos_app.reports.slips.letterhead import Names
from tests.support.documents import specimens


def test_the_rows_of_both_sheets_name_the_lot() -> None:
    bare = next(one for one in specimens.one_of_each() if isinstance(one, Invoice))
    first = replace(bare.lines[0], batch="L7", expires_on=20261231)
    document = replace(bare, lines=(first, *bare.lines[1:]), returnables=())
    lot = "Lot L7 exp. 31.12.2026"
    rows = invoice_pdf._lines(document, currency(document.currency)).rows
    note = goods_pdf._lines(document, Names("Amina")).rows
    assert [lot in str(row.cells[1]) for row in rows] == [True] + [False] * (len(rows) - 1)
    assert [lot in str(row.cells[0]) for row in note] == [True] + [False] * (len(note) - 1)
    assert str(rows[0].cells[1]).startswith(first.description)
