"""A receipt shows the beginning of its document's hash and signature, to read and in its QR."""

from pathlib import Path

import pytest
from pyzbar import pyzbar
from sqlalchemy import text

from pos_app.devices.escpos_layout import to_escpos
from pos_app.devices.paper import Barcode, Text, WidthChars
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import to_png
from pos_app.devices.preview import picture
from pos_app.devices.reading_back import Read, symbols
from pos_app.store.journal import print_jobs
from pos_app.till.paper.paperwork import paper_of
from tests.support.worlds.till_fixture import CASHIER, Shop


def test_the_proof_is_on_the_paper_in_every_form(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    sold = shop.sell("SOAP")
    with shop.database.read() as connection:
        row = connection.execute(
            text("SELECT hash, signature FROM document WHERE document_id = :key"), {"key": sold.document_id}
        ).one()
        job = next(one for one in print_jobs.everything(connection) if one.document_id == sold.document_id)
    proof = f"{bytes(row.hash).hex()[:16]}-{bytes(row.signature).hex()[:16]}"
    paper = paper_of(shop.till._context, job)
    said = [block.text for block in paper.blocks if isinstance(block, Text) and proof in block.text]
    codes = [block.text for block in paper.blocks if isinstance(block, Barcode) and block.kind == "qr"]
    assert len(said) == 1
    assert [code.endswith(proof) for code in codes] == [True]
    assert proof.encode() in to_escpos(paper, "text")
    assert all((to_escpos(paper, "raster"), to_pdf(paper), to_png(paper)))
    shop.database.close()


@pytest.mark.parametrize("width", [32, 42])
def test_both_readers_read_the_printed_code_on_narrow_and_wide_paper(
    tmp_path: Path, width: WidthChars
) -> None:
    """As the printer is sent it: a picture of dots, read by zxing and by zbar."""
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    sold = shop.sell("SOAP")
    with shop.database.read() as connection:
        job = next(one for one in print_jobs.everything(connection) if one.document_id == sold.document_id)
    paper = paper_of(shop.till._context, job, width)
    code = next(block.text for block in paper.blocks if isinstance(block, Barcode) and block.kind == "qr")
    drawn = picture(to_escpos(paper, "raster"), width)
    assert Read("qr", code) in symbols(drawn)
    assert code.encode() in {one.data for one in pyzbar.decode(drawn)}
    assert code == f"{sold.number} {shop.till.receipts.proof_of(sold.document_id)}"
    shop.database.close()
